"""
What a plain cell could be as a function: its name, parameters, inputs and outputs, and the text that says so.

A look at the text alone. What is proposed was parsed, captured and drafted as the function that it would be; a cell of
which that cannot be said is refused with the words that running it would have.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from mlrun_nb._lib.nearness import some
from mlrun_nb.errors import NotebookError, UsageError
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.notebook.capture import capture, missing_inputs
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.declarations import Definition, arguments_of, parse_body, parse_parameters
from mlrun_nb.notebook.diff import declaration
from mlrun_nb.notebook.drafts import draft_function, names_of, single_definition
from mlrun_nb.notebook.likely_name import Around, free_name, likely_name
from mlrun_nb.notebook.likely_outputs import in_order, likely_results, used_later
from mlrun_nb.notebook.literal_parameters import declare_literals
from mlrun_nb.notebook.magic_lines import CellText, Unreadable
from mlrun_nb.notebook.names import Names
from mlrun_nb.notebook.option_comments import comment_line
from mlrun_nb.notebook.option_line import function_name, normal_name
from mlrun_nb.notebook.parameter_types import UnknownTypeError, type_of
from mlrun_nb.notebook.parsing import buried_name, cell_name, is_function, parse_function_cell, stated_name
from mlrun_nb.notebook.statements import read_statements

_WIDTH = 100
"""Longer lines are not proposed where that can be helped."""

_DEFINED = frozenset({"import", "definition"})

_ROUNDS = 5
"""What is given may bring to light what else is needed; more often than this it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """
    A cell as a function: `source` is its new text, `parameters` are declarations such as `lr: float = 0.1`.

    A notice says what cells below would no longer find.
    """

    name: str
    parameters: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    source: str
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """The text below the `%%mlrun` line to be, and what it takes and leaves."""

    text: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


def propose(cells: Sequence[Cell], index: int, name: str = "") -> Proposal:
    """
    Return what the cell with *index* among *cells* could be as a function, called *name* if that is given.

    Raises NotebookError, OptionError, ParameterError or CaptureError for a cell or a name that cannot be.
    """
    cell = next(each for each in cells if each.index == index)
    above = [each for each in cells if each.index < index]
    below = [each for each in cells if each.index > index]
    text = _readable(cell)
    definition = single_definition(text.tree)
    source = "\n".join(text.lines).strip("\n")
    if definition is not None:
        body = _of_def(source, definition, above, below)
        name = name or free_name(definition.name, _function_names(cells))
    else:
        body = _of_cell(source, above, below)
        name = name or _guessed(cell, cells, source, body)
    return _checked(_written(_usable(name, cell, cells), body), cell, above, body.lost)


def _readable(cell: Cell) -> CellText:
    """Return the text of *cell*; raises NotebookError where it can be no function, or is one."""
    where = cell_name(cell)
    if cell.kind != "code":
        raise NotebookError(f"{where} is not code", hint="Make it a code cell, or choose another one.")
    if is_function(cell):
        name = stated_name(cell)
        known = f"{where} is a function already, `{name}`" if name else f"{where} is a function already"
        raise NotebookError(known, hint="Change its `%%mlrun` line.")
    if (buried := buried_name(cell)) is not None:
        raise NotebookError(
            f"`%%mlrun {buried}` stands below another line of {where}, where it makes no function",
            hint=f"Move `%%mlrun {buried}` to the first line.",
        )
    text = parse_body(cell.source, where)
    if text.cell_magics:
        magic = f"%%{text.cell_magics[0].name}"
        raise NotebookError(f"{where} begins with `{magic}`", hint=f"Remove `{magic}`: a cell has one magic.")
    if not text.tree.body:
        raise NotebookError(f"{where} has no code", hint="Write the function's code into it.")
    return text


def _of_cell(source: str, above: Sequence[Cell], below: Sequence[Cell]) -> _Body:
    data = _inputs(source, above, below, given=())
    bound = frozenset[str]().union(*(_names(each).touched for each in above), read_statements(source).names.touched)
    declared = declare_literals(source, data=data, taken=bound)
    later = used_later(source, below, parameters=declared.names)
    return _Body(
        text=declared.text,
        inputs=_inputs(declared.text, above, below, given=declared.names),
        outputs=later.outputs or likely_results(source, parameters=declared.names),
        lost=later.lost,
        parameters=declared.names,
    )


def _of_def(source: str, definition: Definition, above: Sequence[Cell], below: Sequence[Cell]) -> _Body:
    """A `def` says by itself what it takes; what its types do not allow as a parameter is an input."""
    plain = [each for each in (*above, *below) if not is_function(each)]
    variables = frozenset[str]().union(*(_names(each).touched for each in plain))
    data = tuple(
        argument.arg
        for argument, default in arguments_of(definition)
        if not _may_be_parameter(argument)
        or (argument.annotation is None and default is None and argument.arg in variables)
    )
    return _Body(text=source, inputs=(*data, *_inputs(source, above, below, given=data)))


def _may_be_parameter(argument: ast.arg) -> bool:
    try:
        type_of(argument.annotation)
    except UnknownTypeError:
        return False
    return True


def _inputs(body: str, above: Sequence[Cell], below: Sequence[Cell], *, given: Sequence[str]) -> tuple[str, ...]:
    """
    Return what *body* needs and cannot be captured; giving it may show what else is needed.

    What only cells below define is left to the error that says where it belongs.
    """
    found: list[str] = []
    defined_below = {name for each in below for name in _definitions(each)} - {
        name for each in above for name in _names(each).touched
    }
    for _ in range(_ROUNDS):
        missing = missing_inputs(body, above, given=(*given, *found))
        more = [name for name in missing if name not in found and name not in defined_below]
        if not more:
            break
        found += more
    return in_order(found, body)


def _definitions(cell: Cell) -> Iterator[str]:
    """Yield the imports, functions and classes of a plain cell."""
    if cell.kind == "code" and not is_function(cell):
        with suppress(Unreadable):
            for statement in read_statements(cell.source).statements:
                yield from (name for name, kinds in statement.binds.items() if not kinds.isdisjoint(_DEFINED))


def _names(cell: Cell) -> Names:
    """Return what *cell* does with names; nothing where it is no code, or cannot be read."""
    try:
        function = parse_function_cell(cell)
        return read_statements(cell.source if function is None else function.body).names
    except (Unreadable, UsageError):
        return Names()


def _function_names(cells: Sequence[Cell]) -> set[str]:
    return {normal_name(stated_name(each)) for each in cells if is_function(each)} - {""}


def _guessed(cell: Cell, cells: Sequence[Cell], source: str, body: _Body) -> str:
    """Return a name that nothing else has: in a kernel the function takes its name from whatever had it."""
    above = [each for each in cells if each.index < cell.index]
    elsewhere = [_names(each) for each in cells if each is not cell and each.kind == "code"]
    read = {name for names in elsewhere for name in (*names.needed, *names.maybe, *names.later)}
    others = {*read, *body.inputs, *body.outputs, *body.parameters}
    around = Around(outputs=body.outputs, functions=_function_names(cells), others=others)
    return likely_name(cell, above, source, around)


def _usable(name: str, cell: Cell, cells: Sequence[Cell]) -> str:
    """Return *name* as Python sees it; raises OptionError for one that is none, NotebookError for one that is taken."""
    name = function_name(name, cell_name(cell))
    other = next((each for each in cells if is_function(each) and normal_name(stated_name(each)) == name), None)
    if other is not None:
        free = free_name(name, _function_names(cells))
        raise NotebookError(f"{cell_name(other)} is named `{name}` already", hint=f"Take another name: `{free}`.")
    return name


def _written(name: str, body: _Body) -> str:
    """Return the cell: all on one line, or what makes it too long in `#|` lines below."""
    given = {"input": body.inputs, "output": body.outputs}
    below: list[str] = []
    line = _line(name, given)
    for option in ("output", "input"):
        if len(line) > _WIDTH and given[option]:
            below = [*_comments(option, given[option]), *below]
            line = _line(name, given | {option: ()})
            given[option] = ()
    return "\n".join([line, *below, body.text])


def _line(name: str, given: Mapping[str, Sequence[str]]) -> str:
    return " ".join(
        [f"%%mlrun {name}", *(f"{OPTIONS[option].flag} {each}" for option, names in given.items() for each in names)]
    )


def _comments(option: str, names: Sequence[str]) -> Iterator[str]:
    """Yield `#|` lines with *names*, as many on each as fit."""
    chosen: list[str] = []
    for name in names:
        if chosen and len(comment_line(OPTIONS[option], [*chosen, name])) > _WIDTH:
            yield comment_line(OPTIONS[option], chosen)
            chosen = []
        chosen.append(name)
    yield comment_line(OPTIONS[option], chosen)


def _checked(source: str, cell: Cell, above: Sequence[Cell], lost: Sequence[str]) -> Proposal:
    """Return the proposal that *source* is, made as the function itself would be."""
    function = parse_function_cell(replace(cell, source=source))
    assert function is not None  # it begins with the magic
    inputs = names_of(function.options, "input")
    where = f"`{function.name}` ({cell_name(cell)})"
    parameters = [item.name for item in parse_parameters(function.body, inputs=inputs, where=where).parameters]
    captured = capture(function.body, above, given=(*inputs, *parameters), where=where)
    draft = draft_function(function, captured)
    return Proposal(
        name=draft.name,
        parameters=tuple(map(declaration, draft.parameters)),
        inputs=draft.inputs,
        outputs=draft.outputs,
        source=source,
        notices=tuple(_losses(cell, lost)),
    )


def _losses(cell: Cell, lost: Sequence[str]) -> Iterator[Notice]:
    if lost:
        yield Notice(
            text=f"cells below use {some([f'`{name}`' for name in lost])}, which {cell_name(cell)} as a function does "
            "not leave to them",
            hint="Move the lines that they come from into a cell above.",
            cell=cell.place,
            place=cell_name(cell),
        )
