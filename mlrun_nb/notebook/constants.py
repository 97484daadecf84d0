"""
The rule for constants: which assignments may travel as source, and why the others may not.

A constant has one binding in all cells, nothing changes it, and its right side holds only literals, containers,
operators, f-strings, other constants, captured types and functions by name, attributes of imports, and calls of
a few types. In a kernel it must also have the value that its source gives it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from mlrun_nb.notebook.changes import root_name, stored_names
from mlrun_nb.notebook.history import Change, Event, History
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.statements import Statement, assignments

_TYPES = frozenset({"int", "float", "str", "bool", "tuple", "list", "dict", "set", "frozenset", "range"})
_IMPORTED_CALLS = frozenset({"pathlib.Path", "datetime.timedelta", "datetime.datetime", "re.compile"})
_HARMLESS = (
    ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Starred,
    ast.Slice, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Subscript, ast.keyword,
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)  # fmt: skip

Judge = Callable[[str, int], bool]
"""Whether a name, read at a position, stands for something that a constant may be made of."""


def why_not_constant(history: History, event: Event, *, judge: Judge) -> str | None:
    """Return why what the statement of *event* gives to its names are no constants, or None where they are."""
    statement = event.statement
    assert statement is not None
    for bound, kinds in statement.binds.items():
        if kinds != {"value"}:
            continue
        changes = history.changes.get(bound)
        if changes:
            return describe(bound, changes[0])
        events = history.events[bound]
        different = {_text(other): other for other in events} if len(events) > 1 else {}
        if len(different) > 1:
            places = dict.fromkeys(cell_name(other.cell.index) for other in different.values())
            return f"`{bound}` is bound {len(different)} times, in {' and '.join(places)}"
    for assignment in assignments(statement.node):
        reason = _why_not(assignment, event, history, judge)
        if reason:
            return reason
    return None


def describe(name: str, change: Change) -> str:
    """Return a change of *name* in words, with its place."""
    return f"`{name}` is {change.how} in {cell_name(change.cell.index)}, line {change.line}"


def _text(event: Event) -> object:
    """Return what tells bindings apart: a cell that was run twice binds its names once."""
    return ast.dump(event.statement.node) if event.statement is not None else (event.by, event.position)


def _why_not(assignment: ast.Assign | ast.AnnAssign, event: Event, history: History, judge: Judge) -> str | None:
    if isinstance(assignment.value, ast.Lambda) or assignment.value is None:
        return None
    here = set(event.statement.binds) if event.statement is not None else set()
    for node in _parts(assignment.value):
        if isinstance(node, _HARMLESS):
            continue
        if isinstance(node, ast.Name):
            if node.id in here or judge(node.id, event.position):
                continue
            return f"it is made of `{node.id}`"
        if isinstance(node, ast.Attribute) and _is_imported(node, event.position, history):
            continue
        if isinstance(node, ast.Call):
            if _may_call(node.func, event.position, history):
                continue
            return f"it is the result of a call, `{_short(ast.unparse(node.func))}(…)`"
        return f"it is made by {_kind(node)}"
    return None


def _parts(value: ast.expr) -> Iterator[ast.AST]:
    """Yield the nodes of *value*; of an attribute and of what is called, only the whole."""
    todo: list[ast.AST] = [value]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, ast.Call):
            todo.extend([*node.args, *node.keywords])
        elif not isinstance(node, ast.Attribute):
            todo.extend(ast.iter_child_nodes(node))


def _is_imported(node: ast.Attribute, position: int, history: History) -> bool:
    return imported_name(node, position, history) is not None


def _may_call(function: ast.expr, position: int, history: History) -> bool:
    if isinstance(function, ast.Name) and function.id in _TYPES and history.last_binding(function.id, position) is None:
        return True
    return imported_name(function, position, history) in _IMPORTED_CALLS


def imported_name(node: ast.expr, position: int, history: History) -> str | None:
    """Return the full name of what *node* reaches by an import, `numpy.random.seed` for `np.random.seed`, or None."""
    attributes: list[str] = []
    inner = node
    while isinstance(inner, ast.Attribute):
        attributes.insert(0, inner.attr)
        inner = inner.value
    root = root_name(inner) if isinstance(inner, ast.Name) else None
    event = history.last_binding(root, position) if root else None
    if root is None or event is None or event.statement is None:
        return None
    origin = imports_of(event.statement).get(root)
    return None if origin is None else ".".join([origin, *attributes])


def imports_of(statement: Statement) -> dict[str, str]:
    """Return the names that *statement* imports, also in functions, and the full names behind them."""
    if not any("import" in text for _, text in statement.lines):
        return {}
    found: dict[str, str] = {}
    for node in ast.walk(statement.node):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name] = f"{'.' * node.level}{node.module or ''}.{alias.name}"
    return found


def _kind(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"`{_short(ast.unparse(node))}`, an attribute of something that is no import"
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return "a comprehension"
    return f"`{_short(ast.unparse(node))}`"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:37]}…"


def has_live_value(name: str, statement: Statement, live: Mapping[str, object]) -> bool:
    """Return whether *name* still has in the kernel the value, or one of the values, that *statement* gives it."""
    if name not in live:
        return False
    if statement.binds[name] != {"value"}:
        return True
    return any(_gives(assignment, name, live) for assignment in assignments(statement.node))


def _gives(assignment: ast.Assign | ast.AnnAssign, name: str, live: Mapping[str, object]) -> bool:
    """Run an assignment that kept the rule, apart from the kernel's namespace, and compare."""
    targets: list[ast.expr] = assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]
    if assignment.value is None or not any(name in stored_names(target) for target in targets):
        return False
    again = ast.Assign(targets=targets, value=assignment.value)
    module = ast.fix_missing_locations(ast.Module(body=[ast.copy_location(again, assignment)], type_ignores=[]))
    names = {node.id for node in ast.walk(assignment.value) if isinstance(node, ast.Name)}
    namespace = {key: live[key] for key in names if key in live}
    try:
        exec(compile(module, "<constant>", "exec"), namespace)  # noqa: S102  # literals, operators and a few types only
        return _same(namespace[name], live[name])
    except Exception:  # noqa: BLE001  # a value of the user's may raise anything when it is compared
        return False


def _same(one: object, other: object) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    return bool(one == other) or repr(one) == repr(other)  # NaN is not equal to itself
