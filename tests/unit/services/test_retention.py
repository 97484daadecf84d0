"""Retention decides by rule, says how much it is, and keeps what must be kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlrun_nb._lib.records import to_json
from mlrun_nb.config import Config
from mlrun_nb.model.function import Version, VersionHash
from mlrun_nb.model.run import Run, RunId, RunRequest
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.retention import Rule, collect, plan_gc
from mlrun_nb.testing.records import make_version

NOW = datetime(2026, 1, 31, tzinfo=UTC)
STATES = [RunState.SUCCEEDED, RunState.FAILED, RunState.SUCCEEDED, RunState.FAILED, RunState.RUNNING]
"""Oldest first: the third is the newest that succeeded, the last is open."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with five runs of one function, a day apart, each with a file of 1000 bytes."""
    project = Project(Config(home=tmp_path, store="memory://"), clock=lambda: NOW)
    version = make_version(project="default")
    project.store.save_version(version)
    for day, state in enumerate(STATES, start=1):
        folder = tmp_path / "runs" / f"{day:012}"
        folder.mkdir(parents=True)
        (folder / "output.ipynb").write_bytes(b"x" * 1000)
        project.store.create_run(
            Run(
                id=RunId(f"{day:012}"),
                project="default",
                function="train",
                version=VersionHash(version.hash),
                code_hash=version.code_hash,
                engine="local",
                state=state,
                run_directory=str(folder),
                pinned=day == 2,
                created=NOW - timedelta(days=10 - day),
                ended=NOW - timedelta(days=10 - day) if state.is_final else None,
            )
        )
    return project


def days(runs: tuple[Run, ...]) -> list[int]:
    """Return which of the five runs these are."""
    return sorted(int(run.id) for run in runs)


def make_request(version: Version, run: Run, *, artifacts: str) -> RunRequest:
    """Return the request of *run* with its artifacts elsewhere."""
    return RunRequest(
        id=run.id, version=version, engine="local", run_directory=run.run_directory, artifacts=artifacts, created=NOW
    )


# (rule, the runs that may go): 2 is pinned, 3 the newest good one, 5 open
RULES = [
    (Rule(), []),
    (Rule(keep=0), [1, 4]),
    (Rule(keep=2), [1]),
    (Rule(older_than_s=8.5 * 86400), [1]),
    (Rule(older_than_s=1), [1, 4]),
    (Rule(keep=4, older_than_s=1), [1]),
    (Rule(keep=0, function="train"), [1, 4]),
]


@pytest.mark.parametrize(("rule", "expected"), RULES)
def test_a_rule_names_the_runs_that_may_go(project, rule, expected):
    """Open, pinned and last good runs stay under every rule."""
    plan = plan_gc(project, rule)
    assert days(plan.runs) == expected
    assert plan.size == 1000 * len(expected)


def test_planning_deletes_nothing_and_collecting_what_was_planned(project):
    """Files and records go together."""
    plan = plan_gc(project, Rule(keep=0))
    assert all(Path(run.run_directory).is_dir() for run in plan.runs)
    assert collect(project, plan) == 2000
    assert not any(Path(run.run_directory).exists() for run in plan.runs)
    assert days(plan_gc(project, Rule(keep=0)).runs) == []


def test_a_version_goes_with_its_last_run_unless_it_has_a_tag(project):
    """`latest` is a tag."""
    other = make_version("old = 1", project="default")
    project.store.save_version(other, tags=())
    plan = plan_gc(project, Rule(keep=0))
    assert plan.versions == (("train", other.hash),)
    collect(project, plan)
    assert [item.tags for item in project.store.versions("default", "train").items] == [("latest",)]


def test_artifacts_outside_the_run_directory_go_too(project, tmp_path):
    """Another folder or an object store, as the request of the run says."""
    run = project.store.get_run("000000000001")
    kept, gone = tmp_path / "kept", tmp_path / "elsewhere" / run.id
    for folder in (kept, gone):
        folder.mkdir(parents=True)
        (folder / "model.json").write_text("{}")
    version = project.store.get_version("default", "train", "latest")
    request = make_request(version, run, artifacts=str(gone))
    (Path(run.run_directory) / "request.json").write_text(json.dumps(to_json(request)))
    collect(project, plan_gc(project, Rule(keep=0)))
    assert not (gone / "model.json").exists()
    assert (kept / "model.json").exists()
