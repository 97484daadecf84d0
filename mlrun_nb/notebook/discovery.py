"""
Find the functions in a notebook by name.

One name, one cell: two cells with one name are an error that names both, because which one counts would depend on
their order.
"""

from __future__ import annotations

from difflib import get_close_matches

from mlrun_nb.errors import NotebookError, NotFoundError
from mlrun_nb.notebook.cells import FunctionCell, Notebook
from mlrun_nb.notebook.parsing import buried_name, cell_name, parse_function_cell

_PYTHON = frozenset({"python", "ipython"})


def function_cells(notebook: Notebook) -> tuple[FunctionCell, ...]:
    """
    Return the `%%mlrun` cells in their order; a notebook of another language has none.

    Raises NotebookError when two cells have one name, and OptionError for a cell whose options cannot be read.
    """
    if notebook.language.lower() not in _PYTHON:
        return ()
    found: dict[str, FunctionCell] = {}
    for cell in notebook.cells:
        function = parse_function_cell(cell)
        if function is None:
            continue
        if function.name in found:
            first, second = cell_name(found[function.name].cell.index), cell_name(cell.index)
            raise NotebookError(
                f"{first} and {second} of `{notebook.name}` are both named `{function.name}`",
                hint=f"Give {second} another name: `%%mlrun {function.name}_2`.",
            )
        found[function.name] = function
    return tuple(found.values())


def find_function(notebook: Notebook, name: str) -> FunctionCell:
    """Return the `%%mlrun` cell called *name*; raises NotFoundError listing those there, with the nearest match."""
    functions = {function.name: function for function in function_cells(notebook)}
    if name in functions:
        return functions[name]
    raise NotFoundError(f"`{notebook.name}` has no function `{name}`", hint=_hint(notebook, name, list(functions)))


def _hint(notebook: Notebook, name: str, names: list[str]) -> str:
    if notebook.language.lower() not in _PYTHON:
        return f"Its language is {notebook.language}, and only Python cells can be functions: run the whole notebook."
    buried = next((cell for cell in notebook.cells if buried_name(cell) == name), None)
    if buried is not None:
        place = cell_name(buried.index)
        return f"Move `%%mlrun {name}` to the first line of {place}; below a comment it is no cell magic."
    if not names:
        return f"It has no `%%mlrun` cell: begin a cell with `%%mlrun {name}`, or run the whole notebook."
    near = get_close_matches(name, names, n=1)
    listed = f"Functions there: {', '.join(names)}."
    return f"Did you mean `{near[0]}`? {listed}" if near else listed
