"""What an annotation of MLRun's code asks for: a parameter of a type that we have, an input, or the context."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from mlrun_nb.notebook.parameter_types import UnknownTypeError, parse_type

Role = Literal["parameter", "item", "value", "context"]

_PLAIN = frozenset(
    {"str", "int", "float", "bool", "list", "dict", "List", "Dict", "Union", "Optional", "Any", "object", "None"}
    | {"Sequence", "Mapping", "Iterable", "Number", "typing", "Literal", "Path", "pathlib", "datetime", "t", "numbers"}
)
"""Names of types whose values JSON can hold."""
_CONVERTED = {"tuple": "tuple", "Tuple": "tuple", "set": "set", "Set": "set", "frozenset": "frozenset"}
"""Containers that JSON has as a list, and what makes the container of that list."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The *role* of an argument, the *type* of its parameter (empty for any), and what *convert*s its value."""

    role: Role
    type: str = ""
    convert: str = ""


def asked_by(annotation: str) -> Asked:
    """Return what the text *annotation* asks for; an empty one for a parameter of any type."""
    if not annotation.strip():
        return Asked("parameter")
    try:
        tree = ast.parse(annotation.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return Asked("parameter")  # words of a docstring, such as "list of str"
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        return asked_by(tree.value)
    names = _names(tree)
    if "MLClientCtx" in names:
        return Asked("context")
    if "DataItem" in names:
        return Asked("item")
    outer = _names(tree.value) if isinstance(tree, ast.Subscript) else names
    for name, convert in _CONVERTED.items():
        if name in outer and names - {name} <= _PLAIN | {"typing", "int"}:
            return Asked("parameter", "list", convert)
    try:
        return Asked("parameter", parse_type(annotation).text)
    except UnknownTypeError:
        return Asked("parameter") if names <= _PLAIN else Asked("value")


def _names(tree: ast.expr) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {word for word in ("DataItem", "MLClientCtx") if word in node.value}
    return found - {"mlrun", "datastore", "execution", "collections", "abc"}
