"""Two runs beside each other: what was asked, what ran, what came of it."""

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

    @property
    def summary(self) -> str:
        """What was asked otherwise and what ran otherwise, in a line."""
        told = [change.text for change in (*self.asked.parameters, *self.asked.overrides)]
        versions = [self.versions.summary] if self.versions else []
        return "; ".join([*told, *versions]) or "nothing changed"


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
