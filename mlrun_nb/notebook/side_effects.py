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
from mlrun_nb.notebook.effect_words import ALTERS, ARGUMENT_CHANGED, LOOKS, PROCESS, QUIET_PACKAGES, READS
from mlrun_nb.notebook.history import Event, History
from mlrun_nb.notebook.lost_magics import lost_magics
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.statements import Statement


def find_side_effects(history: History, taken: frozenset[int], running: Sequence[Statement]) -> Iterator[Notice]:
    """Yield a notice for each statement not *taken* that seems to change what *running*, the whole code, uses."""
    packages = {full.partition(".")[0] for statement in running for full in imports_of(statement).values()}
    search = _Effects(history=history, taken=taken, packages=frozenset(packages))
    for position, (cell, statement) in enumerate(history.statements):
        if statement is None or position in taken or statement.runs_magic:
            continue
        for node in block(statement.node):
            if search.alters(node, position):
                line = statement.line + node.lineno - statement.node.lineno
                yield Notice(
                    text=f"`{_quoted(node)}` in {cell_name(cell.index)} changes what is captured, and is not captured",
                    hint=f"Tag {cell_name(cell.index)} `mlrun-setup` to take it whole, or repeat the line in the cell.",
                    cell=cell.index,
                    line=line,
                )
    yield from lost_magics(history, packages)


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
    """Judges statements of earlier cells; `packages` are those that the function imports."""

    history: History
    taken: frozenset[int]
    packages: frozenset[str]
    _judged: dict[int, bool] = field(default_factory=dict)

    def alters(self, node: ast.stmt, position: int, *, local: frozenset[str] = frozenset()) -> bool:
        """Return whether *node*, which stands at a position, seems to change something captured."""
        if isinstance(node, ast.Expr):
            value = node.value.value if isinstance(node.value, ast.Await) else node.value
            return isinstance(value, ast.Call) and self._call_alters(value, position, local)
        return any(self._assignment_alters(target, position, local) for target in _targets(node))

    def _assignment_alters(self, target: ast.expr, position: int, local: frozenset[str]) -> bool:
        chain = _chain(target)
        if not isinstance(target, ast.Attribute | ast.Subscript) or chain is None or chain.root in local:
            return False
        if chain.called:
            return False
        event = self.history.last_binding(chain.root, position)
        return event is not None and (
            self._is_used(event, chain.root) or self._full_name(event, chain).startswith(PROCESS)
        )

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
        if event.position in self.taken or event.by == "setup":
            return True
        origin = imports_of(event.statement).get(root, "") if event.statement is not None else ""
        return bool(origin) and origin.partition(".")[0] in self.packages

    def _full_name(self, event: Event, chain: _Chain) -> str:
        origin = imports_of(event.statement).get(chain.root) if event.statement is not None else None
        return "" if origin is None else ".".join([origin, *chain.attributes])


def _targets(node: ast.stmt) -> Sequence[ast.expr]:
    if isinstance(node, ast.Assign | ast.Delete):
        return node.targets
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return [node.target]
    return ()
