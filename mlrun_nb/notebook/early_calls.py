"""
Functions that a body calls before it has bound what they read: for them the binding above counts.

In `show(); total = 1`, where `show` reads `total`, the `total` of the notebook is needed, although the body binds one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from mlrun_nb.notebook.history import History
from mlrun_nb.notebook.statements import CellCode, Statement


def names_read_early(body: CellCode, history: History) -> frozenset[str]:
    """Return names that *body* binds, but only after calling a function, its own or one above, that reads them."""
    early: set[str] = set()
    bound: set[str] = set()
    defined: dict[str, Statement] = {}
    for statement in body.statements:
        own = statement.flow.bound
        if statement.called:
            by_now = bound | own if _is_block(statement.node) else bound
            early |= _reads(statement.called, defined, bound, history) - by_now
        bound |= own
        defined |= dict.fromkeys(own, statement)
    return frozenset(early & body.names.bound)


def _is_block(node: ast.stmt) -> bool:
    """Whether the order within the statement is not looked at."""
    return hasattr(node, "body")


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
            todo |= statement.names.later - seen
    return reads
