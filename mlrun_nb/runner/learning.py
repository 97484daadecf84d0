"""
Which modules a run has used, noted for the next start to have them loaded.

By the source of the cells, which says what the user imports and not what happens to be loaded on the way, and by the
kinds of artifacts that were kept. The engine says where to note it, or nothing is noted.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

VARIABLE = "MLRUN_NB_LEARN"
"""The file to note modules in."""

_OF_KIND = {
    "joblib": ("joblib",),
    "figure": ("matplotlib.backends.backend_agg",),
    "npy": ("numpy",),
    "parquet": ("pyarrow.parquet",),
    "plotly": ("plotly.io",),
    "skops": ("skops.io",),
}
"""What packagers import late, by the kind of artifact that they make."""


def learn(sources: Iterable[str], kinds: Iterable[str]) -> None:
    """Note the modules of cells with *sources*, and those that kept artifacts of *kinds*; never raises."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    from mlrun_nb.kernels.learned import add_used

    names = {name for source in sources for name in imported(source)}
    names |= {name for kind in kinds for name in _OF_KIND.get(kind, ())}
    with suppress(OSError):  # the next start is a cold one
        add_used(path, names)


def imported(source: str) -> set[str]:
    """
    Return the names that import statements of a cell mention, wherever they stand.

    Of `from a import b` both `a` and `a.b`: that the second is no module is found out by who tries to import it.
    """
    return {name for node in _nodes(source) for name in _names(node)}


def _nodes(source: str) -> Iterator[ast.AST]:
    lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    with suppress(SyntaxError, ValueError):  # another language, or a magic in the middle
        yield from ast.walk(ast.parse("\n".join(lines)))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level and node.module != "__future__":
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")
