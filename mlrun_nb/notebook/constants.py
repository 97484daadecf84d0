"""
The rule for constants: which assignments may travel as source, and why the others may not.

A constant has one binding in all cells, nothing changes it, and its right side holds only literals, containers,
comprehensions, operators, f-strings, lambdas, other constants, captured types and functions, their attributes and those
of imports, and calls of `harmless_calls`. In a kernel it must also have the value that its source gives it:
`live_values`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from mlrun_nb.notebook.changes import root_name, stored_names
from mlrun_nb.notebook.harmless_calls import BUILTINS, IMPORTED, IMPORTED_MODULES, ITERATORS, METHODS
from mlrun_nb.notebook.history import Event, History
from mlrun_nb.notebook.mutations import Mutations
from mlrun_nb.notebook.parsing import cell_name
from mlrun_nb.notebook.statements import Statement, assignments

_HARMLESS = (
    ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Starred,
    ast.Slice, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Subscript, ast.keyword, ast.Lambda,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.Attribute,
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)  # fmt: skip

MayBePart = Callable[[str, int], bool]
"""Whether a name, read at a position, stands for something that a constant may be made of."""


def why_not_constant(mutations: Mutations, event: Event, *, may_be_part: MayBePart) -> str | None:
    """Return why what the statement of *event* gives to its names are no constants, or None where they are."""
    history = mutations.history
    statement = event.statement
    assert statement is not None
    for bound, kinds in statement.binds.items():
        if kinds != {"value"}:
            continue
        change = mutations.first(bound)
        if change is not None:
            return mutations.words(bound, change)
        events = history.events[bound]
        different = {_text(other): other for other in events} if len(events) > 1 else {}
        if len(different) > 1:
            places = dict.fromkeys(cell_name(other.cell) for other in different.values())
            return f"`{bound}` is bound {len(different)} times, in {' and '.join(places)}"
    for assignment in assignments(statement.node):
        reason = _why_not(assignment, event, history, may_be_part)
        if reason:
            return reason
    return None


def _text(event: Event) -> object:
    """Return what tells bindings apart: a cell that was run twice binds its names once."""
    return ast.dump(event.statement.node) if event.statement is not None else (event.by, event.position)


def _why_not(
    assignment: ast.Assign | ast.AnnAssign, event: Event, history: History, may_be_part: MayBePart
) -> str | None:
    value = assignment.value
    if isinstance(value, ast.Lambda) or value is None:
        return None
    if _is_iterator(value):
        return "it is an iterator, which is empty once it was used"
    here = set(event.statement.binds) if event.statement is not None else set()
    for node in _parts(value, event.position, history):
        if isinstance(node, ast.Name):
            if node.id not in here and not may_be_part(node.id, event.position):
                return f"it is made of `{node.id}`"
        elif isinstance(node, ast.Call):
            if not _may_call(node.func, event.position, history):
                return f"it is the result of a call, `{_short(ast.unparse(node.func))}(…)`"
        elif not isinstance(node, _HARMLESS):
            return f"it is made by `{_short(ast.unparse(node))}`"
    return None


def _is_iterator(value: ast.expr) -> bool:
    is_call = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in ITERATORS
    return is_call or isinstance(value, ast.GeneratorExp)


def _parts(value: ast.expr, position: int, history: History) -> Iterator[ast.AST]:
    """Yield the nodes of *value* but for the targets of comprehensions; of a lambda and of an import only the whole."""
    todo: list[tuple[ast.AST, frozenset[str]]] = [(value, frozenset())]
    while todo:
        node, own = todo.pop()
        if isinstance(node, ast.Name) and node.id in own:
            continue
        yield node
        if isinstance(node, ast.Lambda) or (isinstance(node, ast.Attribute) and _is_imported(node, position, history)):
            continue
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            own |= {name for generator in node.generators for name in stored_names(generator.target)}
        todo.extend((child, own) for child in _children(node))


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is inside *node*; of a call of a name the arguments, of that of a method also what it belongs to."""
    if not isinstance(node, ast.Call):
        yield from ast.iter_child_nodes(node)
        return
    yield from (*node.args, *node.keywords)
    if isinstance(node.func, ast.Attribute):
        yield node.func.value


def _is_imported(node: ast.expr, position: int, history: History) -> bool:
    return imported_name(node, position, history) is not None


def _may_call(function: ast.expr, position: int, history: History) -> bool:
    if isinstance(function, ast.Name) and history.last_binding(function.id, position) is None:
        return function.id in BUILTINS
    full = imported_name(function, position, history)
    if full is None:
        return isinstance(function, ast.Attribute) and function.attr in METHODS
    return full in IMPORTED or full.rpartition(".")[0] in IMPORTED_MODULES


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


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:37]}…"
