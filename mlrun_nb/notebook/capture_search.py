"""
The search behind capture: from the names that a cell needs to the statements that must travel, or to problems.

A name that code reads while it runs is looked up among the bindings before that code; a name that a function reads when
called, among all of them. The last binding counts.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mlrun_nb.notebook.changes import BY_GLOBAL
from mlrun_nb.notebook.complaints import Problem
from mlrun_nb.notebook.constants import describe, has_live_value, why_not_constant
from mlrun_nb.notebook.early_calls import names_read_early
from mlrun_nb.notebook.history import Event, History, binds_unknown
from mlrun_nb.notebook.names import Names
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.statements import CellCode, Statement

AMBIENT = frozenset(dir(builtins)) | {
    "__name__", "__doc__", "__builtins__", "__builtin__", "__spec__", "__package__", "__loader__",
    "__annotations__", "__class__", "__IPYTHON__", "get_ipython", "display", "exit", "quit", "copyright",
    "credits", "license",
}  # fmt: skip
"""Names that every run has without a cell defining them."""

_HISTORY = re.compile(r"_{1,3}|_\d+|_i\d*|_ii|_iii|_ih|_oh|_dh|In|Out")
_SOURCE_KINDS = {"import", "definition", "value"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """
    A name that something reads. `before` limits the bindings to look at; without `firm` it may as well not exist.

    `called`: a function of that name is called before the position, so that what it reads must be there by then.
    """

    name: str
    before: int | None = None
    firm: bool = True
    called: bool = False
    user: str = ""


@dataclass(slots=True, kw_only=True)
class Search:
    """One search; `taken` are positions of statements, `problems` the names that cannot travel."""

    history: History
    body: CellCode
    given: frozenset[str]
    live: Mapping[str, object] | None = None
    taken: set[int] = field(default_factory=set)
    problems: dict[str, Problem] = field(default_factory=dict)
    _queue: list[Need] = field(default_factory=list)
    _seen: set[Need] = field(default_factory=set)
    _optional: list[Need] = field(default_factory=list)
    _constants: dict[int, str | None] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)

    def run(self) -> None:
        """Fill `taken` and `problems`."""
        for position in self.history.futures:
            self._take(position)
        for setup in self.history.setups:
            if setup.code is not None:
                user = f"the setup of {cell_name(setup.cell.index)}"
                self._want(setup.code.names, before=setup.position, user=user, called=setup.code.names.needed)
                self._call(setup.code.names, before=setup.position, user=user)
        names = self.body.names
        self._add(names.needed - self.given)
        self._add(names.maybe - self.given, firm=False)
        self._add(names.later - self.given - names.touched)
        self._add(names.later & names.touched - names.bound - self.given, firm=False)
        self._add(names_read_early(self.body, self.history) - self.given, firm=False)
        self._optional.extend(Need(name=name) for name in sorted(names.annotated - self.given))
        self._drain()
        for need in self._optional:
            self._try(need)

    def setup_statements(self) -> Iterable[Statement]:
        """Return the statements of the cells that are taken whole."""
        return (statement for setup in self.history.setups if setup.code for statement in setup.code.statements)

    def _add(self, names: Iterable[str], *, before: int | None = None, firm: bool = True, user: str = "") -> None:
        self._queue.extend(Need(name=name, before=before, firm=firm, user=user) for name in sorted(names, reverse=True))

    def _want(self, names: Names, *, before: int, user: str, called: frozenset[str]) -> None:
        """Queue what captured code needs: inputs, parameters and the body come too late for what it reads at once."""
        body = self.body.names
        self._add(names.needed - called, before=before, user=user)
        self._queue.extend(Need(name=name, before=before, called=True, user=user) for name in names.needed & called)
        self._add(names.maybe, before=before, firm=False, user=user)
        later = names.later - self.given - names.bound
        self._add(later - body.touched, user=user)
        self._add(later & body.touched - body.bound, firm=False, user=user)
        self._optional.extend(Need(name=name, user=user) for name in sorted(names.annotated))

    def _drain(self) -> None:
        while self._queue:
            need = self._queue.pop()
            if need not in self._seen:
                self._seen.add(need)
                self._resolve(need)

    def _try(self, need: Need) -> None:
        """Take what an annotation names that nothing evaluates, if it can be taken without a problem."""
        taken, problems, seen = set(self.taken), dict(self.problems), set(self._seen)
        if self.history.last_binding(need.name, need.before) is not None:
            self._queue.append(need)
            self._drain()
        if len(self.problems) > len(problems):
            self.taken, self.problems, self._seen = taken, problems, seen

    def _resolve(self, need: Need) -> None:
        event = self.history.last_binding(need.name, need.before)
        since = -1 if event is None else event.position
        if event is not None:
            self._take_event(need, event)
            if not event.sure:
                self._queue.append(replace(need, before=event.position, firm=False))
        starred = [star for star in self.history.stars if since < star and (need.before is None or star < need.before)]
        if starred and need.name not in {"get_ipython", "display"} and not need.name.startswith("__"):
            for star in starred:
                self._take(star)
        elif event is None and need.firm and need.name not in AMBIENT:
            self._unbound(need)

    def _take_event(self, need: Need, event: Event) -> None:
        if event.by == "setup":
            return
        statement = event.statement
        if event.by != "statement" or statement is None:
            self._report(need, event, self._made_elsewhere(event))
            return
        reason = self._why_data(need.name, event)
        if reason is None:
            self._take(event.position)
            if need.called and need.before is not None:
                self._call(statement.names, before=need.before, user=need.user)
        else:
            self._report(need, event, reason)

    def _why_data(self, name: str, event: Event) -> str | None:
        """Return why what *event* bound cannot travel, or None where it can."""
        statement = event.statement
        assert statement is not None
        if any(kind not in _SOURCE_KINDS for kinds in statement.binds.values() for kind in kinds):
            changes = self.history.changes.get(name, ())
            if changes:
                return describe(name, changes[0])
            return "" if statement.runs_magic else _bound_by(statement)
        if any("value" in kinds for kinds in statement.binds.values()):
            reason = self._why_no_constant(event)
            if reason is None and self.live is not None and not has_live_value(name, statement, self.live):
                return "it has another value in the kernel now than its source gives it"
            return reason
        return None

    def _why_no_constant(self, event: Event) -> str | None:
        position = event.position
        if position in self._open:
            return None
        if position not in self._constants:
            self._open.add(position)
            self._constants[position] = why_not_constant(self.history, event, judge=self._may_be_part)
            self._open.discard(position)
        return self._constants[position]

    def _may_be_part(self, name: str, before: int) -> bool:
        """Return whether a constant may be made of what *name* stands for at a position."""
        event = self.history.last_binding(name, before)
        if event is None:
            return name in AMBIENT or bool(self.history.stars)
        if event.by == "setup":
            return True
        return event.by == "statement" and self._why_data(name, event) is None

    def _take(self, position: int) -> None:
        if position in self.taken:
            return
        self.taken.add(position)
        cell, statement = self.history.statements[position]
        assert statement is not None  # only statements are events that can be taken
        name = next(iter(statement.binds), "")
        what = f"`{name}` of {cell_name(cell.index)}" if name else cell_name(cell.index)
        self._want(statement.names, before=position, user=what, called=statement.called)

    def _call(self, names: Names, *, before: int, user: str) -> None:
        """Queue what a function reads that is called early: other bindings may count then, inputs are not there."""
        self._queue.extend(
            Need(name=name, before=before, firm=False, called=True, user=user) for name in sorted(names.later)
        )

    def _made_elsewhere(self, event: Event) -> str:
        if event.by == "output":
            return f"it is an output of the function `{event.function}`"
        return "it is a function of its own; use its outputs" if event.by == "function" else ""

    def _report(self, need: Need, event: Event, reason: str) -> None:
        while event.statement is not None and isinstance(event.statement.node, ast.AugAssign):
            event = self.history.last_binding(need.name, event.position) or replace(event, statement=None)
        self.problems.setdefault(
            need.name,
            Problem(
                name=need.name,
                cell=event.cell,
                made=f"`{event.text}`" if event.text else "",
                reason=reason,
                user=need.user,
                output=event.by in {"output", "function"},
            ),
        )

    def _unbound(self, need: Need) -> None:
        """Report a name that nothing visible binds, as well as that can be said."""
        if any(
            setup.binds_unknown and (need.before is None or setup.position < need.before)
            for setup in self.history.setups
        ):
            return
        if need.user == "" and self._body_binds_unknown():
            return
        if self._functions_bind(need.name):
            return
        if _HISTORY.fullmatch(need.name):
            made = "which is the history of a kernel and not there in a run"
            problem = Problem(name=need.name, made=made, user=need.user, givable=False)
        elif self.live is not None and need.name in self.live:
            made = "which is in the kernel but bound by no cell above"
            problem = Problem(name=need.name, made=made, user=need.user)
        elif self.history.unknown:
            event = self.history.unknown[-1]
            self._report(need, event, "it may have been bound there")
            return
        else:
            problem = Problem(name=need.name, user=need.user)
        self.problems.setdefault(need.name, problem)

    def _functions_bind(self, name: str) -> bool:
        """Return whether a function, here or above, binds *name* by `global` when it is called."""
        here = (statement.changes.get(name) for statement in self.body.statements)
        above = (change.how for change in self.history.changes.get(name, ()))
        return BY_GLOBAL in {*here, *above}

    def _body_binds_unknown(self) -> bool:
        """Return whether the body itself may bind names that cannot be seen: a star import, `%run`."""
        return self.body.foreign or any(
            statement.has_star or (statement.runs_magic and binds_unknown(statement))
            for statement in self.body.statements
        )


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
