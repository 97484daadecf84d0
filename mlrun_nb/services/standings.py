"""
How the children of a sweep stand, looked at again and again: what has ended is read once.

What is kept of a child is its state and its value, and of the best ones all, so that it does not grow with what the
children left.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from mlrun_nb.model.run import Run
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.store import RunRecords
from mlrun_nb.services.children import Failure, add_failure, goal_of
from mlrun_nb.services.settled import SettledReader

MOST_BEST = 10
MOST_DRAWN = 200
_WENT_WRONG = frozenset({RunState.FAILED, RunState.LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """
    Children by number.

    `states` has all that were begun, `pruned` those that were ended early, `values` those that have one for the goal.
    `top` holds the best ones, or without a goal the first. `failures` are groups of those that failed alike, frequent
    ones first. `drawn` are more of the best, and `wrong` the first that failed, for whoever draws them.
    """

    states: Mapping[int, RunState] = field(default_factory=dict)
    pruned: AbstractSet[int] = frozenset()
    values: Mapping[int, float] = field(default_factory=dict)
    top: tuple[Run, ...] = ()
    failures: tuple[Failure, ...] = ()
    drawn: tuple[Run, ...] = ()
    wrong: tuple[Run, ...] = ()

    @property
    def counts(self) -> Mapping[RunState, int]:
        """How many there are in each state."""
        return Counter(self.states.values())


@dataclass(slots=True)
class Fold:
    """Children taken in one after the other."""

    goal: Goal | None
    states: dict[int, RunState] = field(default_factory=dict)
    pruned: set[int] = field(default_factory=set)
    values: dict[int, float] = field(default_factory=dict)
    top: list[tuple[float, int, Run]] = field(default_factory=list)
    failures: dict[tuple[object, ...], Failure] = field(default_factory=dict)
    wrong: list[Run] = field(default_factory=list)

    def copy(self) -> Fold:
        """Return one that goes on by itself."""
        return replace(
            self,
            states=dict(self.states),
            pruned=set(self.pruned),
            values=dict(self.values),
            top=list(self.top),
            failures=dict(self.failures),
            wrong=list(self.wrong),
        )

    def add(self, run: Run) -> None:
        """Take in a child that was not there yet."""
        number = run.number or 0
        self.states[number] = run.state
        if run.pruned:
            self.pruned.add(number)
        if run.state in _WENT_WRONG:
            add_failure(self.failures, run)
            if len(self.wrong) < MOST_DRAWN:
                self.wrong.append(run)
        if run.state is not RunState.SUCCEEDED:
            return
        value = self.goal.value(run.results) if self.goal is not None else 0.0
        if value is None:
            return
        if self.goal is not None:
            self.values[number] = value
        is_less_better = self.goal is not None and self.goal.direction == "min"
        insort(self.top, (value if is_less_better else -value, number, run), key=lambda item: item[:2])
        del self.top[MOST_DRAWN:]

    def result(self) -> Standings:
        """Return how those stand that were taken in."""
        return Standings(
            states=self.states,
            pruned=self.pruned,
            values=self.values,
            top=tuple(run for _, _, run in self.top[:MOST_BEST]),
            drawn=tuple(run for _, _, run in self.top),
            wrong=tuple(self.wrong),
            failures=tuple(sorted(self.failures.values(), key=lambda group: -group.children)),
        )


class StandingsReader:
    """Reads the children of one sweep as they are recorded."""

    def __init__(self, store: RunRecords, parent: Run) -> None:
        self._reader = SettledReader(store, parent, Fold(goal_of(parent)))

    def look(self) -> Standings:
        """Return how they stand now."""
        return self._reader.look().result()
