"""The verb `artifacts`: what a run left, and a copy of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.artifacts import copy_artifact, find_artifact


def list_artifacts(project: Project, run: Run) -> Sequence[Artifact]:
    """Return the artifacts of *run* by name."""
    return project.store.artifacts(run.id)


def one_artifact(project: Project, run: Run, name: str) -> Artifact:
    """Return the artifact of *run* called *name*; raises NotFoundError."""
    return find_artifact(project, run, name)


def copy(artifact: Artifact, to: str) -> Path:
    """Copy *artifact* to a file or folder and return where it is; raises ArtifactError."""
    return copy_artifact(artifact, to)
