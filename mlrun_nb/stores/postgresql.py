"""
PostgreSQL: how a team's store is reached, made when the database has none, and what its errors mean.

Everything lives in the schema `mlrun_nb`, so that a database can be shared. It is never migrated unasked: others use
it with their own release. Credentials come from the environment (`PGPASSWORD`, `~/.pgpass`) or the URL, never shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from mlrun_nb._lib.clock import Clock, now
from mlrun_nb.errors import ConfigError, StoreError, StoreOlder
from mlrun_nb.stores.postgresql_errors import postgresql_error
from mlrun_nb.stores.sql import making
from mlrun_nb.stores.sql.revision import WRITE
from mlrun_nb.stores.sql.schema import SCHEMA_VERSION
from mlrun_nb.stores.sql.store import SqlStore

SCHEMA = "mlrun_nb"
_MAKING_LOCK = 0x6D6C6E62  # any number that nobody else locks: "mlnb"
_CONNECT_TIMEOUT_S = 10


def open_postgresql(url: str, *, clock: Clock = now) -> SqlStore:
    """Open the store in the database at *url*; makes tables where there are none, raises StoreOlder for old ones."""
    engine, location = _engine(url)
    with _translated(engine, location):
        found = _prepare(engine, location)
        if found != SCHEMA_VERSION:
            raise StoreOlder(
                f"the store `{location}` has schema {found or 'none'}; this release needs {SCHEMA_VERSION}",
                hint="When your team is ready for this release, run `mlrun-nb doctor --migrate-store`.",
            )
    return SqlStore(engine, location=location, error=partial(postgresql_error, location=location), clock=clock)


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
            f"the store `{location}` needs psycopg, which is not installed", hint="pip install 'mlrun-nb[postgresql]'"
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
    with engine.connect() as connection:
        is_new = not _exists(connection)
    if is_new:
        with engine.begin() as connection:
            _lock_making(connection)
            if not _exists(connection):  # else another process was faster
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                making.make(connection)
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
