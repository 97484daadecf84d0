"""
A notebook as the rest of the package sees it: cells in order, whatever file or kernel they came from.

Holds records only; `reading` makes them from bytes, the cell magic from a kernel's history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from mlrun_nb._lib.records import Json
from mlrun_nb.model.function import CellOrigin, SourceCell
from mlrun_nb.model.notice import Notice


def is_python(language: str) -> bool:
    """Tell whether a kernel's *language* is Python, under whichever of its names."""
    return language.lower() in {"python", "ipython"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """
    One cell. `index` counts all cells of the notebook from 0, also Markdown; `id` is empty before nbformat 4.5.

    A cell that ran in a kernel has the number that it got there as `count`; its `index` says only how many ran before.
    """

    index: int
    kind: Literal["code", "markdown", "raw"]
    source: str
    id: str = ""
    tags: tuple[str, ...] = ()
    count: int | None = None

    @property
    def place(self) -> int | None:
        """The index in the notebook; None for a cell of a kernel, which does not know it."""
        return self.index if self.count is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """
    Cells in the order in which they would run. `name` is how messages call it: a path, or `this notebook`.

    `kernel` is the kernelspec's name, `language` its language; `metadata` the notebook's own, for composing whole
    notebooks. `options` are options of the whole notebook that were given beside its text, and win over it.
    """

    name: str
    cells: tuple[Cell, ...]
    kernel: str = "python3"
    language: str = "python"
    metadata: Mapping[str, Json] = field(default_factory=dict)
    options: Mapping[str, Json] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCell:
    """
    A cell that begins with `%%mlrun NAME`.

    `options` are those of the line laid over those of the `#|` lines, checked; `sources` names for each where it stands
    (`%%mlrun line`, `#| line`). `body` is the text below both, `body_line` the line of the cell where it begins, from
    1; `lines` names the cell's line for each line of the body. `input_uris` holds what `--input NAME=URI` gave beside
    the name.
    """

    name: str
    cell: Cell
    options: Mapping[str, Json]
    sources: Mapping[str, str]
    body: str
    body_line: int
    lines: tuple[int, ...] = ()
    input_uris: Mapping[str, str] = field(default_factory=dict)


class ModuleFinder(Protocol):
    """Finds source files under the project root; the only way in which capture sees a disk."""

    def find(self, module: str) -> Mapping[str, bytes] | None:
        """
        Return the files that importing dotted *module* reads, packages' `__init__.py` included: path → content.

        Paths are relative to the project root with `/`. None when the module does not live under the project root.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """
    What a cell needs from the cells above it: `setup` and `definition` cells in execution order, and project modules.
    """

    cells: tuple[SourceCell, ...] = ()
    origins: tuple[CellOrigin, ...] = ()
    modules: Mapping[str, bytes] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
