"""
The canonical form of code: what is left of it when comments and formatting are taken away, and nothing else.

A statement becomes JSON text, `["Type",{"field":…}]`, with fields in the order of their names and empty ones
left out; positions, contexts, string prefixes and type comments are left out too, so that the form does not
depend on the Python that made it. Magics stand verbatim. Read by `digests` only; the published test vectors
hold its form still.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mlrun_nb.notebook.magic_lines import UNREADABLE, CellText, Unreadable, parse_python, read_cell

_LEFT_OUT = frozenset({"ctx", "type_comment"})
_EMPTY: tuple[object, ...] = (None, [], "")


@lru_cache(maxsize=4096)
def canonical_cell(source: str) -> tuple[str, ...]:
    """
    Return the canonical form of a cell of Python, one text for each top-level statement.

    A cell that begins with a cell magic, or cannot be read, is one text: its own, without trailing white space.
    """
    try:
        cell = read_cell(source)
    except Unreadable:
        return (verbatim(source),)
    if cell.cell_magics:
        return (verbatim(source),)
    return tuple(_statement(node, cell) for node in cell.tree.body)


def canonical_module(data: bytes) -> tuple[str, ...] | None:
    """Return the canonical form of a Python file, or None where *data* is not Python."""
    try:
        tree = parse_python(data)
    except UNREADABLE:
        return None
    return tuple(_statement(node, CellText(lines=(), tree=tree)) for node in tree.body)


def verbatim(source: str) -> str:
    """Return JSON text for code that is compared as it stands, but for white space at the ends of lines and text."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _json(["Text", "\n".join(line.rstrip() for line in lines).strip("\n")])


def _statement(node: ast.stmt, cell: CellText) -> str:
    """Write the tree below *node*; without recursion, because a sum of a thousand terms is a thousand levels deep."""
    parts: list[str] = []
    todo: list[object] = [node]
    while todo:
        item = todo.pop()
        if isinstance(item, _Written):
            parts.append(item)
        elif isinstance(item, ast.stmt) and item.lineno in cell.magics and isinstance(item, ast.Expr | ast.Assign):
            parts.append(_magic(item, cell))
        elif isinstance(item, ast.AST):
            todo.extend(reversed(list(_node(item))))
        elif isinstance(item, list):
            todo.extend(reversed(list(_list(item))))
        else:
            parts.append(_json(item))
    return "".join(parts)


class _Written(str):
    """A piece of the output, as opposed to a string of the tree."""

    __slots__ = ()


def _node(node: ast.AST) -> Iterator[object]:
    if isinstance(node, ast.Constant):
        yield _Written(_constant(node.value))
        return
    yield _Written(f'["{type(node).__name__}"')
    fields = [(name, _normal(node, name)) for name in sorted(node._fields) if name not in _LEFT_OUT]
    kept = [(name, value) for name, value in fields if not any(value is empty or value == empty for empty in _EMPTY)]
    for number, (name, value) in enumerate(kept):
        yield _Written(f'{"," if number else ",{"}"{name}":')
        yield value
    yield _Written("}]" if kept else "]")


def _normal(node: ast.AST, name: str) -> object:
    """Return a field in the form that all versions of Python share."""
    value: object = getattr(node, name, None)
    if name == "values" and isinstance(node, ast.JoinedStr):
        return joined_parts(node.values)
    if name == "format_spec" and isinstance(value, ast.JoinedStr) and not joined_parts(value.values):
        return None
    if name == "level" and isinstance(node, ast.ImportFrom):
        return value or None
    if name == "value" and isinstance(node, ast.MatchSingleton):
        return ast.Constant(node.value)
    return value


def joined_parts(values: Sequence[ast.expr]) -> list[ast.expr]:
    """Return the parts of an f-string with neighbouring texts in one and empty ones gone."""
    parts: list[ast.expr] = []
    for value in values:
        last = parts[-1] if parts else None
        if isinstance(value, ast.Constant) and isinstance(last, ast.Constant):
            parts[-1] = ast.Constant(str(last.value) + str(value.value))
        elif not isinstance(value, ast.Constant) or value.value:
            parts.append(value)
    return parts


def _list(items: list[object]) -> Iterator[object]:
    yield _Written("[")
    for number, item in enumerate(items):
        if number:
            yield _Written(",")
        yield item
    yield _Written("]")


def _constant(value: object) -> str:
    """Write a constant with its type; ASCII only, and integers in hexadecimal, which has no limit of digits."""
    text = hex(value) if isinstance(value, int) and not isinstance(value, bool) else ascii(value)
    return _json(["Constant", type(value).__name__, text])


def _magic(node: ast.stmt, cell: CellText) -> str:
    """Write the lines of a magic as they stand, but for the indentation of the block around it."""
    last = node.lineno
    while last + 1 in cell.magics and cell.lines[last - 1].endswith("\\"):
        last += 1
    return _json(["Magic", "\n".join(line.strip() for line in cell.lines[node.lineno - 1 : last])])


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
