"""Versions as a history, tags that move over them, one run that is deleted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb.config import Config
from mlrun_nb.errors import NotFoundError, OptionError
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.deletion import delete_run
from mlrun_nb.services.versions import move_tag, step_of, steps, version_before
from mlrun_nb.testing.records import make_hash, make_run, make_version

SOURCES = ["x = 1", "x = 2", "x = 3\ny = 1"]


@pytest.fixture
def project(tmp_path) -> Project:
    """Return a project with three versions of one function, and one of another."""
    project = Project(Config(home=tmp_path, project="demo", store="memory://"))
    for source in SOURCES:
        project.store.save_version(make_version(source))
    project.store.save_version(make_version("other", function="evaluate"))
    return project


def test_each_version_says_what_it_changed(project):
    """Of the one before it, also across pages; the first of nothing."""
    first = steps(project, "train", limit=1)
    rest = steps(project, "train", limit=9, cursor=first.cursor)
    changes = [step.change for step in (*first.items, *rest.items)]
    assert changes == ["2 lines of code", "1 line of code", ""]
    assert step_of(project, "train", make_hash("x = 2")).change == "1 line of code"


def test_the_version_before_is_found_and_the_first_has_none(project):
    """Nothing to compare it with is an error with a thing to do."""
    newest = project.store.get_version("demo", "train", "latest")
    assert version_before(project, newest).spec.cells[0].source == "x = 2"
    with pytest.raises(NotFoundError, match="is the first version"):
        version_before(project, make_version("x = 1"))


def test_a_tag_moves_to_a_version_of_its_function(project):
    """And no other tag with it."""
    moved = move_tag(project, "train", "prod", make_hash("x = 1")[:8])
    assert moved.info.tags == ("prod",)
    assert project.store.get_version("demo", "train", "latest").hash == make_hash(SOURCES[-1])


@pytest.mark.parametrize(
    ("tag", "reference", "error"), [("a b", "latest", OptionError), ("prod", make_hash("other"), NotFoundError)]
)
def test_a_tag_goes_nowhere_else(project, tag: str, reference: str, error: type[Exception]):
    """Not to a version of another function, and not under a name that nobody could type."""
    with pytest.raises(error):
        move_tag(project, "train", tag, reference)


def test_a_run_is_deleted_with_its_folder(project, tmp_path):
    """Its version stays."""
    folder = tmp_path / "run"
    folder.mkdir()
    run = project.store.create_run(replace(make_run(state=RunState.FAILED), run_directory=str(folder)))
    assert delete_run(project, run.id[:6]).id == run.id
    assert (Path(folder).exists(), project.store.list_runs(RunQuery()).items) == (False, ())


@pytest.mark.parametrize(("state", "pinned"), [(RunState.RUNNING, False), (RunState.FAILED, True)])
def test_an_open_or_pinned_run_is_not_deleted(project, state: RunState, pinned: bool):
    """Whoever wants that does the other thing first."""
    run = project.store.create_run(make_run(state=state, pinned=pinned))
    with pytest.raises(OptionError, match="cannot be deleted"):
        delete_run(project, run.id)
    assert project.store.get_run(run.id) == run
