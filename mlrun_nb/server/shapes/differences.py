"""What differs: between two runs, two versions, or among many runs."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from mlrun_nb.server.route import Shape, Where
from mlrun_nb.server.shapes.runs import RunRow

LineKind = Literal["same", "removed", "added", "changed"]


class CodeLine(Shape, frozen=True, kw_only=True):
    """
    A line of two texts side by side. A side is None where the other one has a line more; numbers count from 1.
    """

    kind: LineKind
    old_number: int | None
    old: str | None
    new_number: int | None
    new: str | None


class CodeDiff(Shape, frozen=True, kw_only=True):
    """The text of all cells of one role; lines that both have far from any change are left out, and numbers jump."""

    title: str
    comments_only: bool
    lines: tuple[CodeLine, ...]


class Difference(Shape, frozen=True, kw_only=True):
    """One thing before and after; None where it is not there."""

    name: str
    old: str | None
    new: str | None
    distance: str = ""


class Part(Shape, frozen=True, kw_only=True):
    """Differences of one kind, under their heading."""

    title: str
    changes: tuple[Difference, ...]


class Comparison(Shape, frozen=True, kw_only=True):
    """Two runs beside each other. `summary` says it in a line; nothing in `code` and `parts` where nothing differs."""

    old: RunRow
    new: RunRow
    summary: str
    code: tuple[CodeDiff, ...]
    parts: tuple[Part, ...]


class VersionComparison(Shape, frozen=True, kw_only=True):
    """Two versions beside each other."""

    old: str
    new: str
    summary: str
    code: tuple[CodeDiff, ...]
    parts: tuple[Part, ...]


class DiffAsked(Where, frozen=True, kw_only=True):
    """Against which run or version; empty for the last good run, or for the version before."""

    against: str = ""


Several = Annotated[tuple[str, ...], msgspec.Meta(min_length=2, max_length=20)]


class CompareAsked(Where, frozen=True, kw_only=True):
    """Which runs, 2 to 20."""

    run: Several


class Cell(Shape, frozen=True, kw_only=True):
    """A value of one run in a table; `number` where it can be drawn, `best` where no run has a better one."""

    text: str
    number: float | None
    best: bool = False


class CompareRow(Shape, frozen=True, kw_only=True):
    """One value of all runs; `differs` where they do not agree. Cells are None where a run has no such value."""

    name: str
    group: Literal["results", "parameters", "settings", "run"]
    differs: bool
    cells: tuple[Cell | None, ...]


class Table(Shape, frozen=True, kw_only=True):
    """Runs beside each other, rows that differ first."""

    runs: tuple[RunRow, ...]
    rows: tuple[CompareRow, ...]
