"""The history as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from mlrun_nb._lib.nearness import nearest
from mlrun_nb.api.run import Run, row_of
from mlrun_nb.api.sweep import held
from mlrun_nb.api.table import Table
from mlrun_nb.commands import runs as commands
from mlrun_nb.commands.document import Document
from mlrun_nb.commands.views.runs import runs_view
from mlrun_nb.errors import OptionError
from mlrun_nb.model.quantities import parse_duration_s
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project


def list_runs(
    project: Project,
    *,
    function: str | None = None,
    state: str | Sequence[str] = (),
    label: Mapping[str, str] | None = None,
    since: str | float | None = None,
    limit: int = 20,
) -> Table[Run]:
    """Return the newest runs of *project* that all of these let through; raises NotFoundError and OptionError."""
    asked = commands.RunFilter(
        function=function,
        states=tuple(map(_state, [state] if isinstance(state, str) else state)),
        labels=label or {},
        since_s=None if since is None else parse_duration_s(str(since)),
        limit=limit,
    )
    listed = commands.list_runs(project, asked)
    return Table((held(project, record) for record in listed.runs), view=_view, row=row_of)


def _state(name: str) -> RunState:
    try:
        return RunState(name)
    except ValueError as err:
        near = nearest(name, RunState)
        hint = f"Did you mean `{near}`?" if near else f"States are: {', '.join(RunState)}."
        raise OptionError(f"`{name}` is not a state of runs", hint=hint) from err


def _view(runs: Sequence[Run], now: datetime, width: int) -> Document:
    return runs_view([run.record for run in runs], now, width)
