"""
Functions that a body calls before it has bound what they read: for them the binding above counts.

In `show(); total = 1`, where `show` reads `total`, the `total` of the notebook is needed, although the body
binds one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from mlrun_nb.notebook.changes import block, stored_names
from mlrun_nb.notebook.history import History
from mlrun_nb.notebook.names import called_names, read_flow
from mlrun_nb.notebook.statements import CellCode, Statement


def names_read_early(body: CellCode, history: History) -> frozenset[str]:
    """Return names that *body* binds, but only after calling a function, its own or one above, that reads them."""
    early: set[str] = set()
    bound: set[str] = set()
    defined: dict[str, Statement] = {}
    for statement in body.statements:
        if not statement.called:
            bound |= statement.flow.bound
        else:
            for called, binds in _steps(statement.plain):
                early |= _reads(called, defined, bound, history) - bound
                bound |= binds
        defined |= dict.fromkeys(statement.flow.bound, statement)
    return frozenset(early & body.names.bound)


def _steps(statement: ast.stmt) -> Iterator[tuple[set[str], set[str]]]:
    """Yield what each part of *statement* calls and then binds, loops taken once and branches one after the other."""
    for part in block(statement):
        if _is_block(part):
            heads = list(_heads(part))
            binds = {name for head in heads for name in stored_names(head)}
        else:
            heads, binds = [part], set(read_flow([part], eager=False).bound)
        yield {name for head in heads for name in called_names(head)}, binds


def _heads(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield the parts of a compound statement above its blocks."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr | ast.withitem):
            yield child
        elif isinstance(child, ast.match_case):
            yield child.pattern


def _is_block(node: ast.stmt) -> bool:
    return hasattr(node, "body") and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _reads(called: Iterable[str], defined: Mapping[str, Statement], bound: set[str], history: History) -> set[str]:
    """Return all names that the functions *called* read, and those that they call."""
    reads: set[str] = set()
    todo = set(called)
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        seen.add(name)
        statement = defined.get(name)
        if statement is None and name not in bound:
            event = history.last_binding(name, None)
            statement = event.statement if event is not None else None
        if statement is not None:
            reads |= statement.names.later
            todo |= (statement.names.later | statement.names.needed) - seen
    return reads
