"""
The wish to end before the last cell: a signal or the attempt's time limit.

Holds the wish and carries it out: the executing cell is interrupted once, and what has not ended by then is killed.
Nothing is raised from a signal handler; the loop over the cells asks, and sees the kernel's reaction.
"""

from __future__ import annotations

import os
import signal
import threading
from time import monotonic
from types import FrameType
from typing import Literal, Protocol

Reason = Literal["", "cancelled", "timeout"]

GRACE_VARIABLE = "MLRUN_NB_GRACE_S"
GRACE_S = 10.0
"""Seconds between the first signal and the end of the runner; half of Kubernetes' default for a pod."""


class Interruptible(Protocol):
    """A started kernel."""

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the executing cell."""
        ...

    def kill(self) -> None:
        """End the process and its group at once."""
        ...


class Stopped(Exception):
    """Raised between cells when the run is to end."""


class Stop:
    """One wish at most: the first reason counts."""

    def __init__(self) -> None:
        self.reason: Reason = ""
        self.time_limit_s: float | None = None
        self.grace_s = float(os.environ.get(GRACE_VARIABLE, GRACE_S))
        self._kernel: Interruptible | None = None
        self._executing = False
        self._timers: list[threading.Timer] = []

    def on_signals(self) -> None:
        """Take SIGTERM and SIGINT as a cancel from now on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.request("cancelled")

    def limit(self, seconds: float, *, since: float) -> None:
        """Request the end *seconds* after the monotonic time *since*."""
        self.time_limit_s = seconds
        self._later(max(0.0, since + seconds - monotonic()), lambda: self.request("timeout"))

    def watch(self, kernel: Interruptible) -> None:
        """Act on *kernel* from now on, at once if the wish came earlier."""
        self._kernel = kernel
        if self.reason:
            kernel.kill()

    def request(self, reason: Reason) -> None:
        """Interrupt the executing cell, and kill the kernel if that does not end it in time."""
        if self.reason:
            return
        self.reason = reason
        if self._executing and self._kernel is not None:
            self._kernel.interrupt()
        # the rest of the grace is for saving the notebook and the result
        self._later(self.grace_s * 0.6 if reason == "cancelled" else min(5.0, self.grace_s), self._kill)

    def executing(self, *, state: bool) -> None:
        """Note that the kernel is at work on a cell, or not; a wish that came before it began reaches it now."""
        self._executing = state
        if state and self.reason and self._kernel is not None:
            self._kernel.interrupt()

    def check(self) -> None:
        """Raise Stopped if the run is to end; called between cells."""
        if self.reason:
            raise Stopped(self.reason)

    def close(self) -> None:
        """Forget the kernel and all clocks."""
        self._kernel = None
        for timer in self._timers:
            timer.cancel()

    def _kill(self) -> None:
        if self._kernel is not None:
            self._kernel.kill()

    def _later(self, seconds: float, action: object) -> None:
        timer = threading.Timer(seconds, action)  # type: ignore[arg-type]  # a callable without arguments
        timer.daemon = True
        timer.start()
        self._timers.append(timer)
