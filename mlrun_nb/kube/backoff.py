"""
Pauses between attempts.

They grow, and differ from process to process, so that a server that came back is not met by all at once.
"""

from __future__ import annotations

import random


class Backoff:
    """Pauses that double from *first_s* up to *most_s*, each cut by chance to between half and all of it."""

    def __init__(self, *, first_s: float = 0.2, most_s: float) -> None:
        self._first_s, self._most_s = first_s, most_s
        self._next_s = first_s

    def pause_s(self) -> float:
        """Return the length of the pause that is due now, in seconds; the next is longer."""
        whole = min(self._next_s, self._most_s)
        self._next_s = whole * 2
        return whole * random.uniform(0.5, 1.0)  # noqa: S311  # spreads load, guards nothing

    def reset(self) -> None:
        """Begin with short pauses again: something worked."""
        self._next_s = self._first_s
