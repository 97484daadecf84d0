"""
Functions of the notebook that change what they are given: after `log(row, ROWS)` the list `ROWS` is no constant.

Looks at functions by name and at what they do to their own arguments; methods and what others call is not followed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from mlrun_nb.notebook.changes import Function, changed_names, inner_statements, root_name, stored_names


@lru_cache(maxsize=1024)
def changed_arguments(function: Function) -> frozenset[str]:
    """Return the arguments whose values *function* changes in place; one that it binds anew is its own."""
    arguments = function.args
    every = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    changed = changed_names(function) & every
    if not changed:
        return changed
    return changed - {name for statement in inner_statements(function) for name in stored_names(statement)}


def given_to_change(call: ast.Call, function: Function) -> Iterator[str]:
    """Yield the names whose values *call* of *function* changes in place."""
    changed = changed_arguments(function)
    arguments = function.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    pairs = [*zip(names, call.args, strict=False), *((keyword.arg, keyword.value) for keyword in call.keywords)]
    for name, value in pairs:
        root = root_name(value) if name in changed else None
        if root is not None:
            yield root


def calls_in(statement: ast.stmt) -> Iterator[ast.Call]:
    """Yield the calls that *statement* itself makes, functions and lambdas within it left alone."""
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, Function | ast.Lambda):
            todo.extend(ast.iter_child_nodes(node))
