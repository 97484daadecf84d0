"""
What a cell needs from the cells above it, as source: imports, functions, classes and constants, transitively.

Everything else is data, and an error before anything is submitted. The cells are read, never run; `history`
says what they bind, `constants` what a constant is, `side_effects` what would be lost without a word,
`project_modules` which files go along.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

from mlrun_nb.errors import CaptureError
from mlrun_nb.model.function import CellOrigin, SourceCell
from mlrun_nb.model.notice import Notice
from mlrun_nb.notebook.capture_search import Search
from mlrun_nb.notebook.cells import Captured, Cell, ModuleFinder
from mlrun_nb.notebook.complaints import capture_error
from mlrun_nb.notebook.history import History, read_history
from mlrun_nb.notebook.magic_lines import Unreadable
from mlrun_nb.notebook.project_modules import find_modules
from mlrun_nb.notebook.side_effects import find_side_effects
from mlrun_nb.notebook.statements import CellCode, Statement, check_compiles, read_statements


def capture(
    body: str,
    above: Sequence[Cell],
    *,
    inputs: Collection[str] = (),
    parameters: Collection[str] = (),
    finder: ModuleFinder | None = None,
    live: Mapping[str, object] | None = None,
    where: str = "the cell",
) -> Captured:
    """
    Return what *body*, a cell's text below its `%%mlrun` line, parameters included, needs from the cells *above*.

    *above* are in the order in which they ran; names among *inputs* and *parameters* are given to the run.
    *live* are the variables of the kernel, where there is one. *where* is how messages call the cell. Raises
    CaptureError naming every name that cannot travel.
    """
    code = _read_body(body, where)
    history = read_history(above)
    given = frozenset(unicodedata.normalize("NFKC", name) for name in (*inputs, *parameters))
    search = Search(history=history, body=code, given=given - _arguments(code), live=live)
    search.run()
    if search.problems:
        raise capture_error(where, list(search.problems.values()), known=_known(history, code))
    taken = [(cell, s) for cell, s in map(history.statements.__getitem__, sorted(search.taken)) if s is not None]
    running = [*(statement for _, statement in taken), *search.setup_statements(), *code.statements]
    modules = find_modules([statement.node for statement in running], finder)
    cells, origins = _compose(history, taken)
    return Captured(
        cells=cells,
        origins=origins,
        modules=modules.files,
        notices=_distinct(
            [*history.notices, *find_side_effects(history, frozenset(search.taken), running), *modules.notices]
        ),
    )


def _read_body(body: str, where: str) -> CellCode:
    try:
        code = read_statements(body)
        check_compiles(code)
    except Unreadable as err:
        raise CaptureError(
            f"line {err.line} of {where} cannot be read as Python: {err.reason}",
            hint=f"Correct line {err.line} of {where}.",
        ) from err
    return code


def _arguments(code: CellCode) -> frozenset[str]:
    """Return the arguments of a function that is the whole cell: they are its own, and helpers do not see them."""
    if len(code.statements) != 1:
        return frozenset()
    node = code.statements[0].node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return frozenset()
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return frozenset(argument.arg for argument in every)


def _known(history: History, code: CellCode) -> set[str]:
    return {*history.events, *code.names.touched}


def _compose(
    history: History, taken: Iterable[tuple[Cell, Statement]]
) -> tuple[tuple[SourceCell, ...], tuple[CellOrigin, ...]]:
    """Return one source cell for each cell that something is taken from, in the order of the cells."""
    chosen: dict[int, tuple[Cell, list[Statement]]] = {}
    for cell, statement in taken:
        chosen.setdefault(id(cell), (cell, []))[1].append(statement)
    order = {id(cell): number for number, cell in enumerate(history.cells)}
    pieces = [(order[key], *_definition(cell, statements)) for key, (cell, statements) in chosen.items()]
    pieces += [(order[id(setup.cell)], *_setup(setup.cell)) for setup in history.setups]
    pieces.sort(key=lambda piece: piece[0])
    return tuple(source for _, source, _ in pieces), tuple(origin for _, _, origin in pieces)


def _setup(cell: Cell) -> tuple[SourceCell, CellOrigin]:
    source = cell.source.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    lines = tuple(range(1, source.count("\n") + 2))
    return SourceCell(role="setup", source=source), CellOrigin(index=cell.index, id=cell.id, lines=lines)


def _definition(cell: Cell, statements: Sequence[Statement]) -> tuple[SourceCell, CellOrigin]:
    """Join *statements*, with a blank line where something was left out between them; `__future__` comes first."""
    lines: list[tuple[int, str]] = []
    for statement in sorted(statements, key=lambda statement: not statement.is_future):
        first = statement.lines[0][0]
        if lines and first > lines[-1][0] + 1:
            lines.append((first - 1, ""))
        lines.extend(statement.lines)
    source = "\n".join(text for _, text in lines)
    origin = CellOrigin(index=cell.index, id=cell.id, lines=tuple(number for number, _ in lines))
    return SourceCell(role="definition", source=source), origin


def _distinct(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple({(notice.text, notice.cell, notice.line): notice for notice in notices}.values())
