"""
The source files of a project that captured code, or a whole notebook, imports, and that those import in turn.

A module counts when the finder finds it under the project root; everything else is expected in the run's environment.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from mlrun_nb.model.notice import Notice
from mlrun_nb.notebook.cells import Cell, ModuleFinder, Notebook, is_python
from mlrun_nb.notebook.magic_lines import UNREADABLE, Unreadable, parse_python
from mlrun_nb.notebook.parsing import cell_name, strip_magic
from mlrun_nb.notebook.statements import read_statements


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectModules:
    """Path → content of every file that an import reads, and what could not be followed."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


def find_modules(statements: Sequence[ast.stmt], finder: ModuleFinder | None) -> ProjectModules:
    """Return the project files that *statements* import, at once or in functions, transitively."""
    if finder is None:
        return ProjectModules()
    files: dict[str, bytes] = {}
    notices: list[Notice] = []
    queue = [module for statement in statements for module in _imports(statement, package="")]
    seen: set[str] = set()
    while queue:
        module = queue.pop()
        if module in seen:
            continue
        seen.add(module)
        found = finder.find(module) or {}
        for path, content in found.items():
            if path not in files:
                files[path] = content
                try:
                    queue.extend(_file_imports(content, _package_of(path, module)))
                except UNREADABLE:
                    notices.append(_unreadable(path))
    return ProjectModules(files=dict(sorted(files.items())), notices=tuple(notices))


def find_notebook_modules(notebook: Notebook, finder: ModuleFinder | None) -> ProjectModules:
    """Return the project files that the cells of a whole *notebook* of Python import; see `find_modules`."""
    statements: list[ast.stmt] = []
    notices: list[Notice] = []
    for cell in notebook.cells if is_python(notebook.language) else ():
        if cell.kind == "code":
            try:
                code = read_statements(strip_magic(cell.source)[0])
                statements += [statement.plain for statement in code.statements]
            except Unreadable as err:
                notices.append(_unreadable_cell(cell, err))
    found = find_modules(statements, finder)
    return replace(found, notices=(*notices, *found.notices))


def _unreadable_cell(cell: Cell, err: Unreadable) -> Notice:
    return Notice(
        text=f"{cell_name(cell)} cannot be read as Python ({err.reason}); what it imports does not go along",
        hint=f"Correct line {err.line} of {cell_name(cell)}, or make it a Markdown cell.",
        cell=cell.place,
        line=err.line,
        place=cell_name(cell),
    )


def _unreadable(path: str) -> Notice:
    return Notice(
        text=f"`{path}` cannot be read as Python; what it imports does not go along", hint=f"Correct `{path}`."
    )


@lru_cache(maxsize=512)
def _file_imports(content: bytes, package: str) -> tuple[str, ...]:
    return tuple(_imports(parse_python(content), package=package))


def _imports(tree: ast.AST, *, package: str) -> Iterator[str]:
    """Yield the dotted names that imports in *tree* may read: packages on the way, and names that may be modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            if base:
                yield from _with_parents(base)
                yield from (f"{base}.{alias.name}" for alias in node.names if alias.name != "*")


def _with_parents(module: str) -> Iterable[str]:
    parts = module.split(".")
    return (".".join(parts[: count + 1]) for count in range(len(parts)))


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """Return the module that `from …` names; empty where a relative import leaves the package."""
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    if node.level > len(parts):
        return ""
    kept = parts[: len(parts) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _package_of(path: str, module: str) -> str:
    """
    Return the package that relative imports in the file at *path* start from; the file was read for *module*.

    The part of the path above the module's first name, as in `src/`, belongs to no package.
    """
    folders = path.split("/")[:-1]
    top = module.partition(".")[0]
    return ".".join(folders[folders.index(top) :]) if top in folders else ""
