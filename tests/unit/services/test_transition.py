"""What a look at a run makes of its record: every path through the states, without an engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Event
from mlrun_nb.model.function import VersionHash
from mlrun_nb.model.run import Observation, Progress, Run, RunError, RunId, RunResult
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.services.transition import next_record
from mlrun_nb.testing.records import make_sweep

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def make_run(**changes: object) -> Run:
    """Return a run that waits, changed by *changes*."""
    run = Run(
        id=RunId("4k7q2m000000"),
        project="churn",
        function="train",
        version=VersionHash("a" * 64),
        code_hash="b" * 64,
        engine="local",
        run_directory="/nowhere",
        created=NOW - timedelta(minutes=1),
    )
    return replace(run, **changes)  # type: ignore[arg-type]  # a builder takes any field


def make_result(state: RunState, **changes: object) -> RunResult:
    """Return a result record of that run."""
    result = RunResult(
        id=RunId("4k7q2m000000"),
        state=state,  # type: ignore[arg-type]  # the tests give final states only
        started=NOW - timedelta(seconds=9),
        ended=NOW - timedelta(seconds=1),
        duration_s=8.0,
    )
    return replace(result, **changes)  # type: ignore[arg-type]  # a builder takes any field


def event(kind: str, /, **data: object) -> Event:
    """Return an event of type *kind*."""
    return Event(type=kind, time=NOW, data=data)  # type: ignore[arg-type]  # the tests give known types only


def test_a_run_that_is_seen_running_has_started():
    """The first sight of a running run is its start, until the result record says better."""
    run, _ = next_record(make_run(), Observation(state=RunState.RUNNING), [], now=NOW)
    assert (run.state, run.started, run.phase, run.last_seen) == (RunState.RUNNING, NOW, None, NOW)


def test_a_waiting_run_says_why():
    """Phase and reason come from the engine."""
    seen = Observation(state=RunState.PENDING, phase=PendingPhase.BACKOFF, reason="attempt 2 in 10 s", attempt=2)
    run, _ = next_record(make_run(state=RunState.RUNNING), seen, [], now=NOW)
    assert (run.state, run.phase, run.reason, run.attempt) == (RunState.PENDING, PendingPhase.BACKOFF, seen.reason, 2)


def test_nothing_new_changes_nothing():
    """So that reconcile writes nothing while nothing happens."""
    run = make_run(state=RunState.RUNNING, phase=None, started=NOW)
    assert next_record(run, Observation(state=RunState.RUNNING), [], now=NOW + timedelta(hours=1))[0] == run


@pytest.mark.parametrize("state", [RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED])
@pytest.mark.parametrize("before", [RunState.PENDING, RunState.RUNNING, RunState.LOST])
def test_a_result_record_ends_the_run_with_its_own_times(before, state):
    """Durations and times are the runner's, also for a run that was thought lost."""
    seen = Observation(state=RunState.RUNNING, result=make_result(state))
    run, _ = next_record(make_run(state=before), seen, [], now=NOW)
    assert (run.state, run.ended, run.duration_s) == (state, NOW - timedelta(seconds=1), 8.0)


def test_a_result_record_beats_the_wish_to_cancel():
    """It had succeeded before the wish arrived."""
    seen = Observation(state=RunState.CANCELLED, result=make_result(RunState.SUCCEEDED))
    run, _ = next_record(make_run(state=RunState.RUNNING, cancel_requested=NOW), seen, [], now=NOW)
    assert run.state is RunState.SUCCEEDED


@pytest.mark.parametrize("state", [RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED])
def test_an_ended_run_stays_as_it_ended(state):
    """A stale observation cannot revive or lose it, another result cannot change it."""
    ended = make_run(state=state, ended=NOW)
    for seen in (
        Observation(state=RunState.RUNNING),
        Observation(state=RunState.LOST, reason="gone"),
        Observation(state=RunState.FAILED, result=make_result(RunState.FAILED)),
    ):
        assert next_record(ended, seen, [], now=NOW)[0].state is state


def test_a_lost_run_keeps_the_proof():
    """The reason says how it is known, and the error what to do."""
    error = RunError(cls="Lost", fault="resources", summary="the machine was restarted", hint="Run it again.")
    seen = Observation(state=RunState.LOST, reason="the machine was restarted", error=error)
    run, _ = next_record(make_run(state=RunState.RUNNING), seen, [], now=NOW)
    assert (run.state, run.reason, run.error, run.ended) == (RunState.LOST, "the machine was restarted", error, NOW)


def test_events_move_the_progress():
    """Cells are counted as they finish, and the one at work is named."""
    events = [
        event("run_started", cells=["imports", "train", "save"]),
        event("cell_started", index=0, name="imports"),
        event("cell_finished", index=0, name="imports"),
        event("cell_started", index=1, name="train"),
    ]
    run, _ = next_record(make_run(), Observation(state=RunState.RUNNING), events, now=NOW)
    assert run.progress == Progress(done=1, total=3, cell="train")


@pytest.mark.parametrize(
    "seen",
    [
        Observation(state=RunState.LOST, reason="gone"),
        Observation(state=RunState.FAILED, result=make_result(RunState.FAILED)),
    ],
)
@pytest.mark.parametrize("sweep", [None, make_sweep()])
def test_only_a_sweep_that_has_ended_still_says_how_far_it_was(seen, sweep):
    """It may be resumed; where the last cell of any other run was is told by its error."""
    progress = Progress(done=37, total=100)
    run, _ = next_record(make_run(state=RunState.RUNNING, sweep=sweep, progress=progress), seen, [], now=NOW)
    assert run.progress == (progress if sweep else None)


def test_results_metrics_and_artifacts_of_events_are_kept_before_the_end():
    """What a run said is in the history even if it never ends."""
    artifact = {"name": "model", "kind": "skops", "uri": "/x", "size": 3, "digest": "sha256:0"}
    events = [
        event("result", name="accuracy", value="NaN"),
        event("metric", name="loss", value=0.5, step=3),
        event("artifact", **artifact),
    ]
    run, ingest = next_record(make_run(), None, events, now=NOW)
    assert run.results["accuracy"] != run.results["accuracy"]  # only NaN is unequal to itself
    assert [(metric.name, metric.value, metric.step) for metric in ingest.metrics] == [("loss", 0.5, 3)]
    assert list(ingest.artifacts) == [Artifact(name="model", kind="skops", uri="/x", size=3, digest="sha256:0")]
