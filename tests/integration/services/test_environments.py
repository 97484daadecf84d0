"""Environments that nobody uses any more are found, told with their size, and removed; others stay."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mlrun_nb._lib.clock import now
from mlrun_nb.config import Config
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Environment, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.environments import remove_environments, unused_environments
from mlrun_nb.services.retention import Rule, collect, plan_gc
from mlrun_nb.testing.records import make_run
from mlrun_nb.testing.requests import write_request

DAY_S = 86400.0


@pytest.fixture
def project(tmp_path) -> Project:
    """Return a project that lives forty days from now."""
    config = Config(home=tmp_path / "home", store="memory://")
    return Project(config, clock=lambda: now() + timedelta(days=40))


@pytest.fixture
def prepared(project, wheel):
    """Give a function that prepares a run of some project of the home which requires *name*."""

    def prepare(name: str, of: str = "other") -> RunRequest:
        settings = Settings(environment=Environment(requirement=(wheel(name, "MARK = 1" + "0" * 50_000),)))
        request = write_request(project.config.home / "runs" / of, "pass", settings=settings)
        request = LocalEngine(project.config).prepare(request)
        path = Path(request.run_directory, "request.json")
        path.write_text(json.dumps({**json.loads(path.read_bytes()), "python": request.python}))
        return request

    return prepare


def end(request: RunRequest) -> None:
    """Leave a result, as the run's end does."""
    Path(request.run_directory, "result.json").write_text("{}")


def pythons(project: Project, days: float) -> list[str]:
    """Return the interpreters of environments that were unused for *days*."""
    return [each.python for each in unused_environments(project, unused_for_s=days * DAY_S)]


def test_an_environment_is_unused_when_no_run_was_given_it_for_long(project, prepared):
    """A later run that requires the same begins its time anew."""
    first, second = prepared("brand_new"), prepared("brand_old")
    end(first)
    end(second)
    assert pythons(project, 39) == [first.python, second.python]
    assert pythons(project, 41) == []
    soon = (now() + timedelta(days=39)).timestamp()
    os.utime(Path(second.python).parent.parent / "ready.json", (soon, soon))
    assert pythons(project, 30) == [first.python]


def test_what_an_open_run_of_any_project_has_stays(project, prepared):
    """However long ago it began; a run that our store knows as lost needs nothing."""
    request = prepared("brand_new")
    assert pythons(project, 30) == []
    project.store.create_run(replace(make_run(id=request.id), state=RunState.LOST, phase=None))
    assert pythons(project, 30) == [request.python]


def test_collecting_frees_what_was_said_and_the_next_run_makes_it_again(project, prepared):
    """Beside the runs that the rule names, or alone."""
    end(prepared("brand_new"))
    plan = plan_gc(project, Rule(unused_for_s=30 * DAY_S))
    assert (len(plan.environments), plan.runs, plan.versions) == (1, (), ())
    assert plan.size > 50_000
    assert collect(project, plan) == plan.size
    assert not Path(plan.environments[0].python).exists()
    assert Path(prepared("brand_new").python).exists()


def test_what_was_used_since_the_question_stays(project, prepared):
    """Somebody may take minutes to answer."""
    end(prepared("brand_new"))
    found = unused_environments(project, unused_for_s=30 * DAY_S)
    again = prepared("brand_new")
    assert remove_environments(found) == 0
    assert Path(again.python).exists()
