"""
What the statements of the cells above changed in place, at once or through the functions that they called.

A value that was changed is no constant: its source would give it as it was first. What a function would change counts
once something above calls it, and what it is given counts where it changes its arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mlrun_nb.notebook.argument_changes import calls_in, changed_arguments, given_to_change
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.changes import Function, root_name
from mlrun_nb.notebook.history import Change, History
from mlrun_nb.notebook.names import called_names
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.statements import Statement


@dataclass(frozen=True, slots=True)
class Called:
    """A cell that calls a function. Code at less than `depth` in that is not run by it: it ran when it decorated."""

    cell: Cell
    depth: int = 0


@dataclass(frozen=True)  # no slots: both mappings are worked out when they are asked for
class Mutations:
    """The changes in place that happened in a history."""

    history: History

    def first(self, name: str) -> Change | None:
        """Return the first change in place of what *name* stands for, None where nothing that ran makes one."""
        changes = self.history.changes.get(name, ())
        first = next((change for change in changes if not change.by or self._happened(change)), None)
        return first or self._given.get(name)

    def is_filled_by_decorators(self, name: str) -> bool:
        """Tell whether definitions above fill what *name* stands for; they do so again where they travel with it."""
        return any(change.by in self._decorators for change in self.history.changes.get(name, ()))

    def words(self, name: str, change: Change) -> str:
        """Return a change of *name* in words, with its place."""
        place = f"{cell_name(change.cell)}, line {change.line}"
        if change.by:
            caller = cell_name(self._calls[change.by].cell)
            return f"`{name}` is {change.how} in `{change.by}` ({place}), called in {caller}"
        return f"`{name}` is {change.how} in {place}"

    def _happened(self, change: Change) -> bool:
        called = self._calls.get(change.by)
        return called is not None and called.depth <= change.depth

    @cached_property
    def _decorators(self) -> frozenset[str]:
        """The names of the functions that decorate definitions above."""
        definitions = (code.node for _, code in self.history.statements if code is not None)
        decorators = (item for node in definitions for item in getattr(node, "decorator_list", ()))
        return frozenset(root_name(getattr(item, "func", item)) or "" for item in decorators)

    @cached_property
    def _calls(self) -> Mapping[str, Called]:
        """The functions and classes that statements of these cells call, directly or not."""
        return _find_calls(self.history)

    @cached_property
    def _given(self) -> Mapping[str, Change]:
        """The names whose values were given to a function that changes them in place."""
        return _find_argument_changes(self.history)


def _find_calls(history: History) -> dict[str, Called]:
    """
    Return what the statements of *history* call, but for decorators at their work: see `registrations`.

    A name means what it was bound to when the statement ran, also inside the functions that it calls.
    """
    found: dict[str, Called] = {}
    seen: dict[tuple[str, int], int] = {}
    running = (
        (position, cell, code.plain) for position, (cell, code) in enumerate(history.statements) if code is not None
    )
    todo = [(name, Called(cell), position) for position, cell, code in running for name in _called_at_once(code)]
    while todo:
        name, called, position = todo.pop()
        event = history.last_binding(name, position)
        if (
            event is None
            or event.statement is None
            or seen.get((name, event.position), called.depth + 1) <= called.depth
        ):
            continue
        seen[name, event.position] = called.depth
        if name not in found or called.depth < found[name].depth:
            found[name] = called
        todo.extend((*each, position) for each in _called_by(event.statement, called.cell))
    return found


def _called_at_once(statement: ast.stmt) -> Iterator[str]:
    """Yield what *statement* calls when it runs; a definition runs its defaults, bases and body, not its functions."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = statement.args
        parts: list[ast.AST | None] = [*arguments.defaults, *arguments.kw_defaults]
    elif isinstance(statement, ast.ClassDef):
        parts = [*statement.bases, *(keyword.value for keyword in statement.keywords)]
        yield from (name for each in statement.body for name in _called_at_once(each))
    else:
        parts = [statement]
    yield from (name for part in parts if part is not None for name in called_names(part))


def _called_by(statement: Statement, cell: Cell) -> Iterator[tuple[str, Called]]:
    """Yield what runs when that is called which *statement* binds; of its decorators only what they gave back."""
    names = statement.names
    decorators: list[ast.expr] = getattr(statement.node, "decorator_list", [])
    depths = {root_name(getattr(item, "func", item)): 2 if isinstance(item, ast.Call) else 1 for item in decorators}
    for name in names.later | names.needed:
        yield name, Called(cell, 0 if name in names.later else depths.get(name, 0))


def _is_definition(statement: Statement) -> bool:
    return isinstance(statement.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _find_argument_changes(history: History) -> dict[str, Change]:
    found: dict[str, Change] = {}
    for position, (cell, code) in enumerate(history.statements):
        if code is not None and not _is_definition(code):
            for call in calls_in(code.plain):
                function = _function_called(call, position, history)
                for name in given_to_change(call, function) if function is not None else ():
                    how = f"changed by a call of `{ast.unparse(call.func)}`"
                    found.setdefault(name, Change(cell=cell, line=code.line, how=how))
    return found


def _function_called(call: ast.Call, position: int, history: History) -> Function | None:
    event = history.last_binding(call.func.id, position) if isinstance(call.func, ast.Name) else None
    node = event.statement.node if event is not None and event.statement is not None else None
    return node if isinstance(node, Function) and changed_arguments(node) else None
