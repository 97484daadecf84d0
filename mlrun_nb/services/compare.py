"""Two runs or two versions beside each other, whatever a person named."""

from __future__ import annotations

from dataclasses import dataclass

from mlrun_nb.model.run import Run
from mlrun_nb.notebook.diff import Change, RunDiff, VersionDiff, changes_of, diff_runs, diff_versions
from mlrun_nb.project import Project
from mlrun_nb.services.history import version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """What differs between two runs; `versions` is None where one is gone or both are the same."""

    old: Run
    new: Run
    versions: VersionDiff | None
    asked: RunDiff
    results: tuple[Change, ...]


def compare_runs(project: Project, old: Run, new: Run) -> RunComparison:
    """Return what differs between *old* and *new*."""
    return RunComparison(
        old=old,
        new=new,
        versions=_compare_versions(project, old, new),
        asked=diff_runs(old, new),
        results=changes_of(old.results, new.results),
    )


def _compare_versions(project: Project, old: Run, new: Run) -> VersionDiff | None:
    if old.version == new.version and old.function == new.function:
        return None
    before, after = version_of(project, old), version_of(project, new)
    return diff_versions(before, after) if before and after else None


def compare_versions(project: Project, function: str, old: str, new: str) -> VersionDiff:
    """Return what differs between two versions of *function*, by tag or hash; raises NotFoundError."""
    name = project.config.project
    return diff_versions(project.store.get_version(name, function, old), project.store.get_version(name, function, new))
