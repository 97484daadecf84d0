"""
The children of a sweep, for whoever reads: all of them, how they stand, the best one, and why the failed ones failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.model.selection import Goal, parse_goal
from mlrun_nb.model.states import RESUMABLE, RunState
from mlrun_nb.project import Project
from mlrun_nb.services.pages import every_run

_ALL = RunQuery()
CHILDREN_FAILED = "ChildrenFailed"
"""The class of the error of a sweep that failed because its children did."""
ENDED_EARLY = "it ended early: "
"""What a sweep notes before the reason for which it has not tried all points."""
_WENT_WRONG = (RunState.FAILED, RunState.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Children that failed in the same way: of one class, in one cell, by one exception. `first` stands for them."""

    first: Run
    children: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepDetails:
    """How a sweep stands: children by state, the best of them (None: not known, or gone), failures, frequent first."""

    counts: Mapping[RunState, int]
    best: Run | None
    failures: Sequence[Failure]


def children_of(project: Project, parent: Run, query: RunQuery = _ALL) -> Iterator[Run]:
    """Return the children of *parent* that *query* lets through, in the order of their creation."""
    return every_run(project, replace(query, project=parent.project, parent=parent.id))


def open_children(project: Project, run: Run) -> int:
    """Return how many children of *run* have not ended; 0 for a run that is no sweep."""
    counts = project.store.count_children(run.id) if run.sweep is not None else {}
    return sum(number for state, number in counts.items() if not state.is_final)


def sweep_details(project: Project, parent: Run) -> SweepDetails:
    """Return how the sweep *parent* stands."""
    return SweepDetails(
        counts=project.store.count_children(parent.id),
        best=best_of(project, parent),
        failures=_failures(children_of(project, parent, RunQuery(states=_WENT_WRONG))),
    )


def best_of(project: Project, parent: Run) -> Run | None:
    """Return the best child of *parent*; None where none is known, or it is not recorded yet."""
    try:
        return None if parent.best is None else project.store.get_run(parent.best)
    except NotFoundError:
        return None


def with_best(project: Project, run: Run) -> Run:
    """Return *run*; a sweep under way with the results of its best child, which will be its own when it ends."""
    best = None if run.results else best_of(project, run)
    return run if best is None else replace(run, results=best.results)


def goal_of(parent: Run | None) -> Goal | None:
    """Return what makes one child of *parent* better than another; None where nothing does, or it is no sweep."""
    if parent is None or parent.sweep is None or not parent.sweep.selector:
        return None
    return parse_goal(parent.sweep.selector)


def best_first(children: Sequence[Run], goal: Goal | None) -> Sequence[Run]:
    """Return *children* with the best first and those without a number for *goal* last; by number where it is None."""
    by_number = sorted(children, key=lambda run: run.number or 0)
    if goal is None:
        return by_number
    sign = -1 if goal.direction == "max" else 1
    values = {run.id: goal.value(run.results) for run in by_number}
    ranked = {run_id: sign * value for run_id, value in values.items() if value is not None}
    return sorted(by_number, key=lambda run: (run.id not in ranked, ranked.get(run.id, 0.0)))


def may_go_on(run: Run) -> bool:
    """Tell whether *run* is a sweep that ended before its time: not one whose points were all tried, and all failed."""
    if run.sweep is None or run.state not in RESUMABLE:
        return False
    if run.error is None or run.error.cls != CHILDREN_FAILED:
        return True
    total = (run.progress.total if run.progress else 0) or run.sweep.total
    return not total or run.progress is None or run.progress.done < total


def add_failure(groups: dict[tuple[object, ...], Failure], run: Run) -> None:
    """Count the failed *run* among those that failed in the same way."""
    error = run.error
    key = (error.cls, error.cell, error.ename) if error is not None else (run.state, run.reason)
    known = groups.get(key)
    groups[key] = Failure(first=known.first if known else run, children=known.children + 1 if known else 1)


def _failures(failed: Iterator[Run]) -> Sequence[Failure]:
    groups: dict[tuple[object, ...], Failure] = {}
    for run in failed:
        add_failure(groups, run)
    return sorted(groups.values(), key=lambda group: -group.children)
