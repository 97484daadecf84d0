"""
Notebooks as small texts for tests: cells between `# %%` lines, and a way to run them without a kernel.

The files are in `tests/corpus/`; lines that end in `# taken` must be captured, those in `# left` must not.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Iterable
from pathlib import Path

from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.magic_lines import read_cell
from mlrun_nb.notebook.parsing import parse_function_cell

FOLDER = Path(__file__).parents[2] / "corpus"
_HEADING = re.compile(r"# %%(?: tags=\[(?P<tags>[^\]]*)\])?")


def cells(*sources: str, setup: Iterable[int] = ()) -> list[Cell]:
    """Return code cells; those at the positions *setup* are tagged `mlrun-setup`."""
    tagged = set(setup)
    return [
        Cell(
            index=index,
            kind="code",
            source=source,
            id=f"cell-{index}",
            tags=("mlrun-setup",) if index in tagged else (),
        )
        for index, source in enumerate(sources)
    ]


def read_corpus(path: Path) -> list[Cell]:
    """Return the cells of a `.cells` file."""
    found: list[tuple[tuple[str, ...], list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            found.append((tuple(re.findall(r'"([^"]+)"', heading["tags"] or "")), []))
        else:
            found[-1][1].append(line)
    return [
        Cell(index=index, kind="code", source="\n".join(lines), id=f"cell-{index}", tags=tags)
        for index, (tags, lines) in enumerate(found)
    ]


def run_sources(sources: Iterable[str], namespace: dict[str, object]) -> dict[str, object]:
    """Run cells one after the other as IPython would: `await` at the top level, `__future__` for all that follow."""
    flags = 0
    namespace["get_ipython"] = lambda: _Shell(namespace)
    for source in sources:
        function = parse_function_cell(Cell(index=0, kind="code", source=source))
        cell = read_cell(source if function is None else function.body)
        code = compile(cell.tree, "<cell>", "exec", flags=flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        flags |= code.co_flags & 0x1FF0000  # the bits of __future__ features
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, namespace))
        else:
            exec(code, namespace)
    return namespace


class _Shell:
    """As much of IPython as the corpus uses."""

    def __init__(self, namespace: dict[str, object]) -> None:
        self._namespace = namespace

    def run_line_magic(self, name: str, line: str) -> None:
        if name == "time":
            exec(line, self._namespace)

    def system(self, command: str) -> None:
        """Run nothing."""
