"""
SQLite: how a store's file is made, opened, checked and brought up to date.

One file per user, used by many processes at once: write-ahead log, `synchronous=FULL`, and every writing transaction
takes the write lock when it begins, so that none has to give up half-way. On a network file system, where no log can
work, a rollback journal. Statements are in `stores.sql`, the meaning of errors in `sqlite_errors`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from mlrun_nb._lib.clock import Clock, now
from mlrun_nb._lib.files import locked
from mlrun_nb.errors import StoreError
from mlrun_nb.stores.filesystem import MOUNTS, is_network
from mlrun_nb.stores.sql import making
from mlrun_nb.stores.sql.revision import WRITE
from mlrun_nb.stores.sql.schema import SCHEMA_VERSION
from mlrun_nb.stores.sql.store import SqlStore
from mlrun_nb.stores.sqlite_errors import sqlite_error

APPLICATION_ID = 0x6D6C6E62
"""Written into the file's header: "mlnb"."""

BUSY_TIMEOUT_S = 30.0
"""How long a transaction waits for another process's; ours take milliseconds."""


def open_sqlite(
    path: Path, *, clock: Clock = now, busy_timeout_s: float = BUSY_TIMEOUT_S, mounts: Path = MOUNTS
) -> SqlStore:
    """Open the store in the file *path*; makes it when it is new, migrates it (with a copy) when it is old."""
    engine = _engine(path, busy_timeout_s=busy_timeout_s)
    with _translated(engine, path):
        _prepare(engine, path, mounts=mounts)
    return SqlStore(engine, location=str(path), error=partial(sqlite_error, path=path), clock=clock)


def migrate_sqlite(path: Path) -> tuple[str, str]:
    """Bring the file to this release's schema; returns the versions before and after."""
    engine = _engine(path, busy_timeout_s=BUSY_TIMEOUT_S)
    with _translated(engine, path):
        before = _prepare(engine, path, mounts=MOUNTS)
    engine.dispose()
    return before, SCHEMA_VERSION


def _engine(path: Path, *, busy_timeout_s: float) -> Engine:
    def connect() -> sqlite3.Connection:
        # isolation_level=None: transactions begin where _begin says so, never inside the driver
        connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITE):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _translated(engine: Engine, path: Path) -> Iterator[None]:
    """Leave neither a connection nor a foreign exception behind when opening fails."""
    try:
        yield
    except BaseException as err:
        engine.dispose()
        cause = err.orig if isinstance(err, DBAPIError) else err
        if isinstance(cause, sqlite3.Error | OSError):
            raise sqlite_error(cause, path) from err
        raise


def _prepare(engine: Engine, path: Path, *, mounts: Path) -> str:
    """Make, check and migrate; returns the version found."""
    if path.is_dir():
        raise StoreError(f"the store `{path}` is a folder", hint=f"Name a file in it: `sqlite:///{path}/store.db`.")
    if not path.exists():
        _make_file(path)
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


def _make_file(path: Path) -> None:
    """Make the file for its owner only; the log's files get the same mode from SQLite."""
    missing = [folder for folder in path.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _is_new(connection: Connection, path: Path) -> bool:
    """Tell whether the file holds nothing yet; raises StoreError when it holds another application's data."""
    if connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID:
        return False
    if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0:
        return True
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
