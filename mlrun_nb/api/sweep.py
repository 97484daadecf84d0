"""
A sweep, as Python code holds it: a run, its children, and the best of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Self

from mlrun_nb.api.run import Run, row_of
from mlrun_nb.api.table import Table
from mlrun_nb.api.values import numbers
from mlrun_nb.api.waiting import interruptible, until_end
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.children import ListedChildren, differing_parameters
from mlrun_nb.commands.document import Document
from mlrun_nb.commands.runs import Listed
from mlrun_nb.commands.sweep import resume_sweep
from mlrun_nb.commands.views.children import children_view
from mlrun_nb.commands.views.headline import outcome
from mlrun_nb.model.run import Run as RunRecord
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.children import best_of, children_of
from mlrun_nb.services.sweep.table import rows


class Sweep(Run):
    """
    A run that tries many points, each as a run of its own: its children.

    Results and artifacts are those of the best child, as soon as there is one.
    """

    @property
    def best(self) -> Run | None:
        """The best child so far; None while there is none, and where nothing was said to be better."""
        found = best_of(self._project, self._now())
        return None if found is None else Run(self._project, found, looked_at=False)

    @property
    def children(self) -> Table[Run]:
        """All children in the order of their numbers, which is that of the points."""
        self._now()
        found = sorted(children_of(self._project, self._record), key=lambda run: run.number or 0)
        view = partial(_view, self._record)
        return Table((Run(self._project, record) for record in found), view=view, row=row_of)

    @property
    def counts(self) -> Mapping[RunState, int]:
        """How many children there are in each state."""
        self._now()
        return self._project.store.count_children(self._record.id)

    @property
    def results(self) -> Mapping[str, Any]:
        """The results of the best child so far."""
        record = self._now()
        best = None if record.results else best_of(self._project, record)
        found = record if best is None else best
        return {name: numbers(value) for name, value in found.results.items()}

    def table(self) -> Any:  # noqa: ANN401  # a data frame, or rows
        """
        Return a row for each child: number, run, state, duration, parameters and results.

        The last have `param.` and `result.` in front. A data frame where pandas is installed, else a list of mappings.
        """
        self._now()
        found = [numbers(row) for row in rows(children_of(self._project, self._record))]
        try:
            import pandas as pd
        except ImportError:
            return found
        return pd.DataFrame(found)

    def rerun(self, /, **arguments: object) -> Run:
        """Sweep the same version over the same points; a parameter among *arguments* varies no more."""
        return held(self._project, super().rerun(**arguments).record)

    def __repr__(self) -> str:
        record = self._now()
        children = humane.count(sum(self.counts.values()), "child", "children")
        name = f"{states.short_id(record)} of {record.function}@{record.version[:7]}"
        return f"<Sweep {name}: {outcome(record)}, {children}>"

    def resume(self) -> Self:
        """
        Let it go on where it was cancelled, failed or was lost, wait for its end, and return it; see `Function.sweep`.

        No point that has ended is tried again; limits of time and failures begin anew. Raises OptionError where nothing
        is left to do.
        """
        with interruptible():
            record = resume_sweep(self._project, self.id)
        self._see(until_end(self._project, record))
        return self.check()


def held(project: Project, record: RunRecord, *, looked_at: bool = True) -> Run:
    """Return *record* as Python code holds it: a run, or a sweep."""
    return (Run if record.sweep is None else Sweep)(project, record, looked_at=looked_at)


def _view(parent: RunRecord, runs: Sequence[Run], now: datetime, width: int) -> Document:
    records = [run.record for run in runs]
    listed = Listed(runs=tuple(records), more=False)
    shown = ListedChildren(parent=parent, goal=None, differing=differing_parameters(records), listed=listed)
    return children_view(shown, now, width)
