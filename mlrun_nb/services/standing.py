"""
How the functions of an open notebook stand to what is recorded of them: new, unchanged, edited since, or broken.

Compares texts by their digest and captures nothing: a helper in another cell may have changed all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mlrun_nb.errors import UsageError
from mlrun_nb.model.function import Function, VersionHash
from mlrun_nb.model.run import Run
from mlrun_nb.notebook.cells import FunctionCell, Notebook
from mlrun_nb.notebook.digests import cell_digest
from mlrun_nb.notebook.discovery import BrokenCell, distinct_cells
from mlrun_nb.notebook.drafts import error_alone
from mlrun_nb.project import Project

Standing = Literal["new", "unchanged", "edited", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """
    A `%%mlrun` cell beside the latest version of its function and its newest run; `error` says what is broken.
    """

    cell: FunctionCell | BrokenCell
    standing: Standing
    version: VersionHash | None = None
    last_run: Run | None = None
    error: UsageError | None = None


def standings(project: Project, notebook: Notebook) -> Iterator[Stand]:
    """Yield how each `%%mlrun` cell of *notebook* stands, in their order."""
    cells = distinct_cells(notebook)
    if not cells:
        return
    recorded = {each.name: each for each in project.store.functions(project.config.project)}
    names = {each.name for each in cells if each.name in recorded}
    last = project.store.last_runs(project.config.project, names)
    for each in cells:
        standing, function = _standing(each, recorded.get(each.name)), recorded.get(each.name)
        error = each.error if isinstance(each, BrokenCell) else None
        if error is None and standing != "unchanged":  # that was registered as it stands
            error = error_alone(each.cell)
        yield Stand(
            cell=each,
            standing="broken" if error else standing,
            version=function.latest if function else None,
            last_run=last.get(each.name),
            error=error,
        )


def _standing(cell: FunctionCell | BrokenCell, function: Function | None) -> Standing:
    if function is None:
        return "new"
    return "unchanged" if cell_digest(cell.cell.source) == function.cell_digest else "edited"
