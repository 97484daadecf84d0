"""
Which names of its module level a piece of code reads, binds and changes.

Two readers share the work: a walk over the tree in the order of execution for what happens while the code runs,
and the standard `symtable` for what functions will read when they are called. Nothing here knows of other
cells.
"""

from __future__ import annotations

import ast
import symtable
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from mlrun_nb.notebook.changes import Function, block, inner_statements
from mlrun_nb.notebook.flow import FlowReader
from mlrun_nb.notebook.query_strings import queried_later


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """
    What code does with names at its module level.

    `needed` are read while it runs, before it binds them; `maybe` where it binds them on some ways only, or
    inside shell lines; `later` by its functions when called; `annotated` only by annotations that nothing
    evaluates. `bound` are bound at its end, `touched` may be.
    """

    needed: frozenset[str] = frozenset()
    maybe: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    annotated: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    touched: frozenset[str] = frozenset()


def read_flow(statements: Sequence[ast.stmt], *, eager: bool) -> Names:
    """
    Return what *statements*, run one after the other, do with names, but for what their functions read when called.

    *eager* says whether annotations are evaluated.
    """
    reader = FlowReader(eager=eager)
    reader.run(statements)
    return Names(
        needed=frozenset(reader.needed),
        maybe=frozenset(reader.maybe - reader.needed),
        annotated=frozenset(reader.annotated),
        bound=frozenset(reader.bound),
        touched=frozenset(reader.touched),
    )


def with_calls(names: Names, statements: Sequence[ast.stmt], text: str) -> Names:
    """Return *names* of *statements*, which stand in *text*, with what their functions read when called."""
    spans = [(first_line(node), node.end_lineno or node.lineno) for node in statements]
    found = (found for line, found in _read_later(text) if any(first <= line <= last for first, last in spans))
    queried = (name for node in statements for function in _functions(node) for name in queried_later(function))
    later: frozenset[str] = frozenset(queried).union(*found)
    if not later:
        return names
    unevaluated = frozenset(name for node in statements for name in _only_annotated(node)) & later
    return replace(names, later=later - unevaluated, annotated=names.annotated | unevaluated)


def first_line(node: ast.stmt) -> int:
    """Return the first line of *node*, which is that of its first decorator."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min((node.lineno, *(decorator.lineno for decorator in decorators)))


@lru_cache(maxsize=256)
def _read_later(text: str) -> list[tuple[int, frozenset[str]]]:
    """
    Return the names of the module level that each function of *text* reads, with the function's line.

    Nothing for text that only the symbol table finds wrong, such as a name used before its `global`: it cannot
    run at all.
    """
    try:
        table = symtable.symtable(text, "<cell>", "exec")
    except SyntaxError:
        return []
    children = ((child.get_lineno(), frozenset(_globals(child, called=False))) for child in table.get_children())
    return [(line, names) for line, names in children if names]


def _globals(table: symtable.SymbolTable, *, called: bool) -> Iterator[str]:
    """Yield the globals of functions; a class or comprehension outside any function is read by `flow`."""
    kind = str(getattr(table.get_type(), "value", table.get_type()))
    comprehension = ".0" in table.get_identifiers()
    called = called or (kind == "function" and not comprehension) or kind == "type alias"
    if called:
        for symbol in table.get_symbols():
            if _is_global(symbol) and (symbol.is_referenced() or symbol.is_declared_global()):
                yield symbol.get_name()
    for child in table.get_children():
        yield from _globals(child, called=called)


def _is_global(symbol: symtable.Symbol) -> bool:
    """A function called `top` is a module to `symtable` (Python 3.11 to 3.13), and its own variables global as well."""
    return symbol.is_global() and (symbol.is_declared_global() or not symbol.is_local())


def called_names(code: ast.AST) -> Iterator[str]:
    """Yield names in the calls and decorators that *code* itself runs, functions within it left alone."""
    todo = [code]
    while todo:
        node = todo.pop()
        todo.extend(getattr(node, "decorator_list", ()))
        for decorator in getattr(node, "decorator_list", ()):
            yield from _loads(decorator)
        if isinstance(node, ast.Call):
            yield from _loads(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            todo.extend(default for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None)
        else:
            todo.extend(ast.iter_child_nodes(node))


def _only_annotated(statement: ast.stmt) -> Iterator[str]:
    """Yield names that functions use nowhere but in annotations of their variables; Python evaluates none of those."""
    annotations = [node.annotation for function in _functions(statement) for node in _annotated(function)]
    if annotations:
        unevaluated = Counter(name for annotation in annotations for name in _loads(annotation))
        everywhere = Counter(_loads(statement))
        yield from (name for name, count in unevaluated.items() if everywhere[name] == count)


def _functions(statement: ast.stmt) -> Iterator[Function]:
    for child in block(statement):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for inner in child.body:
                yield from _functions(inner)


def _annotated(function: Function) -> Iterator[ast.AnnAssign]:
    return (statement for statement in inner_statements(function) if isinstance(statement, ast.AnnAssign))


def _loads(tree: ast.AST) -> Iterator[str]:
    return (node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
