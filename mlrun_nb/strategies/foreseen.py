"""What strategies have in common that need not wait for a result: they keep nothing, and learn nothing."""

from __future__ import annotations

from collections.abc import Callable

from mlrun_nb.model.space import Point
from mlrun_nb.protocols.strategy import PointState


class Foreseen:
    """A `Strategy` whose point depends on its number and the search alone; *point* is asked below *total* only."""

    adaptive = False
    prunes = False

    def __init__(self, point: Callable[[int], Point], *, total: int | None) -> None:
        self._point = point
        self.total = total

    def ask(self, number: int) -> Point | None:
        """Return point *number*; see `Strategy`."""
        return self._point(number) if self.total is None or number < self.total else None

    def tell(self, number: int, value: float | None, *, state: PointState) -> None:
        """Learn nothing."""

    def should_prune(self, number: int, step: int, value: float) -> bool:  # noqa: ARG002  # see `Strategy`
        """Let every run go on to its end."""
        return False

    def close(self) -> None:
        """Have nothing to release."""
