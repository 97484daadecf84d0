"""
Find the functions in a notebook by name.

One name, one cell: two cells with one name are an error that names both, because which one counts would depend on
their order. A cell that is broken stops only those who ask for it; others hear of it in a notice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb.errors import NotebookError, NotFoundError, UsageError
from mlrun_nb.model.notice import Notice
from mlrun_nb.notebook.cells import Cell, FunctionCell, Notebook, is_python
from mlrun_nb.notebook.option_line import normal_name
from mlrun_nb.notebook.parsing import buried_name, cell_name, parse_function_cell, stated_name


@dataclass(frozen=True, slots=True)
class BrokenCell:
    """A cell that means to be a function and cannot be read as one; `name` is empty where even that is not clear."""

    name: str
    cell: Cell
    error: UsageError


def function_cells(notebook: Notebook) -> tuple[FunctionCell | BrokenCell, ...]:
    """Return the `%%mlrun` cells in their order; a notebook of another language has none."""
    if not is_python(notebook.language):
        return ()
    return tuple(found for cell in notebook.cells if (found := _read(cell)) is not None)


def distinct_cells(notebook: Notebook) -> tuple[FunctionCell | BrokenCell, ...]:
    """Return the `%%mlrun` cells in their order; those that share a name are broken, by the error that names them."""
    cells = function_cells(notebook)
    named: dict[str, list[FunctionCell | BrokenCell]] = {}
    for each in cells:
        named.setdefault(each.name, []).append(each)
    several = {name: _several(notebook, found) for name, found in named.items() if name and len(found) > 1}
    return tuple(
        BrokenCell(name=each.name, cell=each.cell, error=several[each.name]) if each.name in several else each
        for each in cells
    )


def find_function(notebook: Notebook, name: str) -> FunctionCell:
    """
    Return the `%%mlrun` cell called *name*.

    Raises NotFoundError listing those there, with the nearest match, NotebookError where two have the name, and what is
    wrong with the cell where it is broken.
    """
    cells, name = function_cells(notebook), normal_name(name)
    found = [each for each in cells if each.name == name]
    if len(found) > 1:
        raise _several(notebook, found)
    if not found:
        names = list(dict.fromkeys(each.name for each in cells if each.name))
        raise NotFoundError(f"`{notebook.name}` has no function `{name}`", hint=_hint(notebook, name, names))
    if isinstance(found[0], BrokenCell):
        raise found[0].error
    return found[0]


def notices_beside(notebook: Notebook, name: str) -> Iterator[Notice]:
    """Yield what is wrong with the functions other than *name*: broken cells, and names that two of them have."""
    others = [each for each in function_cells(notebook) if each.name != name]
    for each in others:
        if isinstance(each, BrokenCell):
            yield Notice(text=each.error.message, hint=each.error.hint)
    for other, count in Counter(each.name for each in others if each.name).items():
        if count > 1:
            error = _several(notebook, [each for each in others if each.name == other])
            yield Notice(text=error.message, hint=error.hint)


def _read(cell: Cell) -> FunctionCell | BrokenCell | None:
    try:
        return parse_function_cell(cell)
    except UsageError as err:
        return BrokenCell(name=stated_name(cell), cell=cell, error=err)


def _several(notebook: Notebook, found: list[FunctionCell | BrokenCell]) -> NotebookError:
    places = [cell_name(each.cell) for each in found]
    name, last = found[0].name, places[-1]
    return NotebookError(
        f"{', '.join(places[:-1])} and {last} of `{notebook.name}` are {'both' if len(places) == 2 else 'all'} named "
        f"`{name}`",
        hint=f"Give {last} another name: `%%mlrun {name}_{len(places)}`.",
    )


def _hint(notebook: Notebook, name: str, names: list[str]) -> str:
    if not is_python(notebook.language):
        return f"Its language is {notebook.language}, and only Python cells can be functions: run the whole notebook."
    buried = next((cell for cell in notebook.cells if buried_name(cell) == name), None)
    if buried is not None:
        place = cell_name(buried)
        return f"Move `%%mlrun {name}` to the first line of {place}; below another line it makes no function."
    if not names:
        return f"It has no `%%mlrun` cell: begin a cell with `%%mlrun {name}`, or run the whole notebook."
    near = nearest(name, names)
    listed = f"Functions there: {some(names)}."
    return f"Did you mean `{near}`? {listed}" if near else listed
