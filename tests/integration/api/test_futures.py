"""A run in the background, with the semantics of `concurrent.futures`."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import threading

import pytest

import mlrun_nb as mn
from mlrun_nb.api.projects import project_in_force
from mlrun_nb.api.watching import Watched, Watcher
from mlrun_nb.errors import NotFoundError, RunUnfinished, StoreError
from mlrun_nb.model.run import RunId
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import Session

PATIENCE_S = 90
SLOW = "train.ipynb::slow"


def submit(seconds: float) -> mn.RunFuture:
    """Return the future of a run that sleeps."""
    return mn.get_function(SLOW).with_options(on="local").submit(seconds=seconds)


def test_a_future_is_the_end_of_a_run(desk):
    """Not done, then done; its result is the run, and who asked is called."""
    future = submit(0.5)
    called: list[mn.RunFuture] = []
    future.add_done_callback(called.append)
    assert (future.done(), future.cancelled(), future.run.state.is_final) == (False, False, False)
    wait_for(future.running, what="the run to execute")
    run = future.result(PATIENCE_S)
    assert (run.results, run.state, future.exception()) == ({"done": True}, "succeeded", None)
    assert (future.done(), future.running(), future.cancelled(), future.cancel()) == (True, False, False, False)
    wait_for(lambda: called == [future], what="the callback")


def test_a_failed_run_is_an_exception(desk):
    """`wait` returns it all the same."""
    future = mn.get_function("train.ipynb::broken").submit()
    assert isinstance(future.exception(PATIENCE_S), mn.RunFailed)
    with pytest.raises(mn.RunFailed, match="ZeroDivisionError"):
        future.result()
    assert future.wait().state == "failed"


def test_a_run_at_work_can_be_cancelled(desk):
    """Then its result is a CancelledError."""
    future = submit(60)
    wait_for(future.running, what="the run to execute")
    assert future.cancel()
    assert future.wait(PATIENCE_S).state == "cancelled"
    assert (future.done(), future.cancelled(), future.cancel()) == (True, True, True)
    with pytest.raises(concurrent.futures.CancelledError) as caught:
        future.result()
    assert isinstance(caught.value, mn.RunCancelled)
    assert caught.value.run == future.run
    with pytest.raises(mn.RunCancelled):
        future.exception()


def test_who_waits_too_short_is_told_and_the_run_goes_on(desk):
    """A TimeoutError, as everywhere; of the run itself too."""
    future = submit(60)
    for wait in (future.result, future.exception, future.wait, future.run.wait):
        with pytest.raises(TimeoutError, match=r"has not ended after 0\.05 s") as caught:
            wait(0.05)
        assert isinstance(caught.value, RunUnfinished)
    with pytest.raises(RunUnfinished):
        future.run.check()
    future.cancel()
    assert future.run.wait(PATIENCE_S).state == "cancelled"


def test_the_standard_library_takes_it(desk):
    """`wait` and `as_completed`, of runs that succeed, fail and are cancelled."""
    futures = [submit(0.1), mn.get_function("train.ipynb::broken", on="local").submit(), submit(60)]
    futures[2].cancel()
    done, open_ = concurrent.futures.wait(futures, timeout=PATIENCE_S)
    assert (done, open_) == (set(futures), set())
    assert set(concurrent.futures.as_completed(futures, timeout=1)) == set(futures)
    assert [str(future.run.state) for future in futures] == ["succeeded", "failed", "cancelled"]


def test_it_can_be_awaited(desk):
    """Several at once, and a task that is cancelled cancels its run."""

    async def both() -> tuple[mn.Run, mn.Run]:
        return await asyncio.gather(submit(0.1), submit(0.2))

    async def impatient(future: mn.RunFuture) -> None:
        await asyncio.wait_for(future, 0.5)

    assert [run.state for run in asyncio.run(both())] == ["succeeded", "succeeded"]
    future = submit(60)
    with pytest.raises(TimeoutError):
        asyncio.run(impatient(future))
    assert future.wait(PATIENCE_S).state == "cancelled"


def test_a_run_that_ended_before_or_elsewhere_has_a_future_too(desk):
    """It is done at once; one that is cancelled by somebody else ends as that."""
    ended = mn.run("train.ipynb::train")
    future = mn.RunFuture(mn.get_run(ended.id))
    assert (future.done(), future.result()) == (True, ended)
    first = submit(60)
    second = mn.RunFuture(mn.get_run(first.run.id))
    mn.get_run(first.run.id).cancel()
    assert second.wait(PATIENCE_S).state == "cancelled"
    assert first.wait(PATIENCE_S).state == "cancelled"


def test_many_are_watched_by_one_thread_that_ends_with_the_last(desk):
    """Hundreds of runs are no hundreds of threads."""
    futures = [submit(0.1) for _ in range(3)]
    threads = [thread.name for thread in threading.enumerate()]
    assert threads.count("mlrun-nb runs") == 1
    concurrent.futures.wait(futures, timeout=PATIENCE_S)
    wait_for(lambda: "mlrun-nb runs" not in {each.name for each in threading.enumerate()}, what="the thread's end")


def test_nobody_waits_for_ever_for_a_run_that_was_removed(desk):
    """It cannot be looked at any more, and that is said."""
    told: list[object] = []
    Watcher(project_in_force()).add(Watched(RunId("zzzzzzzzzzzz"), told.append, told.append))
    wait_for(lambda: told, what="word")
    assert [type(each) for each in told] == [NotFoundError]


def test_nobody_waits_for_ever_for_a_store_that_stays_away(desk):
    """A moment is waited out; then those who wait are told."""
    run = submit(60).run
    (desk / "project.yaml").write_text("name: churn\nstore: postgresql://127.0.0.1:1/nowhere\n")
    told: list[object] = []
    Watcher(project_in_force(), patience_s=0.2).add(Watched(RunId(run.id), told.append, told.append))
    wait_for(lambda: told, what="word")
    assert [type(each) for each in told] == [StoreError]
    run.cancel()


def test_a_run_that_is_asked_for_by_its_id_is_looked_at_first(desk):
    """Nobody waits for it; the first word about it is how it stands now."""
    shell = Session(desk, {"MLRUN_NB_HOME": os.environ["MLRUN_NB_HOME"]})
    detached = shell.type("run", SLOW, "-p", "seconds=0.1", "--on", "local", "--detach", "--json").json["id"]
    wait_for(lambda: mn.get_run(str(detached)).state == "succeeded", what="the end of a run that nobody looked after")
