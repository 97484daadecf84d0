"""
What SQLite's errors mean to a person, with the thing to do: by result code, never by the wording of a message.

Codes that only say that something could not be opened, read or written are explained by a look at the place.

Source: https://www.sqlite.org/rescode.html
"""

from __future__ import annotations

import errno
from pathlib import Path

from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import StoreError
from mlrun_nb.stores.sqlite_place import full, why_full, why_read_only

_MEANINGS = {
    "SQLITE_BUSY": ("is locked by another process", "Wait for it, or find it with `fuser -v {path}`; then try again."),
    "SQLITE_LOCKED": ("is locked by another thread", "Try again."),
    "SQLITE_READONLY": ("is read-only", "Make file and folder writable: `chmod u+rw {path}; chmod u+rwx {folder}`."),
    "SQLITE_PERM": ("may not be opened", "Make file and folder yours: `ls -la {folder}` shows whose they are."),
    "SQLITE_AUTH": ("may not be opened", "Make file and folder yours: `ls -la {folder}` shows whose they are."),
    "SQLITE_CANTOPEN": ("cannot be opened", "Make file and folder writable: `ls -la {folder}` shows whose they are."),
    "SQLITE_CORRUPT": (
        "is damaged",
        "Set it aside, a new one is made: `mv {path} {path}.broken`. SQLite's `.recover` may read what is left.",
    ),
    "SQLITE_NOTADB": ("is not a database", "Set it aside, a new one is made: `mv {path} {path}.broken`."),
    "SQLITE_IOERR": (
        "could not be read or written",
        "See to the disk (`dmesg | tail`, `df -h {folder}`), then try again.",
    ),
    "SQLITE_SCHEMA": ("was changed by another process", "Try again."),
}
_OF_THE_PLACE = {"SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_IOERR"}
"""Codes whose cause may be the file system."""


def sqlite_error(error: BaseException, path: Path) -> StoreError:
    """Return what *error*, of SQLite, SQLAlchemy's pool or the file system, means for the store in *path*."""
    code = getattr(error, "sqlite_errorname", "")
    primary = "_".join(code.split("_")[:2])  # SQLITE_IOERR_WRITE is a SQLITE_IOERR
    obstacle = None
    if primary == "SQLITE_FULL" or getattr(error, "errno", 0) in {errno.ENOSPC, errno.EDQUOT}:
        obstacle = full(path)
    elif primary in _OF_THE_PLACE or isinstance(error, OSError):
        obstacle = why_full(path) or why_read_only(path)
    if obstacle is not None:
        return StoreError(f"the store `{path}` {obstacle.meaning}", hint=obstacle.hint)
    if isinstance(error, OSError):
        return StoreError(
            f"the store `{path}` cannot be opened: {error.strerror}",
            hint=f"Look at its folder (`ls -la {quoted(path.parent)}`), or name another with `MLRUN_NB_HOME`.",
        )
    if primary not in _MEANINGS:
        return StoreError(
            f"the store `{path}` cannot be used: {error}", hint="See what is wrong with `mlrun-nb doctor`."
        )
    meaning, hint = _MEANINGS[primary]
    return StoreError(f"the store `{path}` {meaning}", hint=hint.format(path=quoted(path), folder=quoted(path.parent)))
