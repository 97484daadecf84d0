"""What a run left, by name: find it, copy it out."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.errors import ArtifactError, NotFoundError
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project


def find_artifact(project: Project, run: Run, name: str) -> Artifact:
    """Return the artifact of *run* called *name*; raises NotFoundError with the names there are."""
    artifacts = {artifact.name: artifact for artifact in project.store.artifacts(run.id)}
    if name in artifacts:
        return artifacts[name]
    near = nearest(name, artifacts)
    listed = f"It left: {some(artifacts)}." if artifacts else "It left none."
    raise NotFoundError(
        f"run `{run.id}` has no artifact `{name}`", hint=f"Did you mean `{near}`? {listed}" if near else listed
    )


def copy_artifact(artifact: Artifact, to: Path) -> Path:
    """
    Copy the artifact's file to *to*, a file or a folder, and return where it is.

    Raises ArtifactError when it is gone, or when a file is there already.
    """
    parent, _, name = artifact.uri.rpartition("/")
    target = to / name if to.is_dir() else to
    if target.exists():
        raise ArtifactError(f"`{target}` is there already", hint="Name another file with `--to`, or remove it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    open_folder(parent).fetch(name, target)
    return target
