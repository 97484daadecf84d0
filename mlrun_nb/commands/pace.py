"""How fast the children of a sweep end, and how long the rest will take at that pace."""

from __future__ import annotations

from mlrun_nb.model.events import Event

_FEWEST = 3
"""Children that have to end before their pace says anything."""


class Pace:
    """
    Measured from the first word of the attempt at work: what was done before it, by an earlier one, took no time of it.
    """

    def __init__(self) -> None:
        self._attempt = 0
        self._first = self._last = (0.0, 0)
        self._total: int | None = None

    def take(self, event: Event) -> None:
        """Take in what an event says of children."""
        done, total = event.data.get("done"), event.data.get("total")
        if event.type != "children" or not isinstance(done, int):
            return
        self._last = (event.elapsed_s, done)
        self._total = total if isinstance(total, int) else None
        if event.attempt != self._attempt:
            self._attempt, self._first = event.attempt, self._last

    def left_s(self) -> float | None:
        """Return how long it will go on; None while nobody can tell."""
        took_s, done = self._last[0] - self._first[0], self._last[1] - self._first[1]
        if self._total is None or done < _FEWEST or took_s <= 0:
            return None
        return took_s / done * max(0, self._total - self._last[1])
