"""
The one row of `changes`: its number counts the changes of a store, and its lock lets one transaction write at a time.

So the order of numbers is the order of commits, the kept counts are exact without retries, and a reader learns from one
row whether anything happened. On PostgreSQL each change is also notified on the channel `mlrun_nb`.
"""

from __future__ import annotations

from sqlalchemy import Connection, Text, bindparam, cast, func, select, update

from mlrun_nb.stores.sql.schema import changes

WRITE = "mlrun_nb_write"
"""Execution option of connections whose transactions write; each database's listener locks when they begin."""

CHANNEL = "mlrun_nb"


_COUNT = update(changes).values(number=changes.c.number + bindparam("by"))
_TOKEN = select(changes.c.identity, changes.c.number)
_NOTIFY = select(func.pg_notify(CHANNEL, changes.c.identity + "-" + cast(changes.c.number, Text)))


def revision_token(connection: Connection) -> str:
    """Return the store's revision as *connection* sees it."""
    identity, number = connection.execute(_TOKEN).one()
    return f"{identity}-{number}"


def count_change(connection: Connection, *, by: int = 1) -> None:
    """Count one change, or *by* where so many rows get a sequence; who changes anything calls it once."""
    connection.execute(_COUNT, {"by": by})
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY)


def next_change(connection: Connection) -> int:
    """Count one change and return its number, which is the sequence of what is made by it."""
    count_change(connection)
    return int(connection.execute(_TOKEN).one().number)
