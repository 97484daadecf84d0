"""
Where a Python function was written: in a cell that ran in this kernel, or in a file; and what stands around it.

The text of a cell is the kernel's, never a file's. IPython is not imported: a notebook's namespace holds its shell.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any, Protocol

from mlrun_nb.api.session import NOTEBOOK, Session, session_of
from mlrun_nb.errors import UsageError
from mlrun_nb.notebook.cells import Cell, FunctionCell, Notebook
from mlrun_nb.services.targets import CellTarget


class Definition(Protocol):
    """A function that a `def` made."""

    __code__: CodeType
    __globals__: dict[str, Any]
    __name__: str


class Surroundings(Protocol):
    """The place of a definition; what it holds of the text is what was there when the definition was made."""

    def own(self) -> Cell:
        """Return the cell that it stands in, which is all of a file; raises UsageError where nobody has the text."""
        ...

    def target(self, function: FunctionCell, rest: Cell) -> CellTarget:
        """Return *function* with all that is around it now; *rest* is what else stands in its cell."""
        ...


def surroundings_of(definition: Definition) -> Surroundings:
    """Return where *definition*, which is being made just now, stands. Never fails."""
    namespace = definition.__globals__
    shell = _shell(namespace)
    if shell is not None:
        session = session_of(shell)
        return InKernel(session, session.cell_now())
    path = Path(definition.__code__.co_filename)
    try:
        return InFile(path.absolute(), path.read_text(encoding="utf-8"), namespace)
    except (OSError, UnicodeDecodeError):
        return Nowhere(definition.__name__)


def _shell(namespace: Mapping[str, Any]) -> Any:  # noqa: ANN401  # IPython's shell, or None
    get_ipython = namespace.get("get_ipython") if "IPython" in sys.modules else None
    shell = get_ipython() if callable(get_ipython) else None
    return shell if shell is not None and shell.user_ns is namespace else None


@dataclass(frozen=True, slots=True)
class InKernel:
    """A cell of the notebook that this kernel is running."""

    session: Session
    cell: Cell

    def own(self) -> Cell:
        """Return the cell that was at work."""
        return self.cell

    def target(self, function: FunctionCell, rest: Cell) -> CellTarget:
        """Return *function* among the cells that have run by now."""
        session, place = self.session, self.cell.count or sys.maxsize
        others = [each for each in session.cells() if each.count != self.cell.count]
        before = [each for each in others if (each.count or 0) < place]
        above = [*before, rest, *others[len(before) :]]
        return CellTarget(
            cell=function,
            above=tuple(replace(each, index=index) for index, each in enumerate(above)),
            notebook=NOTEBOOK,
            folder=session.folder,
            path=session.path,
            live=session.live,
            unrun=partial(session.unrun, self.cell),
        )


@dataclass(frozen=True, slots=True)
class InFile:
    """A file of Python, which is taken for one cell; *namespace* is its module's."""

    path: Path
    text: str
    namespace: Mapping[str, Any]

    def own(self) -> Cell:
        """Return the file as it was when it was loaded."""
        return Cell(index=0, kind="code", source=self.text)

    def target(self, function: FunctionCell, rest: Cell) -> CellTarget:
        """Return *function* with the rest of the file."""
        return CellTarget(
            cell=function,
            above=(rest,),
            notebook=Notebook(name=self.path.name, cells=()),
            folder=self.path.parent,
            path=self.path,
            live=self.namespace,
        )


@dataclass(frozen=True, slots=True)
class Nowhere:
    """A definition whose text nobody has, such as one typed into `python -c`; it can be called, and that is all."""

    name: str

    def own(self) -> Cell:
        """Raise UsageError."""
        raise UsageError(
            f"the text of `{self.name}` is not to be had: it stands neither in a notebook nor in a file",
            hint=f"Put `def {self.name}` into a cell of a notebook, or into a file.",
        )

    def target(self, function: FunctionCell, rest: Cell) -> CellTarget:  # noqa: ARG002  # never comes so far
        """Raise UsageError."""
        raise AssertionError(self.own())
