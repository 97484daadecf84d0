"""The verb `runs`: the history, brought up to date as far as that is quick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane
from mlrun_nb.commands.document import Document, line
from mlrun_nb.commands.machine import run_json
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.option_values import check_value
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.model.query import Page, RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.reconcile import reconcile_within

FRESHNESS_BUDGET_S = 0.3
"""A reader waits this long for news of open runs, then shows what is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs a person asked for; every field narrows."""

    states: tuple[RunState, ...] = ()
    function: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    since_s: float | None = None
    limit: int = 20
    all_projects: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Runs, newest first; `more` when there are others, `fresh` when all open ones could be asked in time."""

    runs: tuple[Run, ...]
    more: bool
    fresh: bool


def list_runs(project: Project, asked: RunFilter) -> Listed:
    """Return the runs that *asked* lets through; raises NotFoundError for a function that nobody recorded."""
    fresh = refresh(project)
    page = _page(project, asked)
    if not page.items and asked.function:
        _must_exist(project, asked.function)
    stale = not fresh and any(not run.state.is_final for run in page.items)
    return Listed(runs=page.items, more=page.cursor is not None, fresh=not stale)


def refresh(project: Project) -> bool:
    """Bring open runs up to date as far as that is quick; returns whether all could be asked."""
    if not project.store.open_runs(project.config.project):
        return True
    return reconcile_within(project, FRESHNESS_BUDGET_S)


def runs_json(project: Project, runs: Sequence[Run]) -> list[Json]:
    """Return *runs* in their public form."""
    return [run_json(run, project.store.artifacts(run.id)) for run in runs]


def parse_labels(texts: Sequence[str]) -> Mapping[str, str]:
    """Return `KEY=VALUE` texts as labels; raises OptionError."""
    values = check_value(OPTIONS["label"], list(texts), where="this command")
    return {key: str(value) for key, value in values.items()} if isinstance(values, Mapping) else {}


def remarks(asked: RunFilter, listed: Listed) -> Document:
    """Return what is to be said beside a list: that there is none, or more, or that it may be out of date."""
    lines: Document = []
    if not listed.runs:
        lines.append(line("No runs yet." if asked == RunFilter() else "No run is like that."))
        run = "Run a notebook: `mlrun-nb run notebook.ipynb`."
        lines.append(line(("hint:", "strong"), f" {run if asked == RunFilter() else 'Leave an option out.'}"))
    if listed.more:
        lines += [(), line(("There are more; ", "dim"), f"`--limit {2 * asked.limit}` shows them.")]
    if not listed.fresh:
        wait = humane.duration(FRESHNESS_BUDGET_S)
        lines.append(line(("notice:", "warn"), f" not every engine answered in {wait}; runs are shown as last seen"))
    return lines


def _page(project: Project, asked: RunFilter) -> Page[Run]:
    return project.store.list_runs(
        RunQuery(
            project=None if asked.all_projects else project.config.project,
            states=asked.states,
            function=asked.function,
            labels=tuple(asked.labels.items()),
            since=None if asked.since_s is None else project.clock() - timedelta(seconds=asked.since_s),
            limit=asked.limit,
            text=asked.text,
        )
    )


def _must_exist(project: Project, name: str) -> None:
    known = [function.name for function in project.store.functions(project.config.project)]
    if name in known:
        return
    near = get_close_matches(name, known, n=1)
    listed = f"Functions are: {', '.join(known[:8])}." if known else "Run a notebook: `mlrun-nb run notebook.ipynb`."
    raise NotFoundError(
        f"project `{project.config.project}` has no function `{name}`",
        hint=f"Did you mean `{near[0]}`?" if near else listed,
    )
