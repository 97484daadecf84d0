"""What there is to say of a pod that runs or is being ended: above all, whether its node is still heard of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from mlrun_nb.kube.diagnosis import Diagnosis, Finding, Grace, JobState, found, is_over
from mlrun_nb.kube.endings import disrupted
from mlrun_nb.kube.objects import JsonObject, condition, metadata, name_of, part, time_of
from mlrun_nb.kube.pods import Stage, container_status, since, stage_of
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.model.states import PendingPhase

_LATE = timedelta(seconds=15)
"""After the end of its grace period a pod is gone within seconds, where there is a node to see to it."""


def running(pod: Seen, *, now: datetime, grace: Grace) -> Diagnosis:
    """Return how *pod* is, which runs or is being ended."""
    name, state = name_of(pod.thing), part(container_status(pod.thing), "state", "running")
    has_begun = bool(state)
    told = Diagnosis(
        state=JobState.RUNNING if has_begun else JobState.PENDING,
        phase=None if has_begun else PendingPhase.STARTING,
        summary=f"pod `{name}` runs",
        since=time_of(state.get("startedAt")),
        pod=name,
    )
    finding, began = None, _unheard_since(pod.thing, now)
    if began is not None:
        finding = _node_lost(pod.thing)
        told = replace(told, since=began, is_overdue=is_over(began, grace.node_s, now))
    elif stage_of(pod) is Stage.ENDING:
        finding = disrupted(pod.thing) or Finding(summary=f"pod `{name}` is being ended")
    return told if finding is None else found(finding, told)


def _unheard_since(pod: JsonObject, now: datetime) -> datetime | None:
    """
    Return since when the node of *pod* is not heard of; None where it is.

    The cluster then says that the pod is not ready, while its containers are by the node's last word. Source:
    kube-controller-manager, node lifecycle controller, `MarkPodsNotReady`.
    """
    ready, containers = condition(pod, "Ready") or {}, condition(pod, "ContainersReady") or {}
    if ready.get("status") != "True" and containers.get("status") == "True":
        return since(pod, "Ready")
    ends = time_of(metadata(pod).get("deletionTimestamp"))
    return ends if ends is not None and now > ends + _LATE else None


def _node_lost(pod: JsonObject) -> Finding:
    node = part(pod, "spec").get("nodeName")
    return Finding(
        cls="NodeLost",
        summary=f"node `{node}` of pod `{name_of(pod)}` is not heard of",
        hint=f"See how it is, `kubectl describe node {node}`; if it is gone, run it again with `mlrun-nb rerun`.",
        evidence={"node": node},
    )
