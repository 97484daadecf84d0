"""What a run left, by name: find it, copy it out."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb._lib.shell import quoted
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


def copy_artifact(artifact: Artifact, to: Path | str) -> Path:
    """
    Copy the artifact's file to *to* and return where it is: under its own name below a folder, or what ends with `/`.

    Raises ArtifactError when it is gone, when a file is there already, or the folder is not.
    """
    parent, _, name = artifact.uri.rpartition("/")
    target = Path(to) / name if str(to).endswith("/") or Path(to).is_dir() else Path(to)
    if target.exists():
        raise ArtifactError(f"`{target}` is there already", hint="Name another file with `--to`, or remove it.")
    if not target.parent.is_dir():
        raise ArtifactError(
            f"there is no folder `{target.parent}` for `{target.name}`",
            hint=f"Make it: `mkdir -p {quoted(target.parent)}`.",
        )
    open_folder(parent).fetch(name, target)
    return target
