"""A sweep is read, kept and deleted as one run with its children."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mlrun_nb.config import Config
from mlrun_nb.errors import OptionError
from mlrun_nb.model.change import RunChange
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run, RunError, RunId
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.children import best_first, children_of, goal_of, sweep_details, with_best
from mlrun_nb.services.deletion import delete_run
from mlrun_nb.services.history import details, find_last_good
from mlrun_nb.services.pin import pin
from mlrun_nb.services.retention import Rule, collect, plan_gc
from mlrun_nb.testing.records import NOON, make_run, make_sweep, make_version

PARENT = RunId("aaaaaaaaaaaa")
NAN = float("nan")


def failure(cls: str = "CellFailed", summary: str = "no such column") -> RunError:
    """Return why a child failed."""
    return RunError(cls=cls, fault="user", summary=summary, hint="", cell=2, ename="ValueError")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with a sweep of six children, which left 1000 bytes each, between two runs that succeeded."""
    project = Project(Config(home=tmp_path, store="memory://", project="demo"), clock=lambda: NOON + timedelta(days=9))
    project.store.save_version(make_version())
    project.store.create_run(_kept(tmp_path, make_run(state=RunState.SUCCEEDED, ended=NOON)))
    sweep = make_run(
        id=PARENT, state=RunState.FAILED, sweep=make_sweep(total=6), best=RunId("c00000000001"), ended=NOON
    )
    project.store.create_run(_kept(tmp_path, sweep))
    children = [
        make_run(state=RunState.SUCCEEDED, results={"accuracy": 0.5}),
        make_run(state=RunState.SUCCEEDED, results={"accuracy": 0.9}, parameters={"lr": 0.1}),
        make_run(state=RunState.FAILED, error=failure(summary="no column a")),
        make_run(state=RunState.FAILED, error=failure("OutOfMemory")),
        make_run(state=RunState.FAILED, error=failure(summary="no column b")),
        make_run(state=RunState.SUCCEEDED, results={"accuracy": NAN}),
    ]
    project.store.write_runs(
        [
            RunChange(
                to=_kept(tmp_path, replace(run, id=RunId(f"c{number:011}"), parent=PARENT, number=number, ended=NOON))
            )
            for number, run in enumerate(children)
        ]
    )
    project.store.create_run(_kept(tmp_path, make_run(state=RunState.SUCCEEDED, ended=NOON)))
    return project


def _kept(home: Path, run: Run) -> Run:
    """Return *run* with a run directory in which there is something."""
    folder = home / "runs" / run.id
    folder.mkdir(parents=True)
    (folder / "output.ipynb").write_bytes(b"x" * 1000)
    return replace(run, run_directory=str(folder))


def _folders(project: Project) -> set[str]:
    return {folder.name for folder in (project.config.home / "runs").iterdir()}


def test_a_sweep_is_told_by_counts_its_best_child_and_its_failures(project):
    """Failures that differ in their words only are one; the frequent come first."""
    found = sweep_details(project, project.store.get_run(PARENT))
    assert found.counts == {RunState.SUCCEEDED: 3, RunState.FAILED: 3}
    assert found.best is not None
    assert found.best.parameters == {"lr": 0.1}
    assert [(each.first.number, each.children) for each in found.failures] == [(2, 2), (3, 1)]


@pytest.mark.parametrize("best", [None, RunId("zzzzzzzzzzzz")])
def test_a_sweep_without_a_best_child_has_none(project, best):
    """None has ended, or the best one is not recorded yet."""
    parent = replace(project.store.get_run(PARENT), best=best)
    assert sweep_details(project, parent).best is None
    assert with_best(project, parent) == parent


def test_a_sweep_under_way_shows_what_its_best_child_came_to(project):
    """Once it has results of its own it shows these, and any other run always does."""
    parent = project.store.get_run(PARENT)
    child = project.store.get_run("c00000000003")
    assert with_best(project, parent).results == {"accuracy": 0.9}
    assert with_best(project, replace(parent, results={"accuracy": 0.8})).results == {"accuracy": 0.8}
    assert with_best(project, child) == child


@pytest.mark.parametrize(
    ("goal", "order"),
    [
        (Goal(direction="max", result="accuracy"), [1, 0, 2, 3, 4, 5]),
        (Goal(direction="min", result="accuracy"), [0, 1, 2, 3, 4, 5]),
        (Goal(direction="max", result="loss"), [0, 1, 2, 3, 4, 5]),
        (None, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_the_best_child_comes_first_and_those_without_a_number_last(project, goal, order):
    """NaN is none."""
    children = list(children_of(project, project.store.get_run(PARENT)))
    assert [run.number for run in best_first(children[::-1], goal)] == order


def test_only_a_sweep_with_a_selector_has_a_goal(project):
    """A child has that of its parent."""
    parent = project.store.get_run(PARENT)
    assert goal_of(parent) == Goal(direction="max", result="accuracy")
    assert goal_of(replace(parent, sweep=make_sweep(selector=""))) is None
    assert goal_of(project.store.get_run("c00000000003")) is None
    assert goal_of(None) is None


def test_details_of_a_child_have_its_sweep(project):
    """And those of the sweep how it stands; other runs have neither."""
    child, parent = (details(project, project.store.get_run(run)) for run in ("c00000000003", PARENT))
    other = details(project, project.store.list_runs(RunQuery()).items[0])
    assert child.parent == parent.run
    assert (child.sweep, parent.parent, other.sweep, other.parent) == (None, None, None, None)
    assert parent.sweep is not None


def test_no_run_is_compared_with_a_sweep(project):
    """The last good run is one whose cells ran."""
    sweep = project.store.create_run(make_run(state=RunState.SUCCEEDED, sweep=make_sweep()))
    later = project.store.create_run(make_run())
    good = find_last_good(project, later)
    assert good is not None
    assert good.id not in {sweep.id, PARENT}


def test_a_sweep_is_deleted_with_all_its_children_have_left(project):
    """Records and directories; other runs stay."""
    delete_run(project, PARENT)
    assert list(children_of(project, make_run(id=PARENT))) == []
    assert len(_folders(project)) == 2


def test_a_child_is_not_deleted_alone(project):
    """The hint names its sweep."""
    with pytest.raises(OptionError, match="child of the sweep `aaaaaa`") as caught:
        delete_run(project, "c00000000003")
    assert "mlrun-nb show aaaaaa" in caught.value.hint
    assert "c00000000003" in _folders(project)


def test_a_sweep_is_not_deleted_while_a_child_is_at_work(project):
    """Its driver was lost; the child goes on."""
    project.store.create_run(make_run(parent=PARENT, number=6, state=RunState.RUNNING))
    with pytest.raises(OptionError, match="1 of the children") as caught:
        delete_run(project, PARENT)
    assert "mlrun-nb runs --parent aaaaaa" in caught.value.hint
    assert len(_folders(project)) == 9


def test_a_child_is_not_pinned_alone(project):
    """It stays and goes with its sweep."""
    with pytest.raises(OptionError, match="child of the sweep `aaaaaa`"):
        pin(project, "c00000000003", pinned=True)
    assert pin(project, PARENT, pinned=True).pinned


def test_retention_takes_a_sweep_for_one_run(project):
    """It goes with its children, and with their bytes."""
    newest, sweep, oldest = project.store.list_runs(RunQuery()).items
    assert plan_gc(project, Rule(keep=2)).runs == (oldest,)
    plan = plan_gc(project, Rule(keep=1))
    assert plan.runs == (sweep, oldest)
    assert plan.size == 8000
    collect(project, plan)
    assert _folders(project) == {newest.id}


@pytest.mark.parametrize("kept_by", ["a pin", "a child at work"])
def test_retention_keeps_a_sweep_whole(project, kept_by):
    """Pinned, or not all of it has ended."""
    if kept_by == "a pin":
        pin(project, PARENT, pinned=True)
    else:
        project.store.create_run(make_run(parent=PARENT, number=6, state=RunState.RUNNING))
    collect(project, plan_gc(project, Rule(keep=0)))
    assert len([name for name in _folders(project) if name.startswith("c0000")]) == 6


def test_a_sweep_that_was_resumed_since_the_plan_stays(project):
    """Somebody took it up again while a person read what would go."""
    plan = plan_gc(project, Rule(keep=0))
    parent = project.store.get_run(PARENT)
    project.store.advance(parent, replace(parent, state=RunState.PENDING))
    collect(project, plan)
    assert len([name for name in _folders(project) if name.startswith("c0000")]) == 6
