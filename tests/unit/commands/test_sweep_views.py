"""How sweeps and their children read: in the history, as a table, on their pages, and to machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mlrun_nb.commands.children import differing_parameters, list_children
from mlrun_nb.commands.document import plain, width_of
from mlrun_nb.commands.runs import RunFilter, runs_json
from mlrun_nb.commands.views.children import children_view
from mlrun_nb.commands.views.run import run_view
from mlrun_nb.commands.views.runs import runs_view
from mlrun_nb.config import Config
from mlrun_nb.errors import OptionError
from mlrun_nb.model.change import RunChange
from mlrun_nb.model.run import Progress, Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.children import sweep_details
from mlrun_nb.testing.records import make_sweep
from tests.unit.commands.records import ERROR, NOW, make_details, make_run

PARENT = RunId("aaaaaaaaaaaa")


def make_parent(**fields: object) -> Run:
    """Return a sweep of 100 points of which 4 have ended, by default."""
    usual: dict[str, object] = {
        "id": PARENT,
        "state": RunState.RUNNING,
        "duration_s": None,
        "ended": None,
        "sweep": make_sweep(total=100),
        "best": RunId("c00001abcdef"),
        "progress": Progress(done=4, total=100),
        "parameters": {"epochs": 10},
    }
    return make_run(**(usual | fields))


def make_child(number: int, **fields: object) -> Run:
    """Return a child that succeeded."""
    usual = {
        "id": RunId(f"c{number:05}abcdef"),
        "parent": PARENT,
        "number": number,
        "duration_s": 1.5,
        "engine": "away",
    }
    return make_run(**(usual | fields))


CHILDREN = (
    make_child(0, parameters={"epochs": 10, "lr": 0.1, "kind": "adam"}, results={"loss": 0.5, "accuracy": 0.5}),
    make_child(1, parameters={"epochs": 10, "lr": 1 / 300, "kind": "sgd"}, results={"loss": 0.1, "accuracy": 0.9}),
    make_child(2, parameters={"epochs": 10, "lr": 0.2, "kind": "adam"}, state=RunState.FAILED, error=ERROR),
    make_child(3, parameters={"epochs": 10, "lr": 0.3, "kind": "adam"}, state=RunState.FAILED, error=ERROR),
    make_child(4, parameters={"epochs": 10, "lr": 0.4, "kind": "sgd"}, state=RunState.PENDING, duration_s=None),
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with a sweep under way."""
    project = Project(Config(home=tmp_path, store="memory://", project="default"), clock=lambda: NOW)
    project.store.write_runs([RunChange(to=run) for run in (make_parent(engine="away"), *CHILDREN)])
    return project


def shown(project: Project, width: int = 80, **asked: object) -> list[str]:
    """Return the table of children as text."""
    found = list_children(project, PARENT, RunFilter(**asked))  # type: ignore[arg-type]  # any field
    return plain(children_view(found, NOW, width)).splitlines()


@pytest.mark.parametrize(
    ("fields", "gist"),
    [
        ({"results": {"loss": 0.1, "accuracy": 0.9}}, "accuracy 0.9 · 4 of 100"),
        ({}, "4 of 100 children"),
        ({"progress": Progress(done=100, total=100), "results": {"accuracy": 0.9}}, "accuracy 0.9 · all 100"),
        ({"progress": Progress(done=1, total=0), "sweep": make_sweep(selector="")}, "1 child "),
        ({"progress": None}, "0 of 100 children"),
    ],
)
def test_a_sweep_is_one_line_of_the_history(fields, gist):
    """By what it is judged, and how many children have ended; there is no line below that says it again."""
    lines = plain(runs_view([make_parent(**fields)], NOW, 80)).splitlines()
    assert len(lines) == 2
    assert gist in lines[1]


def test_a_sweep_that_failed_says_why_below():
    """As any run does."""
    assert "no such column" in plain(runs_view([make_parent(state=RunState.FAILED, error=ERROR)], NOW, 80))


def test_children_are_a_table_with_the_best_first(project):
    """Only parameters that differ have a column; the reason of what went wrong stands below."""
    assert shown(project) == [
        "Children of aaaaaa · train, random · best accuracy first",
        "",
        "state        run     #  accuracy  lr        kind   time",
        "✓ succeeded  c00001  1  0.9       0.003333  sgd   1.5 s",
        "✓ succeeded  c00000  0  0.5       0.1       adam  1.5 s",
        "✗ failed     c00002  2  —         0.2       adam  1.5 s",
        "  cell 3 (`train`) raised `ValueError`: no such column",
        "✗ failed     c00003  3  —         0.3       adam  1.5 s",
        "  cell 3 (`train`) raised `ValueError`: no such column",
        "◌ pending    c00004  4  —         0.4       sgd       —",
    ]


def test_children_are_narrowed_as_the_history_is(project):
    """The best of those that are left comes first."""
    assert [line.split()[2] for line in shown(project, states=(RunState.PENDING,))[3:]] == ["c00004"]
    assert len(shown(project, limit=1)) == 4
    assert list_children(project, PARENT, RunFilter(limit=1)).listed.more


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_table_of_children_fits_its_width(project, width):
    """What does not fit is named below; state, number and result always stand."""
    lines = shown(project, width)
    names = lines[2].split()
    assert names[:4] == ["state", "run", "#", "accuracy"]
    left = {"lr", "kind"} - set(names)
    assert (lines[-1].endswith("`--json` has all"), all(name in lines[-1] for name in left)) == (bool(left), True)
    if width >= 60:
        assert all(width_of(line) <= width for line in lines[2:])


def test_a_run_that_is_no_sweep_has_no_children_to_list(project):
    """The hint says what to type."""
    with pytest.raises(OptionError, match="is no sweep") as caught:
        list_children(project, CHILDREN[0].id, RunFilter())
    assert "mlrun-nb show c00000" in caught.value.hint


def test_parameters_that_differ_are_told_from_those_that_do_not():
    """One that some children lack differs; NaN equals itself."""
    runs = [make_child(0, parameters={"a": float("nan"), "b": 1}), make_child(1, parameters={"a": float("nan")})]
    assert differing_parameters(runs) == ("b",)
    assert differing_parameters(runs[:1]) == ("a", "b")
    assert differing_parameters([]) == ()


def test_the_page_of_a_sweep_says_how_its_children_stand(project):
    """How it searches, counts by state, the best with its own parameters and results, and the failed in groups."""
    parent = project.store.get_run(PARENT)
    details = replace(make_details(parent), result=None, artifacts=(), sweep=sweep_details(project, parent))
    text = plain(run_view(details, "", NOW + timedelta(seconds=1), 80))
    assert text.partition("Sweep\n")[2] == (
        "  strategy     random, seed 1\n"
        "  selector     max.accuracy\n"
        "  children on  local\n"
        "  children     4 of 100  ◌ 1 pending  ✓ 2 succeeded  ✗ 2 failed\n"
        "\n"
        "Best child\n"
        "  run       #1 c00001abcdef in 1.5 s\n"
        "  accuracy  0.9\n"
        "  loss      0.1\n"
        "  lr        0.0033333333333333335\n"
        "  kind      sgd\n"
        "\n"
        "Failed · 2 children\n"
        "  2  cell 3 (`train`) raised `ValueError`: no such column  #2 c00002\n"
        "\n"
        "Next\n"
        "  mlrun-nb runs --parent aaaaaa  all children, the best first\n"
        "  mlrun-nb show c00001           the best child\n"
        "  mlrun-nb show c00002           a child that failed\n"
        "  mlrun-nb logs aaaaaa -f        follow what it prints\n"
        "  mlrun-nb cancel aaaaaa         end it\n"
    )
    assert all(width_of(line) <= 80 for line in text.splitlines())


def test_many_ways_to_fail_are_counted_and_not_all_listed(project):
    """The frequent ones stand."""
    parent = project.store.get_run(PARENT)
    errors = [replace(ERROR, ename=f"Error{number}") for number in range(12)]
    failed = [make_child(10 + n, state=RunState.FAILED, error=error) for n, error in enumerate(errors)]
    project.store.write_runs([RunChange(to=run) for run in failed])
    details = replace(make_details(parent), sweep=sweep_details(project, parent))
    text = plain(run_view(details, "", NOW, 80))
    assert "Failed · 14 children\n  2  cell 3" in text
    assert "  and 5 other ways to fail\n" in text


@pytest.mark.parametrize(
    ("best", "place"),
    [("c00001abcdef", "#1 of aaaaaa, random; its best child\n"), (None, "#1 of aaaaaa, random\n")],
)
def test_the_page_of_a_child_says_which_it_is_of_which_sweep(best, place):
    """And how to get there."""
    details = replace(make_details(CHILDREN[1]), parent=make_parent(best=best))
    text = plain(run_view(details, "", NOW, 80))
    assert f"  sweep      {place}" in text
    assert "  mlrun-nb show aaaaaa" in text
    assert "#1 of aaaaaa\n" in plain(run_view(replace(details, parent=None), "", NOW, 80))


def test_machines_read_children_and_counts(project):
    """Of a sweep under way the results are those of its best child."""
    parent, child = runs_json(project, [project.store.get_run(PARENT), CHILDREN[1]])
    assert parent["sweep"] == {
        "strategy": "random",
        "seed": 1,
        "selector": "max.accuracy",
        "total": 100,
        "children": {"pending": 1, "succeeded": 2, "failed": 2},
    }
    assert (parent["best"], parent["results"]) == ("c00001abcdef", {"loss": 0.1, "accuracy": 0.9})
    assert (child["parent"], child["number"], child["sweep"]) == (PARENT, 1, None)
