"""
The zygote, which users know as the helper: everything imported and nothing begun, it gives children to who asks.

One for each user and key. It has one thread and handles one request at a time, each of which takes as long as a fork.
It ends when nobody has asked for a while, when it is told to, or when what it has loaded is out of date; children that
somebody waits for are seen to their end first, all others go on without it.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from mlrun_nb.kernels import fork, wire
from mlrun_nb.kernels.birth import Birth
from mlrun_nb.kernels.freshness import Freshness

_SEND_S = 1.0
"""How long a client may take to say or hear something: while we wait for it, others wait for us."""
_LOOK_S = 30.0
"""How often a helper that nobody asks looks whether it is out of date."""


class Zygote:
    """Serves *listener* until `idle_s` seconds have passed without a request and without a child that is waited for."""

    def __init__(
        self, listener: wire.Socket, *, key: bytes, idle_s: float, about: Mapping[str, Any], retire: Callable[[], None]
    ) -> None:
        self._listener, self._key, self._idle_s, self._retire = listener, key, idle_s, retire
        self._about, self._freshness = dict(about), Freshness()
        self._waiting: dict[int, wire.Socket] = {}
        """Who waits for which child; None of them may block us."""
        self._children: set[int] = set()
        self._ending = False
        self._asked = time.monotonic()
        self._births = 0
        self._bell = _bell()

    def serve(self) -> None:
        """Serve until the end; in a child this never returns."""
        poll = select.poll()
        poll.register(self._bell, select.POLLIN)
        poll.register(self._listener, select.POLLIN)
        while not self._is_over():
            if self._ending:
                self._close(poll)
            for connection in self._waiting.values():
                poll.register(connection, select.POLLIN | select.POLLHUP)
            ready = {number for number, _ in poll.poll(self._until_idle_ms())}
            for connection in self._waiting.values():
                poll.unregister(connection)
            if self._bell in ready:
                os.read(self._bell, 4096)
            self._bury()
            self._let_go(ready)
            if not self._ending and self._listener.fileno() in ready:
                self._answer()

    def _is_over(self) -> bool:
        is_idle = not self._waiting and time.monotonic() - self._asked > self._idle_s
        self._ending = self._ending or is_idle or bool(self._freshness.lost())
        return self._ending and not self._waiting

    def _close(self, poll: select.poll) -> None:
        """Be there for nobody new: another helper may take the place while we see old children to their end."""
        if self._listener.fileno() >= 0:
            poll.unregister(self._listener)
            self._listener.close()
            self._retire()

    def _until_idle_ms(self) -> float:
        if self._waiting:
            return 1000 * _LOOK_S
        return 1000 * min(_LOOK_S, max(0.0, self._asked + self._idle_s - time.monotonic())) + 10

    def _answer(self) -> None:
        try:
            connection = wire.accept(self._listener, timeout_s=_SEND_S)
        except OSError:
            return
        files: list[int] = []
        try:
            received = wire.receive(connection)
            request, files = received if received is not None else ({}, [])
            self._do(request, files, connection)
        except (OSError, EOFError, ValueError):
            pass
        finally:
            for number in files:
                os.close(number)
            if connection not in self._waiting.values():
                connection.close()

    def _do(self, request: Mapping[str, Any], files: list[int], connection: wire.Socket) -> None:
        if request.get("key") != self._key or self._ending:
            return
        if request.get("verb") == "stop":
            self._ending = True
            wire.send(connection, {"pid": os.getpid()})
        elif request.get("verb") == "about":
            wire.send(connection, {**self._about, "births": self._births, "living": len(self._children)})
        elif self._freshness.lost():
            self._ending = True
        elif "entry" in request:
            self._asked = time.monotonic()
            self._give(request, files, connection)

    def _give(self, request: Mapping[str, Any], files: list[int], connection: wire.Socket) -> None:
        is_waited_for, tells = bool(request.get("bound")), bool(request.get("ends_at_once"))

        def ready() -> None:
            wire.send(connection, {"pid": os.getpid()})
            if not tells:
                connection.close()

        def tell(code: int) -> None:
            with suppress(OSError):
                wire.send(connection, {"exit": code})  # by itself: we may be gone by then

        pid = fork.fork(
            Birth(
                entry=request["entry"],
                argv=request["argv"],
                environment=request["environment"],
                files=files,
                keep=[connection.fileno()],
                forget=[self._listener, *self._waiting.values()],
                session=request.get("session", ""),
                surroundings=request["surroundings"],
                directory=request.get("directory", ""),
                imports_from_directory=bool(request.get("imports_from_directory")),
                uses_threads=bool(request.get("uses_threads")),
                ready=ready,
                ends_at_once=tell if tells else None,
            )
        )
        self._births += 1
        self._children.add(pid)
        if is_waited_for:
            self._waiting[pid] = connection

    def _bury(self) -> None:
        """Take the exit status of each child that has ended, and pass it on."""
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self._children.discard(pid)
            self._asked = time.monotonic()
            if connection := self._waiting.pop(pid, None):
                with suppress(OSError):
                    wire.send(connection, {"exit": os.waitstatus_to_exitcode(status)})
                connection.close()

    def _let_go(self, ready: set[int]) -> None:
        """Kill each child whose client has gone: it stood for that process and was to die with it."""
        for pid, connection in list(self._waiting.items()):
            if connection.fileno() in ready:
                os.kill(pid, signal.SIGKILL)
                del self._waiting[pid]
                connection.close()


def _bell() -> int:
    """Return a descriptor that is readable when a child has ended."""
    read, write = os.pipe()
    for end in (read, write):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    return read
