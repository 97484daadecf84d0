"""
Whether what a cell above bound may travel as source, or is data, and why.

Imports, functions and classes may; an assignment may where `constants` says so and, in a kernel, where the value is
still that of its source. What is bound in any other way is data.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field

from mlrun_nb.notebook.constants import why_not_constant
from mlrun_nb.notebook.history import Event, History
from mlrun_nb.notebook.live_values import has_live_value
from mlrun_nb.notebook.mutations import Mutations
from mlrun_nb.notebook.statements import Statement

AMBIENT = frozenset(dir(builtins)) | {
    "__name__", "__doc__", "__builtins__", "__builtin__", "__spec__", "__package__", "__loader__",
    "__annotations__", "__class__", "__IPYTHON__", "get_ipython", "display", "exit", "quit", "copyright",
    "credits", "license",
}  # fmt: skip
"""Names that every run has without a cell defining them."""

_SOURCE_KINDS = {"import", "definition", "value"}


@dataclass(slots=True, kw_only=True)
class Judge:
    """Judges the bindings of a history; *live* are the variables of the kernel, where there is one."""

    history: History
    live: Mapping[str, object] | None = None
    mutations: Mutations = field(init=False)
    _constants: dict[int, str | None] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.mutations = Mutations(self.history)

    def why_data(self, name: str, event: Event) -> str | None:
        """Return why what *event* bound cannot travel, or None where it can."""
        statement = event.statement
        assert statement is not None
        if any(kind not in _SOURCE_KINDS for kinds in statement.binds.values() for kind in kinds):
            change = self.mutations.first(name)
            if change is not None:
                return self.mutations.words(name, change)
            return "" if statement.runs_magic else _bound_by(statement)
        if any("value" in kinds for kinds in statement.binds.values()):
            reason = self._why_no_constant(event)
            if reason is None and self._has_changed(name, statement):
                return "it has another value in the kernel now than its source gives it"
            return reason
        return None

    def _has_changed(self, name: str, statement: Statement) -> bool:
        """Return whether a constant has another value in the kernel than *statement* gives it, and none knows why."""
        if self.live is None or self.mutations.is_filled_by_decorators(name):
            return False
        return not has_live_value(name, statement, self.live)

    def _why_no_constant(self, event: Event) -> str | None:
        position = event.position
        if position in self._open:
            return None
        if position not in self._constants:
            self._open.add(position)
            self._constants[position] = why_not_constant(self.mutations, event, may_be_part=self._may_be_part)
            self._open.discard(position)
        return self._constants[position]

    def _may_be_part(self, name: str, before: int) -> bool:
        """Return whether a constant may be made of what *name* stands for at a position."""
        event = self.history.last_binding(name, before)
        if event is None:
            return name in AMBIENT or bool(self.history.stars)
        if event.by == "setup":
            return True
        return event.by == "statement" and self.why_data(name, event) is None


def _bound_by(statement: Statement) -> str:
    kind = type(statement.node).__name__
    words = {
        "For": "a loop",
        "AsyncFor": "a loop",
        "While": "a loop",
        "With": "a `with`",
        "AsyncWith": "a `with`",
        "Match": "a `match`",
    }
    if kind in words:
        return f"it is bound in {words[kind]}"
    return "" if kind in {"AugAssign", "Expr"} else "it is bound together with data"
