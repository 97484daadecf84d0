"""
A `%%mlrun` cell inside a run: its body is executed where it stands, with its defaults, as an ordinary cell.

Nothing is submitted from within a run by such a cell, so a notebook that contains some can be a function itself.
"""

from __future__ import annotations

from mlrun_nb.errors import MlrunNbError
from mlrun_nb.model.function import FunctionSpec
from mlrun_nb.notebook.cells import Captured, Cell
from mlrun_nb.notebook.drafts import draft_function
from mlrun_nb.notebook.generated import call_source
from mlrun_nb.notebook.parsing import parse_function_cell, strip_magic


def as_plain_cell(source: str) -> str:
    """
    Return what the function's cell *source* comes to inside a run; any other text is returned as it is.

    The line of the magic becomes a comment, so that all lines keep their numbers. A cell that is a single `def` is
    called too, and binds its outputs.
    """
    body, first = strip_magic(source)
    if first == 1:
        return source
    head = source.split("\n")[: first - 1]
    call = _call(source)
    return "\n".join([*head[:-1], f"# {head[-1].strip()}", body, *([call] if call else [])])


def function_name(source: str) -> str:
    """Return the name of the function that the cell *source* is, empty where it is none or cannot be read."""
    try:
        cell = parse_function_cell(Cell(index=0, kind="code", source=source))
    except MlrunNbError:
        return ""
    return cell.name if cell else ""


def _call(source: str) -> str:
    try:
        cell = parse_function_cell(Cell(index=0, kind="code", source=source))
        assert cell is not None  # its first line was taken off
        draft = draft_function(cell, Captured())
    except MlrunNbError:  # running the body says what is wrong with it
        return ""
    if draft.form != "def":
        return ""
    return call_source(cell.body, FunctionSpec(form="def", cells=(), inputs=draft.inputs, outputs=draft.outputs))
