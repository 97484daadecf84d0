"""Content of the files that travel with versions, once per digest, so that a stored version can run again anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlrun_nb._lib.digest import PREFIX, digest_bytes
from mlrun_nb.artifacts.folder import Folder, open_folder
from mlrun_nb.errors import ArtifactError
from mlrun_nb.model.function import SourceFile
from mlrun_nb.notebook.digests import code_digest
from mlrun_nb.project import Project


def source_files(files: Mapping[str, bytes]) -> tuple[SourceFile, ...]:
    """Return what a version records of *files*, path → content, by path."""
    return tuple(
        SourceFile(path=path, digest=digest_bytes(data), code_digest=code_digest(path, data), size=len(data))
        for path, data in sorted(files.items())
    )


def keep(project: Project, files: Mapping[str, bytes]) -> None:
    """Keep the content of *files* where every user of the store finds it; known content costs a look."""
    folder = open_folder(project.config.files)
    for data in files.values():
        name = _name(digest_bytes(data))
        if not folder.exists(name):
            folder.write(name, data)


def deliver(project: Project, files: Iterable[SourceFile], target: Folder) -> None:
    """Put the content of *files* into *target* under their paths; raises ArtifactError for content that is gone."""
    for path, data in read(project, files):
        target.write(path, data)


def read(project: Project, files: Iterable[SourceFile]) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each of *files*; raises ArtifactError for content that is gone."""
    folder = open_folder(project.config.files)
    for file in files:
        data = folder.read(_name(file.digest))
        if digest_bytes(data) != file.digest:
            raise ArtifactError(
                f"the kept content of `{file.path}` in `{folder.url}` was changed",
                hint="Run the function from its notebook again: its files are kept anew.",
            )
        yield file.path, data


def _name(digest: str) -> str:
    plain = digest.removeprefix(PREFIX)
    return f"{plain[:2]}/{plain}"
