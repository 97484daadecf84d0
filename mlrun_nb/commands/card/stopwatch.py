"""How long the present attempt has been going on, though its clock and ours were never compared."""

from __future__ import annotations

from datetime import datetime


class Stopwatch:
    """
    The runner's clock as of its last event, carried on by ours.

    Each event says how old the attempt was; from the moment that this is read first, our own clock counts on. So no
    difference is ever taken between the clocks of two hosts.
    """

    def __init__(self) -> None:
        self._elapsed_s: float | None = None
        self._read_at: datetime | None = None

    def take(self, elapsed_s: float) -> None:
        """Note what the runner's clock says."""
        self._elapsed_s, self._read_at = elapsed_s, None

    def read(self, now: datetime) -> float | None:
        """Return the seconds so far; None where the attempt has not said anything yet."""
        if self._elapsed_s is None:
            return None
        if self._read_at is None:
            self._read_at = now
        return self._elapsed_s + max(0.0, (now - self._read_at).total_seconds())
