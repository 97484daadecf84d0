"""
A run that goes on while the caller does something else, with the semantics of `concurrent.futures.Future`.

It is one, so `concurrent.futures.wait`, `as_completed` and asyncio take it; what it waits for happens elsewhere, which
changes two things: a run at work can be cancelled, and a process that ends does not wait.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from typing import Any, cast

from mlrun_nb.api.run import Run, cancelled, unfinished
from mlrun_nb.api.sweep import Sweep
from mlrun_nb.api.watching import Watched, watch
from mlrun_nb.errors import WaitError
from mlrun_nb.model.run import Run as RunRecord
from mlrun_nb.model.run import RunId
from mlrun_nb.model.states import RunState


class RunFuture(Future[Run]):
    """
    The end of a run, from `train.submit(…)`, or of any run: `RunFuture(get_run("4k7q2m"))`.

    `result()` is the run, if it succeeds. In a notebook, `await future` is the same as `future.result()`. What is not
    named here is as in `concurrent.futures.Future`: `done`, `cancelled`, `add_done_callback`.
    """

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._state_seen = run.state
        if run.state.is_final:
            self._settle()
        else:
            watch(run.project, Watched(RunId(run.id), self._see, self._give_up))

    @property
    def run(self) -> Run:
        """The run, as it stands now."""
        return self._run

    def result(self, timeout: float | None = None) -> Run:
        """
        Return the run when it has succeeded.

        Raises RunFailed, RunCancelled (a CancelledError), and RunUnfinished (a TimeoutError) after *timeout* seconds.
        """
        with self._told(timeout):
            return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Return what `result` would raise, None if the run succeeded; raises RunCancelled and RunUnfinished."""
        with self._told(timeout):
            return super().exception(timeout)

    def wait(self, timeout: float | None = None) -> Run:
        """Return the run when it has ended, however it did; raises RunUnfinished after *timeout* seconds."""
        try:
            error = self.exception(timeout)
        except CancelledError:
            return self._run
        if error is not None and not isinstance(error, WaitError):
            raise error
        return self._run

    def running(self) -> bool:
        """Tell whether its cells are being executed."""
        return not self.done() and self._state_seen is RunState.RUNNING

    def cancel(self) -> bool:
        """Ask for the end of the run and return at once; False when it has ended otherwise before."""
        if not self.done():
            self._run.cancel()
        return not self.done() or self.cancelled()

    def __await__(self) -> Generator[Any, None, Run]:
        import asyncio  # 40 ms; where something is awaited it is there

        return asyncio.wrap_future(self).__await__()

    def __repr__(self) -> str:
        return f"<RunFuture of {self._run!r}>"

    def _see(self, record: RunRecord) -> None:
        self._state_seen = record.state
        if record.state.is_final:
            self._run = type(self._run)(self._run.project, record)
            self._settle()

    def _give_up(self, error: Exception) -> None:
        if not self.done():
            self.set_exception(error)

    @contextmanager
    def _told(self, timeout: float | None) -> Iterator[None]:
        """Say which run it was that a plain error of the base class is about."""
        try:
            yield
        except WaitError:
            raise
        except CancelledError:
            raise cancelled(self._run) from None
        except TimeoutError:
            raise unfinished(self._run, timeout) from None

    def _settle(self) -> None:
        if self._state_seen is RunState.CANCELLED:
            super().cancel()
            self.set_running_or_notify_cancel()  # tells those who wait for several futures at once
            return
        try:
            self.set_result(self._run.check())
        except WaitError as err:
            self.set_exception(err)


class SweepFuture(RunFuture):
    """The end of a sweep, from `train.submit_sweep(…)`; `future.run` is the sweep as it stands now."""

    @property
    def run(self) -> Sweep:
        """The sweep, as it stands now."""
        return cast("Sweep", super().run)

    def result(self, timeout: float | None = None) -> Sweep:
        """Return the sweep when it has succeeded; see `RunFuture`."""
        return cast("Sweep", super().result(timeout))

    def wait(self, timeout: float | None = None) -> Sweep:
        """Return the sweep when it has ended, however it did; see `RunFuture`."""
        return cast("Sweep", super().wait(timeout))
