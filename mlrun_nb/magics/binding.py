"""
What a run brings back into the namespace: its outputs as variables, the function under its name.

Never a proxy: what is too large to be a variable stays where it is, and the way to load it is said.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any

from mlrun_nb.artifacts.loading import load_artifact
from mlrun_nb.errors import ArtifactError
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.function import Version
from mlrun_nb.model.run import Run
from mlrun_nb.notebook.magic_lines import parse_python

MOST_BYTES = 256 * 1024**2
"""Outputs up to this size come back as variables."""


def bind_outputs(
    namespace: MutableMapping[str, Any],
    version: Version,
    run: Run,
    artifacts: Iterable[Artifact],
    *,
    most_bytes: int = MOST_BYTES,
) -> dict[str, str]:
    """
    Bind the declared outputs of the ended *run* in *namespace*, and return those that are left out.

    What is larger than *most_bytes* is left out without a word, unless a variable of that name is there and would
    pass for it; for what cannot be loaded the reason is given.
    """
    kept = {artifact.name: artifact for artifact in artifacts}
    left: dict[str, str] = {}
    for name in version.spec.outputs:
        if name in run.results:
            namespace[name] = run.results[name]
        elif name in kept and kept[name].size > most_bytes:
            left[name] = _stale(name, version.function) if name in namespace else ""
        elif name in kept:
            try:
                namespace[name] = load_artifact(kept[name])
            except ArtifactError as err:
                left[name] = f"`{name}` is no variable here: {err.message}\nhint: {err.hint}"
    return left


def _stale(name: str, function: str) -> str:
    return (
        f"`{name}` is what it was before the run: what the run left is too large to become a variable by itself\n"
        f"hint: Load it: `{name} = {function}.outputs.{name}.load()`."
    )


def defined_names(version: Version) -> set[str]:
    """Return the names that the function's own cell defines by `def`: they stay what they are."""
    return {name for cell in version.spec.cells if cell.role == "body" for name in _defs(cell.source)}


def _defs(source: str) -> Iterator[str]:
    try:
        tree = parse_python(source)
    except SyntaxError:
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
