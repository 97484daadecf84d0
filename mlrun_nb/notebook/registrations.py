"""
Functions and classes that captured code finds without naming them, because defining them tells it of them.

A handler of a `singledispatch` function, a function under a decorator that keeps a list, a subclass of a class that
counts its subclasses: nobody names them, and without them the captured code does less without a word.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from mlrun_nb.notebook.changes import Function, root_name
from mlrun_nb.notebook.history import History
from mlrun_nb.notebook.statements import Statement


def find_registrations(history: History, taken: Collection[int], body: Collection[Statement]) -> Iterator[int]:
    """Yield the positions of definitions, not *taken*, that tell a taken statement of what they define."""
    running = [*(history.statements[position][1] for position in sorted(taken)), *body]
    lines = (text for code in running if code is not None for _, text in code.lines)
    registry = _Registry(history, taken, asks_for_subclasses=any("__subclasses__" in text for text in lines))
    for position, (_, code) in enumerate(history.statements):
        if code is not None and position not in taken and registry.learns_of(code.node, position):
            yield position


@dataclass(frozen=True, slots=True)
class _Registry:
    """What is *taken*, which may learn of definitions; with `asks_for_subclasses` code that runs does of any class."""

    history: History
    taken: Collection[int]
    asks_for_subclasses: bool

    def learns_of(self, node: ast.stmt, position: int) -> bool:
        """Return whether something taken learns of the function or class that *node* defines at *position*."""
        if not isinstance(node, Function | ast.ClassDef):
            return False
        if any(self._keeps(decorator, position) for decorator in node.decorator_list):
            return True
        return isinstance(node, ast.ClassDef) and (
            self._has_own_metaclass(node, position) or self._is_counted(node, position)
        )

    def _keeps(self, decorator: ast.expr, position: int) -> bool:
        """Return whether *decorator* is a method of something taken, or a function that changes something taken."""
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        event = self.history.last_binding(root_name(function) or "", position)
        if event is None or event.statement is None or isinstance(event.statement.node, ast.Import | ast.ImportFrom):
            return False
        if isinstance(function, ast.Attribute):
            return event.position in self.taken
        if not isinstance(event.statement.node, Function):
            return False
        deepest = 1 if isinstance(decorator, ast.Call) else 0
        changed = (change.name for change in event.statement.changes if change.by and change.depth <= deepest)
        bindings = (self.history.last_binding(name, None) for name in changed)
        return any(binding is not None and binding.position in self.taken for binding in bindings)

    def _has_own_metaclass(self, node: ast.ClassDef, position: int) -> bool:
        metaclasses = (keyword.value for keyword in node.keywords if keyword.arg == "metaclass")
        return any(self._taken_class(item, position) for item in metaclasses)

    def _is_counted(self, node: ast.ClassDef, position: int) -> bool:
        """Return whether a taken class, near or far, learns of its subclass *node*."""
        for base in node.bases:
            found = self._taken_class(base, position)
            if found is None:
                continue
            parent, where = found
            if (
                self.asks_for_subclasses
                or any(isinstance(item, Function) and item.name == "__init_subclass__" for item in parent.body)
                or self._has_own_metaclass(parent, where)
                or self._is_counted(parent, where)
            ):
                return True
        return False

    def _taken_class(self, name: ast.expr, position: int) -> tuple[ast.ClassDef, int] | None:
        event = self.history.last_binding(root_name(name) or "", position)
        if event is None or event.statement is None or event.position not in self.taken:
            return None
        node = event.statement.node
        return (node, event.position) if isinstance(node, ast.ClassDef) else None
