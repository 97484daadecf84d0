"""Many processes on one store, and processes that die in the middle."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.states import RunState
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import make_run
from tests.integration.stores.worker import COUNTER

ROOT = Path(__file__).parents[3]


@contextmanager
def _workers(url: str, deed: str, number: int, *, processes: int):
    command = [sys.executable, "-m", "tests.integration.stores.worker", url, deed, str(number)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(processes)]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            with process:  # waits, and closes the pipe
                pass


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Give the address of a new store of each kind."""
    return f"sqlite:///{tmp_path}/store.db" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")


def test_what_eight_processes_record_at_once_is_all_there(url):
    """They also make the store at once: none finds it half-made."""
    with _workers(url, "live", 12, processes=8) as workers:
        said = [process.communicate(timeout=120)[0].split() for process in workers]
    assert [process.returncode for process in workers] == [0] * 8
    store = open_store(url)
    runs = store.list_runs(RunQuery(limit=1000)).items
    assert {run.id for run in runs} == {line for lines in said for line in lines if line != "ready"}
    assert len({run.sequence for run in runs}) == len(runs) == 96
    assert [(count.state, count.runs) for count in store.count_runs("demo")] == [(RunState.SUCCEEDED, 96)]
    assert all(len(store.metrics(run.id)) == 1 for run in runs)
    store.close()


def test_no_change_is_lost_when_four_processes_change_one_run(url):
    """Each tries again when another was faster."""
    store = open_store(url)
    store.create_run(make_run(id=COUNTER))
    with _workers(url, "count", 20, processes=4) as workers:
        for process in workers:
            process.communicate(timeout=120)
    assert store.get_run(COUNTER).results == {"count": 80}
    assert store.get_run(COUNTER).revision == 81
    store.close()


@pytest.mark.parametrize("seed", range(2))
def test_a_writer_that_is_killed_loses_nothing_that_it_was_told_is_kept(tmp_path, seed):
    """Killed at a random moment in the middle of writing; what it had reported stands, and the counts agree."""
    chance, url = random.Random(seed), f"sqlite:///{tmp_path}/store.db"
    with _workers(url, "live", 100_000, processes=3) as workers:
        assert {process.stdout.readline().strip() for process in workers} == {"ready"}
        said = {process.stdout.readline().strip() for process in workers}
        time.sleep(chance.uniform(0.05, 0.5))
        for process in workers:
            process.kill()
        said |= {line.strip() for process in workers for line in process.stdout if line.endswith("\n")}
    store = open_store(url)
    kept = _all_runs(store)
    assert len(said) >= 3
    assert said <= {run.id for run in kept if run.state is RunState.SUCCEEDED}
    counted = {count.state: count.runs for count in store.count_runs("demo")}
    assert counted == {state: n for state in RunState if (n := sum(run.state is state for run in kept))}
    store.close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("pattern", ["store.db", "store.db*"])
def test_a_store_that_was_deleted_below_its_users_is_opened_anew(tmp_path, pattern):
    """With its log, or without it; they see what others record in the new file, and write there themselves."""
    url = f"sqlite:///{tmp_path}/store.db"
    store = open_store(url)
    store.create_run(make_run())
    for file in tmp_path.glob(pattern):
        file.unlink()
    assert store.list_runs(RunQuery()).items == ()
    with _workers(url, "live", 3, processes=1) as workers:
        said = [line.strip() for line in workers[0].stdout][1:]
    mine = store.create_run(make_run())
    assert [run.id for run in _all_runs(store)] == [mine.id, *reversed(said)]
    store.close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_file_put_in_the_place_of_a_store_is_opened(tmp_path):
    """As when a copy is moved back."""
    kept, store = (open_store(f"sqlite:///{tmp_path}/{name}.db") for name in ("kept", "store"))
    old = kept.create_run(make_run())
    kept.close()
    store.create_run(make_run())
    for file in tmp_path.glob("store.db*"):
        file.unlink()
    (tmp_path / "kept.db").rename(tmp_path / "store.db")
    assert [run.id for run in store.list_runs(RunQuery()).items] == [old.id]
    store.close()


def _all_runs(store):
    page = store.list_runs(RunQuery(limit=1000))
    runs = list(page.items)
    while page.cursor:
        page = store.list_runs(RunQuery(limit=1000, cursor=page.cursor))
        runs += page.items
    return runs
