"""
A `def` with a decorator that makes it a function: taken out of its cell, as if the cell were it alone.

What else stands in the cell is around the function, as other cells are. Pure: the text comes from a kernel or a file.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import NotebookError
from mlrun_nb.notebook.cells import Cell, FunctionCell
from mlrun_nb.notebook.magic_lines import Unreadable
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.statements import Statement, read_statements

SOURCE = "the decorator"
"""Where the options of such a function stand, for messages."""


def take_definition(
    cell: Cell, name: str, options: Mapping[str, Json], is_ours: Callable[[ast.expr], bool]
) -> tuple[FunctionCell, Cell]:
    """
    Return the last `def` *name* of *cell* as a function with *options*, and the cell without it.

    *is_ours* tells whether an expression behind `@` is our decorator, which is left out. What runs only where the file
    is the program (`if __name__ == "__main__":`) is left out of the rest. Raises NotebookError for a `def` that does
    not stand by itself.
    """
    statements = _statements(cell, name)
    found = next((each for each in reversed(statements) if _defines(each, name, is_ours)), None)
    if found is None:
        raise NotebookError(
            f"`{name}` is not defined at the top level of its cell or file",
            hint=f"Move `def {name}` and its decorator out of the class, function or block that it stands in.",
        )
    dropped = [number for each in statements if each is found or _is_program(each) for number, _ in each.lines]
    return _function(cell, found, options, is_ours), replace(cell, source=_without(cell.source, dropped))


def _statements(cell: Cell, name: str) -> tuple[Statement, ...]:
    try:
        return read_statements(cell.source).statements
    except Unreadable as err:
        raise NotebookError(
            f"line {err.line} of {cell_name(cell)}, where `{name}` is defined, cannot be read as Python: {err.reason}",
            hint=f"Correct line {err.line}.",
        ) from err


def _defines(statement: Statement, name: str, is_ours: Callable[[ast.expr], bool]) -> bool:
    node = statement.node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return node.name == name and any(map(is_ours, node.decorator_list))


def _function(
    cell: Cell, statement: Statement, options: Mapping[str, Json], is_ours: Callable[[ast.expr], bool]
) -> FunctionCell:
    node = statement.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)  # `_defines` looked
    ours = {
        number
        for decorator in filter(is_ours, node.decorator_list)
        for number in range(decorator.lineno, (decorator.end_lineno or decorator.lineno) + 1)
    }
    kept = [(number, text) for number, text in statement.lines if number not in ours]
    return FunctionCell(
        name=node.name,
        cell=replace(cell, source="\n".join(text for _, text in statement.lines)),
        options=dict(options),
        sources=dict.fromkeys(options, SOURCE),
        body="\n".join(text for _, text in kept),
        body_line=kept[0][0],
        lines=tuple(number for number, _ in kept),
    )


def _is_program(statement: Statement) -> bool:
    node = statement.node
    return isinstance(node, ast.If) and ast.unparse(node.test) in {
        "__name__ == '__main__'",
        "'__main__' == __name__",
    }


def _without(source: str, dropped: Iterable[int]) -> str:
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number in dropped:
        lines[number - 1] = ""
    return "\n".join(lines)
