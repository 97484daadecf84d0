"""The children of a sweep as text."""

from __future__ import annotations

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.card.snapshot import Child, Children, Snapshot
from mlrun_nb.commands.document import Document, Line, Part, line, table
from mlrun_nb.model.states import RunState

_MARKS = {"s": "✓", "p": "▽", "f": "✗", "r": "◐", "c": "⊘", "l": "◇", "w": "·", "-": " "}
_TOLD = (RunState.SUCCEEDED, RunState.FAILED, RunState.LOST, RunState.CANCELLED, RunState.RUNNING)


def strip_text(sweep: Children, width: int) -> Document:
    """Return the children by state: a mark for each where they are few enough, and how many are in each."""
    lines: Document = []
    marks = "".join(_MARKS[mark] for mark in sweep.marks)
    for start in range(0, len(marks), width):
        lines.append(line((marks[start : start + width], "dim")))
    counts: list[Part] = []
    for shape, _, words in states.tally(sweep.counts, sweep.pruned, _TOLD):
        counts += [shape, f" {words}  "]
    return [*lines, line(*counts, (sweep.how, "dim"))]


def best_text(sweep: Children, width: int) -> Document:
    """Return the best children as a table; the first row names the columns."""
    if not sweep.rows:
        return []
    names = ["#", *([sweep.result] if sweep.result else []), *sweep.columns, "took"]
    head = tuple(line((name, "dim")) for name in names)
    rows = [_row(row, sweep) for row in sweep.rows]
    lines = table([head, *rows], width, flexible=min(2, len(names) - 1), right=frozenset({0}))
    more = humane.count(sweep.hidden, "more parameter")
    return [*lines, line((f"and {more}", "dim"))] if sweep.hidden else lines


def _row(row: Child, sweep: Children) -> tuple[Line, ...]:
    value = [line((row.value, "strong"))] if sweep.result else []
    took = humane.duration(row.took_s) if row.took_s is not None else ""
    return (line(str(row.number)), *value, *map(line, row.parameters), line((took, "dim")))


def failures_text(sweep: Children, width: int) -> Document:
    """Return a line for each way in which children failed."""
    rows = [
        (line((f"{group.children:,}", "strong")), line((group.reason, "bad")), line((f"#{group.number}", "dim")))
        for group in sweep.failures
    ]
    lines = table(rows, width, flexible=1, right=frozenset({0}))
    left = humane.count(sweep.ways_more, "other way", "other ways")
    return [*lines, line((f"and {left} to fail", "dim"))] if sweep.ways_more else lines


def heading_of(snapshot: Snapshot) -> str:
    """Return what the table of the best children is called."""
    sweep = snapshot.sweep
    return f"Best by {sweep.result}" if sweep is not None and sweep.result else "Children"
