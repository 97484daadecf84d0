"""`/notebook/…`: what can be said of a notebook that somebody has open, and changed in its text."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.errors import NotFoundError, UsageError
from mlrun_nb.model.option_texts import as_typed
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.notebook import proposal
from mlrun_nb.notebook.cells import Cell, Notebook
from mlrun_nb.notebook.cells import FunctionCell as ReadCell
from mlrun_nb.notebook.comment_tags import comment_tags
from mlrun_nb.notebook.option_edit import edit_options
from mlrun_nb.server.endpoints.rows import row
from mlrun_nb.server.route import Call, Where
from mlrun_nb.server.shapes.notebook import (
    CellText,
    EditAsked,
    Edited,
    FunctionCell,
    FunctionCells,
    NotebookText,
    Proposal,
    ProposeAsked,
)
from mlrun_nb.services.standing import Stand, standings


def functions(call: Call[Where, NotebookText]) -> FunctionCells:
    """Return the `%%mlrun` cells among those given, each beside what is recorded under its name."""
    notebook = Notebook(name=call.body.path or "this notebook", cells=_cells(call.body.cells))
    return FunctionCells(items=tuple(_function(each) for each in standings(call.project, notebook)))


def propose(call: Call[Where, ProposeAsked]) -> Proposal:
    """Return what a cell could be as a function, or why it cannot be one."""
    cells = _cells(call.body.cells)
    cell = next((each for each in cells if each.index == call.body.index), None)
    if cell is None:
        raise NotFoundError(f"no cell with index {call.body.index} was sent", hint="Send the cells of the notebook.")
    try:
        found = proposal.propose(cells, cell.index, call.body.name)
    except UsageError as err:
        return _refusal(cell, call.body.name, err)
    return Proposal(
        name=found.name,
        parameters=found.parameters,
        inputs=found.inputs,
        outputs=found.outputs,
        source=found.source,
        notices=tuple(f"{notice.text}. {notice.hint}" for notice in found.notices),
        problem="",
        hint="",
    )


def edit(call: Call[Where, EditAsked]) -> Edited:
    """Return a cell's text with other options."""
    return Edited(source=edit_options(call.body.source, call.body.options))


def _cells(cells: Sequence[CellText]) -> tuple[Cell, ...]:
    found = (
        Cell(
            index=each.index,
            kind=each.kind,
            source=each.source,
            id=each.id,
            tags=(*each.tags, *(comment_tags(each.source) if each.kind == "code" else ())),
        )
        for each in cells
    )
    return tuple(sorted(found, key=lambda cell: cell.index))


def _function(stand: Stand) -> FunctionCell:
    cell = stand.cell
    options = dict(cell.options) if isinstance(cell, ReadCell) else {}
    uris = cell.input_uris if isinstance(cell, ReadCell) else {}
    return FunctionCell(
        index=cell.cell.index,
        id=cell.cell.id,
        name=cell.name,
        standing=stand.standing,
        version=stand.version,
        last_run=row(stand.last_run) if stand.last_run else None,
        options={
            name: as_typed(OPTIONS[name], value, uris if name == "input" else {}) for name, value in options.items()
        },
        values=options,
        problem=stand.error.message if stand.error else "",
        hint=stand.error.hint if stand.error else "",
    )


def _refusal(cell: Cell, name: str, error: UsageError) -> Proposal:
    return Proposal(
        name=name,
        parameters=(),
        inputs=(),
        outputs=(),
        source=cell.source,
        notices=(),
        problem=error.message,
        hint=error.hint,
    )
