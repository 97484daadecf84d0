"""Why a pod does not run yet: the scheduler, its image, its configuration, its volumes, in the order of their turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mlrun_nb.kube.diagnosis import Diagnosis, Finding, Grace, JobState, found, is_over
from mlrun_nb.kube.endings import ending
from mlrun_nb.kube.events import happened
from mlrun_nb.kube.images import ABSENT, HOPELESS, cause_of, image_problem
from mlrun_nb.kube.objects import JsonObject, condition, name_of, part, parts, uid_of
from mlrun_nb.kube.pods import container_statuses, kubectl, since
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.kube.unschedulable import unschedulable
from mlrun_nb.model.states import PendingPhase

_NOT_CREATED = frozenset({"CreateContainerError", "RunContainerError", "PostStartHookError"})
_MOUNT = frozenset({"FailedMount", "FailedAttachVolume", "FailedMapVolume", "VolumeFailedDelete"})
_OBJECT = re.compile(r" \(pod: \S+, container: \S+\)$")
_PULL_SECRETS = re.compile(r"Unable to retrieve some image pull secrets \((.+?)\)")
_PROGRESS = frozenset({"Pulling", "Pulled", "Created", "Started"})
_SANDBOX = frozenset({"FailedCreatePodSandBox", "NetworkNotReady", "FailedPodSandBoxStatus"})


def waiting(pod: Seen, events: Sequence[JsonObject], *, job: str, now: datetime, grace: Grace) -> Diagnosis:
    """Return why *pod*, of *job*, waits, and whether for too long."""
    scheduled = condition(pod.thing, "PodScheduled") or {}
    if scheduled.get("status") == "True":
        return _on_its_node(pod, _of_pod(events, pod.thing), job=job, now=now, grace=grace)
    name, began = name_of(pod.thing), since(pod.thing, "PodScheduled")
    if scheduled.get("reason") == "Unschedulable":
        told = _pending(PendingPhase.UNSCHEDULABLE, "", pod=name, began=began)
        told = replace(told, is_overdue=is_over(began, grace.unschedulable_s, now))
        return found(unschedulable(str(scheduled.get("message") or ""), pod=name), told)
    gates = [str(gate.get("name")) for gate in parts(pod.thing, "spec", "schedulingGates")]
    words = f"is held back by {', '.join(f'`{gate}`' for gate in gates)}" if gates else "waits for the scheduler"
    return _pending(PendingPhase.QUEUED, f"pod `{name}` {words}", pod=name, began=began)


def is_silent(pod: JsonObject) -> bool:
    """
    Tell whether the status of *pod*, which waits on its node, does not say all of what for: then events may.

    That a pull secret is not there stands in an event only.
    """
    state = part(_first_waiting(pod), "state", "waiting")
    reason = str(state.get("reason") or "")
    if reason in ABSENT - HOPELESS:
        return bool(_pull_secrets(pod)) or not cause_of(str(state.get("message") or ""))
    return reason in {"", "ContainerCreating", "PodInitializing"}


def _on_its_node(pod: Seen, events: Sequence[JsonObject], *, job: str, now: datetime, grace: Grace) -> Diagnosis:
    name, began = name_of(pod.thing), since(pod.thing, "PodScheduled")
    status = _first_waiting(pod.thing)
    reason = str(part(status, "state", "waiting").get("reason") or "")
    phase, finding, grace_s = PendingPhase.STARTING, None, None
    if reason in ABSENT:
        phase, finding = PendingPhase.PULLING, _image(pod.thing, status, events)
        grace_s = 0.0 if reason in HOPELESS else grace.image_s
    elif reason == "CreateContainerConfigError":
        finding, grace_s = _config(pod.thing, status), grace.config_s
    elif reason in _NOT_CREATED:
        finding, grace_s = _not_created(pod.thing, status), grace.mount_s
    elif reason == "CrashLoopBackOff":
        phase, finding = PendingPhase.BACKOFF, _crashed(pod, status, job)
    else:
        finding, grace_s = _before_containers(pod.thing, events), grace.mount_s
    if finding is None:
        return _starting(pod.thing, status, events, began=began)
    told = _pending(phase, "", pod=name, began=began)
    return found(finding, replace(told, is_overdue=is_over(began, grace_s, now)))


def _first_waiting(pod: JsonObject) -> JsonObject:
    """Return the status of the first container that is not done with its part; empty before there is any."""
    for status in container_statuses(pod):
        if part(status, "state", "terminated").get("exitCode") != 0:
            return status
    return {}


def _image(pod: JsonObject, status: JsonObject, events: Sequence[JsonObject]) -> Finding:
    state = part(status, "state", "waiting")
    message = str(state.get("message") or "")
    if not cause_of(message):  # of older nodes only an event has it
        said = _newest(events, {"Failed"}, "Failed to pull image")
        message = said.partition('": ')[2] or message
    absent = _PULL_SECRETS.match(_newest(events, {"FailedToRetrieveImagePullSecret"}))
    return image_problem(
        str(state.get("reason")),
        message,
        image=_image_of(pod, status),
        kubectl=kubectl(pod),
        secrets=_pull_secrets(pod),
        absent=absent[1] if absent else "",
    )


def _pull_secrets(pod: JsonObject) -> Sequence[str]:
    return [str(each.get("name")) for each in parts(pod, "spec", "imagePullSecrets")]


def _image_of(pod: JsonObject, status: JsonObject) -> str:
    """Return the image as it was asked for: of a bad name the node reports nothing."""
    containers = [*parts(pod, "spec", "initContainers"), *parts(pod, "spec", "containers")]
    names = (str(each.get("image")) for each in containers if each.get("name") == status.get("name"))
    return next(names, str(status.get("image") or ""))


def _config(pod: JsonObject, status: JsonObject) -> Finding:
    message = _OBJECT.sub("", str(part(status, "state", "waiting").get("message") or ""))
    is_root = "non-root" in message or "runAsNonRoot" in message or "runAsUser" in message
    return Finding(
        cls="ConfigError",
        fault="request",
        summary=f"container `{status.get('name')}` of pod `{name_of(pod)}` cannot be set up: {message}",
        hint="Use an image that runs as another user than root, or set `runAsUser` in `pod_patch`."
        if is_root
        else f"Make what it names, or correct `--env`, `--secret`: `{kubectl(pod)} get configmaps,secrets`.",
        evidence={"reason": "CreateContainerConfigError", "message": message},
    )


def _not_created(pod: JsonObject, status: JsonObject) -> Finding:
    state = part(status, "state", "waiting")
    return Finding(
        cls="ContainerNotCreated",
        summary=f"container `{status.get('name')}` of pod `{name_of(pod)}` cannot be made: {state.get('message')}",
        hint=f"See what was tried: `{kubectl(pod)} describe pod {name_of(pod)}`.",
        evidence={"reason": state.get("reason"), "message": state.get("message")},
    )


def _crashed(pod: Seen, status: JsonObject, job: str) -> Finding:
    """Return why a container that is started again and again ends, by its last end."""
    ended = {**status, "state": part(status, "lastState")}
    thing = {**pod.thing, "status": {**part(pod.thing, "status"), "containerStatuses": [ended]}}
    last = ending(Seen(thing=thing), job=job)
    return replace(last, summary=f"{last.summary} (started {1 + int(status.get('restartCount') or 0)} times)")


def _before_containers(pod: JsonObject, events: Sequence[JsonObject]) -> Finding | None:
    """Return what keeps the node from getting to the containers; only events say that."""
    name, events = name_of(pod), _since_progress(events)
    if said := _newest(events, _MOUNT):
        return Finding(
            cls="VolumeNotMounted",
            fault="request",
            summary=f"a volume of pod `{name}` cannot be mounted: {said}",
            hint=f"Make what it names, or correct `--volume`: `{kubectl(pod)} get pvc,configmaps,secrets`.",
            evidence={"message": said},
        )
    if said := _newest(events, _SANDBOX):
        return Finding(
            cls="NodeNetwork",
            summary=f"pod `{name}` gets no network on its node: {said}",
            hint="Ask who runs the cluster, with this message.",
            evidence={"message": said},
        )
    return None


def _starting(
    pod: JsonObject, status: JsonObject, events: Sequence[JsonObject], *, began: datetime | None
) -> Diagnosis:
    name = name_of(pod)
    reasons = {str(event.get("reason")) for event in events}
    if "Pulling" in reasons and "Pulled" not in reasons:
        words = f"pod `{name}` pulls image `{_image_of(pod, status)}`"
        return _pending(PendingPhase.PULLING, words, pod=name, began=began)
    if part(status, "state").get("running"):
        words = f"container `{status.get('name')}` prepares pod `{name}`"
        return _pending(PendingPhase.STARTING, words, pod=name, began=began)
    return _pending(PendingPhase.STARTING, f"pod `{name}` is starting", pod=name, began=began)


def _pending(phase: PendingPhase, summary: str, *, pod: str, began: datetime | None) -> Diagnosis:
    return Diagnosis(state=JobState.PENDING, phase=phase, summary=summary, pod=pod, since=began)


def _of_pod(events: Sequence[JsonObject], pod: JsonObject) -> Sequence[JsonObject]:
    return [event for event in events if part(event, "involvedObject").get("uid") == uid_of(pod)]


def _since_progress(events: Sequence[JsonObject]) -> Sequence[JsonObject]:
    """Return those of *events* that came after the node had last got on: what was in its way before is mended."""
    last = max((happened(event) for event in events if event.get("reason") in _PROGRESS), default=0.0)
    return [event for event in events if happened(event) > last]


def _newest(events: Sequence[JsonObject], reasons: set[str] | frozenset[str], beginning: str = "") -> str:
    """Return the message of the newest of *events* for one of *reasons*; empty without one."""
    said = [event for event in events if event.get("reason") in reasons]
    messages = [str(event.get("message")) for event in sorted(said, key=happened)]
    return next((message for message in reversed(messages) if message.startswith(beginning)), "")
