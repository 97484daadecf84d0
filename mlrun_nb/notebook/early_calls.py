"""
Functions that a body calls before it has bound what they read: for them the binding above counts.

In `show(); total = 1`, where `show` reads `total`, the `total` of the notebook is needed, although the body
binds one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from mlrun_nb.notebook.changes import stored_names
from mlrun_nb.notebook.history import History
from mlrun_nb.notebook.names import called_names, read_flow
from mlrun_nb.notebook.statements import CellCode, Statement


def names_read_early(body: CellCode, history: History) -> frozenset[str]:
    """Return names that *body* binds, but only after calling a function, its own or one above, that reads them."""
    early: set[str] = set()
    bound: set[str] = set()
    defined: dict[str, Statement] = {}
    for statement in body.statements:
        if statement.called:
            for called, by_now in _calls([statement.plain], bound):
                early |= _reads(called, defined, bound, history) - by_now
        bound |= statement.flow.touched
        defined |= dict.fromkeys(statement.flow.bound, statement)
    return frozenset(early & body.names.bound)


def _calls(statements: Iterable[ast.stmt], bound: set[str]) -> Iterator[tuple[set[str], set[str]]]:
    """Yield what each part of *statements* may call, with what is bound by then; each loop runs once."""
    bound = set(bound)
    for statement in statements:
        if _is_block(statement):
            for head in _heads(statement):
                yield set(called_names(head)), set(bound)
                bound |= set(stored_names(head))
            for way in _ways(statement):
                yield from _calls(way, bound)
            yield from _calls(getattr(statement, "finalbody", ()), bound | _bound_by(statement))
        else:
            yield set(called_names(statement)), set(bound)
        bound |= _bound_by(statement)


def _bound_by(statement: ast.stmt) -> frozenset[str]:
    return read_flow([statement], eager=False).touched


def _ways(node: ast.stmt) -> list[list[ast.stmt]]:
    """Return the blocks of a compound statement that run instead of each other."""
    if isinstance(node, ast.Match):
        return [case.body for case in node.cases]
    body: list[ast.stmt] = getattr(node, "body", [])
    orelse: list[ast.stmt] = getattr(node, "orelse", [])
    if isinstance(node, ast.If):
        return [body, orelse]
    return [[*body, *orelse], *(handler.body for handler in getattr(node, "handlers", ()))]


def _heads(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield the parts of a compound statement above its blocks."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr | ast.withitem):
            yield child
        elif isinstance(child, ast.match_case):
            yield child.pattern


def _is_block(node: ast.stmt) -> bool:
    scope = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return not scope and (hasattr(node, "body") or hasattr(node, "cases"))


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
