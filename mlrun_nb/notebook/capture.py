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
from mlrun_nb.notebook.complaints import capture_error, names_to_give
from mlrun_nb.notebook.history import History, read_history
from mlrun_nb.notebook.magic_lines import Unreadable
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.project_modules import find_modules
from mlrun_nb.notebook.side_effects import find_side_effects
from mlrun_nb.notebook.statements import CellCode, Statement, check_compiles, read_statements
from mlrun_nb.notebook.unrun import Unrun, with_unrun


def capture(
    body: str,
    above: Sequence[Cell],
    *,
    given: Collection[str] = (),
    finder: ModuleFinder | None = None,
    live: Mapping[str, object] | None = None,
    unrun: Unrun | None = None,
    where: str = "the cell",
) -> Captured:
    """
    Return what *body*, a cell's text below its `%%mlrun` line, parameters included, needs from the cells *above*.

    *above* are in the order in which they ran; the run gets the names *given* as inputs and parameters.
    *live* are the variables of the kernel, where there is one; *unrun* gives what its notebook holds beside the cells
    that ran, for messages. *where* is how messages call the cell. Raises CaptureError naming every name that cannot
    travel.
    """
    search = _searched(body, above, given=given, live=live, where=where)
    code, history = search.body, search.history
    if search.problems:
        problems = tuple(search.problems.values())
        raise capture_error(where, with_unrun(problems, unrun) if unrun else problems, known=_known(search))
    taken = [(cell, s) for cell, s in map(history.statements.__getitem__, sorted(search.taken)) if s is not None]
    running = [*(statement for _, statement in taken), *search.setup_statements(), *code.statements]
    modules = find_modules([statement.plain for statement in running], finder)
    cells, origins = _compose(history, taken)
    return Captured(
        cells=cells,
        origins=origins,
        modules=modules.files,
        notices=_distinct(
            [
                *history.notices,
                *find_side_effects(history, frozenset(search.taken), running),
                *(_left(*history.statements[position]) for position in sorted(search.left)),
                *modules.notices,
            ]
        ),
    )


def missing_inputs(
    body: str, above: Sequence[Cell], *, given: Collection[str] = (), where: str = "the cell"
) -> tuple[str, ...]:
    """
    Return the names that `capture` would refuse beside those that are *given*, and tell to make inputs.

    What can be no input, or is most likely a typing error, is not among them. Raises CaptureError for text that is no
    Python.
    """
    search = _searched(body, above, given=given, live=None, where=where)
    return tuple(names_to_give(list(search.problems.values()), known=_known(search)))


def _searched(
    body: str, above: Sequence[Cell], *, given: Collection[str], live: Mapping[str, object] | None, where: str
) -> Search:
    code = _read_body(body, where)
    names = frozenset(unicodedata.normalize("NFKC", name) for name in given)
    search = Search(history=read_history(above), body=code, given=names - _arguments(code), live=live)
    search.run()
    return search


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


def _known(search: Search) -> set[str]:
    return {*search.history.events, *search.body.names.touched}


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
    return SourceCell(role="setup", source=source), CellOrigin(
        index=cell.place, id=cell.id, count=cell.count, lines=lines
    )


def _definition(cell: Cell, statements: Sequence[Statement]) -> tuple[SourceCell, CellOrigin]:
    """Join *statements*, with a blank line where something was left out between them; `__future__` comes first."""
    lines: list[tuple[int, str]] = []
    for statement in sorted(statements, key=lambda statement: not statement.is_future):
        first = statement.lines[0][0]
        if lines and first > lines[-1][0] + 1:
            lines.append((first - 1, ""))
        lines.extend(statement.lines)
    source = "\n".join(text for _, text in lines)
    numbers = tuple(number for number, _ in lines)
    origin = CellOrigin(index=cell.place, id=cell.id, count=cell.count, lines=numbers)
    return SourceCell(role="definition", source=source), origin


def _left(cell: Cell, statement: Statement | None) -> Notice:
    assert statement is not None  # only definitions are left
    return Notice(
        text=f"`{statement.heading}` in {cell_name(cell)} tells captured code of itself, and is not captured "
        "because it needs data",
        hint=f"Tag {cell_name(cell)} `mlrun-setup` to take it whole, or make what it needs an input.",
        cell=cell.place,
        line=statement.line,
        place=cell_name(cell),
    )


def _distinct(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    return tuple({(notice.text, notice.cell, notice.line): notice for notice in notices}.values())
