"""
SQLite: a store in one file per user, used by many processes at once.

`synchronous=FULL`, and every writing transaction takes the write lock when it begins, so that none has to give up
half-way. Reading makes nothing: a store that is not there is an empty one until something is recorded. A file that was
deleted or replaced meanwhile is let go of, and what lies there now is opened. Statements are in `stores.sql`, the
making of the file in `sqlite_making`, the meaning of errors in `sqlite_errors`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from mlrun_nb._lib.clock import Clock, now
from mlrun_nb.errors import StoreError
from mlrun_nb.stores.filesystem import MOUNTS
from mlrun_nb.stores.sql.database import empty_engine, for_reading, for_writing
from mlrun_nb.stores.sql.revision import WRITE
from mlrun_nb.stores.sql.schema import SCHEMA_VERSION
from mlrun_nb.stores.sql.store import SqlStore
from mlrun_nb.stores.sqlite_errors import sqlite_error
from mlrun_nb.stores.sqlite_making import check, identity, is_made, make_missing, prepare
from mlrun_nb.stores.sqlite_place import why_full, why_read_only
from mlrun_nb.stores.sqlite_reading import reading_engine

BUSY_TIMEOUT_S = 30.0
"""How long a transaction waits for another process's; ours take milliseconds."""


def open_sqlite(
    path: Path, *, clock: Clock = now, busy_timeout_s: float = BUSY_TIMEOUT_S, mounts: Path = MOUNTS
) -> SqlStore:
    """Open the store in the file *path*; one that is old is migrated (with a copy), a new one made when written to."""
    database = SqliteDatabase(path, busy_timeout_s=busy_timeout_s, mounts=mounts)
    database.reading()
    return SqlStore(database, location=str(path), error=partial(sqlite_error, path=path), clock=clock)


def migrate_sqlite(path: Path) -> tuple[str, str]:
    """Bring the file to this release's schema, a new one too; returns the versions before and after."""
    database = SqliteDatabase(path, busy_timeout_s=BUSY_TIMEOUT_S, mounts=MOUNTS)
    before = database.prepare()
    database.dispose()
    return before, SCHEMA_VERSION


class SqliteDatabase:
    """The file *path* as a `Database`: not made yet, in use, or only to be read."""

    def __init__(self, path: Path, *, busy_timeout_s: float, mounts: Path) -> None:
        self._path = path
        self._mounts = mounts
        self._engine = _engine(path, busy_timeout_s=busy_timeout_s)
        self._reader, self._writer = for_reading(self._engine), for_writing(self._engine)
        self._prepared: tuple[int, int] | None = None

    def reading(self) -> Engine:
        """See `Database`."""
        if self._is_in_use():
            return self._reader
        with self._translated():
            if not is_made(self._path):
                return self._empty
            if why_read_only(self._path):
                return self._only_reading
        try:
            self.prepare()
        except StoreError:
            if not why_full(self._path):
                raise
            with self._translated():
                return self._only_reading
        return self._reader

    def writing(self) -> Engine:
        """See `Database`."""
        if not self._is_in_use():
            self.check_writable()
            self.prepare()
        return self._writer

    def check_writable(self) -> None:
        """See `Database`."""
        obstacle = why_read_only(self._path)
        if obstacle is not None:
            raise StoreError(f"the store `{self._path}` {obstacle.meaning}", hint=obstacle.hint)

    def dispose(self, *, close: bool = True) -> None:
        """See `Database`."""
        self._engine.dispose(close=close)
        if "_empty" in self.__dict__:
            self._empty.dispose(close=close)

    def prepare(self) -> str:
        """Make, check and migrate the file; returns the version found."""
        with self._translated():
            is_made(self._path)
            make_missing(self._path)
            file = identity(self._path)  # before it is opened: should it be replaced just then, that is noticed
            found = prepare(self._engine, self._path, mounts=self._mounts)
        self._prepared = file
        return found

    def _is_in_use(self) -> bool:
        """Tell whether the prepared file still lies there; one that does not is let go of."""
        prepared = self._prepared
        if prepared is None:
            return False
        if prepared == identity(self._path):
            return True
        self._engine.dispose()
        self._prepared = None
        return False

    @cached_property
    def _empty(self) -> Engine:
        return for_reading(empty_engine())

    @cached_property
    def _only_reading(self) -> Engine:
        engine = for_reading(reading_engine(self._path))
        with engine.connect() as connection:
            check(connection, self._path)
        return engine

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Leave neither a connection nor a foreign exception behind when opening fails."""
        try:
            yield
        except BaseException as err:
            self._engine.dispose()
            cause = err.orig if isinstance(err, DBAPIError) else err
            if isinstance(cause, sqlite3.Error | OSError):
                raise sqlite_error(cause, self._path) from err
            raise


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
