"""
The search behind capture: from the names that a cell needs to the statements that must travel, or to problems.

A name that code reads while it runs is looked up among the bindings before that code; a name that a function reads when
called, among all of them. The last binding counts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from mlrun_nb.notebook.changes import BY_GLOBAL
from mlrun_nb.notebook.complaints import Problem, parameter_line
from mlrun_nb.notebook.early_calls import names_read_early
from mlrun_nb.notebook.history import Event, History, binds_unknown
from mlrun_nb.notebook.judge import AMBIENT, Judge
from mlrun_nb.notebook.names import Names
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.registrations import find_registrations
from mlrun_nb.notebook.statements import CellCode, Statement

_HISTORY = re.compile(r"_{1,3}|_\d+|_i\d*|_ii|_iii|_ih|_oh|_dh|In|Out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """
    A name that something reads. `before` limits the bindings to look at; without `firm` it may as well not exist.

    `called`: a function of that name is called before that position, so that what it reads must be there by then.
    """

    name: str
    before: int | None = None
    firm: bool = True
    called: int | None = None
    user: str = ""


@dataclass(slots=True, kw_only=True)
class Search:
    """
    One search; `taken` are positions of statements, `problems` the names that cannot travel.

    `left` are positions of definitions that captured code would know of, and that need what cannot travel.
    """

    history: History
    body: CellCode
    given: frozenset[str]
    live: Mapping[str, object] | None = None
    taken: set[int] = field(default_factory=set)
    problems: dict[str, Problem] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    _queue: list[Need] = field(default_factory=list)
    _seen: set[Need] = field(default_factory=set)
    _optional: list[Need] = field(default_factory=list)
    _judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        self._judge = Judge(history=self.history, live=self.live)

    def run(self) -> None:
        """Fill `taken`, `problems` and `left`."""
        for position in self.history.futures:
            self._take(position)
        for setup in self.history.setups:
            if setup.code is not None:
                user = f"the setup of {cell_name(setup.cell)}"
                self._want(setup.code.names, before=setup.position, user=user, called=setup.code.names.needed)
                self._call(setup.code.names, made=setup.position, called=setup.position, user=user)
        names = self.body.names
        self._add(names.needed - self.given)
        self._add(names.maybe - self.given, firm=False)
        self._add(names.later - self.given - names.touched)
        self._add(names.later & names.touched - names.bound - self.given, firm=False)
        self._add(names_read_early(self.body, self.history) - self.given, firm=False)
        self._optional.extend(Need(name=name) for name in sorted(names.annotated - self.given))
        self._drain()
        self._take_registrations()
        for need in self._optional:
            if self.history.last_binding(need.name, need.before) is not None:
                self._try(partial(self._queue.append, need))

    def setup_statements(self) -> Iterable[Statement]:
        """Return the statements of the cells that are taken whole."""
        return (statement for setup in self.history.setups if setup.code for statement in setup.code.statements)

    def _add(self, names: Iterable[str], *, before: int | None = None, firm: bool = True, user: str = "") -> None:
        self._queue.extend(Need(name=name, before=before, firm=firm, user=user) for name in sorted(names, reverse=True))

    def _want(self, names: Names, *, before: int, user: str, called: frozenset[str]) -> None:
        """Queue what captured code needs: inputs, parameters and the body come too late for what it reads at once."""
        body = self.body.names
        self._add(names.needed - called, before=before, user=user)
        self._queue.extend(Need(name=name, before=before, called=before, user=user) for name in names.needed & called)
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

    def _take_registrations(self) -> None:
        """Take what captured code learns of without naming it, and what that needs; leave what cannot be taken."""
        while True:
            found = find_registrations(self.history, self.taken, self.body.statements)
            position = next((position for position in found if position not in self.left), None)
            if position is None:
                return
            if not self._try(partial(self._take, position)):
                self.left.add(position)

    def _try(self, action: Callable[[], None]) -> bool:
        """Take what *action* asks for, unless data is in it: what nothing evaluates, or what nobody names."""
        taken, problems, seen = set(self.taken), dict(self.problems), set(self._seen)
        action()
        self._drain()
        if len(self.problems) == len(problems):
            return True
        self.taken, self.problems, self._seen = taken, problems, seen
        return False

    def _resolve(self, need: Need) -> None:
        event = self.history.last_binding(need.name, need.before)
        since = -1 if event is None else event.position
        if event is not None:
            self._take_event(need, event)
            self._take_submodules(need, event)
            if not event.sure:
                self._queue.append(replace(need, before=event.position, firm=False))
        starred = [star for star in self.history.stars if since < star and (need.before is None or star < need.before)]
        if starred and self._may_be_starred(need.name):
            for star in starred:
                self._take(star)
        elif event is None and need.firm and need.name not in AMBIENT:
            self._unbound(need)

    def _may_be_starred(self, name: str) -> bool:
        """Tell whether a star import may have bound *name*; in a kernel its names are there, and none has a `_`."""
        is_there = self.live is None or name in self.live or name in AMBIENT
        return is_there and name not in {"get_ipython", "display"} and not name.startswith("_")

    def _take_event(self, need: Need, event: Event) -> None:
        if event.by == "setup":
            self._call_setup(need, event)
            return
        statement = event.statement
        if event.by != "statement" or statement is None:
            self._report(need, event, self._made_elsewhere(event))
            return
        reason = self._judge.why_data(need.name, event)
        if reason is None:
            self._take(event.position)
            if need.called is not None:
                self._call(statement.names, made=event.position, called=need.called, user=need.user)
        else:
            self._report(need, event, reason)

    def _take_submodules(self, need: Need, event: Event) -> None:
        """`import a.b` and `import a.c` both bind `a`, and each makes another part of it reachable."""
        if not _imports_package(event, need.name):
            return
        known = {_import_text(event)}
        for other in reversed(self.history.events[need.name]):
            text = _import_text(other) if _imports_package(other, need.name) else ""
            if text and text not in known and (need.before is None or other.position < need.before):
                known.add(text)  # of a line that ran twice, the last is taken
                self._take(other.position)

    def _take(self, position: int) -> None:
        if position in self.taken:
            return
        self.taken.add(position)
        cell, statement = self.history.statements[position]
        assert statement is not None  # only statements are events that can be taken
        name = next(iter(statement.binds), "")
        what = f"`{name}` of {cell_name(cell)}" if name else cell_name(cell)
        self._want(statement.names, before=position, user=what, called=statement.called)

    def _call(self, names: Names, *, made: int, called: int, user: str) -> None:
        """
        Queue what a function reads that is called early: other bindings may count then, inputs are not there.

        What it was *made* of, another function or a decorator, is called with it.
        """
        for before, read in ((called, names.later), (made, names.needed)):
            self._queue.extend(
                Need(name=name, before=before, firm=False, called=called, user=user) for name in sorted(read)
            )

    def _call_setup(self, need: Need, event: Event) -> None:
        """Queue what a function of a setup cell reads that is called early."""
        codes = (setup.code for setup in self.history.setups if setup.position == event.position)
        statements = (statement for code in codes if code is not None for statement in code.statements)
        for statement in statements:
            if need.called is not None and need.name in statement.binds:
                self._call(statement.names, made=event.position + 1, called=need.called, user=need.user)

    def _made_elsewhere(self, event: Event) -> str:
        if event.by == "output":
            return f"it is an output of the function `{event.function}`"
        return "it is a function of its own; use its outputs" if event.by == "function" else ""

    def _report(self, need: Need, event: Event, reason: str) -> None:
        while event.statement is not None and isinstance(event.statement.node, ast.AugAssign):
            event = self.history.last_binding(need.name, event.position) or replace(event, statement=None)
        change = self._judge.mutations.first(need.name)
        self.problems.setdefault(
            need.name,
            Problem(
                name=need.name,
                cell=event.cell,
                changed_in=change.cell if change is not None else None,
                parameter=parameter_line(need.name, event.statement.node) if event.statement is not None else "",
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
        here = (change.how for code in self.body.statements for change in code.changes if change.name == name)
        above = (change.how for change in self.history.changes.get(name, ()))
        return BY_GLOBAL in {*here, *above}

    def _body_binds_unknown(self) -> bool:
        """Return whether the body itself may bind names that cannot be seen: a star import, `%run`."""
        return self.body.foreign or any(
            statement.has_star or (statement.runs_magic and binds_unknown(statement))
            for statement in self.body.statements
        )


def _imports_package(event: Event, name: str) -> bool:
    """Tell whether *event* is `import name` or `import name.part`."""
    node = event.statement.node if event.by == "statement" and event.statement is not None else None
    return isinstance(node, ast.Import) and any(
        alias.asname is None and alias.name.partition(".")[0] == name for alias in node.names
    )


def _import_text(event: Event) -> str:
    assert event.statement is not None  # it imports
    return ast.unparse(event.statement.node)
