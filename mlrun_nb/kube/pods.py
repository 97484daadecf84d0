"""What the status of a pod says, read once for all who ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum, auto

from mlrun_nb.kube.objects import JsonObject, condition, metadata, part, parts, time_of
from mlrun_nb.kube.snapshot import Seen

MAIN = "main"
"""The container that a run executes in; a pod may have others."""
INDEX = "batch.kubernetes.io/job-completion-index"
"""Annotation with the index of a pod of an Indexed Job."""


class Stage(Enum):
    """How far a pod is, by its main container rather than by its phase, which follows seconds later."""

    WAITING = auto()
    RUNNING = auto()
    ENDING = auto()
    """Asked to end, and still at it."""
    SUCCEEDED = auto()
    FAILED = auto()
    VANISHED = auto()
    """Deleted, and its end was not seen."""


def stage_of(pod: Seen) -> Stage:
    """Return how far *pod* is."""
    phase = part(pod.thing, "status").get("phase")
    ended = part(container_status(pod.thing), "state", "terminated")
    if phase == "Succeeded" or (
        ended and ended.get("exitCode") == 0 and phase != "Failed" and is_started_once(pod.thing)
    ):
        return Stage.SUCCEEDED
    if phase == "Failed" or (ended and ended.get("exitCode") != 0 and is_started_once(pod.thing)):
        return Stage.FAILED
    if pod.gone is not None:
        return Stage.VANISHED
    if metadata(pod.thing).get("deletionTimestamp"):
        return Stage.ENDING
    return Stage.RUNNING if part(container_status(pod.thing), "state").get("running") else Stage.WAITING


def container_status(pod: JsonObject, container: str = MAIN) -> JsonObject:
    """Return the status of *container*; empty as long as the node has not reported it."""
    return next((each for each in container_statuses(pod) if each.get("name") == container), {})


def container_statuses(pod: JsonObject) -> Sequence[JsonObject]:
    """Return the statuses of all containers in the order in which they are started."""
    return [*parts(pod, "status", "initContainerStatuses"), *parts(pod, "status", "containerStatuses")]


def is_started_once(pod: JsonObject) -> bool:
    """Tell whether a container that has terminated stays so."""
    return part(pod, "spec").get("restartPolicy") == "Never"


def has_ended(pod: JsonObject, container: str = MAIN) -> bool:
    """Tell whether *container* has terminated and will not be started again."""
    if part(pod, "status").get("phase") in {"Succeeded", "Failed"}:
        return True
    return "terminated" in part(container_status(pod, container), "state") and is_started_once(pod)


def is_deleted(pod: Seen) -> bool:
    """Tell whether somebody wants, or wanted, the end of *pod*."""
    return pod.gone is not None or bool(metadata(pod.thing).get("deletionTimestamp"))


def job_name(pod: JsonObject) -> str:
    """Return the name of the Job of *pod*."""
    labels = part(pod, "metadata", "labels")
    return str(labels.get("batch.kubernetes.io/job-name") or labels.get("job-name") or "")


def disruption(pod: JsonObject) -> JsonObject | None:
    """Return the condition that says that the cluster, not the pod, wants its end; None where it does not."""
    found = condition(pod, "DisruptionTarget")
    return found if found and found.get("status") == "True" else None


def completion_index(pod: JsonObject) -> int:
    """Return the index of a pod of an Indexed Job; 0 for any other."""
    text = part(pod, "metadata", "annotations").get(INDEX) or part(pod, "metadata", "labels").get(INDEX) or "0"
    return int(text)


def since(pod: JsonObject, kind: str) -> datetime | None:
    """Return when the condition *kind* of *pod* last changed."""
    return time_of((condition(pod, kind) or {}).get("lastTransitionTime"))


def kubectl(pod: JsonObject) -> str:
    """Return the beginning of a command about the namespace of *pod*, for hints."""
    namespace = metadata(pod).get("namespace")
    return f"kubectl -n {namespace}" if namespace else "kubectl"
