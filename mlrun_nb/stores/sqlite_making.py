"""
How a SQLite store's file is made, checked, and brought up to date.

Write-ahead log; on a network file system, where no log can work, a rollback journal. Several processes may find at once
that there is nothing yet, or something old: a lock beside the file lets one of them do the work.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine

from mlrun_nb._lib.files import locked
from mlrun_nb.errors import StoreError
from mlrun_nb.stores.filesystem import is_network
from mlrun_nb.stores.sql import making
from mlrun_nb.stores.sql.revision import WRITE
from mlrun_nb.stores.sql.schema import SCHEMA_VERSION

APPLICATION_ID = 0x6D6C6E62
"""Written into the file's header: "mlnb"."""


def is_made(path: Path) -> bool:
    """Tell whether there is anything in the file *path*; raises StoreError for a folder."""
    if path.is_dir():
        raise StoreError(f"the store `{path}` is a folder", hint=f"Name a file in it: `sqlite:///{path}/store.db`.")
    return os.access(path, os.F_OK) and path.stat().st_size > 0


def identity(path: Path) -> tuple[int, int] | None:
    """Return which file lies at *path*, None where none does; another one after it was deleted or replaced."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def make_missing(path: Path) -> None:
    """Make the file where none lies; what the log of a deleted one still holds goes first, or it would be ours."""
    if path.exists():
        return
    _make_folder(path)
    with locked(_lock_file(path)):
        if path.exists():  # another process was faster
            return
        for suffix in ("-wal", "-shm"):
            path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
        _make_file(path)


def prepare(engine: Engine, path: Path, *, mounts: Path) -> str:
    """Fill a new file, refuse what is not ours, migrate what is old (with a copy); returns the version found."""
    journal = "delete" if is_network(path, mounts=mounts) else "wal"
    with engine.connect() as connection:
        if _is_new(connection, path):
            connection.commit()
            _make_tables(connection, path, journal=journal)
        elif connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() != journal:
            connection.exec_driver_sql(f"PRAGMA journal_mode={journal}")
        found = making.version(connection)
    making.refuse_newer(found, str(path))
    if found != SCHEMA_VERSION:
        _migrate(engine, path)
    return found


def check(connection: Connection, path: Path) -> None:
    """Raise StoreError where this release cannot read the file as *connection*, which only reads, sees it."""
    found = "" if _is_new(connection, path) else making.version(connection)
    making.refuse_newer(found, str(path))
    if found != SCHEMA_VERSION:
        raise StoreError(
            f"the store `{path}` has schema {found or 'none'}, and cannot be brought to {SCHEMA_VERSION} where it lies",
            hint="Open it once where it can be written, or copy it to such a place and name it with `MLRUN_NB_STORE`.",
        )


def _make_folder(path: Path) -> None:
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)


def _make_file(path: Path) -> None:
    """Make the file for its owner only; the log's files get the same mode from SQLite."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _is_new(connection: Connection, path: Path) -> bool:
    """Tell whether the file holds nothing yet; raises StoreError when it holds another application's data."""
    if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0:
        return True
    # in this order: another process may make tables and id, both at once, between our two looks
    if connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID:
        return False
    raise StoreError(
        f"`{path}` is a database of another application",
        hint="Name another file with `MLRUN_NB_STORE=sqlite:////path/store.db`.",
    )


def _make_tables(connection: Connection, path: Path, *, journal: str) -> None:
    with locked(_lock_file(path)):
        connection.exec_driver_sql(f"PRAGMA journal_mode={journal}")
        connection.commit()
        with connection.execution_options(**{WRITE: True}).begin():
            if _is_new(connection, path):  # else another process was faster
                making.make(connection)
                connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def _migrate(engine: Engine, path: Path) -> None:
    with locked(_lock_file(path)), engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # or rebuilding a table would delete what refers to it
        connection.commit()
        with connection.execution_options(**{WRITE: True}).begin():
            found = making.version(connection)
            if found != SCHEMA_VERSION:
                _copy(path, path.with_name(f"{path.name}.before-{SCHEMA_VERSION}"))
                making.upgrade(connection, str(path))
    engine.dispose()


def _copy(path: Path, to: Path) -> None:
    """Copy the database as it stood when the transaction that holds the write lock began."""
    _make_file(to)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def _lock_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")
