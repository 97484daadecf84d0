"""
Reading a SQLite file where nothing can be written beside it: read-only file system, no right, or no space left.

A file with a write-ahead log can be read there in two ways: with the log and its index as they lie there, under
SQLite's locks, or, where there is no log, as a file that nobody changes. The second is only a hope, since another
machine or mount may write: so file and log are looked at again after every read.

Source: https://www.sqlite.org/wal.html#read_only_databases
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

from mlrun_nb.errors import StoreError

_LOG_MODE_AT = slice(18, 20)
_LOG_MODE = b"\2\2"
"""Where the file's header says whether it is used with a log. Source: https://www.sqlite.org/fileformat2.html"""

_INDEX_BYTES = 32 * 1024
"""The least size of a log's index; a smaller one was begun when the disk was full."""
_LOOKS, _PAUSE_S = 5, 0.02


@dataclass(frozen=True, slots=True)
class _Look:
    """What tells whether a file was changed: size and time of the last change, and the size of its log."""

    size: int
    changed_ns: int
    log: int


class _Unlocked(sqlite3.Connection):
    """A connection that takes no locks, and how the file looked when it was opened."""

    look: _Look


def reading_engine(path: Path) -> Engine:
    """Return an engine whose connections only read the file *path*; each finds out anew how that can be done."""

    def check(connection: Connection) -> None:
        look = getattr(connection.connection.dbapi_connection, "look", None)
        if look is not None and look != _look(path):
            raise StoreError(f"the store `{path}` was changed while it was read", hint="Try again.")

    engine = create_engine("sqlite+pysqlite://", creator=partial(_connect, path), poolclass=NullPool)
    event.listen(engine, "rollback", check)  # how every transaction ends that only reads
    return engine


def _connect(path: Path) -> sqlite3.Connection:
    for _ in range(_LOOKS):
        connection = _open(path)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError:
            connection.close()
            time.sleep(_PAUSE_S)  # the log that was there a moment ago may be gone
        else:
            return connection
    return _open(path)  # whatever is wrong is said by the first statement


def _open(path: Path) -> sqlite3.Connection:
    url = f"file:{quote(str(path))}?mode=ro"
    if _has_locks(path):
        return sqlite3.connect(url, uri=True, isolation_level=None, check_same_thread=False)
    look = _look(path)
    connection = sqlite3.connect(
        f"{url}&immutable=1", uri=True, isolation_level=None, check_same_thread=False, factory=_Unlocked
    )
    connection.look = look
    return connection


def _has_locks(path: Path) -> bool:
    """Tell whether SQLite can lock readers against writers: there is no log, or the log and its index lie there."""
    with path.open("rb") as file:
        if file.read(20)[_LOG_MODE_AT] != _LOG_MODE:
            return True
    log, index = _beside(path, "-wal"), _beside(path, "-shm")
    for _ in range(_LOOKS):
        if _size(index) >= _INDEX_BYTES:
            return True
        if not _size(log):
            return False
        time.sleep(_PAUSE_S)  # a writer that ends removes the index a moment before the log
    raise StoreError(
        f"the store `{path}` has changes in `{log.name}` that can be taken in only where it can be written",
        hint=f"Copy `{path.name}` and `{log.name}` to such a place, and name that with `MLRUN_NB_STORE`.",
    )


def _look(path: Path) -> _Look:
    state = path.stat()
    return _Look(state.st_size, state.st_mtime_ns, _size(_beside(path, "-wal")))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}{suffix}")
