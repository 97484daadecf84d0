"""
Why a pod failed: what the cluster did to it comes before what its container came to.

A container's end says the least: from inside, an eviction, a deletion and a lack of memory all look like 137.
"""

from __future__ import annotations

from mlrun_nb._lib.records import Json
from mlrun_nb.kube.diagnosis import Finding
from mlrun_nb.kube.exits import RETRY, by_container, evidence_of, said_by
from mlrun_nb.kube.objects import JsonObject, name_of, part, parts
from mlrun_nb.kube.pods import disruption, is_deleted
from mlrun_nb.kube.snapshot import Seen

_NODE = {
    "Evicted": "Evicted",
    "NodeLost": "NodeLost",
    "NodeAffinity": "NodeRefused",
    "UnexpectedAdmissionError": "NodeRefused",
    "Shutdown": "Drained",
    "NodeShutdown": "Drained",
    "Terminated": "Drained",
    "Preempting": "Preempted",
}
_DISRUPTIONS = {
    "PreemptionByScheduler": ("Preempted", "made room for a pod of higher priority"),
    "EvictionByEvictionAPI": ("Drained", "was evicted, as a drain of its node does"),
    "DeletionByTaintManager": ("Drained", "had to leave its node, which was tainted"),
    "DeletionByPodGC": ("NodeLost", "was on a node that is gone"),
    "TerminationByKubelet": ("Drained", "was ended by its node"),
}


def ending(pod: Seen, *, job: str) -> Finding:
    """Return why *pod*, of *job*, failed."""
    thing = pod.thing
    return (
        _by_pod(thing)
        or disrupted(thing)
        or _by_init(thing)
        or by_container(thing, is_deleted=is_deleted(pod), job=job)
    )


def job_failed(job: JsonObject, condition: JsonObject, pod: Seen | None) -> Finding:
    """Return why *job* failed, by its *condition* and *pod*, the one that it failed for, where that is known."""
    name, reason = name_of(job), condition.get("reason")
    if reason == "DeadlineExceeded":
        limit = part(job, "spec").get("activeDeadlineSeconds")
        return Finding(
            cls="Timeout",
            fault="timeout",
            summary=f"Job `{name}` was ended at its deadline{f', {limit} s after its start' if limit else ''}",
            hint="Give it more time with `--timeout`, or let it do less.",
            evidence=_condition(condition),
        )
    if pod is not None:
        return ending(pod, job=name)
    return Finding(
        cls="JobFailed",
        summary=f"Job `{name}` failed, and its pods are gone: {condition.get('message') or reason}",
        hint="Read the end of the run's log with `mlrun-nb logs`.",
        evidence=_condition(condition),
    )


def job_deleted(name: str) -> Finding:
    """Return what the absence of Job *name* comes to."""
    return Finding(
        cls="JobDeleted",
        summary=f"Job `{name}` was deleted before it had left a result",
        hint="Run it again with `mlrun-nb rerun`.",
    )


def no_result(name: str) -> Finding:
    """Return what the success of Job *name* comes to, for a run that has no result record."""
    return Finding(
        cls="NoResult",
        summary=f"Job `{name}` succeeded, but left no result",
        hint="Read the end of the run's log with `mlrun-nb logs`: was it the runner that the image started?",
    )


def _condition(condition: JsonObject) -> dict[str, Json]:
    return {name: condition[name] for name in ("reason", "message") if condition.get(name)}


def _by_pod(pod: JsonObject) -> Finding | None:
    status = part(pod, "status")
    reason, message = str(status.get("reason") or ""), str(status.get("message") or "").strip()
    evidence: dict[str, Json] = {"reason": reason, "message": message}
    if reason == "DeadlineExceeded":
        return Finding(
            cls="Timeout",
            fault="timeout",
            summary=f"pod `{name_of(pod)}` was ended at its deadline",
            hint="Give it more time with `--timeout`, or let it do less.",
            evidence=evidence,
        )
    if reason == "Evicted":
        return _evicted(pod, message, evidence)
    cls = _NODE.get(reason) or ("NodeRefused" if reason.startswith("OutOf") else "")
    if not cls:
        return None
    return Finding(
        cls=cls,
        summary=f"pod `{name_of(pod)}` was ended by its node: {message or reason}",
        hint=RETRY,
        evidence=evidence,
    )


def _evicted(pod: JsonObject, message: str, evidence: dict[str, Json]) -> Finding:
    own = "exceed" in message and "limit" in message
    is_disk = any(word in message.lower() for word in ("ephemeral", "disk", "emptydir"))
    option = "--ephemeral-storage" if is_disk else "--memory"
    return Finding(
        cls="Evicted",
        fault="resources" if own else "environment",
        summary=f"pod `{name_of(pod)}` was evicted: {message.rstrip('.')}",
        hint=f"Ask for more with `{option}`, or write less."
        if own
        else f"Say with `{option}` how much it needs, so that a node is chosen that has it.",
        evidence=evidence,
    )


def disrupted(pod: JsonObject) -> Finding | None:
    """Return why the cluster ends *pod*; None where it does not."""
    found = disruption(pod)
    if found is None:
        return None
    cls, words = _DISRUPTIONS.get(str(found.get("reason")), ("Drained", "was ended by the cluster"))
    return Finding(
        cls=cls,
        summary=f"pod `{name_of(pod)}` {words}",
        hint=RETRY,
        evidence={"reason": found.get("reason"), "message": found.get("message")},
    )


def _by_init(pod: JsonObject) -> Finding | None:
    for status in parts(pod, "status", "initContainerStatuses"):
        ended = part(status, "state", "terminated")
        if ended.get("exitCode"):
            name = status.get("name")
            return Finding(
                cls="PreparationFailed",
                summary=f"container `{name}` of pod `{name_of(pod)}`, which prepares the run, ended with exit code "
                f"{ended['exitCode']}{said_by(ended)}",
                hint="Read the end of the run's log with `mlrun-nb logs`.",
                evidence=evidence_of(ended),
            )
    return None
