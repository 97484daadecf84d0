"""
Jobs that end, or wait, each in a way of its own: what the cluster tests start and what `record.py` records.

One module for both, so that the records of `tests/unit/kube/data` are of the same objects that are tested live.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from mlrun_nb.kube.objects import JOBS, PODS, Resource, metadata, name_of, part
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.kube.transport import Api

IMAGE = os.environ.get("MLRUN_NB_TEST_IMAGE", "docker.io/local/run:1")
"""An image with Python, which the cluster has."""

QUOTAS = Resource(group="", version="v1", plural="resourcequotas")
_LIMITS = Resource(group="", version="v1", plural="limitranges")

LABELS = {"app.kubernetes.io/managed-by": "mlrun-nb"}
ABSENT = "localhost:9/absent:1"
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "runAsUser": 1000,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """
    A Job to start, the class that `diagnose` has to give it, and whether that waits for events.

    `quota`, `limits` and `labels` are those of the namespace that it needs for itself; `act` is what is done to it once
    it runs.
    """

    job: Mapping[str, Any]
    cls: str = ""
    state: str = "failed"
    act: str = ""
    quota: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs_space(self) -> bool:
        """Whether the namespace has rules that would keep others out."""
        return bool(self.quota or self.limits or self.labels)


def job(
    name: str,
    code: str = "",
    *,
    container: Mapping[str, Any] | None = None,
    pod: Mapping[str, Any] | None = None,
    spec: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the manifest of a Job that runs *code* in Python; what is given in addition takes precedence."""
    main = {"name": "main", "image": IMAGE, "imagePullPolicy": "IfNotPresent", "securityContext": RESTRICTED}
    command = {"command": ["python3", "-c", code]}
    template = {
        "metadata": {"labels": LABELS},
        "spec": {
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 1,
            "containers": [{**main, **command, **(container or {})}],
            **(pod or {}),
        },
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": LABELS},
        "spec": {"backoffLimit": 0, "template": template, **(spec or {})},
    }


def _limit(**resources: str) -> dict[str, Any]:
    return {"resources": {"limits": {name.replace("_", "-"): value for name, value in resources.items()}}}


def _env(kind: str, name: str) -> dict[str, Any]:
    return {"env": [{"name": "A", "valueFrom": {f"{kind}KeyRef": {"name": name, "key": "k"}}}]}


def _volume(**source: Any) -> dict[str, Any]:
    return {"volumes": [{"name": "data", **source}]}


def _failing_on(code: int) -> dict[str, Any]:
    rule = {"action": "FailJob", "onExitCodes": {"containerName": "main", "operator": "In", "values": [code]}}
    return {"backoffLimit": 2, "podFailurePolicy": {"rules": [rule]}}


_WAIT = "import time; time.sleep(600)"
_EAT = "b = bytearray(1)\nwhile True: b += bytearray(1 << 22)"
_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_EAT!r}]); sys.exit(5)"
_INIT = {"name": "prepare", "image": IMAGE, "command": ["python3", "-c", "raise SystemExit('no index')"]}
_MOUNT = {"volumeMounts": [{"name": "data", "mountPath": "/data"}]}

SCENARIOS: Mapping[str, Scenario] = {
    # ends of the container
    "succeeded": Scenario(job=job("succeeded", "print('done')"), state="complete", cls="NoResult"),
    "exit": Scenario(job=job("exit", "raise SystemExit(9)"), cls="RunnerFailed"),
    "segfault": Scenario(job=job("segfault", "import ctypes; ctypes.string_at(0)"), cls="RunnerCrashed"),
    "killed": Scenario(job=job("killed", "raise SystemExit(137)"), cls="RunnerKilled"),
    "oom": Scenario(job=job("oom", _EAT, container=_limit(memory="48Mi")), cls="OutOfMemory"),
    "oom-child": Scenario(job=job("oom-child", _CHILD, container=_limit(memory="48Mi")), cls="RunnerFailed"),
    "no-command": Scenario(job=job("no-command", container={"command": ["nope"]}), cls="NotStarted"),
    "init": Scenario(job=job("init", pod={"initContainers": [_INIT]}), cls="PreparationFailed"),
    "fail-job": Scenario(job=job("fail-job", "raise SystemExit(42)", spec=_failing_on(42)), cls="RunnerFailed"),
    "retried": Scenario(job=job("retried", "raise SystemExit(1)", spec={"backoffLimit": 1}), cls="RunnerFailed"),
    "deadline": Scenario(job=job("deadline", _WAIT, spec={"activeDeadlineSeconds": 3}), cls="Timeout"),
    "pod-deadline": Scenario(job=job("pod-deadline", _WAIT, pod={"activeDeadlineSeconds": 3}), cls="Timeout"),
    "disk": Scenario(
        job=job(
            "disk", "open('/tmp/f', 'wb').write(bytes(1 << 27)); " + _WAIT, container=_limit(ephemeral_storage="50Mi")
        ),
        cls="Evicted",
    ),
    # what others do to it
    "evicted": Scenario(job=job("evicted", _WAIT), act="evict", cls="Drained"),
    "pod-deleted": Scenario(job=job("pod-deleted", _WAIT), act="delete pod", cls="PodGone"),
    "job-deleted": Scenario(job=job("job-deleted", _WAIT), act="delete job", state="lost", cls="JobDeleted"),
    # images
    "image-absent": Scenario(job=job("image-absent", container={"image": ABSENT}), state="pending", cls="ImagePull"),
    "image-name": Scenario(job=job("image-name", container={"image": "Bad Name"}), state="pending", cls="ImageInvalid"),
    "image-never": Scenario(
        job=job("image-never", container={"image": ABSENT, "imagePullPolicy": "Never"}),
        state="pending",
        cls="ImageInvalid",
    ),
    # nodes
    "memory": Scenario(
        job=job("memory", container=_limit(memory="1Ti")), state="pending", cls="Unschedulable.Resources"
    ),
    "gpu": Scenario(
        job=job("gpu", container={"resources": {"limits": {"nvidia.com/gpu": "1"}}}),
        state="pending",
        cls="Unschedulable.Resources",
    ),
    "selector": Scenario(
        job=job("selector", pod={"nodeSelector": {"pool": "none"}}), state="pending", cls="Unschedulable.Affinity"
    ),
    "claim": Scenario(
        job=job("claim", container=_MOUNT, pod=_volume(persistentVolumeClaim={"claimName": "nope"})),
        state="pending",
        cls="Unschedulable.Volume",
    ),
    # what the container needs
    "config-map": Scenario(
        job=job("config-map", container=_env("configMap", "nope")), state="pending", cls="ConfigError"
    ),
    "secret": Scenario(job=job("secret", container=_env("secret", "nope")), state="pending", cls="ConfigError"),
    "root": Scenario(
        job=job("root", container={"securityContext": {"runAsNonRoot": True, "runAsUser": 0}}),
        state="pending",
        cls="ConfigError",
    ),
    "volume": Scenario(
        job=job("volume", container=_MOUNT, pod=_volume(configMap={"name": "nope"})),
        state="pending",
        cls="VolumeNotMounted",
    ),
    # pods that are refused
    "quota": Scenario(
        job=job("quota", container=_limit(memory="64Mi")),
        quota={"limits.memory": "32Mi"},
        state="pending",
        cls="QuotaExceeded",
    ),
    "limit-range": Scenario(
        job=job("limit-range", container=_limit(memory="64Mi")),
        limits={"type": "Container", "max": {"memory": "32Mi"}},
        state="pending",
        cls="LimitExceeded",
    ),
    "pod-security": Scenario(
        job=job("pod-security", container={"securityContext": {}}),
        labels={"pod-security.kubernetes.io/enforce": "restricted"},
        state="pending",
        cls="PodSecurity",
    ),
    "service-account": Scenario(
        job=job("service-account", pod={"serviceAccountName": "nope"}), state="pending", cls="ServiceAccountMissing"
    ),
    "priority-class": Scenario(
        job=job("priority-class", pod={"priorityClassName": "nope"}), state="pending", cls="PriorityClassMissing"
    ),
    # nothing wrong
    "running": Scenario(job=job("running", _WAIT), state="running"),
    "suspended": Scenario(job=job("suspended", _WAIT, spec={"suspend": True}), state="pending"),
}


def start(api: Api, scenario: Scenario) -> None:
    """Make the Job, and first what its namespace needs."""
    name = name_of(scenario.job)
    if scenario.quota:
        api.post(QUOTAS, {"metadata": {"name": name}, "spec": {"hard": dict(scenario.quota)}})
    if scenario.limits:
        api.post(_LIMITS, {"metadata": {"name": name}, "spec": {"limits": [dict(scenario.limits)]}})
    api.post(JOBS, scenario.job)


def act(api: Api, scenario: Scenario, pods: Sequence[Seen]) -> None:
    """Do to the Job what others do, as soon as it runs; may be called again."""
    running = [
        name_of(pod.thing) for pod in pods if part(pod.thing, "status").get("phase") == "Running" and not pod.gone
    ]
    if not scenario.act or not running or metadata(pods[0].thing).get("deletionTimestamp"):
        return
    if scenario.act == "delete job":
        api.delete(JOBS, name_of(scenario.job))
    elif scenario.act == "delete pod":
        api.delete(PODS, running[0])
    else:
        path = PODS.path(api.namespace, running[0], subresource="eviction")
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": running[0]}}
        with suppress(ApiProblem):  # it is going already
            api.request("POST", path, body=eviction)
