"""
Where studies lie: a file beside the store, or a schema of the team's database. `optuna-dashboard` reads both.

Optuna keeps its own history of migrations under the same table name as ours, so it never shares a schema with a store.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from optuna.exceptions import StorageInternalError
from optuna.storages import BaseStorage, InMemoryStorage, RDBStorage
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from mlrun_nb._lib.files import expanded, locked, make_private
from mlrun_nb.errors import StoreError

SCHEMA = "mlrun_nb_optuna"
_MAKING_LOCK = 0x6D6C6E6F  # any number that nobody else locks: "mlno"
_CONNECT_TIMEOUT_S = 10
_BUSY_TIMEOUT_S = 60


def open_storage(url: str) -> BaseStorage:
    """Return the storage at *url*, made where it is not there; raises StoreError for one that cannot be used."""
    if not url:
        return InMemoryStorage()
    with translated(url):
        if url.startswith("sqlite:"):
            return _open_file(expanded(url.removeprefix("sqlite:///")))
        return _open_schema(url)


def close_storage(storage: BaseStorage) -> None:
    """Release the connections of *storage*."""
    storage.remove_session()
    if isinstance(storage, RDBStorage):
        storage.engine.dispose()


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Raise StoreError for what goes wrong in the block with the storage at *url*."""
    try:
        yield
    except (StorageInternalError, SQLAlchemyError, OSError, ImportError, RuntimeError) as err:
        cause = err.__cause__ if isinstance(err, StorageInternalError) and err.__cause__ else err
        reason = next(iter(str(getattr(cause, "orig", None) or cause).splitlines()), type(cause).__name__)
        raise StoreError(
            f"the studies of Optuna in `{_location(url)}` cannot be used: {reason}",
            hint="Mend what it says; a sweep that goes on finds all that was asked and told before.",
        ) from err


def _open_file(path: Path) -> RDBStorage:
    make_private(path.parent)
    with locked(path.with_name(f"{path.name}.lock")):  # two that make tables at once would get in each other's way
        path.touch(mode=0o600)
        settings = {"timeout": _BUSY_TIMEOUT_S}
        return RDBStorage(f"sqlite:///file:{quote(str(path))}?uri=true", {"connect_args": settings})


def _open_schema(text: str) -> RDBStorage:
    url = make_url(text.replace("postgres:", "postgresql:", 1)).set(drivername="postgresql+psycopg")
    options = f"{url.query.get('options', '')} -csearch_path={SCHEMA}"  # the last one counts
    settings = {"connect_timeout": _CONNECT_TIMEOUT_S, "application_name": "mlrun-nb", **url.query, "options": options}
    plain = url.set(query={})
    engine = create_engine(plain, connect_args=settings)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING_LOCK})")
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING_LOCK})")
            shown = plain.render_as_string(hide_password=False).replace("{", "{{").replace("}", "}}")
            return RDBStorage(shown, {"connect_args": settings, "pool_pre_ping": True})
    finally:
        engine.dispose()


def _location(url: str) -> str:
    """Return *url* without user, password and options."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}" if scheme != "sqlite" else rest.removeprefix("/")
