"""
Find what a function declares as its parameters: at the top of a cell, in a signature, in a `parameters` cell.

Gives `Parameter` records and, for a cell, its text split in two. Values given for a run: see `parameters`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import NotebookError, ParameterError
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.magic_lines import CellText, Unreadable, read_cell
from mlrun_nb.notebook.parameter_types import KNOWN_TYPES, ParameterType, UnknownTypeError, parse_type, type_of
from mlrun_nb.notebook.parameters import convert

_SHOWN = 80
"""Letters of a line of code in a message."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef

_COMMENT = re.compile(r"\s*[,;]?\s*#\s*(?:type:\s*(?P<type>[^\s#]+)\s*#?\s*)?(?P<text>.*)")
"""What may follow a parameter on its line. Source: papermill, `translators.PythonTranslator.PARAMETER_PATTERN`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterBlock:
    """
    The body of a cell in two: `source` declares parameters, `rest` is the function; `source` may be empty.

    `lines` and `rest_lines` number their lines within the body, from 1; a line that holds both stands in both.
    """

    parameters: tuple[Parameter, ...] = ()
    source: str = ""
    lines: tuple[int, ...] = ()
    rest: str
    rest_lines: tuple[int, ...]


def parse_parameters(
    body: str, *, inputs: Collection[str] = (), where: str = "the cell", lines: Sequence[int] = ()
) -> ParameterBlock:
    """
    Split *body* behind its leading annotated assignments, which are the parameters.

    A docstring, comments and `from __future__` may stand before them; a bare `df: DataFrame` that names one of *inputs*
    may stand among them. Raises ParameterError, and NotebookError for text that is not Python; *lines* are what the
    cell calls the lines of *body*.
    """
    return split_body(body, parse_body(body, where, lines), inputs=inputs, where=where)


def split_body(body: str, text: CellText, *, inputs: Collection[str], where: str) -> ParameterBlock:
    """Do what `parse_parameters` does with *text*, which *body* was read as."""
    head = [] if text.cell_magics else list(_head(text.tree.body))
    declared = [node for node in head if isinstance(node, ast.AnnAssign)]
    lines = body.split("\n")
    parameters = {item.name: item for node in declared if (item := _declared(node, lines, inputs, where))}
    if not declared:
        return ParameterBlock(rest=body, rest_lines=tuple(range(1, len(lines) + 1)))
    behind = text.tree.body[head.index(declared[-1]) + 1 :]
    return _split(lines, declared[-1], behind[0] if behind else None, tuple(parameters.values()))


def parse_body(body: str, where: str, lines: Sequence[int] = ()) -> CellText:
    """
    Return the tree of *body*; raises NotebookError, naming line and *where*, for text that is not Python.

    *lines* are what the cell calls the lines of *body*, where they are not all of it.
    """
    try:
        return read_cell(body)
    except Unreadable as err:
        texts = body.split("\n")
        index = min(err.line, len(texts)) - 1
        number = lines[index] if lines else index + 1
        raise NotebookError(
            f"{where} is not valid Python, line {number}: {err.reason}: `{_shown(texts[index])}`",
            hint="Look at that line, and correct it.",
        ) from err


def _shown(line: str) -> str:
    text = line.strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _head(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for number, node in enumerate(statements):
        is_docstring = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        is_declaration = isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        if not (is_docstring or is_future or is_declaration):
            return
        yield node


def _split(
    lines: list[str], last: ast.stmt, following: ast.stmt | None, parameters: tuple[Parameter, ...]
) -> ParameterBlock:
    end = last.end_lineno or last.lineno
    head, rest, first = lines[:end], lines[end:], end + 1
    if following is not None and following.lineno == end:
        head[-1], behind = _split_at(lines[end - 1], following.col_offset)
        rest, first = [behind, *rest], end
    kept = next((number for number, line in enumerate(rest) if line.strip()), len(rest))
    return ParameterBlock(
        parameters=parameters,
        source="\n".join(head),
        lines=tuple(range(1, end + 1)),
        rest="\n".join(rest[kept:]),
        rest_lines=tuple(range(first + kept, first + len(rest))),
    )


def _declared(node: ast.AnnAssign, lines: list[str], inputs: Collection[str], where: str) -> Parameter | None:
    """Return the parameter that an annotated assignment declares, None where it only types an input."""
    assert isinstance(node.target, ast.Name)
    name = node.target.id
    if name in inputs:
        if node.value is None:
            return None
        raise NotebookError(
            f"`{name}` is both an input and a parameter of {where}",
            hint=f"Remove `--input {name}`, or rename the parameter.",
        )
    try:
        kind = type_of(node.annotation)
    except UnknownTypeError as err:
        raise ParameterError(
            f"parameter `{name}` of {where} cannot be of type `{err}`",
            hint=f"Use {KNOWN_TYPES}; or remove it from the parameters and pass it as an input, `--input {name}`.",
        ) from err
    return _parameter(name, kind, node.value, where, _comment(lines, node)["text"])


def tagged_parameters(source: str, *, where: str) -> tuple[Parameter, ...]:
    """
    Return the parameters of a whole notebook: what its `parameters` cell assigns, annotated or not.

    An annotation outside the known types counts as none. Raises ParameterError for a default that contradicts its type.
    """
    lines = source.split("\n")
    found: dict[str, Parameter] = {}
    for node in parse_body(source, where).tree.body:
        comment = _comment(lines, node)
        for name, annotation, value in _assigned(node):
            kind = _known_type(annotation) if annotation is not None else _comment_type(comment)
            kind = kind or (_inferred(value) if annotation is None else ParameterType())
            found[name] = _parameter(name, kind, value, where, comment["text"])
    return tuple(found.values())


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, node.annotation, node.value
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from ((name, None, value) for name, value in _pairs(target, node.value))


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, part in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, part)


def signature_parameters(
    definition: Definition, *, source: str, inputs: Collection[str] = (), where: str
) -> tuple[Parameter, ...]:
    """
    Return the parameters in a `def`'s signature; arguments that are *inputs* are none.

    Raises NotebookError for `*args`, `**kwargs` and a type that only an input can have.
    """
    arguments = definition.args
    collected = arguments.vararg or arguments.kwarg
    if collected is not None:
        stars = "*" if arguments.vararg else "**"
        raise NotebookError(
            f"`{definition.name}` in {where} takes `{stars}{collected.arg}`, whose names are not known",
            hint="Write out each parameter, with a type: `lr: float = 0.1`.",
        )
    lines = source.split("\n")
    return tuple(
        _argument(arg, default, lines, where) for arg, default in arguments_of(definition) if arg.arg not in inputs
    )


def arguments_of(definition: Definition) -> list[tuple[ast.arg, ast.expr | None]]:
    """Return the arguments of a `def` in order, each with its default."""
    arguments = definition.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    return [*zip(positional, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]


def _argument(arg: ast.arg, default: ast.expr | None, lines: list[str], where: str) -> Parameter:
    try:
        kind = type_of(arg.annotation) if arg.annotation is not None else _inferred(default)
    except UnknownTypeError as err:
        raise NotebookError(
            f"argument `{arg.arg}` of {where} is `{err}`, which no parameter can be",
            hint=f"Declare it as an input, `--input {arg.arg}`, or use {KNOWN_TYPES}.",
        ) from err
    return _parameter(arg.arg, kind, default, where, _comment(lines, default or arg)["text"])


def _parameter(name: str, kind: ParameterType, value: ast.expr | None, where: str, description: str) -> Parameter:
    if value is None:
        return Parameter(name=name, type=kind.text, required=True, description=description)
    is_literal, default = _literal(value)
    if not is_literal:
        return Parameter(name=name, type=kind.text, default_source=ast.unparse(value), description=description)
    if default is None:
        kind = kind.as_optional()  # as type checkers once did: `x: int = None`
    bare = Parameter(name=name, type=kind.text)
    try:
        checked = convert(bare, default, from_text=False)
    except ParameterError as err:
        raise ParameterError(f"the default of {err.message} ({where})", hint=err.hint) from err
    return Parameter(name=name, type=kind.text, default=checked, description=description)


def _literal(node: ast.expr) -> tuple[bool, Json]:
    """Return whether *node* is a literal that JSON can hold, and its value."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False, None
    return (True, value) if is_json(value) else (False, None)


def is_json(value: object) -> bool:
    """Tell whether JSON can hold *value*, with all that is in it."""
    if isinstance(value, list):
        return all(map(is_json, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in value) and all(map(is_json, value.values()))
    return value is None or isinstance(value, bool | int | float | str)


def _inferred(value: ast.expr | None) -> ParameterType:
    if value is None:
        return ParameterType()
    is_literal, default = _literal(value)
    if not is_literal or default is None:
        return ParameterType()
    return parse_type(type(default).__name__)


def _known_type(annotation: ast.expr) -> ParameterType | None:
    try:
        return type_of(annotation)
    except UnknownTypeError:
        return None


def _comment(lines: list[str], node: ast.AST) -> Mapping[str, str]:
    """Return the comment behind *node* on its last line: its text, and its `type` where it says one."""
    number, column = getattr(node, "end_lineno", None) or 0, getattr(node, "end_col_offset", None) or 0
    behind = _split_at(lines[number - 1], column)[1] if 0 < number <= len(lines) else ""
    match = _COMMENT.fullmatch(behind)
    return match.groupdict(default="") if match else {"type": "", "text": ""}


def _split_at(line: str, column: int) -> tuple[str, str]:
    """Split *line* at a column of the tree, which counts UTF-8 bytes."""
    data = line.encode()
    return data[:column].decode(errors="replace"), data[column:].decode(errors="replace")


def _comment_type(comment: Mapping[str, str]) -> ParameterType | None:
    try:
        return parse_type(comment["type"]) if comment["type"] else None
    except UnknownTypeError:
        return None
