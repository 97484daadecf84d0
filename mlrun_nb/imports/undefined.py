"""Names that imported code reads and defines nowhere: Python finds out when it comes there, if ever; a run before."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from mlrun_nb.imports.calling import Call
from mlrun_nb.imports.finding import Finding
from mlrun_nb.imports.notebook import Written
from mlrun_nb.notebook.capture import missing_inputs
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.history import SETUP_TAG
from mlrun_nb.notebook.names import read_flow
from mlrun_nb.notebook.parsing import parse_function_cell


def with_undefined(cells: Sequence[Written], call: Call) -> tuple[list[Written], list[Finding]]:
    """
    Return *cells*, the last of them that of *call*, with one ahead of the code that defines what it does not.

    What the code reads before any of its functions is called is only told: nothing but its own value would do there.
    """
    *above, last = (
        Cell(index=index, kind=cell.kind, source=cell.source, tags=cell.tags) for index, cell in enumerate(cells)
    )
    function = parse_function_cell(last)
    assert function is not None  # it was written as one
    names = missing_inputs(function.body, above, given=[each.name for each in call.declared if each.name])
    texts = [*(cell.source for cell in above if cell.kind == "code"), function.body]
    code = [statement for text in texts for statement in ast.parse(text).body]
    at_once = read_flow(code, eager=True).needed
    lines = [f"{name} = None  # the code reads it and defines it nowhere" for name in names if name not in at_once]
    findings = [_at_once(name) if name in at_once else _when_called(name) for name in names]
    if not lines:
        return list(cells), findings
    about, stand_in, *rest = cells
    return [about, stand_in, Written("code", "\n".join(lines), (SETUP_TAG,)), *rest], findings


def _when_called(name: str) -> Finding:
    return Finding(
        field=f"name `{name}`",
        became="None, in a cell of its own",
        why="the code reads it and defines it nowhere",
        todo="Give it the value that it was to have.",
    )


def _at_once(name: str) -> Finding:
    return Finding(
        field=f"name `{name}`",
        why="the code needs it as soon as it begins and defines it nowhere",
        todo="Import or define it in a cell ahead of the code.",
    )
