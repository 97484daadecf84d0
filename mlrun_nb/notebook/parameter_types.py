"""
The types that a parameter can have: annotation → tree → canonical text, and back.

The grammar is the part of Python's typing whose values JSON can hold: int, float, str, bool, list, dict, Literal,
datetime, Path, and each of them `| None`. Knows nothing of values: see `parameter_values`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import Literal

Kind = Literal["any", "int", "float", "str", "bool", "list", "dict", "datetime", "Path", "literal"]

_PLAIN: tuple[Kind, ...] = ("int", "float", "str", "bool", "list", "dict", "datetime", "Path")
_NAMES: dict[str, Kind] = {name: name for name in _PLAIN} | {
    "Any": "any",
    "object": "any",
    "List": "list",
    "Sequence": "list",
    "Dict": "dict",
    "Mapping": "dict",
}
_MODULES = frozenset({"typing", "t", "datetime", "dt", "pathlib", "builtins", "collections.abc", "typing_extensions"})

KNOWN_TYPES = "int, float, str, bool, list, dict, Literal, datetime, Path, or one of them `| None`"


class UnknownTypeError(ValueError):
    """An annotation outside the grammar; internal, callers say which parameter it belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterType:
    """A type as a tree. `item` is the type of a list's items or a dict's values, `members` those of a Literal."""

    kind: Kind = "any"
    optional: bool = False
    item: ParameterType | None = None
    members: tuple[str | int | bool, ...] = ()

    @property
    def text(self) -> str:
        """The canonical annotation; empty for a type that says nothing."""
        if self.kind == "any":
            return ""
        plain = self._plain_text()
        return f"{plain} | None" if self.optional else plain

    def _plain_text(self) -> str:
        if self.kind == "literal":
            return f"Literal[{', '.join(map(repr, self.members))}]"
        if self.item is None or not self.item.text:
            return self.kind
        return f"list[{self.item.text}]" if self.kind == "list" else f"dict[str, {self.item.text}]"

    def as_optional(self) -> ParameterType:
        """Return the same type, None allowed."""
        return ParameterType(kind=self.kind, optional=True, item=self.item, members=self.members)

    def mentions(self, kind: Kind) -> bool:
        """Tell whether *kind* occurs in the type or in its items."""
        return self.kind == kind or (self.item is not None and self.item.mentions(kind))


@cache
def parse_type(text: str) -> ParameterType:
    """Return the type that the annotation *text* stands for; raises UnknownTypeError outside the grammar."""
    if not text:
        return ParameterType()
    try:
        return type_of(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError) as err:
        raise UnknownTypeError(text) from err


def type_of(node: ast.expr | None) -> ParameterType:
    """Return the type that an annotation's tree stands for; raises UnknownTypeError outside the grammar."""
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return ParameterType()
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return parse_type(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([node.left, node.right])
    if isinstance(node, ast.Subscript):
        return _subscript(node)
    name = _name(node)
    if name not in _NAMES:
        raise UnknownTypeError(ast.unparse(node))
    return ParameterType(kind=_NAMES[name])


def _name(node: ast.expr) -> str:
    """Return the last part of a plain or dotted name from a module that defines types, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and ast.unparse(node.value) in _MODULES:
        return node.attr
    return ""


def _subscript(node: ast.Subscript) -> ParameterType:
    name = _name(node.value)
    arguments = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Optional" and len(arguments) == 1:
        return type_of(arguments[0]).as_optional()
    if name == "Union":
        return _union(arguments)
    if name == "Literal":
        return _literal(node, arguments)
    kind = _NAMES.get(name)
    if kind == "list" and len(arguments) == 1:
        return ParameterType(kind="list", item=type_of(arguments[0]))
    if kind == "dict" and len(arguments) == 2 and type_of(arguments[0]).kind in {"str", "any"}:
        return ParameterType(kind="dict", item=type_of(arguments[1]))
    raise UnknownTypeError(ast.unparse(node))


def _union(parts: list[ast.expr]) -> ParameterType:
    is_none = [isinstance(part, ast.Constant) and part.value is None for part in parts]
    types = [type_of(part) for part, none in zip(parts, is_none, strict=True) if not none]
    if len(types) != 1:
        raise UnknownTypeError(" | ".join(ast.unparse(part) for part in parts))
    return types[0].as_optional() if any(is_none) else types[0]


def _literal(node: ast.Subscript, arguments: list[ast.expr]) -> ParameterType:
    members: list[str | int | bool] = []
    optional = False
    for argument in arguments:
        try:
            value = ast.literal_eval(argument)
        except ValueError as err:
            raise UnknownTypeError(ast.unparse(node)) from err
        if value is None:
            optional = True
        elif isinstance(value, str | int):
            members.append(value)
        else:
            raise UnknownTypeError(ast.unparse(node))
    return ParameterType(kind="literal", optional=optional, members=tuple(members))
