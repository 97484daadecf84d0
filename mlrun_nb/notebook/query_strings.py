"""
Names inside texts that are code: the `@limit` of `df.query("price > @limit")`, and annotations in quotes.

Text of other kinds, such as SQL and formulas, is not read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlrun_nb.notebook.changes import Function, own_variables, stored_names
from mlrun_nb.notebook.magic_lines import UNREADABLE

_QUERIES = frozenset({"query", "eval"})
_AT_NAME = re.compile(r"@([^\W\d]\w*)")


def queried_names(call: ast.Call) -> Iterator[str]:
    """Yield the names that a pandas expression takes from the code around it."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in _QUERIES and call.args:
        for node in ast.walk(call.args[0]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from _AT_NAME.findall(node.value)


def queried_later(function: Function) -> Iterator[str]:
    """Yield the names of the module level that pandas expressions in *function* take when it is called."""
    nodes = list(ast.walk(function))
    own = {name for node in nodes if isinstance(node, Function) for name in own_variables(node)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {name for node in nodes if isinstance(node, ast.comprehension) for name in stored_names(node.target)}
    for node in nodes:
        if isinstance(node, ast.Call):
            yield from (name for name in queried_names(node) if name not in own)


def quoted_names(annotation: ast.expr) -> Iterator[str]:
    """Yield the names in the quoted parts of an annotation, which only `get_type_hints` and its like evaluate."""
    for node in ast.walk(annotation):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                tree = ast.parse(node.value, mode="eval")
            except UNREADABLE:
                continue
            yield from (child.id for child in ast.walk(tree) if isinstance(child, ast.Name))
