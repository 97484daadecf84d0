"""How children of a sweep stand is read again and again, and each time only as far as it may have changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlrun_nb.config import Config
from mlrun_nb.model.change import RunChange
from mlrun_nb.model.query import Page, RunQuery
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.services.standings import StandingsReader
from mlrun_nb.testing.records import make_run, make_sweep, make_version
from tests.recorded_sweep import BEST, FAILED, PARENT, end_child, record_sweep


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Return a project in a file."""
    with Project(Config(home=tmp_path, store=f"sqlite:///{tmp_path / 'store.db'}", project="demo")) as project:
        project.store.save_version(make_version())
        yield project


class Asked:
    """A store that counts the pages that it was asked for."""

    def __init__(self, store: RunStore) -> None:
        self._store, self.pages = store, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def list_runs(self, query: RunQuery) -> Page[Run]:
        """Return a page, and count it."""
        self.pages += 1
        return self._store.list_runs(query)


def test_states_values_the_best_and_failures_are_told(project):
    """As the children are recorded."""
    record_sweep(project.store, "demo", children=30, ended=20)
    found = StandingsReader(project.store, project.store.get_run(PARENT)).look()
    assert found.counts == {RunState.SUCCEEDED: 17, RunState.FAILED: 3, RunState.RUNNING: 4}
    assert (len(found.values), len(found.top), found.top[0].number) == (17, 10, BEST)
    assert [(group.children, group.first.number) for group in found.failures] == [(2, FAILED[0]), (1, FAILED[1])]


def test_what_has_ended_for_good_is_read_once(project):
    """A thousand of them on a page; the last page is read again, and tells what is new."""
    children = record_sweep(project.store, "demo", children=2500, ended=2300)
    store = Asked(project.store)
    reader = StandingsReader(store, project.store.get_run(PARENT))
    first = reader.look()
    assert (store.pages, len(first.states)) == (3, 2304)
    end_child(project.store, children[2300])
    second = reader.look()
    assert (store.pages, second.states[2300]) == (4, RunState.SUCCEEDED)
    assert (len(second.states), second.top[0].number, first.states[2300]) == (2304, BEST, RunState.RUNNING)


def test_a_child_that_was_cancelled_may_go_on(project):
    """So its page is read again."""
    parent = project.store.create_run(make_run(id=PARENT, sweep=make_sweep(total=1001)))
    states = [RunState.CANCELLED if number == 7 else RunState.SUCCEEDED for number in range(1001)]
    runs = [
        make_run(id=RunId(f"c{number:011}"), parent=PARENT, number=number, state=state)
        for number, state in enumerate(states)
    ]
    project.store.write_runs([RunChange(to=run) for run in runs])
    store = Asked(project.store)
    reader = StandingsReader(store, parent)
    assert reader.look().counts == reader.look().counts == {RunState.SUCCEEDED: 1000, RunState.CANCELLED: 1}
    assert store.pages == 4


def test_without_a_goal_the_first_children_are_shown(project):
    """And none has a value."""
    record_sweep(project.store, "demo", children=15)
    parent = project.store.get_run(PARENT)
    assert parent.sweep is not None
    found = StandingsReader(project.store, replace(parent, sweep=replace(parent.sweep, selector=""))).look()
    assert [run.number for run in found.top] == [0, 1, 2, 4, 6, 7, 9, 10, 11, 12]
    assert found.values == {}
