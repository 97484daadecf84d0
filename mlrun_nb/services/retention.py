"""
Remove old runs, with what they left, and unused environments; decide first, say how much, delete only when told to.

Kept always: open runs, pinned runs, for each function the newest run that succeeded, and the run whose outcome a cached
one that stays shows. A sweep is one run; its children go and stay with it. Versions go when no run and no tag needs
them. Inputs and files are kept by content for all projects of a home, and stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.engines.overlay import Overlay
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.function import VersionHash
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.children import children_of, open_children
from mlrun_nb.services.environments import remove_environments, unused_environments
from mlrun_nb.services.pages import every_run
from mlrun_nb.services.resubmit import read_request
from mlrun_nb.services.versions import all_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    What may go: runs of a function beyond the newest `keep` that ended longer than `older_than_s` ago.

    One that is None does not narrow; when both are, no run may go. `unused_for_s` is how long no run may have used an
    environment that goes; None keeps them all.
    """

    keep: int | None = None
    older_than_s: float | None = None
    function: str | None = None
    unused_for_s: float | None = None

    @property
    def is_for_runs(self) -> bool:
        """Whether it says anything about runs."""
        return self.keep is not None or self.older_than_s is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class GcPlan:
    """What would go, and how many bytes of disk that is."""

    runs: tuple[Run, ...]
    versions: tuple[tuple[str, VersionHash], ...]
    environments: tuple[Overlay, ...]
    size: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing would go."""
        return not (self.runs or self.versions or self.environments)


def plan_gc(project: Project, rule: Rule) -> GcPlan:
    """Return what *rule* would remove; nothing is deleted. A rule that says nothing removes nothing."""
    functions = _functions(project, rule) if rule.is_for_runs else []
    runs = tuple(run for function in functions for run in _removable(project, function, rule))
    gone = {run.id for run in runs}
    versions = tuple(item for function in functions for item in _unused_versions(project, function, gone))
    unused = () if rule.unused_for_s is None else unused_environments(project, unused_for_s=rule.unused_for_s)
    size = sum(_size(project, run) for run in runs) + sum(each.size_bytes for each in unused)
    return GcPlan(runs=runs, versions=versions, environments=unused, size=size)


def collect(project: Project, plan: GcPlan) -> int:
    """Delete what *plan* names, files before records so that nothing is forgotten half-way; returns the bytes freed."""
    project.store.check_writable()
    remove_runs(project, [run for run in plan.runs if _may_still_go(project, run)])
    for function in {name for name, _ in plan.versions}:
        hashes = [digest for name, digest in plan.versions if name == function]
        project.store.delete_versions(project.config.project, function, hashes)
    kept = sum(each.size_bytes for each in plan.environments)
    return plan.size - kept + remove_environments(plan.environments)


def remove_runs(project: Project, runs: Sequence[Run]) -> None:
    """Delete *runs* with their children and what they left, files before records; StoreError and ArtifactError."""
    project.store.check_writable()
    for run in runs:
        for each in (*_children(project, run), run):
            _remove_artifacts(each)
            shutil.rmtree(each.run_directory, ignore_errors=True)
    project.store.delete_runs([run.id for run in runs])


def _remove_artifacts(run: Run) -> None:
    """Remove what *run* left outside its run directory; raises ArtifactError when that place cannot be reached."""
    request = read_request(run)
    if request is None or request.artifacts.startswith(run.run_directory):
        return
    folder = open_folder(request.artifacts)
    for name in folder.names():
        folder.remove(name)


def _functions(project: Project, rule: Rule) -> list[str]:
    names = [item.name for item in project.store.functions(project.config.project)]
    return [rule.function] if rule.function else names


def _removable(project: Project, function: str, rule: Rule) -> Iterator[Run]:
    newest_good_seen, origins = False, set[RunId]()
    for position, run in enumerate(_runs(project, function)):
        is_newest_good = run.state is RunState.SUCCEEDED and not newest_good_seen
        newest_good_seen = newest_good_seen or is_newest_good
        stays = run.pinned or is_newest_good or not run.state.is_final or run.id in origins
        if not stays and _may_go(project, run, position, rule) and not open_children(project, run):
            yield run
        elif run.origin is not None:  # its artifacts are those of an older run, which comes later here
            origins.add(run.origin)


def _may_go(project: Project, run: Run, position: int, rule: Rule) -> bool:
    beyond = rule.keep is None or position >= rule.keep
    old = rule.older_than_s is None or (
        run.ended is not None and project.clock() - run.ended > timedelta(seconds=rule.older_than_s)
    )
    return beyond and old


def _runs(project: Project, function: str) -> Iterator[Run]:
    return every_run(project, RunQuery(project=project.config.project, functions=(function,)))


def _may_still_go(project: Project, run: Run) -> bool:
    """Tell whether nobody has taken up the sweep *run* again since it was looked at; others never begin anew."""
    try:
        return run.sweep is None or project.store.get_run(run.id).state.is_final
    except NotFoundError:
        return False


def _children(project: Project, run: Run) -> Iterator[Run]:
    return children_of(project, run) if run.sweep is not None else iter(())


def _size(project: Project, run: Run) -> int:
    """Return the bytes in the run directories of *run* and its children, which may lie in it or elsewhere."""
    folder = Path(run.run_directory)
    others = [Path(child.run_directory) for child in _children(project, run)]
    return folder_size(folder) + sum(folder_size(each) for each in others if folder not in each.parents)


def _unused_versions(project: Project, function: str, gone: set[RunId]) -> Iterator[tuple[str, VersionHash]]:
    used = {run.version for run in _runs(project, function) if run.id not in gone}
    for item in all_versions(project, function):
        if not item.tags and item.hash not in used:
            yield function, item.hash


def folder_size(folder: Path) -> int:
    """Return the bytes of all files in *folder*, 0 when it is not there."""
    sizes: Sequence[int] = (
        [path.lstat().st_size for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    )
    return sum(sizes)
