"""Find the function in the source that a run calls: a `def` by its name, or a method of a class."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb.errors import HubError
from mlrun_nb.imports.document import CODE_ONLY, EVENTS, SERVING, Document
from mlrun_nb.imports.source import Source

Definition = ast.FunctionDef | ast.AsyncFunctionDef

_BEGIN = "get_or_create_ctx"
"""What a script of MLRun calls to begin."""
_ENTRY = "handler"
"""What Nuclio calls by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """A *definition*, and the class that it is a method of, if it is one."""

    definition: Definition
    owner: ast.ClassDef | None = None

    @property
    def name(self) -> str:
        """How it is called: `train`, `Trainer().train`."""
        return f"{self.owner.name}().{self.definition.name}" if self.owner else self.definition.name


def find_handler(document: Document, source: Source, chosen: str = "") -> Handler | None:
    """
    Return the handler *chosen* or stated, or the only one that there is; None where the file itself is the function.

    Raises HubError for one that the source has not, naming those that it has.
    """
    wanted = chosen or _stated(document)
    known = dict(_handlers(source.tree))
    if not wanted and document.kind in EVENTS and _ENTRY in known:
        wanted = _ENTRY
    if not wanted:
        return None if document.kind in CODE_ONLY else _unstated(document, source, known)
    name = _normal(wanted, source.file, known)
    if name in known:
        return known[name]
    near = nearest(name, known)
    there = f"Handlers are: {some(list(known))}." if known else "It has no function at its top level."
    raise HubError(
        f"the code of `{document.where}` has no handler `{wanted}`",
        hint=f"Did you mean `--handler {near}`? {there}" if near else there,
    )


def _stated(document: Document) -> str:
    """Return the handler that *document* states; of a server of models `handler` is what Nuclio calls, no function."""
    is_of_nuclio = document.kind in SERVING and document.handler == _ENTRY
    return "" if is_of_nuclio else document.handler


def _normal(wanted: str, file: str, known: dict[str, Handler]) -> str:
    """Return *wanted* without the module that it may begin with, `file.f` or `file/f`; `Class::method` with a dot."""
    name = wanted.rpartition("/")[2].replace("::", ".")
    return name.removeprefix(f"{PurePosixPath(file).stem}.") if name not in known else name


def _handlers(tree: ast.Module) -> Iterator[tuple[str, Handler]]:
    for node in tree.body:
        if isinstance(node, Definition):
            yield node.name, Handler(definition=node)
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Definition) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", Handler(definition=inner, owner=node)


def _unstated(document: Document, source: Source, known: dict[str, Handler]) -> Handler | None:
    """Return the only public function of a file that does nothing else, None for a file that does something."""
    if any(_does_something(node) for node in source.tree.body):
        return None
    public = [name for name, each in known.items() if each.owner is None and not name.startswith("_")]
    if len(public) == 1:
        return known[public[0]]
    if not known:
        raise HubError(
            f"the code of `{document.where}` defines no function and does nothing", hint="Give the file with the code."
        )
    raise HubError(
        f"`{document.where}` states no handler, and its code has several functions",
        hint=f"Choose one with `--handler`: {some(list(public or known))}.",
    )


def _does_something(node: ast.stmt) -> bool:
    if is_main(node) or any(
        isinstance(each, ast.Name | ast.Attribute) and _last(each) == _BEGIN for each in ast.walk(node)
    ):
        return not isinstance(node, Definition | ast.ClassDef | ast.Import | ast.ImportFrom)
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    plain = Definition | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign | ast.If | ast.Try
    return not is_text and not isinstance(node, plain)


def _last(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def is_main(node: ast.stmt) -> bool:
    """Tell whether *node* is what a file does as a program: `if __name__ == "__main__":`."""
    if not isinstance(node, ast.If):
        return False
    words = {each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)}
    texts = {each.value for each in ast.walk(node.test) if isinstance(each, ast.Constant)}
    return "__name__" in words and "__main__" in texts
