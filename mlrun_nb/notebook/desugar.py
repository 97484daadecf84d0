"""
A cell's tree made fit for readers of plain Python: top-level `await` and the code in `%time` lines.

The tree it makes has the same top-level statements, one for one; it is looked at and never run.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from mlrun_nb.notebook.magic_lines import UNREADABLE, CellText, parse_python

_OPTIONS = re.compile(r"(?:-{1,2}[a-zA-Z][\w-]*(?:[ =]?\d+)?\s+)*")
_INTERPOLATED = re.compile(r"(?<![\w$])\$(?P<name>[^\W\d]\w*)|\{(?P<expression>[^{}]+)\}")
_RUNS_HERE = frozenset({"time", "prun", "pyinstrument", "snakeviz"})
_RUNS_APART = frozenset({"timeit", "memit", "mprun", "lprun"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainCode:
    """Statements and their text; `is_future` says that a `from __future__ import annotations` stood among them."""

    body: Sequence[ast.stmt]
    text: str
    is_future: bool


def desugar(cell: CellText) -> PlainCode:
    """Return the statements of *cell* as plain Python with positions that fit the text beside them."""
    source = "" if cell.foreign else "\n".join(cell.lines)
    is_future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in cell.tree.body)
    if not cell.magics and not is_future and "await" not in source and "async" not in source:
        return PlainCode(body=cell.tree.body, text=source, is_future=False)
    plain = _Plain(cell.magics)
    body = [ast.fix_missing_locations(plain.statement(node)) for node in parse_python(ast.unparse(cell.tree)).body]
    text = ast.unparse(ast.Module(body=body, type_ignores=[]))
    postponed = any(_postpones(node) for node in cell.tree.body)
    return PlainCode(body=parse_python(text).body, text=text, is_future=postponed)


def shell_names(cell: CellText, node: ast.stmt) -> frozenset[str]:
    """Return the names that IPython would put into the shell and magic lines of *node*: `{name}` and `$name`."""
    last = node.end_lineno or node.lineno
    lines = [cell.lines[number - 1] for number in cell.magics if node.lineno <= number <= last]
    found: set[str] = set()
    for match in _INTERPOLATED.finditer("\n".join(lines)):
        if match["name"]:
            found.add(match["name"])
        else:
            found |= _expression_names(match["expression"])
    return frozenset(found)


def _expression_names(text: str) -> set[str]:
    try:
        tree = ast.parse(text.partition("!")[0].partition(":")[0].strip(), mode="eval")
    except UNREADABLE:
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _postpones(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
    )


class _Plain(ast.NodeTransformer):
    """Replaces what only a notebook may do, outside of functions."""

    def __init__(self, magics: frozenset[int]) -> None:
        self._magics = magics

    def statement(self, node: ast.stmt) -> ast.stmt:
        """Return *node* or the one statement that stands for it."""
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            return ast.Pass()
        changed = self.visit(node)
        assert isinstance(changed, ast.stmt)
        return changed

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A function may await as it likes."""
        return node

    visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef  # type: ignore[assignment]  # all come back as they are

    def visit_Await(self, node: ast.Await) -> ast.AST:
        """`await x` reads what `x` reads."""
        return self.visit(node.value)  # type: ignore[no-any-return]  # an expression for an expression

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        """As a `for`."""
        self.generic_visit(node)
        return ast.For(target=node.target, iter=node.iter, body=node.body, orelse=node.orelse)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        """As a `with`."""
        self.generic_visit(node)
        return ast.With(items=node.items, body=node.body)

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        """As one that does not wait."""
        self.generic_visit(node)
        node.is_async = 0
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """A `%time` line is the code behind it."""
        code = _magic_code(node.value) if self._magics else None
        if code is None:
            return self.generic_visit(node)
        here, body = code
        if here:
            return ast.If(test=ast.Constant(value=True), body=body, orelse=[])
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        apart = ast.FunctionDef(name="_timed", args=nothing, body=body, decorator_list=[])
        if sys.version_info >= (3, 12):
            apart.type_params = []
        return apart


def _magic_code(call: ast.expr) -> tuple[bool, list[ast.stmt]] | None:
    """Return the code that a call of a magic runs, and whether it runs in the notebook's namespace."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")), attr="run_line_magic"),
            args=[ast.Constant(value=str(name)), ast.Constant(value=str(line))],
        ) if name in _RUNS_HERE | _RUNS_APART:
            try:
                body = parse_python(_OPTIONS.sub("", line, count=1)).body
            except UNREADABLE:
                return None
            return (name in _RUNS_HERE, body) if body else None
    return None
