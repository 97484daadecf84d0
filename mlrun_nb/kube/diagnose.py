"""
Read a Job, its pods and its events, and say where it stands and why: pure, no request, no clock of its own.

What has ended comes first, then what runs, then what keeps it from running. Nothing is taken for ended while a pod of
it is alive, because its runner may still leave a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mlrun_nb.kube.attempts import attempt_of, completions, has_another, is_true, wanted_pods
from mlrun_nb.kube.diagnosis import Diagnosis, Finding, Grace, JobState, found, is_over
from mlrun_nb.kube.endings import ending, job_deleted, job_failed, no_result
from mlrun_nb.kube.exits import STOPPED, exit_code
from mlrun_nb.kube.objects import JsonObject, metadata, name_of, part, time_of
from mlrun_nb.kube.pods import Stage, completion_index, is_deleted, job_name, since, stage_of
from mlrun_nb.kube.running import running
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.kube.waiting import is_silent, waiting
from mlrun_nb.kube.without_pod import refused_pods, without_pod
from mlrun_nb.model.states import PendingPhase

_NO_POD_S = 5.0
_SLOW_S = 20.0
_LIVING = frozenset({Stage.WAITING, Stage.RUNNING, Stage.ENDING})


def diagnose(
    job: Seen | None,
    pods: Sequence[Seen],
    events: Sequence[JsonObject] = (),
    *,
    now: datetime,
    grace: Grace = Grace(),
    name: str = "",
) -> Diagnosis:
    """
    Return where the Job stands at *now*, which is the server's clock (`Api.now`).

    *job* is None where a read of it, by *name*, says that it does not exist; *pods* are its own, oldest first; *events*
    those that name it or one of its pods, needed only where `wants_events` says so.
    """
    thing = job.thing if job is not None else {}
    case = _Case(thing, pods, events, now=now, grace=grace)
    is_there = job is not None and (job.gone is None or is_true(thing, "Complete", "Failed") is not None)
    told = case.of_job() if is_there else case.of_deleted(name or name_of(thing))
    code = next((exit_code(pod.thing) for pod in pods if name_of(pod.thing) == told.pod), None)
    return replace(told, attempt=attempt_of(thing, pods), exit_code=code)


def wants_events(job: Seen | None, pods: Sequence[Seen], *, now: datetime) -> bool:
    """Tell whether only events can say why nothing goes on: no pod after 5 s, or one that does not start for 20 s."""
    if job is None or job.gone is not None or is_true(job.thing, "Complete", "Failed", "FailureTarget", "Suspended"):
        return False
    if len([pod for pod in pods if stage_of(pod) in _LIVING | {Stage.SUCCEEDED}]) < wanted_pods(job.thing):
        return is_over(time_of(metadata(job.thing).get("creationTimestamp")), _NO_POD_S, now)
    waits = [pod.thing for pod in pods if stage_of(pod) is Stage.WAITING and is_true(pod.thing, "PodScheduled")]
    return any(is_over(since(pod, "PodScheduled"), _SLOW_S, now) and is_silent(pod) for pod in waits)


class _Case:
    """One Job as it is looked at; *job* is empty where nothing is known of it."""

    def __init__(
        self, job: JsonObject, pods: Sequence[Seen], events: Sequence[JsonObject], *, now: datetime, grace: Grace
    ) -> None:
        self._job, self._pods, self._events, self._now, self._grace = job, pods, events, now, grace
        newest = {completion_index(pod.thing): pod for pod in pods}
        self._current = [newest[index] for index in sorted(newest)]
        self._living = sorted(
            (pod for pod in pods if stage_of(pod) in _LIVING), key=lambda pod: completion_index(pod.thing)
        )

    def of_job(self) -> Diagnosis:
        """Return where a Job stands that exists, or was deleted after its end."""
        failed = self._culprit()
        if failure := is_true(self._job, "Failed", "FailureTarget"):
            return self._over(JobState.FAILED, job_failed(self._job, failure, failed), failed)
        if self._is_complete():
            return self._over(JobState.COMPLETE, no_result(name_of(self._job)), next(iter(self._current), None))
        is_suspended = bool(part(self._job, "spec").get("suspend"))
        if failed is not None and not is_suspended:
            return self._after(failed)
        if not self._living:
            return without_pod(self._job, self._events, now=self._now, grace=self._grace)
        told = self._of_living()
        refused = refused_pods(self._job, self._events) if len(self._current) < wanted_pods(self._job) else None
        return told if refused is None or told.cls else found(refused, told)

    def of_deleted(self, name: str) -> Diagnosis:
        """Return where a Job stands that does not exist any more, by what is left of its pods."""
        finding = job_deleted(name or next((job_name(pod.thing) for pod in self._pods), ""))
        if self._current and all(stage_of(pod) is Stage.SUCCEEDED for pod in self._current):
            return self._over(JobState.COMPLETE, no_result(name), self._current[0])
        failed = self._culprit()
        if failed is not None and not (is_deleted(failed) and exit_code(failed.thing) in STOPPED | {None}):
            return self._over(JobState.FAILED, ending(failed, job=name), failed)
        return self._over(JobState.LOST, finding, failed)

    def _over(self, state: JobState, finding: Finding, pod: Seen | None) -> Diagnosis:
        """Return the end that *finding* tells of, or as long as a pod is alive only that it is to come."""
        if self._living:
            return found(finding, self._of_living())
        return found(finding, Diagnosis(state=state, pod=name_of(pod.thing) if pod is not None else ""))

    def _after(self, failed: Seen) -> Diagnosis:
        """Return what comes after the pod *failed*, of a Job that has not failed yet."""
        finding = ending(failed, job=name_of(self._job))
        if not has_another(self._job, self._pods, failed):
            return self._over(JobState.FAILED, finding, failed)
        if self._living:
            return self._of_living()
        told = Diagnosis(state=JobState.PENDING, phase=PendingPhase.BACKOFF, pod=name_of(failed.thing))
        return found(finding, told)

    def _of_living(self) -> Diagnosis:
        """Return how the first living pod is, with the trouble of another where that has some and the first has not."""
        each = [self._of_one(pod) for pod in self._living]
        first = each[0]
        troubled = [told for told in each if told.is_overdue] or [told for told in each if told.cls]
        return replace(troubled[0], state=first.state, phase=first.phase) if troubled else first

    def _of_one(self, pod: Seen) -> Diagnosis:
        if stage_of(pod) is Stage.WAITING:
            return waiting(pod, self._events, job=name_of(self._job), now=self._now, grace=self._grace)
        return running(pod, now=self._now, grace=self._grace)

    def _is_complete(self) -> bool:
        if is_true(self._job, "Complete", "SuccessCriteriaMet"):
            return True
        succeeded = [pod for pod in self._current if stage_of(pod) is Stage.SUCCEEDED]
        return len(succeeded) >= completions(self._job)

    def _culprit(self) -> Seen | None:
        """Return the pod that the Job fails for: the first that failed without having been told to end."""
        failed = [pod for pod in self._current if stage_of(pod) in {Stage.FAILED, Stage.VANISHED}]
        return min(failed, key=is_deleted, default=None)
