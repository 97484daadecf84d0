"""What is true of runs when workers, schedulers and kernels die, and that nothing is executed twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from signal import SIGKILL

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.engines.supervisor import files
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Policy, Resources, Settings
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.testing.requests import wait_for, wait_until_ended, wait_until_running, write_request
from tests.integration.engines.dask.separate import Separate

_SLEEP = "import time; time.sleep(60)"
_ONCE_MORE = """
import pathlib, time
first = not pathlib.Path("been").exists()
pathlib.Path("been").touch()
if first:
    time.sleep(60)
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Separate]:
    """Give a cluster with one worker, of which the test may kill what it likes."""
    cluster = Separate(tmp_path / "cluster")
    try:
        cluster.start(workers=1)
        yield cluster
    finally:
        cluster.end()


def _request(cluster: Separate, tmp_path: Path, *cells: str, settings: Settings = Settings()) -> RunRequest:  # noqa: B008
    return write_request(tmp_path / "runs", *cells, engine="dask", settings=replace(settings, dask=cluster.settings))


def _kernel(request: RunRequest) -> processes.Identity:
    """Return who executes the run's cells now."""
    state = files.read_state(request.run_directory)
    assert state is not None
    assert state["runner"] is not None
    return state["runner"]


def test_a_run_whose_worker_is_killed_fails_and_others_stay_as_they_are(
    cluster: Separate, engine: DaskEngine, tmp_path: Path
) -> None:
    """It says so, its processes are gone, and a run that had ended on that worker is not executed again."""
    before = _request(cluster, tmp_path, "print('once')")
    done = engine.submit([before])[before.id]
    wait_until_ended(engine, done)
    request = _request(cluster, tmp_path, "x = 1", _SLEEP)
    handle = engine.submit([request])[request.id]
    wait_until_running(engine, handle)
    runner = _kernel(request)
    cluster.kill(*cluster.workers)
    cluster.add_worker()
    seen = wait_until_ended(engine, handle)
    assert seen.state is RunState.FAILED
    assert seen.error is not None
    assert (seen.error.cls, seen.error.fault, seen.error.cell) == ("WorkerLost", "resources", 1)
    assert "--retries" in seen.error.hint
    wait_for(lambda: not processes.is_same_process(runner), what="the end of the runner")
    after = _request(cluster, tmp_path, "print('after')")
    wait_until_ended(engine, engine.submit([after])[after.id])
    assert engine.read(done, None).log == b"once\n"


def test_a_run_whose_worker_is_killed_is_tried_again_on_another(
    cluster: Separate, engine: DaskEngine, tmp_path: Path
) -> None:
    """As often as it asks for; attempts are counted and the record has both."""
    settings = Settings(policy=Policy(retries=1, backoff_s=0.1))
    request = _request(cluster, tmp_path, _ONCE_MORE, settings=settings)
    handle = engine.submit([request])[request.id]
    wait_for(Path(request.run_directory, "been").exists, what="the first attempt")
    cluster.kill(*cluster.workers)
    cluster.add_worker()
    seen = wait_until_ended(engine, handle)
    assert (seen.state, seen.attempt) == (RunState.SUCCEEDED, 2), seen.reason
    types = [event.type for event in engine.read(handle, None).events]
    assert types.count("run_started") == 2
    assert types.count("attempt_ended") == 1


def test_a_scheduler_that_forbids_retries_does_not_hinder_ours(tmp_path: Path, engine: DaskEngine) -> None:
    """Where Dask gives a task up with its first worker, whoever looks next gives it the run's next attempt."""
    strict = Separate(tmp_path / "strict", exports={"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"})
    try:
        strict.start(workers=1)
        settings = Settings(policy=Policy(retries=1, backoff_s=0.1))
        request = _request(strict, tmp_path, _ONCE_MORE, settings=settings)
        handle = engine.submit([request])[request.id]
        wait_for(Path(request.run_directory, "been").exists, what="the first attempt")
        strict.kill(*strict.workers)
        strict.add_worker()
        seen = wait_until_ended(engine, handle)
        assert (seen.state, seen.attempt) == (RunState.SUCCEEDED, 2), seen.reason
    finally:
        strict.end()


def test_of_a_killed_scheduler_s_runs_none_is_executed_again(
    cluster: Separate, engine: DaskEngine, tmp_path: Path
) -> None:
    """One that is at work ends in the time that its worker has to go; one that waited is lost, and proven so."""
    begun = _request(cluster, tmp_path, "print('once')", "import time; time.sleep(3)")
    waits = _request(cluster, tmp_path, "print('never')")
    handles = engine.submit([begun, waits])
    wait_until_running(engine, handles[begun.id])
    port = int(cluster.address.rpartition(":")[2])
    cluster.kill(cluster.scheduler)
    assert waits.id not in engine.observe([handles[waits.id]])
    assert wait_until_ended(engine, handles[begun.id]).state is RunState.SUCCEEDED
    cluster.start(workers=1, port=port)
    lost = wait_until_ended(engine, handles[waits.id])
    assert (lost.state, lost.result) == (RunState.LOST, None)
    assert "no worker had begun it" in lost.reason
    assert engine.read(handles[waits.id], None).events == ()
    assert engine.submit([begun, waits]) == handles
    assert engine.read(handles[begun.id], None).log == b"once\n"
    assert engine.observe([handles[waits.id]])[waits.id] == lost


def test_a_scheduler_that_is_not_there_is_said_to_be_so(cluster: Separate, engine: DaskEngine, tmp_path: Path) -> None:
    """Before anything is recorded, by its address and with a thing to do."""
    request = _request(cluster, tmp_path, "x = 1")
    cluster.end()
    with pytest.raises(EngineUnavailable, match="tls://127") as caught:
        engine.submit([request])
    assert "doctor" in caught.value.hint


def test_a_run_that_waits_for_a_slot_is_cancelled_at_once(
    cluster: Separate, engine: DaskEngine, tmp_path: Path
) -> None:
    """It never begins; the one that had the slot goes on."""
    first, second = (_request(cluster, tmp_path, _SLEEP) for _ in range(2))
    handles = engine.submit([first, second])
    wait_until_running(engine, handles[first.id])
    waits = engine.observe([handles[second.id]])[second.id]
    assert (waits.state, waits.phase) == (RunState.PENDING, PendingPhase.QUEUED)
    engine.cancel(handles[second.id])
    assert engine.observe([handles[second.id]])[second.id].state is RunState.CANCELLED
    assert engine.observe([handles[first.id]])[first.id].state is RunState.RUNNING
    engine.cancel(handles[first.id])
    assert wait_until_ended(engine, handles[first.id]).state is RunState.CANCELLED
    assert engine.read(handles[second.id], None).events == ()


def test_a_run_that_holds_too_much_is_ended_and_its_worker_lives(
    cluster: Separate, engine: DaskEngine, tmp_path: Path
) -> None:
    """The limit counts the kernel, which no worker sees; the reason and the remedy are those of a local run."""
    settings = Settings(resources=Resources(memory="300Mi"))
    request = _request(cluster, tmp_path, "x = bytearray(600 << 20)", _SLEEP, settings=settings)
    seen = wait_until_ended(engine, engine.submit([request])[request.id])
    assert seen.error is not None, seen.state
    assert (seen.error.cls, seen.error.fault) == ("OutOfMemory", "resources")
    assert "--memory" in seen.error.hint
    assert cluster.workers[0].poll() is None


def test_a_run_whose_worker_s_machine_lost_everything_is_judged(
    cluster: Separate, engine: DaskEngine, tmp_path: Path
) -> None:
    """Worker, supervisor and runner die in one moment: whoever looks next writes down how it ended."""
    request = _request(cluster, tmp_path, _SLEEP)
    handle = engine.submit([request])[request.id]
    wait_until_running(engine, handle)
    runner, supervisor = _kernel(request), files.read_supervisor(request.run_directory)
    assert supervisor is not None
    processes.signal_process(supervisor, SIGKILL)
    cluster.kill(*cluster.workers)
    processes.signal_process(runner, SIGKILL)
    seen = wait_until_ended(engine, handle)
    assert seen.state is RunState.FAILED
    assert seen.error is not None
    assert seen.error.cls == "WorkerLost"


def test_a_run_that_waits_for_its_next_attempt_is_cancelled_without_any_worker(
    cluster: Separate, engine: DaskEngine, tmp_path: Path
) -> None:
    """Its worker is dead, and no other there."""
    settings = Settings(policy=Policy(retries=1, backoff_s=3600))
    request = _request(cluster, tmp_path, _SLEEP, settings=settings)
    handle = engine.submit([request])[request.id]
    wait_until_running(engine, handle)
    cluster.kill(*cluster.workers)
    wait_for(lambda: engine.observe([handle])[request.id].phase is PendingPhase.BACKOFF, what="the wait")
    engine.cancel(handle)
    seen = wait_until_ended(engine, handle)
    assert (seen.state, seen.attempt) == (RunState.CANCELLED, 1)
