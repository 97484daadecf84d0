"""
What is known of one run: by the files in its run directory, and by what its scheduler says of its task.

A look repairs what it can. A run whose worker has died is judged by a supervisor without a place, which is started
here: it ends what is left, writes how the attempt ended, and leaves the next attempt to a new task.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from signal import SIGTERM

from mlrun_nb._lib import processes
from mlrun_nb._lib.clock import now
from mlrun_nb.engines import supervisor_start, supervisor_view
from mlrun_nb.engines.dask.unbegun import end_unbegun
from mlrun_nb.engines.run_directory import read_result
from mlrun_nb.engines.supervisor import files
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.model.run import Observation, RunError, RunId, RunResult
from mlrun_nb.model.states import PendingPhase, RunState

NOBODY: processes.Identity = {"pid": 0, "started": 0}
"""The host of a supervisor that only judges: one that is gone."""
_GONE = "supervisor/gone"
"""Made by the first look that finds neither task nor supervisor; its age is told by the clock that stamps files."""
_GONE_S = 30.0
"""How long the supervisor of a lost worker, on a machine that cannot be seen, may take to judge the attempt."""


class Sight:
    """One look at *run*, whose run directory is *folder*."""

    def __init__(self, run: RunId, folder: Path) -> None:
        self.run, self.folder = run, folder

    def known(self) -> Observation | None:
        """Return what the files here and the processes of this machine say, without a look at any scheduler."""
        result, state = read_result(self.folder), files.read_state(str(self.folder))
        is_over = state is not None and state["phase"] == "ended"
        if result is not None and (result.state is not RunState.FAILED or is_over):
            return Observation.of(read_result(self.folder) or result)
        if is_over:
            return self._without_result(state["reason"] if state else "")
        return supervisor_view.under_way(self.folder) if self._is_supervised() else None

    def by_task(
        self,
        state: str | None,
        *,
        is_same: bool,
        resubmit: Callable[[], None],
        said: Callable[[str], str],
        leave: Callable[[], None],
    ) -> Observation:
        """
        Return what is known where the scheduler has the task in *state*, or not at all.

        *is_same*: it is the one that was given the run. *resubmit* gives it the run anew; *said* returns what hindered
        workers, where they could not execute the run of an id. *leave* lets go of a worker that is lost.
        """
        known = self.known()  # it may have ended between the two looks
        if known is not None:
            return known
        begun = files.read_state(str(self.folder))
        if begun is None:
            return self._unbegun(state, is_same=is_same, resubmit=resubmit, said=said)
        if begun["phase"] == "backoff":
            if (self.folder / files.CANCEL).exists() and state != "processing":
                return self._judged(leave)
            if state is None:
                resubmit()
            return supervisor_view.under_way(self.folder)
        if state == "processing":
            return supervisor_view.under_way(self.folder)
        return self._judged(leave) if self._may_be_judged() else self._in_doubt()

    def is_closed(self) -> bool:
        """Tell whether nothing will be written in the run directory any more."""
        known = self.known()
        return known is not None and known.state.is_final and not self._is_supervised()

    def wish_end(self) -> None:
        """Leave the wish for the run's end, and ring for it where its supervisor is here."""
        (self.folder / files.FOLDER).mkdir(mode=0o700, exist_ok=True)
        (self.folder / files.CANCEL).touch(exist_ok=True)
        supervisor = files.read_supervisor(str(self.folder))
        if supervisor is not None:
            processes.signal_process(supervisor, SIGTERM)

    def _unbegun(
        self, state: str | None, *, is_same: bool, resubmit: Callable[[], None], said: Callable[[str], str]
    ) -> Observation:
        """Return what is known of a run that no supervisor has begun."""
        if state is not None and files.read_supervisor(str(self.folder)) is not None:
            return supervisor_view.under_way(self.folder)
        if state is None and is_same and (hindrance := said(self.run)):
            end_unbegun(self.folder, refused(self.run, hindrance))
        elif state is None and is_same:
            resubmit()  # it was on the list of a worker that has died
        elif state is None:
            end_unbegun(self.folder, None, "its scheduler is gone, and no worker had begun it")
        if (known := self.known()) is not None:
            return known
        why = "no worker of the cluster has what it asks for" if state == "no-worker" else "it waits for a slot"
        return supervisor_view.pending(PendingPhase.QUEUED, why)

    def _is_supervised(self) -> bool:
        supervisor = files.read_supervisor(str(self.folder))
        return supervisor is not None and processes.is_same_process(supervisor)

    def _may_be_judged(self) -> bool:
        """Tell whether its supervisor is proven dead, or has had the time to speak."""
        supervisor = files.read_supervisor(str(self.folder)) or {}
        if all(supervisor.get(name) == value for name, value in processes.place().items()):
            return True
        first = self.folder / f"{_GONE}-{self._attempt()}"
        last = first.with_name(f"{first.name}.now")
        if not first.exists():
            first.touch()
        last.touch()
        return last.stat().st_mtime - first.stat().st_mtime > _GONE_S

    def _in_doubt(self) -> Observation:
        reason = "its worker has left the scheduler; what it leaves is waited for"
        return Observation(state=RunState.RUNNING, reason=reason, attempt=self._attempt())

    def _attempt(self) -> int:
        state = files.read_state(str(self.folder))
        return 1 if state is None else state["attempt"]

    def _judged(self, leave: Callable[[], None]) -> Observation:
        """Return how the attempt ended, by a supervisor without a place; what was cancelled is not tried again."""
        leave()
        with suppress(EngineUnavailable, OSError):
            supervisor_start.start(self.folder, run=self.run, host=NOBODY).wait()
        return self.known() or supervisor_view.under_way(self.folder)

    def _without_result(self, reason: str) -> Observation:
        return Observation(state=RunState.LOST, reason=reason or "it ended without leaving a result")


def refused(run: RunId, said: str) -> RunResult:
    """Return the result of a *run* that a worker could not execute, for what it *said*."""
    moment = now()
    error = RunError(
        cls="WorkerLacks",
        fault="environment",
        summary=said,
        hint="See what workers have and see: `mlrun-nb doctor --on dask`.",
    )
    return RunResult(id=run, state=RunState.FAILED, error=error, started=moment, ended=moment, duration_s=0.0)
