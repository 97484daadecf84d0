"""Magics in cells above that bind no name and would be lost without a word: a notice each."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mlrun_nb.model.notice import Notice
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.history import History
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.statements import Statement

_DRAWING = frozenset({"matplotlib", "seaborn", "pylab"})
_OWN_CONCERN = ("mlrun_nb", "autoreload")
"""Extensions that mean nothing inside a run."""


def lost_magics(history: History, packages: Collection[str]) -> Iterator[Notice]:
    """Yield a notice for each magic outside of setup cells that a run goes without; *packages* are those it imports."""
    for cell, statement in history.statements:
        if statement is not None and statement.runs_magic and _is_lost(statement, packages):
            yield _notice(cell, statement.heading, statement.line, "has an effect that does not travel with the cell")
    for cell, magic in history.magics:
        if magic.name in {"file", "writefile"}:
            yield _notice(cell, f"%%{magic.name} {magic.line}", magic.number, "writes a file that a run may not have")


def _is_lost(statement: Statement, packages: Collection[str]) -> bool:
    name = statement.magic_name
    argument = statement.heading.removeprefix("%").removeprefix(name).strip()
    if (name, argument) == ("matplotlib", "inline"):
        return False  # as the kernel of a run draws anyway
    if name in {"matplotlib", "config"}:
        return not _DRAWING.isdisjoint(packages)
    if name == "load_ext":
        return not argument.startswith(_OWN_CONCERN)
    if name in {"env", "set_env"}:
        return "=" in argument or " " in argument
    return name in {"cd", "pylab", "run"} and bool(argument or name == "pylab")


def _notice(cell: Cell, line: str, number: int, what: str) -> Notice:
    return Notice(
        text=f"`{line.strip()}` in {cell_name(cell)} {what}",
        hint=f"Tag {cell_name(cell)} `mlrun-setup` to take it whole.",
        cell=cell.place,
        line=number,
        place=cell_name(cell),
    )
