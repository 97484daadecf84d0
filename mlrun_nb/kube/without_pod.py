"""What there is to say of a Job that has no pod, or fewer than it wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mlrun_nb.kube.diagnosis import Diagnosis, Finding, Grace, JobState, found, is_over
from mlrun_nb.kube.events import happened
from mlrun_nb.kube.objects import JsonObject, metadata, name_of, part, time_of, uid_of
from mlrun_nb.kube.refusals import refusal_of_pods
from mlrun_nb.model.states import PendingPhase


def without_pod(job: JsonObject, events: Sequence[JsonObject], *, now: datetime, grace: Grace) -> Diagnosis:
    """Return why *job* has no pod, and whether for too long."""
    name, began = name_of(job), time_of(metadata(job).get("creationTimestamp"))
    refused = refused_pods(job, events)
    if refused is not None:
        grace_s = grace.unschedulable_s if refused.cls == "QuotaExceeded" else grace.no_pod_s
        told = Diagnosis(
            state=JobState.PENDING, phase=PendingPhase.QUEUED, since=began, is_overdue=is_over(began, grace_s, now)
        )
        return found(refused, told)
    if part(job, "spec").get("suspend"):
        return _queued(job)
    is_again = bool(part(job, "status").get("failed"))
    return Diagnosis(
        state=JobState.PENDING,
        phase=PendingPhase.BACKOFF if is_again else PendingPhase.QUEUED,
        summary=f"Job `{name}` waits before it starts another pod" if is_again else f"Job `{name}` has no pod yet",
        since=began,
    )


def refused_pods(job: JsonObject, events: Sequence[JsonObject]) -> Finding | None:
    """Return why no more pods can be made for *job*, by its newest event of that kind; None without one."""
    of_job = [event for event in events if part(event, "involvedObject").get("uid") == uid_of(job)]
    newest = max((event for event in of_job if event.get("reason") == "FailedCreate"), key=happened, default=None)
    if newest is None:
        return None
    namespace = str(metadata(job).get("namespace") or "")
    return refusal_of_pods(str(newest.get("message")), what=f"Job `{name_of(job)}`", namespace=namespace)


def _queued(job: JsonObject) -> Diagnosis:
    """Return the diagnosis of a suspended Job; Kueue suspends those that it has not admitted yet."""
    queue = part(job, "metadata", "labels").get("kueue.x-k8s.io/queue-name")
    words = f"waits in queue `{queue}`" if queue else "is suspended"
    told = Diagnosis(state=JobState.PENDING, phase=PendingPhase.QUEUED, summary=f"Job `{name_of(job)}` {words}")
    if queue:
        return told
    namespace = metadata(job).get("namespace")
    resume = f'kubectl -n {namespace} patch job {name_of(job)} -p \'{{"spec":{{"suspend":false}}}}\''
    return replace(told, hint=f"Let it go on: `{resume}`.")
