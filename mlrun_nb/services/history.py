"""
What is known of a run, gathered for a reader: record, request, result, version, and the last good run to compare with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from mlrun_nb._lib.records import from_json
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Metric
from mlrun_nb.model.function import Version
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run, RunRequest, RunResult
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.children import SweepDetails, sweep_details
from mlrun_nb.services.resubmit import read_request
from mlrun_nb.services.standings import Standings, StandingsReader


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetails:
    """
    Everything about one run. `version`, `request` and `result` are None where they are gone or not there yet.

    `metrics` reads what it logged: there may be very much of it. `last_good` is the newest earlier run of the function
    that succeeded, None when there is none, and for a sweep and its children, which differ from it on purpose. `sweep`
    is there for a sweep, `parent` for a child of one; `standings` tells how the children stand whenever it is called.
    """

    run: Run
    version: Version | None
    request: RunRequest | None
    result: RunResult | None
    artifacts: Sequence[Artifact]
    metrics: Callable[[], Sequence[Metric]]
    last_good: Run | None
    last_good_version: Version | None
    sweep: SweepDetails | None = None
    parent: Run | None = None
    standings: Callable[[], Standings] = Standings


def find_run(project: Project, reference: str) -> Run:
    """
    Return the run that *reference* names: an id, a unique prefix of one, or `last` for the newest of the project.

    Raises NotFoundError.
    """
    if reference != "last":
        return project.store.get_run(reference)
    page = project.store.list_runs(RunQuery(project=project.config.project, limit=1))
    if not page.items:
        raise NotFoundError("the project has no runs yet", hint="Run a notebook: `mlrun-nb run notebook.ipynb`.")
    return page.items[0]


def details(project: Project, run: Run) -> RunDetails:
    """Return all that is known of *run* now."""
    last_good = find_last_good(project, run)
    return RunDetails(
        run=run,
        version=version_of(project, run),
        request=read_request(run),
        result=read_result(run),
        artifacts=project.store.artifacts(run.id),
        metrics=partial(project.store.metrics, run.id),
        last_good=last_good,
        last_good_version=version_of(project, last_good) if last_good else None,
        sweep=sweep_details(project, run) if run.sweep is not None else None,
        parent=parent_of(project, run),
        standings=StandingsReader(project.store, run).look if run.sweep is not None else Standings,
    )


def parent_of(project: Project, run: Run) -> Run | None:
    """Return the sweep that *run* is a child of, None for any other."""
    try:
        return None if run.parent is None else project.store.get_run(run.parent)
    except NotFoundError:
        return None


def version_of(project: Project, run: Run) -> Version | None:
    """Return the version that *run* executed, None when it was deleted."""
    try:
        return project.store.get_version(run.project, run.function, run.version)
    except NotFoundError:
        return None


def find_last_good(project: Project, run: Run) -> Run | None:
    """Return the newest run of the same function before *run* that succeeded; neither is a sweep, or a child of one."""
    if run.sweep is not None or run.parent is not None:
        return None
    query = RunQuery(project=run.project, functions=(run.function,), states=(RunState.SUCCEEDED,), limit=50)
    while True:
        page = project.store.list_runs(query)
        earlier = [item for item in page.items if item.sequence < run.sequence and item.sweep is None]
        if earlier or page.cursor is None:
            return earlier[0] if earlier else None
        query = replace(query, cursor=page.cursor)


def read_result(run: Run) -> RunResult | None:
    """Return the result record of *run*, None where there is none that can be read."""
    try:
        return from_json(RunResult, json.loads(Path(run.run_directory, "result.json").read_bytes()))
    except (OSError, ValueError):
        return None
