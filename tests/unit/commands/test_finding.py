"""What a search finds in a store: by index where there is one, else among the newest, as time allows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlrun_nb.commands.finding import Ask, find_runs
from mlrun_nb.commands.search import parse_search
from mlrun_nb.config import Config
from mlrun_nb.errors import OptionError
from mlrun_nb.model.run import RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.testing.records import NOON, make_hash, make_run, make_version


@pytest.fixture
def project(tmp_path) -> Project:
    """Return a project with two functions, three versions and four runs, oldest first a to d."""
    project = Project(Config(home=tmp_path, project="demo", store="memory://"))
    versions = (("x = 1", "train", ["prod"]), ("x = 2", "train", ["latest"]), ("y", "eval", ["prod"]))
    for source, function, tags in versions:
        project.store.save_version(make_version(source, function=function), tags=tags)
    made = (("train", "x = 1", {"name": "a"}), ("train", "x = 2", {"name": "b"}), ("eval", "y", {"name": "c"}))
    for number, (function, source, labels) in enumerate(made):
        run_id = RunId(f"zzzzzzzzzzz{number}")  # no text below begins it
        project.store.create_run(make_run(id=run_id, function=function, version=make_hash(source), labels=labels))
    failed = make_run(id=RunId("zzzzzzzzzzz9"), version=make_hash("x"), state=RunState.FAILED, labels={"name": "d"})
    project.store.create_run(replace(failed, parameters={"kind": "Adam"}))
    return project


def found(project: Project, text: str, **how: object) -> str:
    """Return the names of the runs that *text* finds."""
    runs = find_runs(project, parse_search(text, NOON), Ask(**how)).runs  # type: ignore[arg-type]  # a test says which
    return "".join(run.labels["name"] for run in runs)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "dcba"),
        ("fn:train", "dba"),
        ("fn:train,eval state:pending", "cba"),
        ("tag:prod", "ca"),
        ("tag:prod fn:train", "a"),
        ("tag:prod,latest", "cba"),
        (f"version:{make_hash('x = 2')[:4]}", "b"),
        ("version:0000", ""),
        ("engine:local", "dcba"),
        ("engine:inline", ""),
        ("notebook:TRAIN", "dcba"),
        ("notebook:never_run.ipynb", ""),
        ("tr", "dba"),
        ("b", "b"),
        ("tr d", "d"),
        ("adam", ""),
    ],
)
def test_words_are_found_where_they_begin_something(project, text: str, names: str):
    """A function, an id, a label's value."""
    assert found(project, text) == names


@pytest.mark.parametrize(("text", "names"), [("adam", "d"), ("RAI", "dba"), ("name=c", "c"), ("kind= fn:eval", "")])
def test_a_deep_search_looks_inside(project, text: str, names: str):
    """Letters of either case, in names, labels and parameters."""
    assert found(project, text, deep=True) == names


def test_a_deep_search_goes_on_from_where_it_stopped(project):
    """And says how far it looked."""
    first = find_runs(project, parse_search("rain", NOON), Ask(limit=1, deep=True))
    rest = find_runs(project, parse_search("rain", NOON), Ask(limit=9, deep=True, cursor=first.cursor))
    assert [run.labels["name"] for run in (*first.runs, *rest.runs)] == ["d", "b", "a"]
    assert first.looked is not None
    assert (first.looked.runs, rest.cursor) == (1, None)


@pytest.mark.parametrize(("text", "near"), [("fn:trian", "train"), ("tag:prd", "prod")])
def test_a_name_of_nothing_is_an_error(project, text: str, near: str):
    """An empty list would say that there are no such runs."""
    with pytest.raises(OptionError) as refused:
        found(project, text)
    assert near in refused.value.hint
