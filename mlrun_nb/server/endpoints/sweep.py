"""`/runs/{run}/children`, and what the page of a run says about its sweep."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.card.fitting import fit
from mlrun_nb.commands.document import line, text_of
from mlrun_nb.commands.views import headline
from mlrun_nb.commands.views.sweep import how, own_parameters
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.server.endpoints.found import recorded_run_of
from mlrun_nb.server.endpoints.rows import named, reason_in_list
from mlrun_nb.server.route import Call, NoBody, Where
from mlrun_nb.server.shapes.runs import Named
from mlrun_nb.server.shapes.sweep import (
    Around,
    Cell,
    Child,
    Children,
    ChildrenAsked,
    ChildState,
    Column,
    FailedAlike,
    ParentRow,
    SweepDetail,
)
from mlrun_nb.services.children import goal_of
from mlrun_nb.services.history import RunDetails
from mlrun_nb.services.sweep.around import around_best

_EXACT = 2**53
"""Whole numbers up to here are themselves in every language."""
_TEXT, _REASON = 60, 300
_WENT_WRONG = {RunState.FAILED, RunState.LOST, RunState.CANCELLED}


def children(call: Call[ChildrenAsked, NoBody]) -> Children:
    """Return a part of the table of a sweep's children, as they are recorded."""
    parent, asked = recorded_run_of(call), call.query
    query = RunQuery(project=parent.project, parent=parent.id, limit=asked.limit, cursor=asked.cursor)
    page = call.project.store.list_runs(query)
    return Children(
        ids=tuple(run.id for run in page.items),
        numbers=tuple(run.number for run in page.items),
        states=tuple(state_of(run) for run in page.items),
        durations=tuple(run.duration_s for run in page.items),
        parameters=_columns([run.parameters for run in page.items]),
        results=_columns([run.results for run in page.items]),
        reasons={
            run.id: fit(reason_in_list(run) or str(run.state), _REASON)
            for run in page.items
            if run.state in _WENT_WRONG
        },
        cursor=page.cursor,
        settled=_settled(page.items, asked.cursor),
    )


def around(call: Call[Where, NoBody]) -> Around:
    """Return where a sweep could be swept again."""
    run = recorded_run_of(call)
    found = around_best(call.project, run)
    return Around(
        space=found.space,
        number=found.child.number,
        command=f"{headline.PROGRAM} rerun {states.short_id(run)} --sweep",
        max_runs=run.sweep.max_runs if run.sweep is not None else None,
    )


def sweep_detail(found: RunDetails) -> SweepDetail | None:
    """Return how a sweep stands; None for a run that is none."""
    run, sweep = found.run, found.sweep
    if run.sweep is None or sweep is None:
        return None
    goal = goal_of(run)
    return SweepDetail(
        facts=tuple(Named(name=name, text=fit(text_of(line(*parts)), _REASON)) for name, parts in how(run.sweep)),
        result=goal.result if goal is not None else "",
        direction=goal.direction if goal is not None else "",
        counts={state.value: number for state, number in sweep.counts.items()},
        best=_child(sweep.best, run) if sweep.best is not None else None,
        failures=tuple(
            FailedAlike(children=each.children, reason=_reason(each.first), first=_child(each.first, run))
            for each in sweep.failures
        ),
    )


def parent_row(found: RunDetails) -> ParentRow | None:
    """Return the sweep that a run is a child of; None for a run that is none."""
    run, parent = found.run, found.parent
    if run.parent is None:
        return None
    if parent is None or parent.sweep is None:
        return ParentRow(id=run.parent, strategy="", total=None, is_best=False)
    _, total = states.done_of(parent)
    return ParentRow(id=parent.id, strategy=parent.sweep.strategy, total=total or None, is_best=parent.best == run.id)


def state_of(run: Run) -> ChildState:
    """Return how the child *run* stands, as people say it."""
    return "pruned" if run.pruned else run.state.value


def _child(run: Run, parent: Run) -> Child:
    own = own_parameters(run, parent)
    return Child(
        id=run.id,
        number=run.number,
        parameters=tuple(named(name, value, exact=True) for name, value in own.items()),
        results=tuple(named(name, value) for name, value in run.results.items()),
    )


def _reason(run: Run) -> str:
    return fit(states.reason_of(run) or str(run.state), _REASON)


def _settled(runs: Sequence[Run], cursor: str | None) -> str | None:
    """Return the cursor behind the children at the beginning of *runs* that have all ended."""
    for run in runs:
        if not run.state.is_final:
            break
        cursor = str(run.sequence)
    return cursor


def _columns(values: Sequence[Mapping[str, Json]]) -> tuple[Column, ...]:
    names = dict.fromkeys(name for each in values for name in each)
    return tuple(_column(name, [cell(each.get(name)) for each in values]) for name in names)


def _column(name: str, cells: Sequence[Cell]) -> Column:
    first = cells[0]
    is_constant = all(type(cell) is type(first) and cell == first for cell in cells)
    return Column(name=fit(name, _TEXT), values=tuple(cells[:1] if is_constant else cells))


def cell(value: Json) -> Cell:
    """Return *value* as a table has it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _EXACT else humane.exact(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(to_json(value))
    return fit(humane.exact(value), _TEXT)
