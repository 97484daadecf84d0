"""
Lengths as bars: how long each cell took and when, and what a run used of what it asked for.

Every bar has its number beside it; the shape of a cell's state says what its colour says.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import Document, Line, Style, clean, cut, fill, line, table, width_of
from mlrun_nb.commands.usage import Usage, usage
from mlrun_nb.model.run import CellReport
from mlrun_nb.services.history import RunDetails

_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL, _EMPTY = "█", "░"
_NAMES, _SHORTEST_BAR, _LONGEST_BAR = 26, 10, 60


def cells_view(cells: Sequence[CellReport], width: int) -> Document:
    """Return a line for each cell: state, name, a bar from where it began to where it ended, its duration."""
    total = sum(cell.duration_s for cell in cells) or 1.0
    names = [cut(clean(cell.name), _NAMES) for cell in cells]
    column = max(width_of(name) for name in names)
    length = min(_LONGEST_BAR, max(_SHORTEST_BAR, width - column - 18))
    lines, begun = [], 0.0
    for cell, name in zip(cells, names, strict=True):
        bar = _segment(begun / total, (begun + cell.duration_s) / total, length)
        begun += cell.duration_s
        lines.append(_cell(cell, fill(line(name), column), fill(line((bar, _bar_style(cell))), length)))
    return lines


def _cell(cell: CellReport, name: Line, bar: Line) -> Line:
    is_timed = cell.state in {"succeeded", "failed"} or (cell.state != "running" and cell.duration_s > 0)
    text = "not reached" if cell.state == "pending" else humane.duration(cell.duration_s) if is_timed else cell.state
    style: Style = "dim" if cell.state == "pending" else ""
    return (states.cell_symbol(cell.state), *line(" "), *name, *line("  "), *bar, *line((f"  {text:>12}", style)))


def _bar_style(cell: CellReport) -> Style:
    return "bad" if cell.state == "failed" else "dim" if cell.state in {"cancelled", "lost"} else "accent"


def _segment(begin: float, end: float, length: int) -> str:
    """Return a bar on a scale of *length* cells; whatever took time leaves at least a hair."""
    first = min(int(begin * length), length - 1)
    eighths = round((end * length - first) * 8)
    if end <= begin:
        return ""
    whole, rest = divmod(max(1, eighths), 8)
    return (
        " " * first + _FULL * min(whole, length - first) + (_EIGHTHS[rest] if rest and first + whole < length else "")
    )


def usage_view(found: RunDetails, width: int) -> Document:
    """Return what the run used of memory and CPU, as a bar where it had asked for an amount."""
    return table([_usage(each) for each in usage(found)], width, flexible=1)


def _usage(each: Usage) -> tuple[Line, Line, Line]:
    if not each.asked:
        return line((each.name, "dim")), line(each.used), line()
    share = each.share or 0.0
    filled = min(20, round(share * 20))
    style: Style = "bad" if share >= 0.95 else "accent"
    bar = line((_FULL * filled, style), (_EMPTY * (20 - filled), "dim"), f" {share * 100:.0f} %")
    return line((each.name, "dim")), line(f"{each.used} of {each.asked}"), bar
