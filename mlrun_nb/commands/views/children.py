"""
The children of a sweep as a table: what each came to and the parameters that tell them apart, as many as fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.children import ListedChildren
from mlrun_nb.commands.document import Document, Line, clean, cut, line, table, text_of, width_of
from mlrun_nb.commands.views.runs import best_result, length_of, reason_below, unique_length
from mlrun_nb.model.run import Run
from mlrun_nb.model.selection import Goal

_VALUE_WIDTH = 14
_GAP = 2


def children_view(found: ListedChildren, now: datetime, width: int) -> Document:
    """Return the children with a heading that says whose they are and how they are ordered."""
    runs = found.listed.runs
    if not runs:
        return []
    result = _result_name(runs, found.goal)
    first = [_state_column(runs), _id_column(runs), _number_column(runs)]
    first += [_value_column(result, [run.results.get(result) for run in runs], is_result=True)] if result else []
    last = [line(("time", "dim")), *(line(length_of(run, now)) for run in runs)]
    parameters = [_value_column(name, [run.parameters.get(name) for run in runs]) for name in found.differing]
    fitting = _fitting(parameters, width - sum(_width(column) + _GAP for column in (*first, last)))
    columns = [*first, *parameters[:fitting], last]
    rows = list(zip(*columns, strict=True))
    names, *laid = table(rows, width, flexible=0, right=frozenset({2, len(columns) - 1}))
    lines: Document = [_heading(found), (), names]
    for run, row in zip(runs, laid, strict=True):
        lines += [row, *reason_below(run, width)]
    left = found.differing[fitting:]
    if left:
        text = f"{', '.join(map(clean, left))} {'differs' if len(left) == 1 else 'differ'} too: "
        lines += [(), line((cut(text, max(20, width - 20)), "dim"), "`--json` has all")]
    return lines


def _heading(found: ListedChildren) -> Line:
    sweep = found.parent.sweep
    strategy = f", {sweep.strategy}" if sweep is not None else ""
    order = f"best {found.goal.result} first" if found.goal else "by number"
    return line(
        (f"Children of {states.short_id(found.parent)}", "heading"),
        (f" · {found.parent.function}{strategy} · {order}", "dim"),
    )


def _result_name(runs: Sequence[Run], goal: Goal | None) -> str:
    if goal is not None:
        return goal.result
    return next((found[0] for run in runs if (found := best_result(run, None))), "")


def _state_column(runs: Sequence[Run]) -> list[Line]:
    words = [_state(run) for run in runs]
    return [line(("state", "dim")), *words]


def _state(run: Run) -> Line:
    shape, style = states.look_of(run)
    return line(shape, " ", (states.word_of(run), style))


def _id_column(runs: Sequence[Run]) -> list[Line]:
    length = unique_length([run.id for run in runs])
    return [line(("run", "dim")), *(line((states.short_id(run, length), "strong")) for run in runs)]


def _number_column(runs: Sequence[Run]) -> list[Line]:
    return [line(("#", "dim")), *(line(humane.MISSING if run.number is None else str(run.number)) for run in runs)]


def _value_column(name: str, values: Sequence[Json], *, is_result: bool = False) -> list[Line]:
    texts = [humane.MISSING if value is None else cut(_text(value), _VALUE_WIDTH) for value in values]
    return [
        line((cut(clean(name), _VALUE_WIDTH), "dim")),
        *(line((text, "strong" if is_result else "")) for text in texts),
    ]


def _text(value: Json) -> str:
    """Return a value to compare with others: all digits of a number are on the page of its run."""
    return humane.rounded(value) if isinstance(value, float) else humane.exact(value)


def _fitting(columns: Sequence[Sequence[Line]], width: int) -> int:
    """Return how many of *columns* stand beside each other in *width*."""
    for number, column in enumerate(columns):
        width -= _width(column) + _GAP
        if width + _GAP < 0:
            return number
    return len(columns)


def _width(column: Sequence[Line]) -> int:
    return max(width_of(text_of(cell)) for cell in column)
