"""
All children of a sweep as points over its parameters: what charts draw, few enough of them to be drawn.

Of many those are chosen that people look for: the best, some that failed, and the others evenly from first to last. How
good it got, and which parameters matter, is told of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from mlrun_nb._lib.recent import Recent
from mlrun_nb._lib.records import Json, finite
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.importance import importance_of
from mlrun_nb.services.settled import SettledReader

MOST_PARAMETERS = 16
_MOST_STEPS = 200
_MOST_SWEEPS = 8
_FAR, _CROWDED = 100, 5
_WENT_WRONG = frozenset({RunState.FAILED, RunState.LOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A child: where it stands in the space, and what it came to; `results` are those that are finite numbers."""

    id: RunId
    number: int
    state: RunState
    pruned: bool
    parameters: Mapping[str, Json]
    results: Mapping[str, float]


@dataclass(slots=True)
class Spots:
    """Children taken in one after the other."""

    all: list[Spot] = field(default_factory=list)

    def copy(self) -> Spots:
        """Return one that goes on by itself."""
        return Spots(list(self.all))

    def add(self, run: Run) -> None:
        """Take in a child that was not there yet."""
        self.all.append(
            Spot(
                id=run.id,
                number=run.number or 0,
                state=run.state,
                pruned=run.pruned,
                parameters=run.parameters,
                results={name: number for name, value in run.results.items() if (number := finite(value)) is not None},
            )
        )


class SpotsOfSweeps:
    """The children of the sweeps that were looked at last; those that have ended are read once."""

    def __init__(self, *, most: int = _MOST_SWEEPS) -> None:
        self._held = Recent[tuple[str, str], _Read](most)

    def of(self, project: Project, parent: Run) -> Sequence[Spot]:
        """Return the children of *parent* as they are recorded now."""
        key = (project.store.location, parent.id)
        return self._held.get(key, lambda: _Read(SettledReader(project.store, parent, Spots()))).look()


class _Read:
    """A reader that several threads may use."""

    def __init__(self, reader: SettledReader[Spots]) -> None:
        self._reader = reader
        self._lock = Lock()

    def look(self) -> Sequence[Spot]:
        with self._lock:
            return tuple(self._reader.look().all)


@dataclass(frozen=True, slots=True, kw_only=True)
class Landscape:
    """
    What is drawn of `total` children: `spots`, by number, over the `parameters` that tell them apart.

    `result` is what is looked at, one of `results`; `goal` says which way it is better, None where nobody said. The
    parameters that matter most come first, `importance` has those of which it is known, told of `compared` children.
    `steps` are those that were better than all before them; `hidden` counts parameters left out.
    """

    total: int
    spots: Sequence[Spot]
    result: str
    results: Sequence[str]
    goal: Goal | None
    parameters: Sequence[str]
    hidden: int
    importance: Mapping[str, float]
    compared: int
    steps: Sequence[Spot]


def landscape_of(spots: Sequence[Spot], goal: Goal | None, *, result: str = "", most: int = 1000) -> Landscape:
    """Return at most *most* of *spots* over their *result*: that of the *goal* where none is named, else the first."""
    results = list(dict.fromkeys(name for spot in spots for name in spot.results))
    name = result or (goal.result if goal is not None else next(iter(results), ""))
    judged = goal if goal is not None and goal.result == name else None
    valued = sorted((spot for spot in spots if name in spot.results), key=lambda spot: spot.number)
    numbers = [spot.results[name] for spot in valued]
    known = _differing(spots)
    shares = {each: importance_of([spot.parameters.get(each) for spot in valued], numbers) for each in known}
    importance = {each: share for each, share in shares.items() if share is not None}
    parameters = sorted(known, key=lambda each: -importance.get(each, -1.0))[:MOST_PARAMETERS]
    return Landscape(
        total=len(spots),
        spots=_chosen(spots, valued, judged, most),
        result=name,
        results=results,
        goal=judged,
        parameters=parameters,
        hidden=len(known) - len(parameters),
        importance=importance,
        compared=len(valued),
        steps=evenly(_steps(valued, judged), _MOST_STEPS) if judged is not None else (),
    )


def looks_logarithmic(numbers: Sequence[float]) -> bool:
    """Tell whether *numbers* are searched by their logarithm: above 0, far apart, and crowded at the lower end."""
    ranked = sorted(numbers)
    if not ranked or ranked[0] <= 0:
        return False
    return ranked[-1] / ranked[0] >= _FAR and ranked[len(ranked) // 2] <= ranked[-1] / _CROWDED


def _differing(spots: Sequence[Spot]) -> list[str]:
    """Return the parameters that do not have one value for all, in their order."""
    names = dict.fromkeys(name for spot in spots for name in spot.parameters)
    return [name for name in names if any(_differ(spot, spots[0], name) for spot in spots)]


def _differ(one: Spot, other: Spot, name: str) -> bool:
    return one.parameters.get(name) != other.parameters.get(name)


def _chosen(spots: Sequence[Spot], valued: Sequence[Spot], goal: Goal | None, most: int) -> Sequence[Spot]:
    if len(spots) <= most:
        return sorted(spots, key=lambda spot: spot.number)
    best = _best(valued, goal, most // 4) if goal is not None else []
    wrong = evenly([spot for spot in spots if spot.state in _WENT_WRONG], most // 10)
    taken = {spot.id: spot for spot in (*best, *wrong)}
    others = [spot for spot in spots if spot.id not in taken]
    return sorted([*taken.values(), *evenly(others, most - len(taken))], key=lambda spot: spot.number)


def _best(valued: Sequence[Spot], goal: Goal, most: int) -> Sequence[Spot]:
    ranked = sorted(valued, key=lambda spot: spot.results[goal.result], reverse=goal.direction == "max")
    return ranked[:most]


def _steps(valued: Iterable[Spot], goal: Goal) -> list[Spot]:
    steps: list[Spot] = []
    for spot in valued:
        if not steps or goal.prefers(spot.results[goal.result], steps[-1].results[goal.result]):
            steps.append(spot)
    return steps


def evenly(spots: Sequence[Spot], most: int) -> Sequence[Spot]:
    """Return at most *most* of *spots*, evenly spaced, the first and the last among them."""
    if len(spots) <= most:
        return spots
    if most < 2:
        return spots[:most]
    step = (len(spots) - 1) / (most - 1)
    return [spots[round(index * step)] for index in range(most)]
