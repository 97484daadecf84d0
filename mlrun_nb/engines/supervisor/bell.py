"""Signals as something to wait for: a bell that rings when a child ended or the run's end is wished for."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Sequence


class Bell:
    """
    Wakes a waiting supervisor. Made early: from then on no SIGTERM ends the process and no SIGHUP reaches it.

    Belongs to the main thread of a process that handles no other signals.
    """

    def __init__(self) -> None:
        self._read, write = os.pipe()
        for end in (self._read, write):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        self.cancelled = False
        signal.signal(signal.SIGTERM, self._cancel)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)

    def _cancel(self, *_: object) -> None:
        self.cancelled = True

    def wait(self, seconds: float | None, alarm: Sequence[int] = ()) -> None:
        """
        Wait until a signal comes, *alarm* rings or *seconds* have passed; a signal since the last call counts.

        *alarm*: descriptors that have an exceptional condition when there is something to see.
        """
        ready, _, _ = select.select([self._read], [], alarm, seconds)
        if ready:
            os.read(self._read, 4096)
