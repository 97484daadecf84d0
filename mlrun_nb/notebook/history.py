"""
The cells above a function as one sequence of statements, and for each name the events that bound or changed it.

Knows what the cells say, not what is needed of them: that is `capture`. Positions count statements from 0 over
all cells; a cell that is taken whole has one position, as have the outputs of another function.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from mlrun_nb.errors import UsageError
from mlrun_nb.model.notice import Notice
from mlrun_nb.notebook.cells import Cell, FunctionCell
from mlrun_nb.notebook.magic_lines import PYTHON_CELL_MAGICS, CellMagic, Unreadable
from mlrun_nb.notebook.parsing import cell_name, parse_function_cell
from mlrun_nb.notebook.statements import CellCode, Statement, read_statements

SETUP_TAG = "mlrun-setup"
_BIND_NOTHING = frozenset({
    "bash", "sh", "script", "html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "writefile",
    "file", "timeit", "memit", "perl", "ruby", "system", "sx", "cmd", "python", "python2", "python3", "pypy",
    "mermaid",
})  # fmt: skip
_BINDING_MAGICS = frozenset(
    {"run", "pylab", "store", "load", "loadpy", "macro", "sql", "R", "rpull", "octave_pull", "edit", "recall"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    One binding of a name, in a cell: by a statement, a setup cell, a magic, another function's run, or as a function.

    Without `sure` it is bound on some ways only, and the binding before may still count.
    """

    position: int
    cell: Cell
    by: Literal["statement", "setup", "output", "function", "magic"]
    statement: Statement | None = None
    function: str = ""
    magic: str = ""
    sure: bool = True

    @property
    def text(self) -> str:
        """The line that bound the name, as messages quote it."""
        return self.statement.heading if self.statement is not None else self.magic


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change in place of a name's value: `how` follows `is`; `by` is the function that does it, see `InPlace`."""

    cell: Cell
    line: int
    how: str
    by: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupCell:
    """A cell taken whole; `code` is None where it cannot be read. `binds_unknown`: by a star import or `%run`."""

    position: int
    cell: Cell
    code: CellCode | None
    binds_unknown: bool = False


@dataclass(slots=True)
class History:
    """All that the cells above say. Built once by `read_history`, then only read."""

    cells: list[Cell] = field(default_factory=list)
    statements: list[tuple[Cell, Statement | None]] = field(default_factory=list)
    setups: list[SetupCell] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    stars: list[int] = field(default_factory=list)
    futures: list[int] = field(default_factory=list)
    unknown: list[Event] = field(default_factory=list)
    magics: list[tuple[Cell, CellMagic]] = field(default_factory=list)
    broken: list[Cell] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def last_binding(self, name: str, before: int | None) -> Event | None:
        """Return the last event that bound *name*, before a position or at all."""
        for event in reversed(self.events.get(name, ())):
            if before is None or event.position < before:
                return event
        return None

    def add_position(self, cell: Cell, statement: Statement | None = None) -> int:
        """Record the next thing that happens and return its position."""
        self.statements.append((cell, statement))
        return len(self.statements) - 1

    def add_event(self, name: str, event: Event) -> None:
        """Record that *name* was bound."""
        self.events.setdefault(name, []).append(event)


def read_history(above: Sequence[Cell]) -> History:
    """Return what the code cells among *above* say; one that cannot be read is skipped with a notice."""
    history = History()
    eager = True
    for cell in above:
        if cell.kind != "code" or not cell.source.strip():
            continue
        history.cells.append(cell)
        function = _function_cell(cell)
        if function is not None:
            _add_function(history, function, eager=eager)
            continue
        code = _read(history, cell, eager=eager)
        if SETUP_TAG in cell.tags:
            _add_setup(history, cell, code)
        elif code is not None:
            _add_code(history, cell, code)
        eager = eager and (code is None or not code.plain.is_future)
    return history


def _function_cell(cell: Cell) -> FunctionCell | None:
    try:
        return parse_function_cell(cell)
    except UsageError:
        return FunctionCell(name="", cell=cell, options={}, sources={}, body="", body_line=1)


def _read(history: History, cell: Cell, *, eager: bool) -> CellCode | None:
    try:
        return read_statements(cell.source, eager=eager)
    except Unreadable as err:
        history.broken.append(cell)
        taken = SETUP_TAG in cell.tags
        history.notices.append(
            Notice(
                text=f"{cell_name(cell)} cannot be read as Python ({err.reason}); "
                + ("it is taken as it stands" if taken else "nothing is captured from it"),
                hint=f"Correct line {err.line} of {cell_name(cell)}, or make it a Markdown cell.",
                cell=cell.place,
                line=err.line,
                place=cell_name(cell),
            )
        )
        return None


def _add_code(history: History, cell: Cell, code: CellCode) -> None:
    for magic in code.cell_magics:
        history.magics.append((cell, magic))
        _add_cell_magic(history, cell, magic)
    for statement in code.statements:
        event = _add_statement(history, cell, statement)
        if statement.has_star:
            history.stars.append(event.position)
        if statement.is_future:
            history.futures.append(event.position)
        if statement.runs_magic and binds_unknown(statement):
            history.unknown.append(event)


def _add_statement(history: History, cell: Cell, statement: Statement) -> Event:
    event = Event(
        position=history.add_position(cell, statement),
        cell=cell,
        by="statement",
        statement=statement,
    )
    for name in statement.binds:
        history.add_event(name, event if name in statement.flow.bound else replace(event, sure=False))
    _add_changes(history, cell, statement)
    return event


def _add_changes(history: History, cell: Cell, statement: Statement, *, at_once: bool = True) -> None:
    for change in statement.changes:
        if at_once or change.by:
            place = Change(cell=cell, line=statement.line, how=change.how, by=change.by, depth=change.depth)
            history.changes.setdefault(change.name, []).append(place)


def _add_cell_magic(history: History, cell: Cell, magic: CellMagic) -> None:
    """`%%capture out` binds `out`; a magic that we do not know may bind anything."""
    text = f"%%{magic.name} {magic.line}".strip()
    event = Event(position=history.add_position(cell), cell=cell, by="magic", magic=text)
    for name in _magic_names(magic):
        history.add_event(name, event)
    if magic.name not in PYTHON_CELL_MAGICS | _BIND_NOTHING:
        history.unknown.append(event)


def _magic_names(magic: CellMagic) -> list[str]:
    """Return the names that the line of a cell magic says it binds: `%%capture out`, `%%bash --out text`."""
    words = magic.line.split()
    if magic.name == "capture":
        return [word for word in words if word.isidentifier()]
    return [word for option, word in pairwise(words) if option in {"--out", "--err", "--proc"}]


def _add_setup(history: History, cell: Cell, code: CellCode | None) -> None:
    position = history.add_position(cell)
    statements = code.statements if code else ()
    unknown = code is None or code.foreign or any(s.has_star or (s.runs_magic and binds_unknown(s)) for s in statements)
    history.setups.append(SetupCell(position=position, cell=cell, code=code, binds_unknown=unknown))
    for name in (name for magic in (code.cell_magics if code else ()) for name in _magic_names(magic)):
        history.add_event(name, Event(position=position, cell=cell, by="setup"))
    for statement in statements:
        for name in statement.binds:
            sure = code is None or name in code.names.bound
            history.add_event(name, Event(position=position, cell=cell, by="setup", statement=statement, sure=sure))
        _add_changes(history, cell, statement, at_once=False)  # what the cell itself changes it changes in the run too


def binds_unknown(statement: Statement) -> bool:
    """Whether the line is a magic such as `%run file.py`, whose names nobody can tell from the text."""
    return statement.magic_name in _BINDING_MAGICS


def _add_function(history: History, function: FunctionCell, *, eager: bool) -> None:
    """Another function: its runs bind its outputs; a `def` that is the whole cell is code as any other."""
    try:
        statements = read_statements(function.body, eager=eager).statements
    except Unreadable:
        statements = ()
    names = _output_names(function.options)
    defined: set[str] = set()
    if len(statements) == 1 and isinstance(statements[0].node, ast.FunctionDef | ast.AsyncFunctionDef):
        defined.update(statements[0].binds)
        _add_statement(history, function.cell, _moved(statements[0], function))
        names = names or ["result"]
    position = history.add_position(function.cell)
    for name in names:
        history.add_event(name, Event(position=position, cell=function.cell, by="output", function=function.name))
    if function.name and function.name not in {*defined, *names}:
        history.add_event(
            function.name, Event(position=position, cell=function.cell, by="function", function=function.name)
        )


def _moved(statement: Statement, function: FunctionCell) -> Statement:
    """Return *statement* with the line numbers of the cell instead of those of the body."""
    places = function.lines or range(function.body_line, function.body_line + function.body.count("\n") + 1)
    lines = tuple((places[number - 1], text) for number, text in statement.lines)
    return replace(statement, line=places[statement.line - 1], lines=lines)


def _output_names(options: Mapping[str, object]) -> list[str]:
    names = options.get("output")
    return [str(name) for name in names] if isinstance(names, list | tuple) else []
