"""The end of a sweep in a few lines: the best child, those behind it, and why others failed."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import Document, Line, cut, indent, line, table
from mlrun_nb.commands.views import fields
from mlrun_nb.commands.views.sweep import best_section, counts, failures_section, own_parameters
from mlrun_nb.model.run import Run
from mlrun_nb.services.children import SweepDetails, goal_of
from mlrun_nb.services.standings import Standings

_MOST = 5
_VALUE_WIDTH = 14
_GAP = 2


def swept_sections(run: Run, found: SweepDetails, standings: Standings, width: int) -> Document:
    """Return the sections that the card of the sweep *run* has instead of results."""
    how_many = indent([line("children: ", *counts(run, found.counts, len(standings.pruned)))])
    return [
        *how_many,
        *best_section(run, found, width),
        *_top_section(run, standings, width),
        *failures_section(found, width),
    ]


def _top_section(run: Run, standings: Standings, width: int) -> Document:
    goal, top = goal_of(run), standings.top[:_MOST]
    if goal is None or len(top) < 2:  # the best child stands above
        return []
    names = list(dict.fromkeys(name for child in top for name in own_parameters(child, run)))
    first = [
        _column("#", [str(child.number) for child in top]),
        _column("run", [states.short_id(child) for child in top]),
        _column(goal.result, [humane.rounded(child.results.get(goal.result)) for child in top], strong=True),
    ]
    last = _column("took", [humane.duration(child.duration_s or 0.0) for child in top])
    columns = [_column(name, [_text(child, name) for child in top]) for name in names]
    room = width - sum(_width(column) + _GAP for column in (*first, last))
    shown = [column for column in columns if (room := room - _width(column) - _GAP) >= 0]
    rows = list(zip(*[*first, *shown, last], strict=True))
    lines = table(rows, width, flexible=2, right=frozenset({0}))
    if left := len(columns) - len(shown):
        lines.append(line((f"and {humane.count(left, 'more parameter')}", "dim")))
    return fields.section(f"Best by {goal.result}", lines)


def _column(name: str, texts: Sequence[str], *, strong: bool = False) -> list[Line]:
    head = line((cut(name, _VALUE_WIDTH), "dim"))
    return [head, *(line((cut(text, _VALUE_WIDTH), "strong" if strong else "")) for text in texts)]


def _text(child: Run, name: str) -> str:
    value = child.parameters.get(name)
    return humane.rounded(value) if isinstance(value, float) else humane.exact(value)


def _width(column: Sequence[Line]) -> int:
    return max(sum(len(span.text) for span in cell) for cell in column)
