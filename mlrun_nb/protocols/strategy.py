"""What a strategy must do: say which points a sweep tries."""

from __future__ import annotations

from typing import Literal, Protocol

from mlrun_nb.model.space import Point

PointState = Literal["succeeded", "failed", "pruned"]
"""How a point of a sweep ended; cancelled and lost runs are `failed` here."""


class Strategy(Protocol):
    """
    Which points a sweep tries. Points are asked for in the order of their numbers, from 0, by one process at a time.

    The same search and seed give the same points, in whatever process; where the strategy is `adaptive`, if each point
    is told before the next is asked for. Errors are OptionError and ParameterError, when it is made, for a search that
    it cannot do, and StoreError for a memory that cannot be used.
    """

    total: int | None
    """How many points there are at most; None where that is not known."""
    adaptive: bool
    """Points depend on how earlier ones ended: asking late is better than asking early."""
    prunes: bool
    """`should_prune` may say yes; else it is never asked."""

    def ask(self, number: int) -> Point | None:
        """
        Return point *number*; None when there is none, and then none follows.

        A number that was asked before, by whatever process, has the same point again: nothing is lost when the one that
        asked is killed before the run is recorded. A strategy that is not adaptive answers in any order.
        """
        ...

    def tell(self, number: int, value: float | None, *, state: PointState) -> None:
        """
        Say how point *number* ended, and which value it has for the goal: None and NaN are no value.

        The first word counts: telling again, or of a number that nobody asked for, changes nothing.
        """
        ...

    def should_prune(self, number: int, step: int, value: float) -> bool:
        """Tell whether point *number*, with *value* at *step*, is not worth going on with; asking again is harmless."""
        ...

    def close(self) -> None:
        """Release connections; a second time nothing happens. What was asked and told stays."""
        ...
