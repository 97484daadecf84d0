"""
Stand in, before the shell and the terminal, for the process that does the work.

The terminal's signals reach us, because we are in its foreground group and the other is not: each is passed on. When
the other has ended we end the same way, with its exit code or by its signal.
"""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import FrameType

    from mlrun_nb.kernels.client import Given

_PASSED_ON = (
    signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGWINCH, signal.SIGUSR1, signal.SIGUSR2,
    signal.SIGCONT, signal.SIGALRM,
)  # fmt: skip
_LOST = 4
"""Exit code when the other process is gone and nobody can say how it ended: the helper and it were both killed."""


def stand_in(given: Given) -> NoReturn:
    """Pass signals on to *given* until it has ended, and end as it did."""
    wakeup, write = os.pipe()
    for end in (wakeup, write):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)

    def pass_on(number: int, _: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(given.pid, number)

    for number in _PASSED_ON:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, pass_on)
    signal.signal(signal.SIGTSTP, lambda *_: _stop(given.pid))
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    while given.fileno() not in select.select([given.fileno(), wakeup], [], [])[0]:
        with suppress(BlockingIOError):
            os.read(wakeup, 4096)
    _end(given.status())


def _stop(pid: int) -> None:
    """Stop with the other process, and go on with it: the shell sees us stopped, as it expects after Ctrl-Z."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)  # SIGTSTP means nothing to a process whose group no shell looks after
    os.kill(os.getpid(), signal.SIGSTOP)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def _end(status: int | None) -> NoReturn:
    if status is None:
        os._exit(_LOST)
    if status >= 0:
        os._exit(status)
    signal.signal(-status, signal.SIG_DFL) if -status not in {signal.SIGKILL, signal.SIGSTOP} else None
    os.kill(os.getpid(), -status)
    os._exit(128 - status)
