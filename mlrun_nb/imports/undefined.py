"""Names that imported code reads and defines nowhere: Python finds out when it comes there, if ever; a run before."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.imports.calling import Call
from mlrun_nb.imports.finding import Finding
from mlrun_nb.imports.notebook import Written
from mlrun_nb.notebook.capture import missing_inputs
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.history import SETUP_TAG
from mlrun_nb.notebook.parsing import parse_function_cell


def with_undefined(cells: Sequence[Written], call: Call) -> tuple[list[Written], list[Finding]]:
    """Return *cells*, the last of them that of *call*, with one ahead of the code that defines what it does not."""
    *above, last = (
        Cell(index=index, kind=cell.kind, source=cell.source, tags=cell.tags) for index, cell in enumerate(cells)
    )
    function = parse_function_cell(last)
    assert function is not None  # it was written as one
    names = missing_inputs(function.body, above, given=[each.name for each in call.declared if each.name])
    if not names:
        return list(cells), []
    lines = (f"{name} = None  # the code reads it and defines it nowhere" for name in names)
    about, stand_in, *code = cells
    findings = [
        Finding(
            field=f"name `{name}`",
            became="None, in a cell of its own",
            why="the code reads it and defines it nowhere",
            todo="Give it the value that it was to have.",
        )
        for name in names
    ]
    return [about, stand_in, Written("code", "\n".join(lines), (SETUP_TAG,)), *code], findings
