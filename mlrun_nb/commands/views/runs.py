"""
The history as a table: newest first, by day; one line a run, and the reason below those that went wrong.

Of the parameters only those that tell the runs apart are shown; ids only as long as the list needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import Document, Line, Part, clean, cut, line, table
from mlrun_nb.model.run import Run
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.states import RunState
from mlrun_nb.services.children import goal_of

_WITH_REASON = {RunState.FAILED, RunState.LOST, RunState.PENDING, RunState.RUNNING, RunState.CANCELLED, RunState.CACHED}


def runs_view(runs: Sequence[Run], now: datetime, width: int, *, with_project: bool = False) -> Document:
    """Return *runs*, newest first, as a table; times of day are those of the time zone of *now*."""
    telling = telling_parameters(runs)
    length = unique_length([run.id for run in runs])
    rows = [
        (
            line(states.symbol(run.state), " ", (str(run.state), states.style_of(run.state))),
            line((run.id[:length], "strong"), (f" {states.PIN}" if run.pinned else "", "accent")),
            line(f"{run.project}/" if with_project else "", run.function, (f"@{run.version[:7]}", "dim")),
            _gist(run, telling[run.function]),
            line((length_of(run, now), "")),
            line((when(run.created, now), "dim")),
        )
        for run in runs
    ]
    laid = table(rows, width, flexible=3, right=frozenset({4, 5}))
    lines: Document = []
    for day, group in groupby(
        zip(runs, laid, strict=True), key=lambda item: item[0].created.astimezone(now.tzinfo).date()
    ):
        lines += [()] if lines else []
        lines.append(line((day_name(day, now.date()), "heading")))
        for run, row in group:
            lines += [row, *reason_below(run, width)]
    return lines


def telling_parameters(runs: Sequence[Run]) -> dict[str, list[str]]:
    """Return for each function the parameters that tell its runs, sweeps aside, apart; all where there is one run."""
    telling: dict[str, list[str]] = {}
    for function in {run.function for run in runs}:
        values = [run.parameters for run in runs if run.function == function and run.sweep is None]
        names = dict.fromkeys(name for each in values for name in each)
        telling[function] = [
            name for name in names if len(values) == 1 or any(each.get(name) != values[0].get(name) for each in values)
        ]
    return telling


def unique_length(ids: Sequence[str]) -> int:
    """Return how many characters, at least 6, tell *ids* apart."""
    length = 6
    while length < 12 and len({each[:length] for each in ids}) < len(set(ids)):
        length += 1
    return length


def day_name(day: date, today: date) -> str:
    """Return how people call *day*."""
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return f"{day:%A}, {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def when(then: datetime, now: datetime) -> str:
    """Return the age of what happened today, the time of day of what did not."""
    local = then.astimezone(now.tzinfo)
    return humane.age(then, now) if local.date() >= now.date() else f"{local:%H:%M}"


def main_result(results: dict[str, Json]) -> tuple[str, Json] | None:
    """Return the result to show where there is room for one: the first number, else the first."""
    numbers = [item for item in results.items() if isinstance(item[1], int | float) and not isinstance(item[1], bool)]
    return next(iter(numbers or results.items()), None)


def best_result(run: Run, goal: Goal | None) -> tuple[str, Json] | None:
    """Return the result by which a sweep's children are judged; where there is none, the main one."""
    if goal is not None and goal.result in run.results:
        return goal.result, run.results[goal.result]
    return main_result(dict(run.results))


def _gist(run: Run, telling: Sequence[str]) -> Line:
    parts: list[Part] = []
    result = best_result(run, goal_of(run))
    if result is not None:
        parts.append((f"{result[0]} {humane.rounded(result[1])}", "strong"))
    if run.sweep is not None:
        return line(*parts, *([(" · ", "dim"), states.how_many_of(run)] if parts else [states.children_of(run)]))
    for name in telling:
        if name in run.parameters:
            parts += [(" · " if len(parts) == 1 and result else " " if parts else "", "dim")]
            parts.append(f"{name}={cut(humane.exact(run.parameters[name]), 20)}")
    return line(*parts)


def length_of(run: Run, now: datetime) -> str:
    """Return how long *run* took, or has taken so far."""
    if run.duration_s is not None and run.state is not RunState.CACHED:
        return humane.duration(run.duration_s)
    if run.state is RunState.RUNNING and run.started is not None:
        return humane.clock_time((now - run.started).total_seconds())
    return humane.MISSING


def reason_below(run: Run, width: int) -> Document:
    """Return the line below a run that says why it is where it is; none where its own line says enough."""
    is_told = run.sweep is not None and run.state is RunState.RUNNING and run.cancel_requested is None
    reason = clean(states.reason_of(run)) if run.state in _WITH_REASON and not is_told else ""
    seen = f" (last seen {run.last_seen:%H:%M})" if run.state is RunState.LOST and run.last_seen else ""
    return [line((cut(f"  {reason}{seen}", width), "dim"))] if reason else []
