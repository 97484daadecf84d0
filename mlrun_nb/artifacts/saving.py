"""
A value into a folder: the first packager that can keep it, digest and size, files put whole.

Called inside a run for outputs and `log_artifact`, and by `blobs` for inputs.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.digest import digest_file
from mlrun_nb._lib.shell import quoted
from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.artifacts.names import check_name
from mlrun_nb.artifacts.packagers.protocol import CannotPack, Packed, type_name
from mlrun_nb.artifacts.packagers.registry import packagers
from mlrun_nb.errors import ArtifactError, MlrunNbError
from mlrun_nb.model.artifact import Artifact


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was kept, and why it was not kept in the form that its type would suggest."""

    artifact: Artifact
    notices: Sequence[str] = ()


def save_value(value: object, folder: Folder, name: str) -> Saved:
    """Keep *value* as *name* in *folder*; raises UsageError for the name, ArtifactError for a value nobody can keep."""
    *parents, last = check_name(name).split("/")
    prefix = "".join(f"{part}/" for part in parents)
    with scratch(folder) as directory:
        kind, packed, notices = pack(value, directory, last)
        main = directory / packed.file
        size, digest = main.stat().st_size, digest_file(main)
        for file in {packed.file, *packed.previews.values()}:
            folder.take(directory / file, prefix + file)
    artifact = Artifact(
        name=name,
        kind=kind,
        uri=folder.url_of(prefix + packed.file),
        size=size,
        digest=digest,
        type=type_name(value),
        media_type=packed.media_type,
        previews={media: prefix + file for media, file in packed.previews.items()},
        metadata=packed.metadata,
    )
    return Saved(artifact=artifact, notices=notices)


def pack(value: object, directory: Path, name: str) -> tuple[str, Packed, list[str]]:
    """
    Write *value* to files in *directory* by the first packager that can; returns kind, files and notices.

    A packager that fails in a way that it may not is reported and passed over: the run's work is worth more.
    """
    known, notices = packagers()[0], list(packagers()[1])
    reasons: list[str] = []
    for packager in known:
        try:
            if not packager.can_save(value):
                continue
            packed = packager.save(value, directory, name)
            _check_files(packed, directory)
        except CannotPack as err:
            reasons.append(str(err))
            continue
        except MlrunNbError:
            raise
        except Exception as err:  # noqa: BLE001  # a stranger's code
            notices.append(f"packager `{packager.name}` failed over `{name}`: {type(err).__name__}: {err}")
            continue
        if reasons:
            notices.append(f"`{name}` ({type_name(value)}) is kept as {packager.name}: {reasons[0]}")
        return packager.name, packed, notices
    raise ArtifactError(
        f"`{name}` ({type_name(value)}) cannot be kept: {'; '.join(reasons)}",
        hint=f"Keep the data in it, or write a file and log its path: `mn.log_artifact(Path('{name}.bin'))`.",
    )


def _check_files(packed: Packed, directory: Path) -> None:
    for file in (packed.file, *packed.previews.values()):
        if not (directory / file).is_file():
            raise FileNotFoundError(f"it names `{file}` and wrote no such file")


@contextmanager
def scratch(folder: Folder) -> Iterator[Path]:
    """Give a temporary directory on the file system of *folder*, so that what is written there is moved, not copied."""
    beside = folder.path
    try:
        if beside is not None:
            beside.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory = Path(tempfile.mkdtemp(prefix=".saving-", dir=beside))
    except OSError as err:
        raise ArtifactError(
            f"cannot write in `{folder.url}`: {err.strerror or err}", hint=f"Look at it: `ls -ld {quoted(folder.url)}`."
        ) from err
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
