"""The file of a store: how it is made, and what it says when it cannot be used."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mlrun_nb.errors import ConfigError, StoreError
from mlrun_nb.model.query import RunQuery
from mlrun_nb.stores.opening import open_store
from mlrun_nb.stores.sqlite import open_sqlite
from mlrun_nb.stores.sqlite_errors import sqlite_error
from mlrun_nb.testing.records import make_run


@pytest.fixture
def path(tmp_path):
    """Give the path of a store that holds one run and is closed."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    store.create_run(make_run())
    store.close()
    return tmp_path / "store.db"


def _pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_store_is_its_owners_alone(tmp_path):
    """Folders 0700, files 0600, whatever the umask; also the log's."""
    before = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path}/a/b/store.db")
        store.create_run(make_run())
        modes = {found.name: found.stat().st_mode & 0o777 for found in sorted((tmp_path / "a").rglob("*"))}
    finally:
        os.umask(before)
    files = {"store.db", "store.db-shm", "store.db-wal", "store.db.lock"}
    assert modes == {"b": 0o700} | dict.fromkeys(files, 0o600)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700
    store.close()


@pytest.mark.parametrize(("kind", "journal"), [("ext4", "wal"), ("nfs4", "delete")])
def test_on_a_network_file_system_there_is_no_log(tmp_path, kind, journal):
    """A write-ahead log needs memory shared by all who use the file."""
    table = tmp_path / "mountinfo"
    table.write_text(f"1 0 0:1 / / rw - {kind} x rw\n", encoding="utf-8")
    store = open_sqlite(tmp_path / "store.db", mounts=table)
    store.create_run(make_run())
    store.close()
    assert _pragma(tmp_path / "store.db", "journal_mode") == journal


def test_a_store_that_moved_to_the_network_changes_its_journal(tmp_path, path):
    """And keeps what it holds."""
    table = tmp_path / "mountinfo"
    table.write_text("1 0 0:1 / / rw - nfs x rw\n", encoding="utf-8")
    store = open_sqlite(path, mounts=table)
    assert len(store.list_runs(RunQuery()).items) == 1
    store.close()
    assert _pragma(path, "journal_mode") == "delete"


@pytest.mark.parametrize("name", ["a?b#c%41 d.db", "ü.db", "-x.db", ":memory:"])
def test_any_file_name_will_do(tmp_path, name):
    """A path is not a URL to be decoded."""
    store = open_store(f"sqlite:///{tmp_path}/{name}")
    store.create_run(make_run())
    store.close()
    assert (tmp_path / name).is_file()


def test_a_store_whose_making_was_interrupted_is_made_again(tmp_path):
    """Killed between the file and its tables."""
    (tmp_path / "store.db").touch()
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    assert store.create_run(make_run()).sequence == 1
    store.close()


def test_a_folder_is_no_store(tmp_path):
    """The hint is a URL that works."""
    with pytest.raises(StoreError, match="is a folder") as caught:
        open_store(f"sqlite:///{tmp_path}")
    assert f"sqlite:///{tmp_path}/store.db" in caught.value.hint


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path):
    """Nothing is left half-made."""
    (tmp_path / "file").touch()
    store = open_store(f"sqlite:///{tmp_path}/file/store.db")
    with pytest.raises(StoreError, match=r"cannot be made: `.*/file` is no folder"):
        store.create_run(make_run())


def test_a_database_of_another_application_is_left_alone(tmp_path):
    """Not one byte of it changes."""
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(StoreError, match="is a database of another application"):
        open_store(f"sqlite:///{tmp_path}/other.db")
    assert (tmp_path / "other.db").read_bytes() == before


@pytest.mark.parametrize(
    ("offset", "garbage", "message"),
    [
        (0, b"not a database at all" * 500, "is not a database"),
        (4096, b"\xff" * 8192, "is damaged"),
    ],
)
def test_a_damaged_file_says_so(path, offset, garbage, message):
    """With the command that saves what is left."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(garbage)
    with pytest.raises(StoreError, match=message) as caught:
        open_store(f"sqlite:///{path}").list_runs(RunQuery())
    assert str(path) in caught.value.hint


def test_a_locked_store_says_so_and_can_still_be_read(path):
    """Readers never wait for a writer."""
    store = open_sqlite(path, busy_timeout_s=0.05)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another process"):
            store.create_run(make_run())
        assert len(store.list_runs(RunQuery()).items) == 1
    store.create_run(make_run())
    store.close()


def _statement(path: str, statement: str, *, uri: bool = False, before: str = "") -> sqlite3.Error:
    """Return the error that SQLite itself raises for *statement*."""
    with closing(sqlite3.connect(path, uri=uri)) as connection:
        connection.executescript(before)
        with pytest.raises(sqlite3.Error) as caught:
            connection.execute(statement)
    return caught.value


def test_a_read_only_file_says_so(path):
    """The hint makes it writable."""
    error = sqlite_error(_statement(f"file:{path}?mode=ro", "DELETE FROM runs", uri=True), path)
    assert "is read-only" in error.message
    assert f"chmod u+rw {path}" in error.hint


def test_a_full_disk_says_so(path):
    """SQLite's own limit of pages gives the same result code as a disk."""
    fill = "INSERT INTO labels SELECT 'p', 'k', hex(randomblob(90000)), sequence FROM runs"
    error = sqlite_error(_statement(str(path), fill, before="PRAGMA max_page_count=1"), path)
    assert "has no space left" in error.message


def test_a_folder_that_cannot_be_made_says_why(path):
    """An error of the file system, not of SQLite."""
    error = sqlite_error(PermissionError(errno.EACCES, os.strerror(errno.EACCES)), path)
    assert "Permission denied" in error.message


def test_an_error_that_nobody_foresaw_is_passed_on_in_its_words(path):
    """Better than silence."""
    error = sqlite_error(_statement(str(path), "SELECT * FROM nowhere"), path)
    assert "no such table: nowhere" in error.message


@pytest.mark.parametrize("url", ["", "store.db", "mysql://host/db", "sqlite://", "sqlite:///", "sqlite"])
def test_a_url_of_no_known_form_lists_those_that_are(url):
    """A setting of the user's."""
    with pytest.raises(ConfigError) as caught:
        open_store(url)
    assert "sqlite:////absolute/path/store.db" in caught.value.hint


def _descriptors(path: Path) -> int:
    return sum(os.path.realpath(link) == str(path) for link in Path("/proc/self/fd").iterdir())


def test_a_fork_uses_connections_of_its_own(path):
    """SQLite's locks do not cross a fork: the child must leave its parent's connections alone."""
    store = open_store(f"sqlite:///{path}")
    store.revision()
    inherited = _descriptors(path)
    child = os.fork()
    if child == 0:
        recorded = store.create_run(make_run()).sequence
        os._exit(0 if recorded == 2 and _descriptors(path) > inherited else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert len(store.list_runs(RunQuery()).items) == 2
    store.close()
    assert _pragma(path, "integrity_check") == "ok"
