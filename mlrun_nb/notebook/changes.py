"""
Which names of the module level a statement changes without binding them anew: `x += 1`, `x[0] = 1`, `global x`.

A name that is changed anywhere is no constant. Also looks into functions, past their own variables. Walks statements
only: expressions change nothing that can be seen in their text.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

BY_GLOBAL = "named in a `global` statement"
"""A function binds the name when it is called."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_changes(statement: ast.stmt) -> dict[str, str]:
    """Return the names that *statement* changes and how, in words that follow `is`."""
    found: dict[str, str] = {}
    for name, how in _changes([statement], hidden=frozenset()):
        found.setdefault(name, how)
    return found


def block(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield *statement* and the statements in its blocks, but not those of functions and classes."""
    yield statement
    if isinstance(statement, ast.Assign | ast.Expr | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for name in ("body", "orelse", "finalbody"):
        for child in getattr(statement, name, ()):
            yield from block(child)
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        for child in part.body:
            yield from block(child)


def inner_statements(function: Function) -> list[ast.stmt]:
    """Return the statements of *function*, those of functions within it left out."""
    return [child for statement in function.body for child in block(statement)]


def own_variables(function: Function) -> frozenset[str]:
    """Return the arguments of *function* and the names that its statements bind."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    names = {argument.arg for argument in every if argument is not None}
    shared: set[str] = set()
    for statement in inner_statements(function):
        if isinstance(statement, ast.Global):
            shared.update(statement.names)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in statement.names)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        else:
            names.update(name for target in _targets(statement) for name in stored_names(target))
    return frozenset(names - shared)


def stored_names(target: ast.AST) -> Iterator[str]:
    """Yield the names that assigning to *target*, an expression or a pattern, binds."""
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest


def root_name(node: ast.expr) -> str | None:
    """Return `a` for `a.b[0].c`, or None where something else stands there."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _changes(statements: Sequence[ast.stmt], *, hidden: frozenset[str]) -> Iterator[tuple[str, str]]:
    for statement in (child for top in statements for child in block(top)):
        for name, how in _change(statement):
            if name not in hidden or how == BY_GLOBAL:
                yield name, how
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _changes(statement.body, hidden=hidden | own_variables(statement))
        elif isinstance(statement, ast.ClassDef):
            yield from _changes(statement.body, hidden=hidden)


def _change(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    if isinstance(statement, ast.Global):
        yield from ((name, BY_GLOBAL) for name in statement.names)
    elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id, "changed by an operator such as `+=`"
    for target in _targets(statement):
        yield from _change_of(target, deleted=isinstance(statement, ast.Delete))


def _change_of(target: ast.AST, *, deleted: bool) -> Iterator[tuple[str, str]]:
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _change_of(element, deleted=deleted)
    elif isinstance(target, ast.Starred):
        yield from _change_of(target.value, deleted=deleted)
    elif isinstance(target, ast.Attribute | ast.Subscript):
        name = root_name(target)
        if name is not None:
            what = "an attribute" if isinstance(target, ast.Attribute) else "an item"
            yield name, f"changed by {'deleting' if deleted else 'assigning to'} {what}"
    elif deleted and isinstance(target, ast.Name):
        yield target.id, "deleted"


def _targets(statement: ast.stmt) -> Sequence[ast.AST]:
    """Return what *statement* assigns to or deletes."""
    if isinstance(statement, ast.Assign | ast.Delete):
        return statement.targets
    if isinstance(statement, ast.AugAssign | ast.AnnAssign | ast.For | ast.AsyncFor):
        return [statement.target]
    if isinstance(statement, ast.With | ast.AsyncWith):
        return [item.optional_vars for item in statement.items if item.optional_vars is not None]
    if isinstance(statement, ast.Match):
        return [case.pattern for case in statement.cases]
    return ()
