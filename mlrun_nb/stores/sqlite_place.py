"""
What stands in the way of writing to a SQLite file: its file system, its owner, or no space.

Asked before anything is written and when SQLite gives a code that does not tell them apart. Reads nothing but what the
system says of file and folder.
"""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.files import nearest
from mlrun_nb._lib.shell import quoted

LITTLE_BYTES = 128 * 1024
"""With less than this SQLite can make neither a page of its log nor the memory that the log's readers share."""

_ELSEWHERE = "or name another place with `MLRUN_NB_HOME` or `MLRUN_NB_STORE`"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the store cannot be written, as the end of a sentence, and the thing to do."""

    meaning: str
    hint: str


def why_read_only(path: Path) -> Obstacle | None:
    """Return what forbids to write the store in *path*, whether it is there or not; None where nothing does."""
    folder = nearest(path.parent)
    if not folder.is_dir():
        return Obstacle(f"cannot be made: `{folder}` is no folder", f"Move that away, {_ELSEWHERE}.")
    is_there, is_readable = os.access(path, os.F_OK), os.access(path, os.R_OK)
    if os.access(folder, os.W_OK) and (not is_there or os.access(path, os.W_OK)):  # a log is made beside the file
        return None
    first = "What is recorded can be read; to record more, " if is_readable else "To record runs, "
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        return Obstacle("is on a read-only file system", f"{first}mount it writable, {_ELSEWHERE}.")
    verb = "written" if is_readable or not is_there else "read"
    return Obstacle(
        f"may not be {verb} by `{_user()}`",
        f"{first}make file and folder yours (`ls -la {quoted(folder)}` shows whose they are), {_ELSEWHERE}.",
    )


def why_full(path: Path) -> Obstacle | None:
    """Return what no space for the store in *path* comes to; None where there is some."""
    folder = nearest(path.parent)
    space = os.statvfs(folder)
    has_files = space.f_favail > 0 or space.f_files == 0  # some file systems do not count files
    if space.f_bavail * space.f_frsize >= LITTLE_BYTES and has_files:
        return None
    return full(path)


def full(path: Path) -> Obstacle:
    """Return what no space for the store in *path* comes to."""
    folder = nearest(path.parent)
    return Obstacle(
        f"has no space left in `{folder}`",
        f"Free space there (`df -h {quoted(folder)}` shows it), or remove old runs: `mlrun-nb gc --keep 5`.",
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return str(os.getuid())
