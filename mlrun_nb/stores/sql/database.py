"""
How the tables of a store are reached: for reading and for writing, which need not be the same way.

Knows no database; `stores.sqlite` and `stores.postgresql` say what theirs comes to.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Engine, StaticPool, create_engine

from mlrun_nb.stores.sql import making
from mlrun_nb.stores.sql.revision import WRITE


class Database(Protocol):
    """A database that may not be made yet, or may only be read. Safe for threads."""

    def reading(self) -> Engine:
        """Return an engine that sees the store as it is now; where none was made, an empty one."""
        ...

    def writing(self) -> Engine:
        """Return an engine whose transactions write, one at a time; makes what is missing, raises StoreError."""
        ...

    def check_writable(self) -> None:
        """Raise StoreError, with the cause, where nothing can be recorded."""
        ...

    def dispose(self, *, close: bool = True) -> None:
        """Let go of all connections; without *close*, in a child after a fork, they stay the parent's."""
        ...


def for_reading(engine: Engine) -> Engine:
    """Return *engine* for transactions that only read."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def for_writing(engine: Engine) -> Engine:
    """Return *engine* for transactions that write; a listener of each database's own locks when they begin."""
    return engine.execution_options(**{WRITE: True})


def empty_engine() -> Engine:
    """Return an engine on a store in memory that holds nothing: what a store looks like before it is made."""
    engine = create_engine("sqlite+pysqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    with engine.begin() as connection:
        making.make(connection, identity="")
    return engine
