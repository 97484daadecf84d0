"""
Remove old runs, with what they left; decide first, say how much it is, delete only when told to.

Kept always: open runs, pinned runs, and for each function the newest run that succeeded. Versions go when no run and no
tag needs them. Inputs and files are kept by content for all projects of a home, and stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.model.function import VersionHash
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.resubmit import read_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    What may go: runs of a function beyond the newest `keep` that ended longer than `older_than_s` ago.

    One that is None does not narrow; when both are, nothing may go.
    """

    keep: int | None = None
    older_than_s: float | None = None
    function: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GcPlan:
    """What would go, and how many bytes of disk that is."""

    runs: tuple[Run, ...]
    versions: tuple[tuple[str, VersionHash], ...]
    size: int


def plan_gc(project: Project, rule: Rule) -> GcPlan:
    """Return what *rule* would remove; nothing is deleted. A rule without `keep` and `older_than_s` removes nothing."""
    functions = (
        [rule.function] if rule.function else [item.name for item in project.store.functions(project.config.project)]
    )
    runs = tuple(run for function in functions for run in _removable(project, function, rule))
    gone = {run.id for run in runs}
    versions = tuple(item for function in functions for item in _unused_versions(project, function, gone))
    return GcPlan(runs=runs, versions=versions, size=sum(folder_size(Path(run.run_directory)) for run in runs))


def collect(project: Project, plan: GcPlan) -> int:
    """Delete what *plan* names, files before records so that nothing is forgotten half-way; returns the bytes freed."""
    for run in plan.runs:
        _remove_artifacts(run)
        shutil.rmtree(run.run_directory, ignore_errors=True)
    project.store.delete_runs([run.id for run in plan.runs])
    for function in {name for name, _ in plan.versions}:
        hashes = [digest for name, digest in plan.versions if name == function]
        project.store.delete_versions(project.config.project, function, hashes)
    return plan.size


def _remove_artifacts(run: Run) -> None:
    """Remove what *run* left outside its run directory; raises ArtifactError when that place cannot be reached."""
    request = read_request(run)
    if request is None or request.artifacts.startswith(run.run_directory):
        return
    folder = open_folder(request.artifacts)
    for name in folder.names():
        folder.remove(name)


def _removable(project: Project, function: str, rule: Rule) -> Iterator[Run]:
    if rule.keep is None and rule.older_than_s is None:
        return
    newest_good_seen = False
    for position, run in enumerate(_runs(project, function)):
        is_newest_good = run.state is RunState.SUCCEEDED and not newest_good_seen
        newest_good_seen = newest_good_seen or is_newest_good
        if run.pinned or is_newest_good or not run.state.is_final:
            continue
        if _may_go(project, run, position, rule):
            yield run


def _may_go(project: Project, run: Run, position: int, rule: Rule) -> bool:
    beyond = rule.keep is None or position >= rule.keep
    old = rule.older_than_s is None or (
        run.ended is not None and project.clock() - run.ended > timedelta(seconds=rule.older_than_s)
    )
    return beyond and old


def _runs(project: Project, function: str) -> Iterator[Run]:
    query = RunQuery(project=project.config.project, function=function, limit=1000)
    while True:
        page = project.store.list_runs(query)
        yield from page.items
        if page.cursor is None:
            return
        query = replace(query, cursor=page.cursor)


def _unused_versions(project: Project, function: str, gone: set[RunId]) -> Iterator[tuple[str, VersionHash]]:
    used = {run.version for run in _runs(project, function) if run.id not in gone}
    cursor: str | None = None
    while True:
        page = project.store.versions(project.config.project, function, limit=1000, cursor=cursor)
        yield from ((function, item.hash) for item in page.items if not item.tags and item.hash not in used)
        cursor = page.cursor
        if cursor is None:
            return


def folder_size(folder: Path) -> int:
    """Return the bytes of all files in *folder*, 0 when it is not there."""
    sizes: Sequence[int] = (
        [path.lstat().st_size for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    )
    return sum(sizes)
