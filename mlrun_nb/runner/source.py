"""
Project modules and data that travel with a function, into the places where its cells look for them.

Modules are imported from `source/`. Where the run has a working directory of its own, all files are copied there too,
so that a cell finds `data/x.csv` by the name that it has beside the notebook.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.errors import UsageError
from mlrun_nb.model.run import RunRequest
from mlrun_nb.runner import layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Local folders of one attempt. `source` is None where no file travels with the function."""

    spool: Path
    source: Path | None
    work: Path


def unpack(request: RunRequest, folder: Folder, scratch: Path) -> Places:
    """Make the local folders below *scratch*; raises UsageError for a working directory that is not there."""
    source = _source(folder, scratch)
    spool = scratch / layout.SPOOL
    shutil.rmtree(spool, ignore_errors=True)  # of an earlier attempt: its lines are in the events
    spool.mkdir(mode=0o700, parents=True)
    if not request.working_directory:
        work = scratch / layout.WORK
        copy_source(source, work)
        return Places(spool=spool, source=source, work=work)
    work = Path(request.working_directory)
    if not work.is_dir():
        raise UsageError(
            f"the working directory `{work}` does not exist",
            hint="Run it again from the notebook's present folder, or make the folder.",
        )
    return Places(spool=spool, source=source, work=work)


def copy_source(source: Path | None, work: Path) -> None:
    """Make the working directory *work*, with a copy of all files that travel with the function."""
    if source is not None:
        shutil.copytree(source, work, dirs_exist_ok=True)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)


def _source(folder: Folder, scratch: Path) -> Path | None:
    if folder.path is not None:
        path = folder.path / layout.SOURCE
        return path if path.is_dir() else None
    names = folder.names(layout.SOURCE)
    for name in names:
        target = scratch / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.fetch(name, target)
    return scratch / layout.SOURCE if names else None
