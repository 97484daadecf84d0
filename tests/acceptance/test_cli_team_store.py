"""A team's database is migrated when somebody says so, and never before it was said what that does."""

from __future__ import annotations

import psycopg
import pytest

from mlrun_nb.stores.opening import migrate
from mlrun_nb.stores.sql.schema import SCHEMA_VERSION

MIGRATE = ("doctor", "--migrate-store")


def schema(url: str) -> list[tuple[str, ...]]:
    """Return the version that the database at *url* is stamped with."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT version_num FROM mlrun_nb.alembic_version").fetchall()


@pytest.fixture
def old_store(postgresql_url: str) -> str:
    """Give the URL of a database whose schema no migration has brought anywhere yet."""
    migrate(postgresql_url)
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname='mlrun_nb'")]
        connection.execute(f"DROP TABLE {', '.join(f'mlrun_nb.{name}' for name in names if name != 'alembic_version')}")
        connection.execute("DELETE FROM mlrun_nb.alembic_version")
    return postgresql_url


def test_an_old_team_store_is_left_alone_until_somebody_agrees(session, old_store):
    """Without a terminal nobody can be asked; the answer is what to type."""
    said = session.type(*MIGRATE, MLRUN_NB_STORE=old_store)
    assert (said.code, said.out, schema(old_store)) == (4, "", [])
    assert f"has schema none; this release needs {SCHEMA_VERSION}" in said.err
    assert "Colleagues with an older release cannot use the store afterwards" in said.err
    assert "hint: `mlrun-nb doctor --migrate-store --yes`" in said.err


def test_an_old_team_store_is_migrated_with_yes(session, old_store):
    """It says what it does first; a second time there is nothing to do."""
    said = session.type(*MIGRATE, "--yes", MLRUN_NB_STORE=old_store)
    assert (said.code, schema(old_store)) == (0, [(SCHEMA_VERSION,)])
    assert "Colleagues with an older release" in said.err
    assert said.out.startswith("Migrated the store `postgresql://127.0.0.1")
    assert said.out.endswith(f"from schema none to {SCHEMA_VERSION}.\n")
    assert session.type(*MIGRATE, MLRUN_NB_STORE=old_store).out.startswith("Nothing to do: ")


def test_a_team_store_out_of_reach_is_no_reason_to_migrate(session):
    """The error is the store's own, and nobody is asked anything."""
    said = session.type(*MIGRATE, "--yes", MLRUN_NB_STORE="postgresql://test@127.0.0.1:1/none")
    assert (said.code, said.out) == (4, "")
    assert "migration:" not in said.err
