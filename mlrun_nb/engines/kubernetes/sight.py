"""
What is known of one run: what its cluster says, and what has come home.

A look repairs what it can: it brings home what is new, gives up what cannot start any more, and writes the result of a
run that ended without one. All of it may be done by several processes at once, and be cut short at any point.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from mlrun_nb.engines.kubernetes import blocks, home, judging
from mlrun_nb.engines.kubernetes.cluster import Cluster
from mlrun_nb.engines.kubernetes.dask_sight import is_down, trouble
from mlrun_nb.engines.kubernetes.delivery import POD_RUN
from mlrun_nb.engines.kubernetes.order import CANCEL, CLOSED, Order
from mlrun_nb.engines.mirror import Mirror, turn
from mlrun_nb.engines.mirror_state import read_state
from mlrun_nb.engines.run_directory import read_events, read_result
from mlrun_nb.engines.unfinished import write_result
from mlrun_nb.errors import ArtifactError, EngineUnavailable
from mlrun_nb.kube.diagnose import diagnose, wants_events
from mlrun_nb.kube.diagnosis import Diagnosis, Grace, JobState, found
from mlrun_nb.kube.objects import DASK_CLUSTERS, JOBS, PODS, JsonObject, name_of, part, time_of
from mlrun_nb.kube.pods import completion_index
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.model.run import Observation, RunError, RunId, RunResult
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.runner import faults, layout

_LATE_S = 15.0
"""How much longer than its grace a pod of a cancelled run may take to end before it is deleted without any."""
_BEGINS, _HEARS = timedelta(seconds=2), timedelta(seconds=4)
"""How long a container takes until it listens, and how soon one that does has ended; times come in whole seconds."""


class Sight:
    """
    One look at *run*, whose *folder* is here, by what its *cluster* holds: *job* and *pods*.

    *beside* are pods to be looked at too: all of a Job that executes others as well, or those of its Dask cluster.
    """

    def __init__(
        self,
        run: RunId,
        folder: Path,
        order: Order,
        cluster: Cluster,
        job: Seen | None,
        pods: Sequence[Seen],
        *,
        beside: Sequence[Seen] = (),
    ) -> None:
        self._beside = beside
        self._run, self.folder, self._order, self._cluster = run, folder, order, cluster
        self._job = job
        self._pods = pods
        self.trouble = ""
        """Why what the run wrote could not be brought home in this look."""
        self._last = next((pod for pod in reversed(pods) if completion_index(pod.thing) == 0), None)
        """The pod of the last attempt, the first replica's where there are several."""

    def observation(self, *, is_due: bool) -> Observation:
        """Return what is known of the run, after bringing home what is new: of one under way only if that *is_due*."""
        seen = self._diagnosis()
        is_cancelled = (self.folder / CANCEL).exists()
        if is_cancelled and self._job is None:
            return self._end_cancelled()
        if seen.is_overdue and not is_cancelled and not self._is_needed_by_others():
            self._give_up(judging.error_of(seen))
            return self._end(judging.error_of(seen), attempt=seen.attempt)
        if seen.state not in {JobState.PENDING, JobState.RUNNING}:
            return self._ended(seen)
        is_over = self._last is not None and home.has_ended(self._last) and home.is_alone(self._last)
        is_heard_of = seen.cls != "NodeLost"  # a node that is not cannot be asked for a log either
        if (is_due and is_heard_of and seen.state is JobState.RUNNING) or is_over:
            self._bring()
        if is_over and self._has_succeeded():
            return self._end(judging.error_of(seen))  # a second or two before the Job says so
        return _under_way(seen)

    def _diagnosis(self) -> Diagnosis:
        now = self._cluster.api.now()
        limit = self._order.pending_timeout_s
        grace = Grace() if limit is None else Grace(unschedulable_s=limit, image_s=limit, config_s=limit, mount_s=limit)
        events = self._events() if wants_events(self._job, self._pods, now=now) else ()
        return self._with_dask(diagnose(self._job, self._pods, events, now=now, grace=grace), now, grace)

    def _with_dask(self, seen: Diagnosis, now: datetime, grace: Grace) -> Diagnosis:
        """Return *seen*, and what keeps the Dask cluster from being there for which the run waits."""
        down = [pod for pod in self._beside if is_down(pod)] if self._order.dask_cluster else []
        if seen.state is not JobState.RUNNING or seen.cls or not down:
            return seen
        told = trouble(down, self._cluster.warnings_about(set(map(_name, down))), now=now, grace=grace)
        if told is None or any(event.type == "dask_cluster" for event in read_events(self.folder)):
            return seen
        return found(told, replace(seen, is_overdue=told.is_overdue))

    def _events(self) -> Sequence[JsonObject]:
        return self._cluster.warnings_about({self._order.job, *map(_name, self._pods)})

    def _ended(self, seen: Diagnosis) -> Observation:
        """Return the end of a run whose Job has ended or is gone."""
        if not self._bring() and not self._is_home():  # somebody else is bringing it, or it cannot be reached now
            return Observation(state=RunState.RUNNING, reason=self.trouble, attempt=seen.attempt)
        error = self._message() or judging.error_of(seen)
        if error.fault == "cancelled":  # it was told to end, and not by us
            error = judging.error_of(seen)
        if self._last is not None and home.terminated(self._last).get("reason") == judging.OOM_KILLED:
            error = judging.out_of_memory(self._order)
        given_up = blocks.error_of(self._order.block) if self._order.block else None
        if seen.state is JobState.LOST and given_up is not None:
            return self._end(given_up, attempt=seen.attempt)
        if seen.state is JobState.LOST and read_result(self.folder) is None:
            (self.folder / CLOSED).touch()
            return Observation(state=RunState.LOST, reason=seen.summary, attempt=seen.attempt)
        of_replica = seen.state is JobState.FAILED and self._last is not None and not home.is_alone(self._last)
        return self._end(error, attempt=seen.attempt, of_replica=of_replica)

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
        with turn(self.folder, POD_RUN, wait=True) as mirror:
            assert mirror is not None
            result = read_result(self.folder)
            last = max([attempt, *(pod.attempt for pod in mirror.state.senders.values())], default=1) or 1
            if result is None or (result.attempt < last and mirror.state.senders):
                result = judging.judged(self._run, error, read_events(self.folder), self._order, attempt=last)
            result = self._corrected(result, mirror, error)
            if of_replica and result.state is RunState.SUCCEEDED:
                result = replace(result, state=RunState.FAILED, error=error)
            write_result(self.folder / layout.RESULT, result)
            self._end_cluster()
            (self.folder / CLOSED).touch()
        return Observation.of(result)

    def _end_cluster(self) -> None:
        """End the Dask cluster of the run's own now, and not only with its Job, which stays for a day."""
        if self._order.dask_cluster:
            with suppress(ApiProblem, EngineUnavailable):
                self._cluster.api.delete(DASK_CLUSTERS, self._order.dask_cluster)

    def _corrected(self, result: RunResult, mirror: Mirror, error: RunError) -> RunResult:
        """Return *result* with what its runner could not know: that nobody cancelled it, its memory, what was left."""
        ended = home.terminated(self._last) if self._last is not None else {}
        first = [pod for pod in mirror.state.senders.values() if pod.rank == 0]
        has_gap = any(pod.reader.missed for pod in first)
        left = {name: size for pod in first for name, size in pod.left.items()} | judging.missing(result, self.folder)
        if not (self.folder / CANCEL).exists():
            result = judging.not_cancelled(result, error)
        result = judging.with_reason(result, self._order, ended)
        return judging.without_outputs(judging.with_gap(result) if has_gap else result, left, has_gap=has_gap)

    def _bring(self) -> bool:
        """Bring home what is new; returns whether that could be done now, and is all of what has ended."""
        with turn(self.folder, POD_RUN) as mirror:
            if mirror is None:
                return False
            try:
                return home.bring(mirror, self._cluster.api, self._pods, self._order)
            except (EngineUnavailable, ArtifactError) as err:
                self.trouble = f"what it wrote cannot be read now: {err.message}"
                return False

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
        known = read_state(self.folder).senders
        return all(
            pod.gone is not None or not home.has_started(pod) or (name in known and known[name].done)
            for name, pod in ((name_of(pod.thing), pod) for pod in self._pods)
        )

    def _message(self) -> RunError | None:
        return judging.error_in_message(home.terminated(self._last)) if self._last is not None else None

    def _is_needed_by_others(self) -> bool:
        """Tell whether the Job executes others, whose turn it was before ours, or holds what they wrote."""
        begun = {completion_index(pod.thing) for pod in self._beside if home.has_started(pod)}
        block = blocks.read_block(self._order.block) if begun else None
        return block is not None and any(index in begun for index, _ in blocks.open_members(block))

    def _give_up(self, error: RunError) -> None:
        """Delete the Job of a run that cannot start any more."""
        self._bring()
        if self._order.block:
            blocks.note_error(self._order.block, error)
        with suppress(ApiProblem):
            self._cluster.api.delete(JOBS, self._order.job)

    def _press(self, alive: Sequence[Seen]) -> None:
        """Delete without grace what has not ended long after it was told to, or was told before it could hear."""
        now = self._cluster.api.now()
        late = timedelta(seconds=self._order.grace_s + _LATE_S)
        for pod in alive:
            about = part(pod.thing, "metadata")
            until = time_of(about.get("deletionTimestamp"))
            if until is not None and (now - until > late or _is_deaf(pod, until - _grace(about), now)):
                with suppress(ApiProblem):
                    self._cluster.api.delete(PODS, name_of(pod.thing), grace_s=0)

    def cancel(self) -> None:
        """Delete the Job, and bring home what its pods still write; one that has ended is left for the next look."""
        if self._diagnosis().state not in {JobState.PENDING, JobState.RUNNING} or self._ended_well():
            return
        (self.folder / CANCEL).touch()
        with suppress(ApiProblem):
            self._cluster.api.delete(JOBS, self._order.job)
        self.last_words()

    def has_ended(self) -> bool:
        """Tell whether its pod has ended by itself."""
        return self._last is not None and home.has_ended(self._last)

    def last_words(self) -> None:
        """Bring home what its pods still write that were told to end."""
        alive = [pod for pod in self._pods if pod.gone is None and home.has_started(pod) and not home.has_ended(pod)]
        if self._order.shared or self._order.url:
            return
        with turn(self.folder, POD_RUN, wait=True) as mirror:
            assert mirror is not None
            for pod in alive:
                with suppress(EngineUnavailable):
                    home.follow(mirror, self._cluster.api, pod, self._order, patience_s=self._order.grace_s)


def _is_deaf(pod: Seen, told: datetime, now: datetime) -> bool:
    """
    Tell whether the container began so shortly before it was told to end that it has not heard it.

    The first process of a container is not ended by a signal that it does not handle yet.
    """
    began = home.started_at(pod)
    return began is not None and began > told - _BEGINS and now - max(began, told) > _HEARS


def _grace(about: JsonObject) -> timedelta:
    seconds = about.get("deletionGracePeriodSeconds")
    return timedelta(seconds=seconds if isinstance(seconds, int) else 0)


def _name(pod: Seen) -> str:
    return name_of(pod.thing)


def closed(folder: Path) -> Observation | None:
    """Return how the run in *folder* ended, without asking anybody; None where that is not final."""
    if not (folder / CLOSED).exists():
        return None
    result = read_result(folder)
    return Observation.of(result) if result is not None else None


def _under_way(seen: Diagnosis) -> Observation:
    if seen.state is JobState.RUNNING:
        trouble = seen.summary if seen.cls else ""
        return Observation(state=RunState.RUNNING, reason=trouble, attempt=seen.attempt)
    phase = seen.phase or PendingPhase.STARTING
    return Observation(state=RunState.PENDING, phase=phase, reason=seen.summary, attempt=seen.attempt)
