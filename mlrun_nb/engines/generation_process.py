"""The process that forks children of a sweep, as its pool holds it: started, spoken with over two pipes, ended."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from mlrun_nb._lib import processes
from mlrun_nb.runner.forked_child import Order

News = Mapping[str, Any]
"""One line of `runner.generation`: `ready`, `failed`, `unfit`, or a child's `started` or `ended`."""

_COMMAND = ("-P", "-m", "mlrun_nb.runner.generation")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Libraries read these once, when they are loaded: without them k children would make k times as many threads."""


class GenerationProcess:
    """The generation for the sweep in *run_directory*; its children's libraries may use *threads* threads each."""

    def __init__(self, run_directory: str, *, threads: int) -> None:
        given = {name: str(threads) for name in _THREADS if name not in os.environ}
        self._orders, orders = _pipe_out()
        self._news, news = _pipe_in()
        self._process = subprocess.Popen(
            [sys.executable, *_COMMAND, run_directory], stdin=orders, stdout=news, env={**os.environ, **given}
        )
        os.close(orders)
        os.close(news)
        self.identity = processes.identify(self._process.pid)
        self._unread = b""

    def first_news(self) -> News:
        """Wait until the shared cells have ended, and return how; empty where the process has died."""
        while True:
            news = self.news(None)
            if news is None:
                return {}
            if news:
                return news[0]

    def order(self, order: Order) -> None:
        """Order a child; that the process is gone is heard of by the next look at its news."""
        with suppress(BrokenPipeError):
            os.write(self._orders, json.dumps(order).encode() + b"\n")

    def news(self, wait_s: float | None) -> Sequence[News] | None:
        """Return what came within *wait_s* seconds (None: for ever), perhaps nothing; None once it has died."""
        if not select.select([self._news], [], [], wait_s)[0]:
            return ()
        data = os.read(self._news, 1 << 16)
        if not data:
            return None
        *lines, self._unread = (self._unread + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def end(self) -> None:
        """End it, and with it all its children."""
        self._process.kill()
        self._process.wait()
        os.close(self._orders)
        os.close(self._news)


def _pipe_out() -> tuple[int, int]:
    """Return a pipe as our writing and its reading end."""
    theirs, ours = os.pipe()
    return ours, theirs


def _pipe_in() -> tuple[int, int]:
    """Return a pipe as our reading and its writing end."""
    ours, theirs = os.pipe()
    return ours, theirs
