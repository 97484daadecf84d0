"""
What cells above do to captured things without binding a name, and what would be lost without a word: notices.

Seeds, options of libraries, `sys.path`, methods hung on a class later, `%matplotlib`. False alarms make people stop
reading, so a call that only shows or computes something is none, where that can be told.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mlrun_nb.model.notice import Notice
from mlrun_nb.notebook.changes import block, inner_statements, own_variables
from mlrun_nb.notebook.constants import imports_of
from mlrun_nb.notebook.effect_words import (
    ALTERS,
    ARGUMENT_CHANGED,
    BUILT_ON,
    CONTEXTS,
    LOOKS,
    PROCESS,
    QUIET_PACKAGES,
    READS,
    SETS,
)
from mlrun_nb.notebook.history import Event, History
from mlrun_nb.notebook.lost_magics import lost_magics
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.statements import Statement

_NONE: frozenset[str] = frozenset()


def find_side_effects(history: History, taken: frozenset[int], running: Sequence[Statement]) -> Iterator[Notice]:
    """Yield a notice for each statement not *taken* that seems to change what *running*, the whole code, uses."""
    read = frozenset(name for statement in running for name in _read_by(statement))
    packages = frozenset(package for statement in running for package in _packages(statement, read))
    search = _Effects(history=history, taken=taken, read=read, packages=packages)
    for position, (cell, statement) in enumerate(history.statements):
        if statement is None or position in taken or statement.runs_magic:
            continue
        for node in block(statement.node):
            if search.alters(node, position):
                line = statement.line + node.lineno - statement.node.lineno
                yield Notice(
                    text=f"`{_quoted(node)}` in {cell_name(cell)} changes what is captured, and is not captured",
                    hint=f"Tag {cell_name(cell)} `mlrun-setup` to take it whole, or repeat the line in the cell.",
                    cell=cell.place,
                    line=line,
                    place=cell_name(cell),
                )
    yield from lost_magics(history, packages)


def _read_by(statement: Statement) -> frozenset[str]:
    return statement.names.needed | statement.names.maybe | statement.names.later | statement.names.annotated


def _packages(statement: Statement, read: frozenset[str]) -> Iterator[str]:
    """Yield the packages that *statement* imports; where a line imports several, those that something reads."""
    imported = imports_of(statement)
    imports_several = isinstance(statement.node, ast.Import | ast.ImportFrom) and len(imported) > 1
    for name, full in imported.items():
        if name in read or not imports_several:
            yield full.partition(".")[0]


def _quoted(node: ast.stmt) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else f"{text[:57]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chain:
    """`a.b().c` as its first name, the attributes, and whether something was called on the way."""

    root: str
    attributes: tuple[str, ...]
    called: bool


def _chain(node: ast.expr) -> _Chain | None:
    attributes: list[str] = []
    called = False
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            attributes.insert(0, node.attr)
            node = node.value
        elif isinstance(node, ast.Call | ast.Subscript):
            called = called or isinstance(node, ast.Call)
            node = node.func if isinstance(node, ast.Call) else node.value
        else:
            return None
    return _Chain(root=node.id, attributes=tuple(attributes), called=called)


@dataclass(slots=True, kw_only=True)
class _Effects:
    """Judges statements of earlier cells; `packages` are those that the function imports, `read` the names it reads."""

    history: History
    taken: frozenset[int]
    read: frozenset[str]
    packages: frozenset[str]
    _judged: dict[int, bool] = field(default_factory=dict)

    def alters(self, node: ast.stmt, position: int, *, local: frozenset[str] = frozenset()) -> bool:
        """Return whether *node*, which stands at a position, seems to change something captured."""
        value = getattr(node, "value", None)
        value = value.value if isinstance(value, ast.Await) else value
        if isinstance(node, ast.Expr):
            return isinstance(value, ast.Call) and self._call_alters(value, position, local)
        if isinstance(node, ast.Assign) and isinstance(value, ast.Call) and self._result_alters(value, position, local):
            return True
        return any(self._assignment_alters(target, position, local) for target in _targets(node))

    def _assignment_alters(self, target: ast.expr, position: int, local: frozenset[str]) -> bool:
        chain = _chain(target)
        if not isinstance(target, ast.Attribute | ast.Subscript) or chain is None or chain.root in local:
            return False
        event = self.history.last_binding(chain.root, position)
        if chain.called and (event is None or not self._full_name(event, chain).startswith(CONTEXTS)):
            return False
        return event is not None and (
            self._is_used(event, chain.root) or self._full_name(event, chain).startswith(PROCESS)
        )

    def _result_alters(self, call: ast.Call, position: int, local: frozenset[str]) -> bool:
        """Return whether a call whose result is kept, `old = np.seterr(…)`, surely changes something besides."""
        chain = _chain(call.func)
        event = self.history.last_binding(chain.root, position) if chain is not None else None
        if (
            chain is None
            or event is None
            or chain.root in local
            or chain.called
            or not self._is_used(event, chain.root)
        ):
            return False
        full = self._full_name(event, chain)
        if full:
            return SETS.fullmatch(full.rpartition(".")[2]) is not None
        return not chain.attributes and self._function_alters(event)

    def _call_alters(self, call: ast.Call, position: int, local: frozenset[str]) -> bool:
        chain = _chain(call.func)
        if chain is None or chain.root in local:
            return False
        event = self.history.last_binding(chain.root, position)
        last = chain.attributes[-1] if chain.attributes else chain.root
        if last in ARGUMENT_CHANGED and call.args and self._names_used(call.args[0], position, local):
            return True
        if event is None:
            return False
        full = self._full_name(event, chain)
        if full:
            return self._import_alters(full, event, chain)
        if not self._is_used(event, chain.root):
            return False
        if not chain.attributes:
            return not chain.called and self._function_alters(event)
        return not chain.called and chain.attributes[-1] not in READS

    def _names_used(self, argument: ast.expr, position: int, local: frozenset[str]) -> bool:
        chain = _chain(argument)
        event = (
            self.history.last_binding(chain.root, position) if chain is not None and chain.root not in local else None
        )
        return event is not None and chain is not None and self._is_used(event, chain.root)

    def _import_alters(self, full: str, event: Event, chain: _Chain) -> bool:
        last = full.rpartition(".")[2]
        if full.startswith(PROCESS) and ALTERS.fullmatch(last):
            return True
        if not self._is_used(event, chain.root):
            return False
        if full.partition(".")[0] in QUIET_PACKAGES:
            return not chain.called and ALTERS.fullmatch(last) is not None
        if chain.called:
            return ALTERS.fullmatch(last) is not None
        return LOOKS.fullmatch(last) is None and not last[:1].isupper()

    def _function_alters(self, event: Event) -> bool:
        """Return whether a captured function, when called, changes more than its own variables."""
        node = event.statement.node if event.statement is not None else None
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        if event.position not in self._judged:
            self._judged[event.position] = False  # a function that calls itself adds nothing by that
            local = own_variables(node)
            end = len(self.history.statements)
            self._judged[event.position] = any(
                isinstance(child, ast.Global) or self.alters(child, end, local=local)
                for child in inner_statements(node)
            )
        return self._judged[event.position]

    def _is_used(self, event: Event, root: str) -> bool:
        """Return whether what *root* stands for is captured, or belongs to a package that the function imports."""
        if event.by == "setup" or (event.position in self.taken and root in self.read):
            return True
        origin = imports_of(event.statement).get(root, "") if event.statement is not None else ""
        package = origin.partition(".")[0]
        return bool(package) and (
            package in self.packages or not BUILT_ON.get(package, _NONE).isdisjoint(self.packages)
        )

    def _full_name(self, event: Event, chain: _Chain) -> str:
        origin = imports_of(event.statement).get(chain.root) if event.statement is not None else None
        return "" if origin is None else ".".join([origin, *chain.attributes])


def _targets(node: ast.stmt) -> Sequence[ast.expr]:
    if isinstance(node, ast.Assign | ast.Delete):
        return node.targets
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return [node.target]
    return ()
