"""
What a function consists of before it has digests: a `%%mlrun` cell, a cell that is a single `def`, a whole notebook.

`building` makes a version of a draft. Raises for a function that could not run as it is declared.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import PurePath

from mlrun_nb._lib.nearness import nearest
from mlrun_nb._lib.records import Json
from mlrun_nb.errors import NotebookError, UsageError
from mlrun_nb.model.function import CellOrigin, Form, Role, SourceCell
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.bindings import Bindings, bindings_of
from mlrun_nb.notebook.cells import Captured, Cell, FunctionCell, Notebook, is_python
from mlrun_nb.notebook.declarations import (
    Definition,
    parse_body,
    signature_parameters,
    split_body,
    tagged_parameters,
)
from mlrun_nb.notebook.foreign_parameters import foreign_parameters
from mlrun_nb.notebook.magic_lines import CellText
from mlrun_nb.notebook.parsing import cell_name, parameters_cell, parse_function_cell, parse_notebook_options

Piece = tuple[SourceCell, CellOrigin]
"""A source cell and where it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A function without digests; `text` is what `cell_digest` covers, `options` are all that the text states."""

    form: Form
    name: str
    pieces: tuple[Piece, ...]
    parameters: tuple[Parameter, ...] = ()
    outputs: tuple[str, ...] = ()
    options: Mapping[str, Json] = field(default_factory=dict)
    description: str = ""
    text: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of its inputs."""
        return names_of(self.options, "input")


def names_of(options: Mapping[str, Json], option: str) -> tuple[str, ...]:
    """Return the value of an option that is a list of names."""
    value = options.get(option, ())
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def single_definition(tree: ast.Module) -> Definition | None:
    """Return the `def` that is all there is in *tree*, beside a docstring; None when there is more, or no `def`."""
    statements = tree.body[1:] if ast.get_docstring(tree, clean=False) is not None else tree.body
    if len(statements) == 1 and isinstance(statements[0], ast.FunctionDef | ast.AsyncFunctionDef):
        return statements[0]
    return None


def draft_function(cell: FunctionCell, captured: Captured) -> Draft:
    """Return the draft of a `%%mlrun` cell; raises NotebookError and ParameterError."""
    where = f"`{cell.name}` ({cell_name(cell.cell)})"
    draft, definition = _draft_alone(cell, where)
    if definition is not None:
        _refuse_shadowing(draft, definition, captured, where)
    else:
        known = bindings_of(cell.body) | Bindings(names=frozenset(draft.inputs))
        _refuse_unbound(draft, known | _bound_by(piece.source for piece in captured.cells), where)
    return replace(draft, pieces=(*zip(captured.cells, captured.origins, strict=True), *draft.pieces))


@lru_cache(maxsize=512)
def error_alone(cell: Cell) -> UsageError | None:
    """Return what is wrong with a `%%mlrun` cell, whatever stands above it; None where nothing is."""
    try:
        function = parse_function_cell(cell)
        if function is not None:
            _draft_alone(function, f"`{function.name}` ({cell_name(cell)})")
    except UsageError as err:
        return err.with_traceback(None)
    return None


def _draft_alone(cell: FunctionCell, where: str) -> tuple[Draft, Definition | None]:
    """Return the draft without what is captured, and the `def` that the cell is, if it is one."""
    text = parse_body(cell.body, where, cell.lines)
    if not text.tree.body and not text.cell_magics:
        raise NotebookError(f"{where} has no code", hint="Write the function's code below the `%%mlrun` line.")
    definition = None if text.cell_magics else single_definition(text.tree)
    if definition is not None:
        return _draft_def(cell, text.tree, definition, where), definition
    return _draft_body(cell, text, where), None


def _draft_body(cell: FunctionCell, text: CellText, where: str) -> Draft:
    block = split_body(cell.body, text, inputs=names_of(cell.options, "input"), where=where)
    pieces = (
        _piece("parameters", block.source, cell, block.lines),
        _piece("body", block.rest, cell, block.rest_lines),
    )
    return Draft(
        form="cell",
        name=cell.name,
        pieces=tuple(piece for piece in pieces if piece[0].source),
        parameters=block.parameters,
        outputs=names_of(cell.options, "output"),
        options=cell.options,
        description=first_paragraph(ast.get_docstring(text.tree) or ""),
        text=cell.cell.source,
    )


def _draft_def(cell: FunctionCell, tree: ast.Module, definition: Definition, where: str) -> Draft:
    parameters = signature_parameters(definition, source=cell.body, inputs=names_of(cell.options, "input"), where=where)
    return Draft(
        form="def",
        name=cell.name,
        pieces=(_piece("body", cell.body, cell, range(1, cell.body.count("\n") + 2)),),
        parameters=parameters,
        outputs=names_of(cell.options, "output") or ("result",),
        options=cell.options,
        description=first_paragraph(ast.get_docstring(definition) or ast.get_docstring(tree) or ""),
        text=cell.cell.source,
    )


def _piece(role: Role, source: str, cell: FunctionCell, numbers: Sequence[int]) -> Piece:
    """Return the lines *numbers* of the body, which are *source*, without blank lines at either end."""
    places = cell.lines or tuple(range(cell.body_line, cell.body_line + cell.body.count("\n") + 1))
    lines = source.split("\n")
    written = [number for number, line in enumerate(lines) if line.strip()]
    kept = range(written[0], written[-1] + 1) if written else range(0)
    origin = CellOrigin(
        index=cell.cell.place,
        id=cell.cell.id,
        count=cell.cell.count,
        lines=tuple(places[numbers[number] - 1] for number in kept),
    )
    return SourceCell(role=role, source="\n".join(lines[number] for number in kept).rstrip()), origin


def _refuse_shadowing(draft: Draft, definition: Definition, captured: Captured, where: str) -> None:
    """
    Raise for arguments that as variables of the composed notebook would change what other code in it sees.

    papermill gives parameters as global variables: a helper that reads a global of that name would read the argument.
    """
    taken = {definition.name: f"`{definition.name}` itself"}
    for piece, origin in zip(captured.cells, captured.origins, strict=True):
        taken |= dict.fromkeys(bindings_of(piece.source).names, f"a name of {cell_name(origin)} that it uses")
    own_default = {item.name for item in draft.parameters if item.default_source == item.name}
    for name in [*(item.name for item in draft.parameters), *draft.inputs]:
        if name in taken and name not in own_default:
            raise NotebookError(
                f"argument `{name}` of {where} has the name of {taken[name]}", hint=f"Rename the argument, `{name}_`."
            )


def _bound_by(sources: Iterable[str]) -> Bindings:
    found = Bindings()
    for source in sources:
        found |= bindings_of(source)
    return found


def _refuse_unbound(draft: Draft, known: Bindings, where: str) -> None:
    unbound = next((name for name in draft.outputs if name not in known.names), None)
    if unbound is None or not known.complete:
        return
    near = nearest(unbound, sorted(known.names))
    hint = f"Did you mean `--output {near}`?" if near else f"Bind it, `{unbound} = …`, or remove `--output {unbound}`."
    raise NotebookError(f"output `{unbound}` of {where} is never bound", hint=hint)


def draft_notebook(notebook: Notebook) -> Draft:
    """Return the draft of a whole notebook; raises NotebookError and ParameterError."""
    stated = parse_notebook_options(notebook)
    tagged = parameters_cell(notebook)
    pieces = tuple(
        _notebook_piece(cell, stated.cells[cell.index].text, stated.cells[cell.index].lines, cell is tagged)
        if cell.index in stated.cells
        else _notebook_piece(cell, cell.source, range(1, cell.source.count("\n") + 2), cell is tagged)
        for cell in notebook.cells
    )
    code = [cell.source for cell in notebook.cells if cell.kind == "code"]
    reads_python = is_python(notebook.language)
    where = f"`{notebook.name}`"
    draft = Draft(
        form="notebook",
        name=notebook_function_name(notebook.name),
        pieces=pieces,
        parameters=_notebook_parameters(tagged, where, reads_python=reads_python),
        outputs=names_of(stated.options, "output"),
        options=stated.options,
        description=_notebook_description(notebook),
        text="\n\n".join(code),
    )
    if reads_python:
        _refuse_unbound(draft, _bound_by(code) | Bindings(names=frozenset(draft.inputs)), where)
    return draft


def _notebook_piece(cell: Cell, source: str, lines: Sequence[int], is_parameters: bool) -> Piece:  # noqa: FBT001  # private
    code_role: Role = "parameters" if is_parameters else "body"
    role: Role = code_role if cell.kind == "code" else cell.kind
    return (
        SourceCell(role=role, source=source, tags=cell.tags),
        CellOrigin(index=cell.index, id=cell.id, lines=tuple(lines)),
    )


def _notebook_parameters(cell: Cell | None, where: str, *, reads_python: bool) -> tuple[Parameter, ...]:
    if cell is None:
        return ()
    if not reads_python:
        return foreign_parameters(cell.source)
    return tagged_parameters(cell.source, where=f"the parameters cell of {where}")


def notebook_function_name(name: str) -> str:
    """Return the file's stem as a Python name: `02-report.ipynb` → `nb_02_report`."""
    plain = re.sub(r"\W+", "_", PurePath(name).stem).strip("_") or "notebook"
    return plain if plain.isidentifier() else f"nb_{plain}"


def _notebook_description(notebook: Notebook) -> str:
    """Return the first heading, or else the first paragraph, of the first Markdown cell that has text."""
    for cell in notebook.cells:
        if cell.kind == "markdown" and cell.source.strip():
            heading = re.search(r"^#{1,6}\s+(.+?)\s*#*$", cell.source, re.MULTILINE)
            return heading[1] if heading else first_paragraph(cell.source)
    return ""


def first_paragraph(text: str) -> str:
    """Return the first paragraph of a docstring or of prose, in one line."""
    return " ".join(inspect.cleandoc(text).split("\n\n")[0].split())
