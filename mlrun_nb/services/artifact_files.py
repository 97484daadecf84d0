"""The files of an artifact on this machine, to be sent on or looked at; a remote one is copied here for a while."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from mlrun_nb._lib.nearness import some
from mlrun_nb.artifacts.folder import local_path, open_folder
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project

_LARGEST_FETCHED = 64 << 20
"""Bytes of a remote file that are fetched to show its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file on this machine. One that `is_copy` belongs to the caller, who removes its folder."""

    path: Path
    is_copy: bool = False

    def discard(self) -> None:
        """Remove a copy; what is no copy stays."""
        if self.is_copy:
            self.path.unlink(missing_ok=True)
            self.path.parent.rmdir()  # ours alone


def file_name(artifact: Artifact) -> str:
    """Return the name of the artifact's file, without its folder."""
    return PurePosixPath(unquote(urlsplit(artifact.uri).path) if "://" in artifact.uri else artifact.uri).name


def is_worth_a_look(artifact: Artifact) -> bool:
    """Tell whether a look at the artifact's first rows is worth having the file here."""
    return local_path(artifact.uri) is not None or artifact.size <= _LARGEST_FETCHED


def find_file(project: Project, run: Run, artifact: Artifact) -> LocalFile:
    """Return the main file of *artifact*; raises NotFoundError when it is gone, ArtifactError when out of reach."""
    return _found(project, run, artifact.uri)


def find_rendering(project: Project, run: Run, artifact: Artifact, name: str) -> tuple[LocalFile, str]:
    """
    Return the file of the artifact's rendering called *name*, and its media type.

    Raises NotFoundError for a name that is not among its renderings, and ArtifactError.
    """
    media = next((media for media, file in artifact.previews.items() if file == name), None)
    if media is None:
        names = some([f"`{each}`" for each in artifact.previews.values()]) or "none"
        raise NotFoundError(f"artifact `{artifact.name}` has no rendering `{name}`", hint=f"It has: {names}.")
    parent = artifact.uri.rpartition("/")[0]
    return _found(project, run, f"{parent}/{PurePosixPath(name).name}"), media


@contextmanager
def opened(file: LocalFile) -> Iterator[Path]:
    """Give the path of *file*, and remove a copy afterwards."""
    try:
        yield file.path
    finally:
        file.discard()


def _found(project: Project, run: Run, uri: str) -> LocalFile:
    path = local_path(uri)
    if path is None:
        return _copied(uri)
    real = Path(os.path.realpath(path))
    if not any(real.is_relative_to(place) for place in _places(project, run)):
        raise NotFoundError(
            f"`{uri}` lies outside the folders of runs", hint="Open it where it is; nothing outside is served."
        )
    if not real.is_file():
        raise NotFoundError(f"`{uri}` is gone", hint="Run again what made it.")
    return LocalFile(path=real)


def _places(project: Project, run: Run) -> Iterator[str]:
    """Yield the folders in which runs leave things."""
    yield os.path.realpath(project.config.runs.parent)  # of all projects: a cached run shows those of its origin
    yield os.path.realpath(run.run_directory)
    kept = local_path(project.config.artifacts) if project.config.artifacts else None
    if kept is not None:
        yield os.path.realpath(kept)


def _copied(uri: str) -> LocalFile:
    parent, _, name = uri.rpartition("/")
    folder = Path(tempfile.mkdtemp(prefix="mlrun-nb-artifact-"))
    target = folder / "content"
    try:
        open_folder(parent).fetch(name, target)
    except BaseException:
        LocalFile(path=target, is_copy=True).discard()
        raise
    return LocalFile(path=target, is_copy=True)
