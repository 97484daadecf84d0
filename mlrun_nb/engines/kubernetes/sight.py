"""
What is known of one run: what its cluster says, and what has come home.

A look repairs what it can: it brings home what is new, gives up what cannot start any more, and writes the result of a
run that ended without one. All of it may be done by several processes at once, and be cut short at any point.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from mlrun_nb._lib.files import write_atomic
from mlrun_nb._lib.records import to_json
from mlrun_nb.engines.kubernetes import home, judging
from mlrun_nb.engines.kubernetes.cluster import Cluster
from mlrun_nb.engines.kubernetes.mirror import Mirror, read_state, turn
from mlrun_nb.engines.kubernetes.order import CANCEL, CLOSED, Order
from mlrun_nb.engines.run_directory import read_result
from mlrun_nb.errors import ArtifactError, EngineUnavailable
from mlrun_nb.kube.diagnose import diagnose, wants_events
from mlrun_nb.kube.diagnosis import Diagnosis, Grace, JobState
from mlrun_nb.kube.objects import JOBS, PODS, JsonObject, name_of, time_of
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.model.run import Observation, RunError, RunId, RunResult
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.runner import faults, layout

_LATE_S = 15.0
"""How much longer than its grace a pod of a cancelled run may take to end before it is deleted without any."""


class Sight:
    """One look at *run*, whose *folder* is here, by what its *cluster* holds: *job* and *pods*."""

    def __init__(
        self, run: RunId, folder: Path, order: Order, cluster: Cluster, job: Seen | None, pods: Sequence[Seen]
    ) -> None:
        self._run, self.folder, self._order, self._cluster = run, folder, order, cluster
        self._job = job
        self._pods = pods
        self._trouble = ""
        self._last = next((pod for pod in reversed(pods) if home.rank_of(pod) == 0), None)
        """The pod of the last attempt, the first replica's where there are several."""

    def observation(self, *, is_due: bool) -> Observation:
        """Return what is known of the run, after bringing home what is new: of one under way only if that *is_due*."""
        seen = self._diagnosis()
        is_cancelled = (self.folder / CANCEL).exists()
        if is_cancelled and self._job is None:
            return self._end_cancelled()
        if seen.is_overdue and not is_cancelled:
            self._give_up()
            return self._end(judging.error_of(seen), attempt=seen.attempt)
        if seen.state not in {JobState.PENDING, JobState.RUNNING}:
            return self._ended(seen)
        is_over = self._last is not None and home.has_ended(self._last) and home.is_alone(self._last)
        if (is_due and seen.state is JobState.RUNNING) or is_over:
            self._bring()
        if is_over and self._has_succeeded():
            return self._end(judging.error_of(seen))  # a second or two before the Job says so
        return _under_way(seen)

    def _diagnosis(self) -> Diagnosis:
        now = self._cluster.api.now()
        limit = self._order.pending_timeout_s
        grace = Grace() if limit is None else Grace(unschedulable_s=limit, image_s=limit, config_s=limit, mount_s=limit)
        events = self._events() if wants_events(self._job, self._pods, now=now) else ()
        return diagnose(self._job, self._pods, events, now=now, grace=grace)

    def _events(self) -> Sequence[JsonObject]:
        return self._cluster.warnings_about({self._order.job, *(name_of(pod.thing) for pod in self._pods)})

    def _ended(self, seen: Diagnosis) -> Observation:
        """Return the end of a run whose Job has ended or is gone."""
        if not self._bring() and not self._is_home():  # somebody else is bringing it, or it cannot be reached now
            return Observation(state=RunState.RUNNING, reason=self._trouble, attempt=seen.attempt)
        error = self._message() or judging.error_of(seen)
        if error.fault == "cancelled":  # it was told to end, and not by us
            error = judging.error_of(seen)
        if self._last is not None and home.terminated(self._last).get("reason") == judging.OOM_KILLED:
            error = judging.out_of_memory(self._order)
        if seen.state is JobState.LOST and read_result(self.folder) is None:
            self._close()
            return Observation(state=RunState.LOST, reason=seen.summary, attempt=seen.attempt)
        if seen.state is JobState.FAILED and self._last is not None and not home.is_alone(self._last):
            return self._end(error, attempt=seen.attempt, of_replica=True)
        return self._end(error, attempt=seen.attempt)

    def _end_cancelled(self) -> Observation:
        alive = [pod for pod in self._pods if pod.gone is None]
        if alive and not all(map(home.has_ended, alive)):
            self._bring()
            self._press(alive)
            return Observation(state=RunState.RUNNING, reason="the run is ending")
        self._bring()
        return self._end(faults.cancelled(None))

    def _end(self, error: RunError, *, attempt: int = 0, of_replica: bool = False) -> Observation:
        """
        Write down how the run ended, for the reason of *error* where it does not say so itself, and return it.

        The failure *of_replica* is the run's, also where the first one says that it went well.
        """
        with turn(self.folder, wait=True) as mirror:
            assert mirror is not None
            result = read_result(self.folder)
            last = max([attempt, *(pod.attempt for pod in mirror.state.pods.values())], default=1) or 1
            if result is None or (result.attempt < last and mirror.state.pods):
                result = judging.judged(self._run, error, judging.read_events(self.folder), self._order, attempt=last)
            result = self._corrected(result, mirror, error)
            if of_replica and result.state is RunState.SUCCEEDED:
                result = replace(result, state=RunState.FAILED, error=error)
            _write(self.folder, result)
            (self.folder / CLOSED).touch()
        return _ended(result)

    def _corrected(self, result: RunResult, mirror: Mirror, error: RunError) -> RunResult:
        """Return *result* with what its runner could not know: that nobody cancelled it, its memory, what was left."""
        ended = home.terminated(self._last) if self._last is not None else {}
        left = {name: size for pod in mirror.state.pods.values() if pod.rank == 0 for name, size in pod.left.items()}
        left |= judging.missing(result, self.folder)
        if not (self.folder / CANCEL).exists():
            result = judging.not_cancelled(result, error)
        return judging.without_outputs(judging.with_reason(result, self._order, ended), left)

    def _bring(self) -> bool:
        """Bring home what is new; returns whether that could be done now."""
        with turn(self.folder) as mirror:
            if mirror is None:
                return False
            try:
                home.bring(mirror, self._cluster.api, self._pods, self._order)
            except (EngineUnavailable, ArtifactError) as err:
                self._trouble = f"what it wrote cannot be read now: {err.message}"
                return False
            return True

    def _ended_well(self) -> bool:
        """Tell whether the container of a run that is alone has ended well: its Job says so a second or two later."""
        if self._last is None or not home.is_alone(self._last):
            return False
        return home.terminated(self._last).get("exitCode") == 0

    def _has_succeeded(self) -> bool:
        result = read_result(self.folder)
        return result is not None and result.state is RunState.SUCCEEDED

    def _is_home(self) -> bool:
        """Tell whether nothing more can come: every pod is gone, or was read to its end."""
        known = read_state(self.folder).pods
        return all(
            pod.gone is not None or not home.has_started(pod) or (name in known and known[name].done)
            for name, pod in ((name_of(pod.thing), pod) for pod in self._pods)
        )

    def _message(self) -> RunError | None:
        return judging.error_in_message(home.terminated(self._last)) if self._last is not None else None

    def _give_up(self) -> None:
        """Delete the Job of a run that cannot start any more."""
        self._bring()
        with suppress(ApiProblem):
            self._cluster.api.delete(JOBS, self._order.job)

    def _press(self, alive: Sequence[Seen]) -> None:
        """Delete without grace what has not ended long after it was told to."""
        now = self._cluster.api.now()
        told = timedelta(seconds=self._order.grace_s + _LATE_S)
        for pod in alive:
            since = pod.thing.get("metadata", {}).get("deletionTimestamp")
            if since and now - (time_of(since) or now) > told:
                with suppress(ApiProblem):
                    self._cluster.api.delete(PODS, name_of(pod.thing), grace_s=0)

    def _close(self) -> None:
        (self.folder / CLOSED).touch()

    def cancel(self) -> None:
        """Delete the Job, and bring home what its pods still write; one that has ended is left for the next look."""
        if self._diagnosis().state not in {JobState.PENDING, JobState.RUNNING} or self._ended_well():
            return
        (self.folder / CANCEL).touch()
        with suppress(ApiProblem):
            self._cluster.api.delete(JOBS, self._order.job)
        alive = [pod for pod in self._pods if pod.gone is None and home.has_started(pod) and not home.has_ended(pod)]
        if self._order.shared or self._order.url:
            return
        with turn(self.folder, wait=True) as mirror:
            assert mirror is not None
            for pod in alive:
                with suppress(EngineUnavailable):
                    home.follow(mirror, self._cluster.api, pod, self._order, patience_s=self._order.grace_s)


def closed(folder: Path) -> Observation | None:
    """Return how the run in *folder* ended, without asking anybody; None where that is not final."""
    if not (folder / CLOSED).exists():
        return None
    result = read_result(folder)
    return _ended(result) if result is not None else None


def _ended(result: RunResult) -> Observation:
    reason = result.error.summary if result.error else ""
    return Observation(state=result.state, reason=reason, attempt=result.attempt, result=result, error=result.error)


def _under_way(seen: Diagnosis) -> Observation:
    if seen.state is JobState.RUNNING:
        return Observation(state=RunState.RUNNING, attempt=seen.attempt)
    phase = seen.phase or PendingPhase.STARTING
    return Observation(state=RunState.PENDING, phase=phase, reason=seen.summary, attempt=seen.attempt)


def _write(folder: Path, result: RunResult) -> None:
    data = json.dumps(to_json(result), ensure_ascii=False, allow_nan=False, indent=1)
    write_atomic(folder / layout.RESULT, data.encode("utf-8", "replace"), sync=True)
