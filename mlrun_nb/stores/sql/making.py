"""
The schema of a database: made when it is new, compared when it is not, brought up to date when somebody asks.

Called once when a store is opened; Alembic is loaded only where the versions differ. Who may ask for a migration, and
what is kept before it, is decided by `stores.sqlite` and `stores.postgresql`.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, insert, select

from mlrun_nb.errors import StoreError, StoreNewer
from mlrun_nb.stores.sql.schema import SCHEMA_VERSION, alembic_version, changes, metadata


def make(connection: Connection, *, identity: str | None = None) -> None:
    """Make all tables in an empty database and stamp it; *identity* tells its revisions from another store's."""
    identity = secrets.token_hex(4) if identity is None else identity
    metadata.create_all(connection, checkfirst=False)
    connection.execute(insert(alembic_version).values(version_num=SCHEMA_VERSION))
    connection.execute(insert(changes).values(one=1, identity=identity, number=0))


def version(connection: Connection) -> str:
    """Return the schema's version; empty where a migration from nothing never ended."""
    return connection.execute(select(alembic_version.c.version_num)).scalar() or ""


def refuse_newer(found: str, location: str) -> None:
    """Raise StoreNewer for a schema that this release does not know yet."""
    if found > SCHEMA_VERSION:
        raise StoreNewer(
            f"the store `{location}` has schema {found}; this release knows up to {SCHEMA_VERSION}",
            hint="Install the newer release: `pip install --upgrade mlrun-nb`.",
        )


def upgrade(connection: Connection, location: str) -> None:
    """Run the migrations that are missing, in the transaction that *connection* holds."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "mlrun_nb.stores:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as err:
        raise StoreError(
            f"the store `{location}` cannot be migrated: {err}", hint="Report it with the output of `mlrun-nb doctor`."
        ) from err
