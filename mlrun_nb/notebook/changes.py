"""
Which names of the module level a statement changes without binding them anew: `x += 1`, `x[0] = 1`, `x.append(1)`.

A name that is changed is no constant. Also looks into functions, past their own variables: what they change is changed
once they are called. Calls count where they are all of a statement, or all that it assigns.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mlrun_nb.notebook.effect_words import ARGUMENT_CHANGED, MUTATES

BY_GLOBAL = "named in a `global` statement"
"""A function binds the name when it is called."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class InPlace:
    """
    A change in place of the value of *name*: `how` follows `is`.

    `by` is the function or class whose code does it, once that runs; `depth` counts the functions within it around the
    change: a decorator's own code runs when it decorates, the code of what it gives back when that is called.
    """

    name: str
    how: str
    by: str = ""
    depth: int = 0


def read_changes(statement: ast.stmt) -> tuple[InPlace, ...]:
    """Return the changes that *statement* makes, or that functions defined in it make when they are called."""
    return tuple(dict.fromkeys(_changes([statement], _Around())))


def changed_names(function: Function) -> frozenset[str]:
    """Return the names, its own variables included, whose values the statements of *function* change in place."""
    return frozenset(name for statement in inner_statements(function) for name, _ in _change(statement))


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


@dataclass(frozen=True, slots=True)
class _Around:
    """What is around a statement: the variables of functions, and the place in them as `InPlace` has it."""

    hidden: frozenset[str] = frozenset()
    by: str = ""
    depth: int = 0

    def inside(self, function: Function) -> _Around:
        """Return what is around the statements of *function*."""
        depth = self.depth + 1 if self.by else 0
        return _Around(self.hidden | own_variables(function), self.by or function.name, depth)


def _changes(statements: Sequence[ast.stmt], around: _Around) -> Iterator[InPlace]:
    for statement in (child for top in statements for child in block(top)):
        for name, how in _change(statement):
            if name not in around.hidden or how == BY_GLOBAL:
                yield InPlace(name, how, around.by, around.depth)
        if isinstance(statement, ast.For) and (name := _changed_through(statement)) not in {"", *around.hidden}:
            yield InPlace(name, "changed by way of its items", around.by, around.depth)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _changes(statement.body, around.inside(statement))
        elif isinstance(statement, ast.ClassDef):
            for node in statement.body:
                is_method = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not around.by
                inner = replace(around, by=statement.name, depth=-1) if is_method else around
                yield from _changes([node], inner)


def _change(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    if isinstance(statement, ast.Global):
        yield from ((name, BY_GLOBAL) for name in statement.names)
    elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id, "changed by an operator such as `+=`"
    elif isinstance(statement, ast.Expr | ast.Assign) and isinstance(statement.value, ast.Call):
        yield from _change_by_call(statement.value)
    for target in _targets(statement):
        yield from _change_of(target, deleted=isinstance(statement, ast.Delete))


def _changed_through(loop: ast.For) -> str:
    """Return the name of what *loop* goes over where it changes the items: `for row in ROWS: row["a"] = 1`."""
    over = loop.iter
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute) and over.func.attr in {"values", "items"}:
        over = over.func.value
    elif isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == "enumerate" and over.args:
        over = over.args[0]
    name = root_name(over)
    inside = (child for inner in loop.body for child in block(inner) if not isinstance(child, ast.AugAssign))
    changed = {item for child in inside for item, _ in _change(child)}
    return name if name is not None and not changed.isdisjoint(stored_names(loop.target)) else ""


def _change_by_call(call: ast.Call) -> Iterator[tuple[str, str]]:
    """`names.append(x)` changes `names`, as does `heappush(names, x)`."""
    function = call.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    changed = None
    if isinstance(function, ast.Attribute) and last in MUTATES:
        changed = function.value
    elif last in ARGUMENT_CHANGED and call.args:
        changed = call.args[0]
    name = root_name(changed) if changed is not None else None
    if name is not None:
        yield name, f"changed by a call of `{last}`"


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
