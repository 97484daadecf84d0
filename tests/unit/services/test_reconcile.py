"""Reconcile against a scripted engine and the in-memory store: every way in which the world can surprise it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlrun_nb._lib.records import Json
from mlrun_nb.commands.runs import FRESHNESS_BUDGET_S, refresh
from mlrun_nb.config import Config
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.model.events import Chunk, Event
from mlrun_nb.model.function import VersionHash
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Handle, Observation, Run, RunId, RunRequest, RunResult
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import EngineTraits
from mlrun_nb.services.cancel import cancel
from mlrun_nb.services.reconcile import SUBMIT_GRACE, reconcile, reconcile_within
from mlrun_nb.services.resubmit import keep_handle
from mlrun_nb.testing.requests import write_request

START = datetime(2026, 1, 2, tzinfo=UTC)
RUN = RunId("4k7q2m000000")


class ScriptedEngine:
    """An engine that says what a test tells it to say."""

    name = "scripted"
    traits = EngineTraits(outlives_client=True, remote=True)

    def __init__(self) -> None:
        self.seen: dict[RunId, Observation] = {}
        self.events: list[Event] = []
        self.cancelled: list[RunId] = []
        self.away = False
        self.page = 1000

    def check(self, request: RunRequest) -> list[Notice]:
        """Find nothing."""
        return []

    def render(self, request: RunRequest) -> str:
        """Show the id."""
        return request.id

    def distributions(self, request: RunRequest) -> str:
        """Know nothing beforehand."""
        return ""

    def prepare(self, request: RunRequest) -> RunRequest:
        """Prepare nothing."""
        return request

    def submit(self, requests: Sequence[RunRequest]) -> Mapping[RunId, Handle]:
        """Accept everything."""
        return {request.id: Handle(engine=self.name, run=request.id) for request in requests}

    def observe(self, handles: Sequence[Handle]) -> Mapping[RunId, Observation]:
        """Return what the test put there."""
        if self.away:
            raise EngineUnavailable("the engine is away", hint="Wait.")
        return {handle.run: self.seen[handle.run] for handle in handles if handle.run in self.seen}

    def read(self, handle: Handle, cursor: Json, *, log: bool = True) -> Chunk:
        """Return at most `page` events since the cursor, a count."""
        start = cursor if isinstance(cursor, int) else 0
        found = self.events[start : start + self.page]
        return Chunk(events=tuple(found), cursor=start + len(found), at_end=start + len(found) == len(self.events))

    def cancel(self, handle: Handle) -> None:
        """Note the wish."""
        self.cancelled.append(handle.run)


class Clock:
    """A clock whose hands a test turns."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        """Return the time that was set."""
        return self.time


@pytest.fixture
def engine() -> ScriptedEngine:
    """Return an engine without a script yet."""
    return ScriptedEngine()


@pytest.fixture
def project(tmp_path: Path, engine: ScriptedEngine) -> Project:
    """Return a project with a store in memory and the scripted engine."""
    return Project(Config(home=tmp_path, store="memory://"), clock=Clock(), engines={"scripted": engine})


def submitted(project: Project, **changes: object) -> Run:
    """Record a run that was handed over, changed by *changes*."""
    run = Run(
        id=RUN,
        project="default",
        function="train",
        version=VersionHash("a" * 64),
        code_hash="b" * 64,
        engine="scripted",
        run_directory=str(project.config.home / "run"),
        created=START,
        handle=Handle(engine="scripted", run=RUN),
    )
    return project.store.create_run(replace(run, **changes))  # type: ignore[arg-type]  # a builder takes any field


def result(state: RunState) -> RunResult:
    """Return a result record that ends the run in *state*."""
    return RunResult(id=RUN, state=state, started=START, ended=START, duration_s=1.0)  # type: ignore[arg-type]  # final


def metric(step: int) -> Event:
    """Return an event of one metric."""
    return Event(type="metric", time=START + timedelta(seconds=step), data={"name": "loss", "value": 0.5, "step": step})


def test_a_finished_run_is_recorded_with_all_its_events(project, engine):
    """Also when the engine gives them in many small pieces: the end is recorded behind the last."""
    submitted(project)
    engine.page = 3
    engine.events = [metric(step) for step in range(10)]
    engine.seen[RUN] = Observation(state=RunState.SUCCEEDED, result=result(RunState.SUCCEEDED))
    reconcile(project)
    assert project.store.get_run(RUN).state is RunState.SUCCEEDED
    assert [point.step for point in project.store.metrics(RUN)] == list(range(10))


def test_reconciling_twice_changes_nothing(project, engine):
    """Idempotent: neither events nor revisions double."""
    submitted(project)
    engine.events = [metric(1)]
    engine.seen[RUN] = Observation(state=RunState.RUNNING)
    reconcile(project)
    first = project.store.get_run(RUN)
    reconcile(project)
    assert project.store.get_run(RUN) == first
    assert len(project.store.metrics(RUN)) == 1


def test_a_run_out_of_reach_is_left_alone(project):
    """An engine that leaves a run out of its answer has not judged it."""
    before = submitted(project)
    reconcile(project)
    assert project.store.get_run(RUN) == before


def test_an_engine_that_is_away_judges_nobody(project, engine):
    """Unreachable is not lost."""
    before = submitted(project)
    engine.away = True
    reconcile(project)
    assert project.store.get_run(RUN) == before


def test_a_lost_run_is_corrected_by_a_late_result(project, engine):
    """The disk came back, and on it the result."""
    submitted(project, state=RunState.RUNNING)
    engine.seen[RUN] = Observation(state=RunState.LOST, reason="the machine was restarted")
    reconcile(project)
    assert project.store.get_run(RUN).state is RunState.LOST
    engine.seen[RUN] = Observation(state=RunState.SUCCEEDED, result=result(RunState.SUCCEEDED))
    reconcile(project)
    assert project.store.get_run(RUN).state is RunState.SUCCEEDED


def test_the_wish_to_cancel_is_passed_on_until_the_run_ends(project, engine):
    """Whoever wished may have died between the record and the engine."""
    submitted(project, state=RunState.RUNNING, cancel_requested=START)
    engine.seen[RUN] = Observation(state=RunState.RUNNING)
    reconcile(project)
    reconcile(project)
    assert engine.cancelled == [RUN, RUN]


def test_cancelling_an_ended_run_changes_nothing(project, engine):
    """A result record beats the wish, and the engine hears nothing of it."""
    before = submitted(project, state=RunState.SUCCEEDED)
    assert cancel(project, RUN) == before
    assert engine.cancelled == []


def test_a_fresh_run_without_handle_is_given_time(project):
    """Its submit is probably still under way."""
    before = submitted(project, handle=None)
    reconcile(project)
    assert project.store.get_run(RUN) == before


def test_a_run_whose_submit_was_interrupted_before_the_request_was_written_is_lost_with_proof(project):
    """There is nothing that could run."""
    submitted(project, handle=None)
    project.clock.time += SUBMIT_GRACE + timedelta(seconds=1)
    reconcile(project)
    run = project.store.get_run(RUN)
    assert run.state is RunState.LOST
    assert "has no readable request" in run.reason


def test_what_an_interrupted_submit_has_begun_is_found_and_cancelled(project, engine, tmp_path):
    """As the engine that took it knows it by its id; what it comes to is the run's truth."""
    request = write_request(tmp_path, "pass")
    submitted(project, id=request.id, handle=None, cancel_requested=START, run_directory=request.run_directory)
    project.clock.time += SUBMIT_GRACE + timedelta(seconds=1)
    reconcile(project)
    run = project.store.get_run(request.id)
    assert (run.state.is_final, run.handle, engine.cancelled) == (
        False, Handle(engine="scripted", run=request.id), [request.id],
    )  # fmt: skip
    engine.seen[request.id] = Observation(state=RunState.SUCCEEDED)
    reconcile(project)
    assert project.store.get_run(request.id).state is RunState.SUCCEEDED


def test_a_run_that_was_never_handed_over_is_cancelled_without_being_begun(project, engine):
    """Its request was not even written."""
    submitted(project, handle=None, cancel_requested=START)
    project.clock.time += SUBMIT_GRACE + timedelta(seconds=1)
    reconcile(project)
    assert project.store.get_run(RUN).state is RunState.CANCELLED
    assert engine.cancelled == []


def test_a_reader_does_not_wait_longer_than_its_budget(project, engine):
    """A slow engine costs a reader its budget and no more."""
    submitted(project)

    def slow(_: Sequence[Handle]) -> Mapping[RunId, Observation]:
        import time

        time.sleep(1.5)
        return {}

    engine.observe = slow
    began = datetime.now(UTC)
    assert reconcile_within(project, 0.1) is False
    assert datetime.now(UTC) - began < timedelta(seconds=1)


def test_a_command_waits_for_an_engine_behind_a_network_until_it_has_got_on(project, engine):
    """One that always left after a moment would ask anew each time, and record nothing."""
    submitted(project)

    def slow(handles: Sequence[Handle]) -> Mapping[RunId, Observation]:
        import time

        time.sleep(2 * FRESHNESS_BUDGET_S)
        return {handle.run: Observation(state=RunState.RUNNING) for handle in handles}

    engine.observe = slow
    assert refresh(project) == ""
    assert project.store.get_run(RUN).state is RunState.RUNNING


def test_a_handle_is_kept_although_somebody_was_quicker_with_a_wish(project: Project):
    """Without it nobody could end what was just submitted."""
    before = submitted(project, handle=None)
    wished = cancel(project, RUN)
    handle = Handle(engine="scripted", run=RUN)
    kept = keep_handle(project, before, handle)
    assert wished.cancel_requested is not None
    assert (kept.handle, kept.cancel_requested) == (handle, wished.cancel_requested)
    assert project.store.get_run(RUN) == kept


def test_a_sweep_that_is_being_started_again_is_left_to_whoever_does_it(project: Project, engine: ScriptedEngine):
    """However long ago it was made: its end, which is still to be found where it was, is not taken for its new one."""
    run = submitted(project, handle=None, created=START - timedelta(days=1), last_seen=START)
    engine.seen[RUN] = Observation(state=RunState.FAILED, reason="of before")
    reconcile(project, [run])
    assert project.store.get_run(RUN) == run
