"""Jobs, pods and events as a cluster would show them, reduced to what a test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from mlrun_nb.kube.diagnose import diagnose
from mlrun_nb.kube.diagnosis import Diagnosis, Grace
from mlrun_nb.kube.snapshot import Seen

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ago(seconds: float) -> str:
    """Return the time *seconds* before NOW, as the API writes it."""
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def seen_job(*conditions: Mapping[str, Any], gone: bool = False, age_s: float = 60, **more: Any) -> Seen:
    """Return Job `train`; *more* are parts of its spec, `failed` and `active` of its status."""
    status: dict[str, Any] = {name: more.pop(name) for name in ("failed", "active") if name in more}
    metadata = {"name": "train", "uid": "job-1", "namespace": "space", "creationTimestamp": ago(age_s)}
    labels = {"labels": more.pop("labels", {})}
    status["conditions"] = list(conditions)
    thing = {"metadata": {**metadata, **labels}, "spec": {"backoffLimit": 0, **more}, "status": status}
    return Seen(thing=thing, gone=NOW if gone else None)


def true(kind: str, reason: str = "", message: str = "", *, status: str = "True", ago_s: float = 30) -> dict[str, Any]:
    """Return a condition."""
    return {"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": ago(ago_s)}


def seen_pod(
    state: Mapping[str, Any] | None = None,
    *conditions: Mapping[str, Any],
    name: str = "train-x",
    index: int = 0,
    phase: str = "",
    deleted_s: float | None = None,
    gone: bool = False,
    status: Mapping[str, Any] | None = None,
) -> Seen:
    """Return a pod of `train` whose main container is in *state*; by default it was given a node 30 s ago."""
    metadata: dict[str, Any] = {"name": name, "uid": name, "namespace": "space", "creationTimestamp": ago(60)}
    metadata["annotations"] = {"batch.kubernetes.io/job-completion-index": str(index)}
    metadata["labels"] = {"batch.kubernetes.io/job-name": "train", "batch.kubernetes.io/controller-uid": "job-1"}
    if deleted_s is not None:
        metadata["deletionTimestamp"] = ago(deleted_s)
    containers = [{"name": "main", "image": "lab/train:1", "resources": {"limits": {"memory": "1Gi"}}}]
    statuses = [] if state is None else [{"name": "main", "state": state}]
    thing = {
        "metadata": metadata,
        "spec": {"restartPolicy": "Never", "nodeName": "node-1", "containers": containers},
        "status": {
            "phase": phase or ("Running" if state and "running" in state else "Pending"),
            "conditions": list(conditions) or [true("PodScheduled")],
            "containerStatuses": statuses,
            **(status or {}),
        },
    }
    return Seen(thing=thing, gone=NOW if gone else None)


def ended(code: int, reason: str = "Error", message: str = "") -> dict[str, Any]:
    """Return the state of a container that has terminated."""
    return {"terminated": {"exitCode": code, "reason": reason, "message": message, "finishedAt": ago(1)}}


RUNNING = {"running": {"startedAt": ago(20)}}


def wait(reason: str, message: str = "") -> dict[str, Any]:
    """Return the state of a container that waits."""
    return {"waiting": {"reason": reason, "message": message}}


def event(reason: str, message: str = "", *, about: str = "train-x", ago_s: float = 10) -> dict[str, Any]:
    """Return an event about the object of that UID."""
    return {"reason": reason, "message": message, "involvedObject": {"uid": about}, "lastTimestamp": ago(ago_s)}


def told(job: Seen | None, *pods: Seen, events: Sequence[Mapping[str, Any]] = (), grace: Grace = Grace()) -> Diagnosis:
    """Return the diagnosis at NOW."""
    return diagnose(job, pods, events, now=NOW, grace=grace, name="train")
