"""
Which names a text binds at its top level: what an output can be.

Magics that may bind anything (`%run`, `%store`) make the answer incomplete, so that nobody is told of a typing error
that is none.
"""

from __future__ import annotations

import ast
import symtable
import warnings
from dataclasses import dataclass

from mlrun_nb.notebook.magic_lines import Unreadable, read_cell

_RUN_STATEMENT = frozenset({"time", "timeit", "prun", "memit", "capture"})
_BIND_NOTHING = frozenset({"autoreload", "bash", "cd", "conda", "config", "env", "html", "latex", "load_ext", "ls"}) | {
    "markdown", "matplotlib", "mkdir", "pip", "reload_ext", "set_env", "sh", "writefile"
}  # fmt: skip
_BIND_ANYTHING = frozenset({"exec", "eval", "globals", "locals", "vars", "setattr"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """Names bound at the top level; with `complete` false there may be more."""

    names: frozenset[str] = frozenset()
    complete: bool = True

    def __or__(self, other: Bindings) -> Bindings:
        """Return what both texts bind, one after the other."""
        return Bindings(names=self.names | other.names, complete=self.complete and other.complete)


def bindings_of(source: str) -> Bindings:
    """Return the names that *source*, the text of a cell, binds; incomplete for text that is not Python."""
    try:
        cell = read_cell(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = symtable.symtable(ast.unparse(cell.tree), "cell", "exec")
    except (Unreadable, SyntaxError, ValueError, RecursionError):
        return Bindings(complete=False)
    found = Bindings(names=frozenset(_assigned(table)) | _globals(table), complete=not cell.foreign)
    for node in ast.walk(cell.tree):
        found |= _hidden(node)
    return found


def _assigned(table: symtable.SymbolTable) -> list[str]:
    return [item.get_name() for item in table.get_symbols() if item.is_assigned() or item.is_imported()]


def _globals(table: symtable.SymbolTable) -> frozenset[str]:
    """Return the names that functions below *table* bind by `global`."""
    names: frozenset[str] = frozenset()
    for child in table.get_children():
        names |= {item.get_name() for item in child.get_symbols() if item.is_declared_global() and item.is_assigned()}
        names |= _globals(child)
    return names


def _hidden(node: ast.AST) -> Bindings:
    """Return what a node binds without an assignment of its own: star imports, `exec`, and magics."""
    if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        return Bindings(complete=False)
    if not isinstance(node, ast.Call):
        return Bindings()
    if isinstance(node.func, ast.Name):
        return Bindings(complete=node.func.id not in _BIND_ANYTHING)
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in {"run_line_magic", "run_cell_magic"}:
        return Bindings()
    words = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if words and words[0] in _RUN_STATEMENT:
        return bindings_of(words[-1])
    return Bindings(complete=bool(words) and words[0] in _BIND_NOTHING)
