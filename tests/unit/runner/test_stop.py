"""The wish to end: interrupt once, kill if that is not enough, and never from between two cells."""

from __future__ import annotations

import time

import pytest

from mlrun_nb.runner.stop import GRACE_VARIABLE, Stop, Stopped


class Kernel:
    """Notes what is done to it."""

    def __init__(self):
        self.done = []

    def interrupt(self):
        """Note it."""
        self.done.append("interrupt")

    def kill(self):
        """Note it."""
        self.done.append("kill")


@pytest.fixture
def kernel():
    """A kernel that nothing ends."""
    return Kernel()


@pytest.fixture
def stop(kernel, monkeypatch):
    """A stop with a tenth of a second of grace, that watches the kernel."""
    monkeypatch.setenv(GRACE_VARIABLE, "0.1")
    stop = Stop()
    stop.watch(kernel)
    yield stop
    stop.close()


def _wait_for_kill(kernel):
    deadline = time.monotonic() + 10
    while "kill" not in kernel.done:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_executing_cell_is_interrupted_once_and_then_killed(stop, kernel):
    """However often the wish is repeated."""
    stop.executing(state=True)
    stop.request("cancelled")
    stop.request("timeout")
    _wait_for_kill(kernel)
    assert (kernel.done, stop.reason) == (["interrupt", "kill"], "cancelled")


def test_a_wish_between_cells_reaches_the_cell_that_is_beginning(stop, kernel):
    """A kernel that does not execute ignores interrupts; it is sent when the cell begins."""
    stop.request("cancelled")
    assert kernel.done == []
    stop.executing(state=True)
    assert kernel.done == ["interrupt"]


def test_between_cells_the_wish_is_raised(stop):
    """And nothing is raised without one."""
    stop.check()
    stop.request("cancelled")
    with pytest.raises(Stopped):
        stop.check()


def test_a_limit_counts_from_the_beginning_of_the_attempt(stop, kernel):
    """One that has passed already ends the run at once."""
    stop.limit(5, since=time.monotonic() - 6)
    _wait_for_kill(kernel)
    assert (stop.reason, stop.time_limit_s) == ("timeout", 5)


def test_a_kernel_that_starts_after_the_wish_is_killed(stop):
    """There is no cell yet to interrupt."""
    stop.request("cancelled")
    late = Kernel()
    stop.watch(late)
    assert late.done == ["kill"]


def test_after_the_end_nothing_is_done_to_the_kernel(stop, kernel):
    """Its process id may belong to somebody else by then."""
    stop.request("cancelled")
    stop.close()
    time.sleep(0.2)
    assert kernel.done == []
