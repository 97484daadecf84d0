"""
What SQLite's errors mean to a person, with the thing to do: by result code, never by the wording of a message.

Source: https://www.sqlite.org/rescode.html
"""

from __future__ import annotations

from pathlib import Path

from mlrun_nb.errors import StoreError

_MEANINGS = {
    "SQLITE_BUSY": ("is locked by another process", "Wait for it, or find it with `fuser -v {path}`; then try again."),
    "SQLITE_LOCKED": ("is locked by another thread", "Try again."),
    "SQLITE_READONLY": ("is read-only", "Make file and folder writable: `chmod u+rw {path}; chmod u+rwx {folder}`."),
    "SQLITE_PERM": ("may not be opened", "Make file and folder yours: `ls -la {folder}` shows whose they are."),
    "SQLITE_AUTH": ("may not be opened", "Make file and folder yours: `ls -la {folder}` shows whose they are."),
    "SQLITE_CANTOPEN": ("cannot be opened", "Make file and folder writable: `ls -la {folder}` shows whose they are."),
    "SQLITE_FULL": ("has no space left to grow", "Free space (`df -h {folder}` shows it), then try again."),
    "SQLITE_CORRUPT": (
        "is damaged",
        "Set it aside and save what is left: `sqlite3 {path} .recover | sqlite3 {path}.recovered`.",
    ),
    "SQLITE_NOTADB": ("is not a database", "Set it aside, a new one is made: `mv {path} {path}.broken`."),
    "SQLITE_IOERR": (
        "could not be read or written",
        "See to the disk (`dmesg | tail`, `df -h {folder}`), then try again.",
    ),
    "SQLITE_SCHEMA": ("was changed by another process", "Try again."),
}


def sqlite_error(error: BaseException, path: Path) -> StoreError:
    """Return what *error*, of SQLite, SQLAlchemy's pool or the file system, means for the store in *path*."""
    if isinstance(error, OSError):
        return StoreError(
            f"the store `{path}` cannot be made: {error.strerror}",
            hint=f"Make its folder writable (`ls -la {path.parent}`), or name another with `MLRUN_NB_HOME`.",
        )
    code = getattr(error, "sqlite_errorname", "")
    primary = "_".join(code.split("_")[:2])  # SQLITE_IOERR_WRITE is a SQLITE_IOERR
    if primary not in _MEANINGS:
        return StoreError(
            f"the store `{path}` cannot be used: {error}", hint="See what is wrong with `mlrun-nb doctor`."
        )
    meaning, hint = _MEANINGS[primary]
    return StoreError(f"the store `{path}` {meaning}", hint=hint.format(path=path, folder=path.parent))
