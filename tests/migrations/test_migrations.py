"""A store that was migrated is the same as one that was made today, and nothing is lost on the way."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from mlrun_nb.errors import StoreError, StoreNewer
from mlrun_nb.model.query import RunQuery
from mlrun_nb.stores.opening import migrate, open_store
from mlrun_nb.stores.sql.schema import SCHEMA_VERSION, metadata
from mlrun_nb.stores.sqlite_making import APPLICATION_ID
from mlrun_nb.testing.records import make_run, make_version

DATA = Path(__file__).parent / "data"
STRUCTURE = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2"


def _unstamped(path: Path) -> Path:
    """Make a file of ours on which no migration has ended yet, the oldest that can be."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    return path


def _columns(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that SQLite knows of each table and index, but their text and the order in which they were made."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for kind, name, _ in connection.execute(STRUCTURE) if not name.startswith("sqlite_")]
        pragmas = ("table_xinfo", "foreign_key_list", "index_xinfo", "index_list")
        found = {
            f"{pragma} {name}": connection.execute(f"PRAGMA {pragma}('{name}')") for name in names for pragma in pragmas
        }
        return {key: sorted((row[1:] for row in rows), key=repr) for key, rows in found.items()}


def _differences(url: str) -> list[object]:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found: list[object] = compare_metadata(context, metadata)
    engine.dispose()
    return found


def test_a_migrated_file_is_like_a_fresh_one(tmp_path):
    """Tables, columns, keys and indexes; both ways are written by hand."""
    migrated = _unstamped(tmp_path / "migrated.db")
    migrate(f"sqlite:///{migrated}")
    migrate(f"sqlite:///{tmp_path}/fresh.db")
    fresh = _columns(tmp_path / "fresh.db")
    assert {key: rows for key, rows in _columns(migrated).items() if "alembic_version" not in key} == {
        key: rows for key, rows in fresh.items() if "alembic_version" not in key
    }
    assert len(fresh) > 40


def test_a_migrated_file_has_what_the_tables_in_the_code_say(tmp_path):
    """Alembic's own comparison, which also sees types."""
    migrated = _unstamped(tmp_path / "migrated.db")
    migrate(f"sqlite:///{migrated}")
    assert _differences(f"sqlite:///{migrated}") == []


def test_a_migrated_database_is_like_a_fresh_one(postgresql_url):
    """The same scripts on PostgreSQL, from an empty schema."""
    url = postgresql_url.replace("postgresql://", "postgresql+psycopg://") + "?options=-csearch_path%3Dmlrun_nb"
    migrate(postgresql_url)
    assert _differences(url) == []
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname='mlrun_nb'")]
        connection.execute(f"DROP TABLE {', '.join(f'mlrun_nb.{name}' for name in names if name != 'alembic_version')}")
        connection.execute("DELETE FROM mlrun_nb.alembic_version")
    assert migrate(postgresql_url) == ("", SCHEMA_VERSION)
    assert _differences(url) == []


def test_an_old_file_is_migrated_when_it_is_opened_with_a_copy_beside_it(tmp_path):
    """Who goes back to the old release finds the old file."""
    path = _unstamped(tmp_path / "store.db")
    store = open_store(f"sqlite:///{path}")
    store.create_run(make_run())
    store.close()
    copy = tmp_path / f"store.db.before-{SCHEMA_VERSION}"
    with closing(sqlite3.connect(copy)) as connection:
        assert [name for _, name, _ in connection.execute(STRUCTURE)] == ["alembic_version"]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_team_database_is_never_migrated_unasked(postgresql_url):
    """Others still use it with their release; the error says what to type."""
    migrate(postgresql_url)
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("UPDATE mlrun_nb.alembic_version SET version_num = '0000'")
        with pytest.raises(StoreError, match=f"has schema 0000; this release needs {SCHEMA_VERSION}") as caught:
            open_store(postgresql_url)
        assert "mlrun-nb doctor --migrate-store" in caught.value.hint
        assert connection.execute("SELECT version_num FROM mlrun_nb.alembic_version").fetchall() == [("0000",)]


@pytest.mark.parametrize("asked", [open_store, migrate])
def test_a_newer_file_is_left_alone(tmp_path, asked):
    """The message names both versions, the hint the command."""
    url = f"sqlite:///{tmp_path}/store.db"
    migrate(url)
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreNewer, match=f"has schema 9999; this release knows up to {SCHEMA_VERSION}") as caught:
        asked(url)
    assert "pip install" in caught.value.hint


def test_a_migration_that_fails_changes_nothing(tmp_path):
    """A table that is in the way stops it in the middle."""
    path = _unstamped(tmp_path / "store.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE labels (mine)")
        before = connection.execute(STRUCTURE).fetchall()
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(STRUCTURE).fetchall() == before


@pytest.mark.parametrize("dump", sorted(DATA.glob("*.sql")), ids=lambda path: path.stem)
def test_the_store_of_every_release_opens(tmp_path, dump):
    """Frozen when the release was made; what it holds can be read and added to."""
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    expected = json.loads(dump.with_suffix(".json").read_text(encoding="utf-8"))
    found = {run.id: [run.state, run.labels, len(store.metrics(run.id))] for run in store.list_runs(RunQuery()).items}
    assert found == expected
    assert store.save_version(make_version("x = 'new'"))
    store.close()
