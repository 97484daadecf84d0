"""What a card shows of the children of a sweep: how they stand, the best ones, and why the others failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.card.course import course_of
from mlrun_nb.commands.card.fitting import fit
from mlrun_nb.commands.card.lines import lines_of
from mlrun_nb.commands.card.snapshot import Child, Children, FailedAlike
from mlrun_nb.commands.views.sweep import own_parameters
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.services.children import Failure, goal_of
from mlrun_nb.services.standings import MOST_DRAWN, Standings

_WAITS, _NEVER, _PRUNED = "w", "-", "p"
_MARKS: Mapping[RunState, str] = {
    RunState.PENDING: _WAITS,
    RunState.RUNNING: "r",
    RunState.SUCCEEDED: "s",
    RunState.CACHED: "s",
    RunState.FAILED: "f",
    RunState.CANCELLED: "c",
    RunState.LOST: "l",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How much of the children is shown, and what a text of it may cost."""

    marks: int = 150
    rows: int = 10
    columns: int = 4
    failures: int = 3
    lines: int = MOST_DRAWN
    name: int = 30


def children_of(run: Run, found: Standings, measure: Measure, *, left_s: float | None) -> Children | None:
    """Return what is shown of the children of *run*; None for a run that is no sweep."""
    if run.sweep is None:
        return None
    goal, sweep = goal_of(run), run.sweep
    columns = _columns(found.top, run)
    shown = columns[: measure.columns]
    return Children(
        how=fit(f"{sweep.strategy}, seed {sweep.seed}", measure.name),
        result=fit(goal.result, measure.name) if goal is not None else "",
        direction=goal.direction if goal is not None else "",
        counts=found.counts,
        pruned=len(found.pruned),
        marks=_marks(run, found, measure.marks),
        columns=tuple(fit(name, measure.name) for name in shown),
        hidden=len(columns) - len(shown),
        rows=tuple(_row(child, goal.result if goal else "", shown, measure) for child in found.top[: measure.rows]),
        failures=tuple(_failed(group, measure) for group in found.failures[: measure.failures]),
        ways_more=max(0, len(found.failures) - measure.failures),
        course=course_of(found.values, goal) if goal is not None else None,
        lines=lines_of(found, goal, shown, measure.lines) if goal is not None else None,
        left_s=None if run.state.is_final else left_s,
    )


def _marks(run: Run, found: Standings, most: int) -> str:
    _, total = states.done_of(run)
    count = max(total, max(found.states, default=-1) + 1)
    if count > most:
        return ""
    absent = _NEVER if run.state.is_final else _WAITS
    marks = {number: _PRUNED if number in found.pruned else _MARKS[state] for number, state in found.states.items()}
    return "".join(marks.get(number, absent) for number in range(count))


def _columns(children: Sequence[Run], parent: Run) -> list[str]:
    return list(dict.fromkeys(name for child in children for name in own_parameters(child, parent)))


def _row(child: Run, result: str, columns: Sequence[str], measure: Measure) -> Child:
    value = child.results.get(result)
    return Child(
        number=child.number or 0,
        run=states.short_id(child),
        value=fit(humane.rounded(value), measure.name) if value is not None else "",
        parameters=tuple(_text(child, name, measure) for name in columns),
        took_s=child.duration_s,
    )


def _text(child: Run, name: str, measure: Measure) -> str:
    value = child.parameters.get(name)
    text = humane.rounded(value) if isinstance(value, float) else humane.exact(value)
    return fit(text, measure.name) if name in child.parameters else humane.MISSING


def _failed(group: Failure, measure: Measure) -> FailedAlike:
    reason = states.reason_of(group.first) or str(group.first.state)
    return FailedAlike(children=group.children, reason=fit(reason, 6 * measure.name), number=group.first.number or 0)
