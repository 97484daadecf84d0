"""
PostgreSQL: how a team's store is reached, made when the database has none, and what its errors mean.

Everything lives in the schema `mlrun_nb`, so that a database can be shared. It is never migrated unasked: others use
it with their own release. Credentials come from the environment (`PGPASSWORD`, `~/.pgpass`) or the URL, never shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from mlrun_nb._lib.clock import Clock, now
from mlrun_nb.errors import ConfigError, StoreError, StoreOlder
from mlrun_nb.stores.postgresql_errors import postgresql_error
from mlrun_nb.stores.sql import making
from mlrun_nb.stores.sql.database import empty_engine, for_reading, for_writing
from mlrun_nb.stores.sql.revision import WRITE
from mlrun_nb.stores.sql.schema import SCHEMA_VERSION
from mlrun_nb.stores.sql.store import SqlStore

SCHEMA = "mlrun_nb"
_MAKING_LOCK = 0x6D6C6E62  # any number that nobody else locks: "mlnb"
_CONNECT_TIMEOUT_S = 10


def open_postgresql(url: str, *, clock: Clock = now) -> SqlStore:
    """Open the store in the database at *url*; tables are made when something is written, StoreOlder for old ones."""
    engine, location = _engine(url)
    database = PostgresqlDatabase(engine, location)
    database.reading()
    return SqlStore(database, location=location, error=partial(postgresql_error, location=location), clock=clock)


def check_url(url: str) -> None:
    """Raise ConfigError for a URL that cannot be read, StoreError where its driver is not installed."""
    engine, _ = _engine(url)
    engine.dispose()


class PostgresqlDatabase:
    """A schema in a server's database as a `Database`: not made yet, or in use."""

    def __init__(self, engine: Engine, location: str) -> None:
        self._engine, self._location = engine, location
        self._reader, self._writer = for_reading(engine), for_writing(engine)
        self._in_use = False

    def reading(self) -> Engine:
        """See `Database`; raises StoreOlder and StoreNewer for another release's tables."""
        if not self._in_use:
            with _translated(self._engine, self._location):
                if not _is_made(self._engine):
                    return self._empty
                self._take_in_use(_version(self._engine, self._location))
        return self._reader

    def writing(self) -> Engine:
        """See `Database`; raises StoreOlder and StoreNewer for another release's tables."""
        if not self._in_use:
            with _translated(self._engine, self._location):
                self._take_in_use(_prepare(self._engine, self._location))
        return self._writer

    def check_writable(self) -> None:
        """See `Database`; whether a role may write is said by the server when it does."""

    def dispose(self, *, close: bool = True) -> None:
        """See `Database`."""
        self._engine.dispose(close=close)
        if "_empty" in self.__dict__:
            self._empty.dispose(close=close)

    def _take_in_use(self, found: str) -> None:
        if found != SCHEMA_VERSION:
            raise StoreOlder(
                f"the store `{self._location}` has schema {found or 'none'}; this release needs {SCHEMA_VERSION}",
                hint="When your team is ready for this release, run `mlrun-nb doctor --migrate-store`.",
            )
        self._in_use = True

    @cached_property
    def _empty(self) -> Engine:
        return for_reading(empty_engine())


def migrate_postgresql(url: str) -> tuple[str, str]:
    """Bring the database to this release's schema; returns the versions before and after."""
    engine, location = _engine(url)
    with _translated(engine, location):
        before = _prepare(engine, location)
        if before != SCHEMA_VERSION:
            with engine.begin() as connection:
                _lock_making(connection)
                making.upgrade(connection, location)
    engine.dispose()
    return before, SCHEMA_VERSION


def _engine(text: str) -> tuple[Engine, str]:
    try:
        url = make_url(text).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as err:
        raise ConfigError("the store's URL cannot be read", hint="Write `postgresql://host:port/database`.") from err
    location = _location(url)
    options = f"{url.query.get('options', '')} -csearch_path={SCHEMA}"  # the last one counts
    settings = {"connect_timeout": _CONNECT_TIMEOUT_S, "application_name": "mlrun-nb", **url.query, "options": options}
    try:
        engine = create_engine(url.set(query={}), connect_args=settings)
    except ModuleNotFoundError as err:
        raise StoreError(
            f"the store `{location}` needs psycopg, which is not installed",
            hint="Run `pip install 'mlrun-nb[postgresql]'`.",
        ) from err
    event.listen(engine, "begin", _begin)
    return engine, location


def _location(url: URL) -> str:
    """Return the URL as a person would name it: no user, no password, no options."""
    place = f"{url.host or 'localhost'}:{url.port}" if url.port else url.host or "localhost"
    return f"postgresql://{place}/{url.database or ''}"


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITE):
        connection.exec_driver_sql("SELECT number FROM changes FOR UPDATE")


@contextmanager
def _translated(engine: Engine, location: str) -> Iterator[None]:
    """Leave neither a connection nor a foreign exception behind when opening fails."""
    try:
        yield
    except BaseException as err:
        engine.dispose()
        if isinstance(err, DBAPIError) and err.orig is not None:
            raise postgresql_error(err.orig, location=location) from err
        raise


def _prepare(engine: Engine, location: str) -> str:
    """Return the version found; makes the tables where there are none."""
    if not _is_made(engine):
        with engine.begin() as connection:
            _lock_making(connection)
            if not _exists(connection):  # else another process was faster
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                making.make(connection)
    return _version(engine, location)


def _is_made(engine: Engine) -> bool:
    with engine.connect() as connection:
        return _exists(connection)


def _version(engine: Engine, location: str) -> str:
    with engine.connect() as connection:  # a new transaction: only at its begin does a session hear of others' tables
        found = making.version(connection)
    making.refuse_newer(found, location)
    return found


def _exists(connection: Connection) -> bool:
    """Read the catalogue as a table: `to_regclass` answers from a cache that waiting for a lock does not renew."""
    statement = "SELECT 1 FROM pg_tables WHERE schemaname = 'mlrun_nb' AND tablename = 'alembic_version'"
    return connection.exec_driver_sql(statement).first() is not None


def _lock_making(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING_LOCK})")
