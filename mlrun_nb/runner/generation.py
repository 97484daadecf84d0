"""
`python -m mlrun_nb.runner.generation RUN_DIRECTORY`: a process that does once what all children of a sweep share.

It executes the cells above the parameters (imports, definitions, setup), loads the inputs, and then forks a child for
each point that it is told of; what a child changes, no other one sees. Orders come as JSON lines on stdin, news of them
go out on stdout. It ends when its stdin does, and its children with it.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic

from mlrun_nb.artifacts.folder import Folder, open_folder
from mlrun_nb.errors import MlrunNbError
from mlrun_nb.model.run import RunError, RunRequest
from mlrun_nb.runner import faults, inside, layout, secrets
from mlrun_nb.runner.attempt import Attempt, finish, read_request
from mlrun_nb.runner.cell_code import CellRunner
from mlrun_nb.runner.cells_in_process import CellsInProcess
from mlrun_nb.runner.distributions import this_interpreter
from mlrun_nb.runner.environment import run_variables
from mlrun_nb.runner.faults import AttemptFailed
from mlrun_nb.runner.forked_child import Child, Order, Shared, live
from mlrun_nb.runner.fresh_main import environment_of, fresh_main, project_modules
from mlrun_nb.runner.injection import place_of_values, read_notebook
from mlrun_nb.runner.ipython_shell import open_shell
from mlrun_nb.runner.masking import Mask
from mlrun_nb.runner.notebook_file import Node
from mlrun_nb.runner.recorder import Recorder
from mlrun_nb.runner.source import Places

COMMON = "common"
"""The folder in the sweep's run directory for what is done once: log, events and notebook of the shared cells."""


def main(run_directory: str) -> int:
    """Serve until stdin ends; returns the exit status."""
    channel = Channel()
    origin = monotonic()
    try:
        folder = open_folder(run_directory)
        request, notebook = read_request(folder), read_notebook(folder)
        attempt = _open(request, folder, origin)
    except MlrunNbError as err:
        channel.tell("failed", why=err.message, hint=err.hint)
        return 1
    environment = {**request.settings.environment.env, **attempt.secrets}
    variables = run_variables(request, places=attempt.places, attempt=1, scratch=attempt.scratch)
    with (
        environment_of({**environment, **variables}, attempt.places),
        project_modules(attempt.places.source),
        fresh_main() as namespace,
    ):
        open_shell(sys.modules["__main__"])
        runner = CellRunner(namespace, label=f"run {request.id}")
        shared = _share(attempt, notebook, runner)
        if isinstance(shared, RunError):
            channel.tell("failed", why=shared.summary, hint=shared.hint)
            return 1
        if reason := _why_no_fork():
            channel.tell("unfit", why=reason)
            return 0
        gc.collect()
        gc.freeze()  # else the first collection in each child would copy every page that the parent has
        channel.tell("ready")
        _Generation(channel, shared).serve()
    return 0


class Channel:
    """Orders in, news out; user code finds nothing on stdin, and its output elsewhere."""

    def __init__(self) -> None:
        self.orders = os.dup(0)
        self._news = os.fdopen(os.dup(1), "wb", buffering=0)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        os.close(nothing)
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # for good

    def tell(self, news: str, **more: str | int) -> None:
        """Send one line; a driver that is gone is noticed by the end of its orders."""
        with suppress(BrokenPipeError):
            self._news.write(json.dumps({"news": news, **more}).encode() + b"\n")

    def close(self) -> None:
        """Let go of both ends, in a child."""
        os.close(self.orders)
        self._news.close()


class _Generation:
    """The loop over orders and ends."""

    def __init__(self, channel: Channel, shared: Shared) -> None:
        self._channel, self._shared = channel, shared
        self._children: dict[int, Child] = {}
        self._unread = b""

    def serve(self) -> None:
        """Fork and bury until there are no more orders."""
        while True:
            ready, _, _ = select.select([self._channel.orders, *self._children], [], [])
            for pidfd in ready:
                if pidfd != self._channel.orders:
                    self._bury(self._children.pop(pidfd))
            if self._channel.orders in ready and not self._take():
                break
        for child in self._children.values():
            child.kill()

    def _take(self) -> bool:
        data = os.read(self._channel.orders, 1 << 16)
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            self._begin(json.loads(line))
        return bool(data)

    def _begin(self, order: Order) -> None:
        parent, pid = os.getpid(), os.fork()
        if not pid:
            self._channel.close()
            for pidfd in self._children:
                os.close(pidfd)
            live(self._shared, order, parent)
        child = Child(pid, order["run"])
        self._children[child.pidfd] = child
        self._channel.tell("started", run=order["run"], pid=pid)

    def _bury(self, child: Child) -> None:
        status = child.bury()
        self._channel.tell("ended", run=child.run, status=status)


def _open(request: RunRequest, folder: Folder, origin: float) -> Attempt:
    """Return the attempt of the shared cells, which lies below the sweep's own run directory."""
    assert folder.path is not None  # the driver's run directory is local
    scratch = folder.path / COMMON
    scratch.mkdir(mode=0o700, exist_ok=True)
    source = folder.path / layout.SOURCE
    places = Places(
        spool=scratch / layout.SPOOL,
        source=source if source.is_dir() else None,
        work=Path(request.working_directory or scratch / layout.WORK),
    )
    places.spool.mkdir(mode=0o700, exist_ok=True)
    places.work.mkdir(mode=0o700, exist_ok=True)
    values = secrets.resolve(request.settings.environment.secret, os.environ)
    mask = Mask(values.values())
    own = folder.child(COMMON)
    recorder = Recorder(own, attempt=1, spool=places.spool, mask=mask, origin=origin, reserves=False)
    return Attempt(
        request=request, folder=own, number=1, scratch=scratch, places=places, secrets=values, mask=mask,
        recorder=recorder, is_durable=False,
    )  # fmt: skip


def _share(attempt: Attempt, notebook: Node, runner: CellRunner) -> Shared | RunError:
    """Execute what stands above the parameters and load the inputs; returns what a child needs, or why it failed."""
    above = {**notebook, "cells": notebook["cells"][: max(0, place_of_values(notebook) - 1)]}
    attempt.announce("in process", this_interpreter(), above["cells"])
    cells, error = CellsInProcess(attempt, above), None
    try:
        cells.execute(runner)
    except AttemptFailed as err:
        error = err.error
    except MlrunNbError as err:
        error = faults.of_error(err)
    finish(attempt, error)
    if error is not None:
        return error
    with suppress(Exception):  # what cannot be loaded fails each child, where it can be read
        inside.preload(attempt.request.inputs)
    return Shared.of(attempt, notebook, cells.reports, runner)


_OUTLIVE_A_FORK = frozenset({"jemalloc_bg_thd"})
"""
Threads that a fork may do without: that of jemalloc, which `import pyarrow` starts, gives memory back to the system
and is stopped by a fork in good order. Source: jemalloc, `background_thread_postfork_child`.
"""


def _threads() -> set[str]:
    """Return the names of all threads of this process but the first."""
    first = str(os.getpid())
    names = set()
    for task in os.listdir("/proc/self/task"):  # noqa: PTH208  # names suffice
        with suppress(OSError):  # it has just ended
            names |= {Path("/proc/self/task", task, "comm").read_text().strip()} if task != first else set()
    return names


def _why_no_fork() -> str:
    """Return why this process must not fork, empty when it may."""
    if _threads() - _OUTLIVE_A_FORK:
        return "its shared cells started threads, which a fork does not have"
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return "its shared cells initialised CUDA, which does not survive a fork"
    return ""


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's: the driver decides
    code = main(sys.argv[1])
    os._exit(code)
