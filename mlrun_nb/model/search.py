"""
What a sweep searches, and how: all that decides which points it tries, as it travels in the sweep's record.

`plugins.make_strategy` makes the strategy of it, in any process and any number of times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.space import Point, Space


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """
    The points to try and the strategy to try them by.

    Of `space` and `points` one is given. `max_runs` bounds the points of any strategy. `goal` is what a strategy that
    learns goes by. `options` are the strategy's own, checked by it.
    """

    strategy: str
    space: Space = Space()
    points: tuple[Point, ...] = ()
    seed: int = 0
    max_runs: int | None = None
    goal: Goal | None = None
    options: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.max_runs is not None and self.max_runs < 1:
            raise OptionError(f"a sweep of at most {self.max_runs} runs tries nothing", hint="Allow it 1 or more.")
        if self.points and self.space.dimensions:
            raise OptionError(
                "a sweep has values to vary and points that are listed",
                hint="Give one of the two; what is the same for all runs is given as for one, with `-p`.",
            )

    def capped(self, total: int) -> int:
        """Return how many of *total* points are tried."""
        return total if self.max_runs is None else min(total, self.max_runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """
    Where a strategy may keep what it must not forget: the `url` of a database, and the `name` of the sweep in it.

    `sqlite:////folder/file.db` is a file of the strategy's own. Of `postgresql://host/database` it uses a schema of its
    own. Empty for a sweep that is forgotten with its process.
    """

    url: str = ""
    name: str = "sweep"


def memory_beside(store: str, *, home: Path, name: str) -> Memory:
    """Return the memory of the sweep *name* for a history in *store*: a file beside it, or its database."""
    scheme = store.partition("://")[0].partition("+")[0]
    if scheme in {"postgresql", "postgres"}:
        return Memory(url=store, name=name)
    if scheme == "memory":
        return Memory(name=name)
    folder = Path(store.removeprefix("sqlite:///")).parent if scheme == "sqlite" else home
    return Memory(url=f"sqlite:///{folder / 'optuna.db'}", name=name)


def default_strategy(space: Space, points: tuple[Point, ...]) -> str:
    """Return the strategy to take where none is named: `list` for points, `grid` for values, else `random`."""
    if points:
        return "list"
    return "random" if space.distributions else "grid"
