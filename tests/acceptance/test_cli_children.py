"""A user looks at a sweep: one line of the history, its page, its children, one of them, and how it goes."""

from __future__ import annotations

import json

import pytest

from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.states import RunState
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import NOON, make_run, make_version
from tests.acceptance.conftest import served
from tests.recorded_sweep import PARENT, PRUNED, record_sweep


@pytest.fixture
def session(warm_exports, tmp_path):
    """Return a session with a recorded sweep of thirty children that has ended."""
    with served(tmp_path, warm_exports) as session:
        store = open_store(f"sqlite:///{tmp_path}/home/store.db")
        store.save_version(make_version(project="default"))
        record_sweep(store, "default")
        store.close()
        yield session


def test_a_sweep_is_read_from_the_history_down_to_a_child(session):
    """Each page names the command that leads to the next."""
    history = session.type("runs").out
    assert "accuracy 0.99 · all 30" in history
    assert len(history.splitlines()) == 2
    page = session.type("show", "aaaaaa").out
    assert "mlrun-nb runs --parent aaaaaa" in page
    assert "mlrun-nb show c00012" in page
    children = session.type("runs", "--parent", "aaaaaa", "-n", "3")
    assert [line.split()[3] for line in children.out.splitlines()[3:]] == ["12", "11", "13"]
    assert "There are more" in children.err
    child = session.type("show", "c00012").out
    assert "#12 of aaaaaa, random; its best child" in child
    assert "mlrun-nb show aaaaaa" in child
    assert "c00012" in session.type("runs", "c00012").out


def test_machines_read_all_children(session):
    """As an array, the best first."""
    found = json.loads(session.type("runs", "--parent", "aaaaaa", "-n", "1000", "--json").out)
    assert [run["number"] for run in found[:3]] == [12, 11, 13]
    assert len(found) == 30
    assert json.loads(session.type("show", "aaaaaa", "--json").out)["sweep"]["children"] == {
        "succeeded": 27,
        "failed": 3,
    }


def test_pruned_children_are_called_so(session):
    """In the list with a shape of their own, by which they are found; for machines beside the state."""
    pruned = session.type("runs", "--parent", "aaaaaa", "--state", "pruned")
    assert [line.split()[:2] for line in pruned.out.splitlines()[3:]] == [["▽", "pruned"]] * 2
    others = json.loads(session.type("runs", "--parent", "aaaaaa", "--state", "succeeded", "--json").out)
    assert {run["number"] for run in others}.isdisjoint(PRUNED)
    assert "▽ 2 pruned" in session.type("show", "aaaaaa").out
    assert "▽ train" in session.type("show", "c00004").out
    found = json.loads(session.type("show", "c00004", "--json").out)
    assert (found["state"], found["pruned"]) == ("succeeded", True)
    assert session.type("runs", "--state", "pruned").code == 2


def test_children_of_a_run_that_is_no_sweep_are_an_error(session):
    """What is asked for is not there, and the hint says what is."""
    said = session.type("runs", "--parent", "c00012")
    assert (said.code, said.out) == (2, "")
    assert "is no sweep" in said.err
    assert "hint:" in said.err


def test_gc_takes_a_sweep_for_one_run(session):
    """The newest good one of its function stays; when another is, the sweep goes with its children."""
    store = open_store(f"sqlite:///{session.folder}/home/store.db")
    store.create_run(make_run(project="default", state=RunState.SUCCEEDED, ended=NOON))
    assert "train 1 run\n" in session.type("gc", "--keep", "1", "--yes").out
    assert store.list_runs(RunQuery(parent=PARENT)).items == ()
    assert len(store.list_runs(RunQuery()).items) == 1
    store.close()
