"""
A child by `fork` that is, to all who look, what an ordinary start of the interpreter would have made.

The parent has one thread and nothing but pure imports behind it. Everything that a start would have set and a fork
inherits is set again here; what cannot be is refused before, by `lineage` and by the helper's key. Ends as an
interpreter ends, with its exit handlers and files, but without a step back into the parent's code.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from mlrun_nb._lib.streams import flush
from mlrun_nb.kernels import fresh

if TYPE_CHECKING:
    from mlrun_nb.kernels.birth import Birth

REFUSED = 127
"""Exit status of a child that could not become what it should be, and has done nothing."""


class Child:
    """A child of this process by `fork`, as `subprocess.Popen` would show it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._pidfd = os.pidfd_open(pid)
        self._status: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal; None while it lives."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._end(status)
        return self._status

    def wait(self, timeout_s: float | None = None) -> int | None:
        """Return the exit status once there is one, None after *timeout_s* seconds."""
        if self._status is None:
            select.select([self._pidfd], [], [], timeout_s)
        return self.poll()

    def _end(self, status: int) -> None:
        self._status = os.waitstatus_to_exitcode(status)
        os.close(self._pidfd)


def fork(birth: Birth) -> int:
    """Return the process id of a child that becomes what *birth* says; in the child this never returns."""
    parent, before = os.getpid(), signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        pid = os.fork()
    except BaseException:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        raise
    if not pid:
        _live(birth, parent)
    if birth.session == "group":
        with suppress(OSError):  # it has done so itself, or has ended
            os.setpgid(pid, pid)  # here too, as shells do: who signals the group from now on finds it
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def _live(birth: Birth, parent: int) -> NoReturn:
    try:
        for each in birth.forget:
            each.detach()
        fresh.become(birth, parent)
        if birth.ready is not None:
            birth.ready()
    except BaseException:  # noqa: BLE001  # whoever asked starts it in the ordinary way, and hears there what is wrong
        os._exit(REFUSED)
    code = _called(birth.entry)
    flush()
    if birth.ends_at_once is not None:
        birth.ends_at_once(code)
        os._exit(code)
    fresh.exit_interpreter(code)


def _called(entry: str) -> int:
    module, _, name = entry.partition(":")
    try:
        return _status(getattr(import_module(module), name)())
    except SystemExit as end:
        return _status(end.code)
    except BaseException:  # noqa: BLE001  # as an interpreter does at the end
        sys.excepthook(*sys.exc_info())
        return 1


def _status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write(f"{code}\n")
    return 1
