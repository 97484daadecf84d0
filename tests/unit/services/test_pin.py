"""A pin is one more change of a record: it is never lost, and it loses nobody else's change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb.config import Config
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.change import Ingest
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.pin import pin
from mlrun_nb.stores.memory import MemoryStore
from mlrun_nb.testing.records import make_run


class BusyStore(MemoryStore):
    """A store in which somebody else is faster, once."""

    def advance(self, run: Run, to: Run, ingest: Ingest = Ingest()) -> Run | None:
        """Change the run's state before the first change that is asked for."""
        if run.state is RunState.RUNNING:
            super().advance(run, replace(run, state=RunState.SUCCEEDED))
        return super().advance(run, to, ingest)


def make_project(tmp_path: Path, store: MemoryStore) -> Project:
    """Return a project on *store*."""
    project = Project(Config(home=tmp_path, store="memory://"))
    project.store = store
    return project


@pytest.mark.parametrize("state", list(RunState))
def test_a_run_in_any_state_is_pinned_and_unpinned(tmp_path, state):
    """And a second time nothing changes."""
    project = make_project(tmp_path, MemoryStore())
    run = project.store.create_run(make_run(state=state))
    pinned = pin(project, run.id[:6], pinned=True)
    assert pin(project, run.id, pinned=True) == pinned == replace(run, pinned=True, revision=pinned.revision)
    assert not pin(project, run.id, pinned=False).pinned
    assert not project.store.get_run(run.id).pinned


def test_a_pin_and_another_change_at_once_are_both_kept(tmp_path):
    """Compare and set, again when somebody was faster."""
    project = make_project(tmp_path, BusyStore())
    run = project.store.create_run(make_run(state=RunState.RUNNING))
    pin(project, run.id, pinned=True)
    after = project.store.get_run(run.id)
    assert (after.pinned, after.state) == (True, RunState.SUCCEEDED)


def test_a_run_that_is_not_there_is_not_pinned(tmp_path):
    """The error names what was looked for."""
    with pytest.raises(NotFoundError, match="000000"):
        pin(make_project(tmp_path, MemoryStore()), "000000", pinned=True)
