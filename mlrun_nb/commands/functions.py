"""The verb `functions`: what a project has recorded."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.model.function import Function, VersionInfo
from mlrun_nb.project import Project


def functions(project: Project) -> Sequence[Function]:
    """Return the functions of *project* by name."""
    return project.store.functions(project.config.project)


def versions(project: Project, name: str, *, limit: int) -> Sequence[VersionInfo]:
    """Return the newest versions of the function *name*; raises NotFoundError with the nearest name."""
    return project.store.versions(project.config.project, name, limit=limit).items
