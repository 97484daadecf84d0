"""The verb `runs`: the history, brought up to date as far as that is quick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane
from mlrun_nb.commands.document import Document, line
from mlrun_nb.commands.machine import run_json
from mlrun_nb.errors import NotFoundError, StoreError
from mlrun_nb.model.option_values import check_value
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.children import with_best
from mlrun_nb.services.reconcile import is_remote, reconcile_within

FRESHNESS_BUDGET_S = 0.3
"""A reader waits this long for news of open runs, then shows what is recorded."""
REMOTE_BUDGET_S = 5.0
"""The same where a run is on an engine behind a network: a command that always left earlier would never get on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs a person asked for; every field narrows, and `pruned` children are one more of the `states`."""

    states: tuple[RunState, ...] = ()
    pruned: bool = False
    function: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    since_s: float | None = None
    limit: int = 20
    all_projects: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Runs, newest first; `more` when there are others, `doubt` says why what is shown of open ones may be old."""

    runs: tuple[Run, ...]
    more: bool
    doubt: str = ""


def list_runs(project: Project, asked: RunFilter) -> Listed:
    """Return the runs that *asked* lets through; raises NotFoundError for a function that nobody recorded."""
    doubt = refresh(project)
    page = project.store.list_runs(query_of(project, asked))
    if not page.items and asked.function:
        _must_exist(project, asked.function)
    shows_open = any(not run.state.is_final for run in page.items)
    return Listed(runs=page.items, more=page.cursor is not None, doubt=doubt if shows_open else "")


def refresh(project: Project) -> str:
    """Bring open runs up to date as far as that is quick; returns why some could not be, empty when all could."""
    open_runs = project.store.open_runs(project.config.project)
    if not open_runs:
        return ""
    budget_s = REMOTE_BUDGET_S if any(is_remote(project, run) for run in open_runs) else FRESHNESS_BUDGET_S
    try:
        project.store.check_writable()
        done = reconcile_within(project, budget_s)
    except StoreError as err:  # reading goes on where nothing can be recorded
        return err.message
    return "" if done else f"not every engine answered in {humane.duration(budget_s)}"


def to_show(project: Project, runs: Sequence[Run]) -> Sequence[Run]:
    """Return *runs* as they are shown: sweeps under way with what their best child came to."""
    return [with_best(project, run) if run.sweep is not None else run for run in runs]


def runs_json(project: Project, runs: Sequence[Run]) -> list[Json]:
    """Return *runs* in their public form."""
    return [one_json(project, run) for run in to_show(project, runs)]


def one_json(project: Project, run: Run) -> dict[str, Json]:
    """Return *run* in its public form."""
    children = project.store.count_children(run.id) if run.sweep is not None else None
    return run_json(run, project.store.artifacts(run.id), children)


def parse_labels(texts: Sequence[str]) -> Mapping[str, str]:
    """Return `KEY=VALUE` texts as labels; raises OptionError."""
    values = check_value(OPTIONS["label"], list(texts), where="this command")
    return {key: str(value) for key, value in values.items()} if isinstance(values, Mapping) else {}


def remarks(asked: RunFilter, listed: Listed) -> Document:
    """Return what is to be said beside a list: that there is none, or more, or that it may be out of date."""
    lines: Document = []
    if not listed.runs:
        lines.append(line("No runs yet." if asked == RunFilter() else "No run is like that."))
        lines.append(line(("hint:", "strong"), f" {_way_on(asked)}"))
    if listed.more:
        lines += [(), line(("There are more; ", "dim"), f"`--limit {2 * asked.limit}` shows them.")]
    if listed.doubt:
        lines.append(line(("notice:", "warn"), f" {listed.doubt}; runs are shown as last seen"))
    return lines


def _way_on(asked: RunFilter) -> str:
    """Return what to do where no run is as *asked*."""
    if asked == RunFilter():
        return "Run a notebook: `mlrun-nb run notebook.ipynb`."
    if replace(asked, text="", limit=RunFilter().limit) == RunFilter():
        return "List all runs: `mlrun-nb runs`."
    return f"Leave an option or `{asked.text}` out." if asked.text else "Leave an option out."


def query_of(project: Project, asked: RunFilter) -> RunQuery:
    """Return what the store is asked."""
    return RunQuery(
        project=None if asked.all_projects else project.config.project,
        states=asked.states,
        functions=(asked.function,) if asked.function else (),
        labels=tuple(asked.labels.items()),
        since=None if asked.since_s is None else project.clock() - timedelta(seconds=asked.since_s),
        limit=asked.limit,
        text=asked.text,
    )


def _must_exist(project: Project, name: str) -> None:
    known = [function.name for function in project.store.functions(project.config.project)]
    if name in known:
        return
    near = nearest(name, known)
    listed = f"Functions are: {some(known)}." if known else "Run a notebook: `mlrun-nb run notebook.ipynb`."
    raise NotFoundError(
        f"project `{project.config.project}` has no function `{name}`",
        hint=f"Did you mean `{near}`?" if near else listed,
    )
