"""
What is sent for a run, pure: the Job, the ConfigMap that it owns and, for replicas, the Service by which they meet.

Only what was asked for is stated, and the server defaults the rest. Passes the Pod Security level `restricted`. A
`pod_patch` has the last word. User text never stands in a command or an environment value where Kubernetes would expand
`$(NAME)` in it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlrun_nb.engines.kubernetes import capacity, volumes
from mlrun_nb.engines.kubernetes.delivery import POD_RUN, POINTS, Delivery, Way
from mlrun_nb.engines.kubernetes.names import NONCE_ANNOTATION, RUN_LABEL, dask_scheduler, labels
from mlrun_nb.engines.kubernetes.strategic import merged
from mlrun_nb.kube.objects import name_of
from mlrun_nb.kube.pods import INDEX, MAIN
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Environment, Placement, Resources, Settings
from mlrun_nb.runner.carrier import NONCE_VARIABLE
from mlrun_nb.runner.dask_cluster import VARIABLE as CLUSTER_VARIABLE
from mlrun_nb.runner.exit_codes import EXIT_CODES, RETRIED
from mlrun_nb.runner.stop import GRACE_VARIABLE

GRACE_S = 30
"""What a pod has between SIGTERM and SIGKILL where the run does not say; Kubernetes' own default."""
KEPT_S = 24 * 3600
"""How long an ended Job stays, so that everything about it can be read; then the cluster removes it and its pods."""
LATE_S = 120
"""How much later than the runner's own time limit the Job's deadline comes: it deletes the pod with its log."""
USER, GROUP = 1000, 100
"""Who the container is where the image is not asked: Jupyter's images have this user."""
GPU = "nvidia.com/gpu"
PORT = 29500
"""Where the first replica listens, by torchrun's default."""


_POD = "MLRUN_NB_POD"
CONTAINER_SECURITY = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """That a Job is for a `number` of points of a sweep, of which it executes some `at_once`."""

    number: int
    at_once: int


def job(
    request: RunRequest, *, name: str, image: str, nonce: str, way: Way, points: Points | None = None
) -> dict[str, Any]:
    """Return the Job for *request*, called *name* as all that it owns; with *points* for each of them, by index."""
    settings = request.settings
    policy, replicas = settings.policy, settings.placement.replicas or 1
    spec: dict[str, Any] = {
        "ttlSecondsAfterFinished": KEPT_S,
        "podReplacementPolicy": "Failed",
        "podFailurePolicy": {"rules": _failure_rules(settings.placement.capacity, is_indexed=points is not None)},
        **(_copies(replicas, policy.retries) if points is None else _indexes(points, policy.retries)),
        "template": template(request, name=name, image=image, nonce=nonce, way=way, of_points=points is not None),
    }
    if points is None and policy.timeout_s is not None and policy.pending_timeout_s is not None:
        attempts = policy.retries + 1
        spec["activeDeadlineSeconds"] = int(policy.pending_timeout_s + (policy.timeout_s + LATE_S) * attempts)
    queue = {"kueue.x-k8s.io/queue-name": settings.placement.queue} if settings.placement.queue else {}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": name,
            "labels": {**labels(request), **queue},
            "annotations": {
                NONCE_ANNOTATION: nonce,
                "mlrun-nb/function": f"{request.version.project}/{request.version.function}",
                "mlrun-nb/version": request.version.hash,
            },
        },
        "spec": spec,
    }


def config_map(request: RunRequest, delivery: Delivery, *, owner: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ConfigMap with *delivery*, owned by the Job *owner*: it cannot outlive it."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "immutable": True,
        "metadata": {"name": name_of(owner), "labels": labels(request), "ownerReferences": [reference(owner)]},
        "binaryData": {file: b64encode(data).decode() for file, data in delivery.files.items()},
    }


def service(request: RunRequest, *, owner: Mapping[str, Any]) -> dict[str, Any]:
    """Return the headless Service that gives each replica a name, owned by the Job *owner*."""
    name = name_of(owner)
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": labels(request), "ownerReferences": [reference(owner)]},
        "spec": {"clusterIP": "None", "publishNotReadyAddresses": True, "selector": {"job-name": name}},
    }


def template(
    request: RunRequest, *, name: str, image: str, nonce: str, way: Way, of_points: bool = False
) -> dict[str, Any]:
    """Return the pod template, with the run's `pod_patch` laid over it."""
    settings = request.settings
    stays = {} if capacity.may_be_spot(settings.placement.capacity) else _STAYS
    variables = _variables(request, name=name, image=image, nonce=nonce, way=way)
    container = _container(request, command=_command(way, of_points=of_points), image=image, variables=variables)
    plain = {
        "metadata": {"labels": labels(request), **({"annotations": stays} if stays else {})},
        "spec": _stated(
            {
                "restartPolicy": "Never",
                **placed(settings),
                "topologySpreadConstraints": _spread(request),
                "subdomain": name if _meets(request) else None,
                "terminationGracePeriodSeconds": int(grace_s(request)),
                "containers": [container],
                "volumes": _volumes(request, name),
            }
        ),
    }
    patch = settings.kubernetes.pod_patch
    return merged(plain, patch) if isinstance(patch, Mapping) else plain


def placed(settings: Settings) -> dict[str, Any]:
    """Return what every pod with *settings* says of where it may be, and as whom it is there."""
    placement = settings.placement
    return _stated(
        {
            "automountServiceAccountToken": False if placement.service_account is None else None,
            "enableServiceLinks": False,
            "serviceAccountName": placement.service_account,
            "priorityClassName": placement.priority_class,
            "nodeSelector": dict(placement.node_selector),
            "affinity": _affinity(placement),
            "tolerations": _tolerations(placement),
            "imagePullSecrets": [{"name": name} for name in settings.kubernetes.pull_secret],
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": USER,
                "fsGroup": GROUP,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
        }
    )


def grace_s(request: RunRequest) -> float:
    """Return how long a pod of *request* has to end, in seconds."""
    asked = request.settings.kubernetes.termination_grace_s
    return GRACE_S if asked is None else asked


_STAYS = {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"}
"""An autoscaler that tidies up nodes would end the run for it."""


def _copies(replicas: int, retries: int) -> dict[str, Any]:
    if replicas == 1:
        return {"backoffLimit": retries}
    return {
        "completionMode": "Indexed",
        "completions": replicas,
        "parallelism": replicas,
        "backoffLimit": retries * replicas,
    }


def _indexes(points: Points, retries: int) -> dict[str, Any]:
    """Return what makes of each point a run of its own: its failures and its attempts are not those of the others."""
    return {
        "completionMode": "Indexed",
        "completions": points.number,
        "parallelism": min(points.at_once, points.number),
        "backoffLimitPerIndex": retries,
    }


def _failure_rules(kind: str | None, *, is_indexed: bool) -> list[dict[str, Any]]:
    """
    Return when another attempt makes no sense, and what does not count as one: a node that was taken away.

    A runner that was told to end was told so by the cluster: whoever cancels a run deletes its Job.
    """
    final = sorted(set(EXIT_CODES.values()) - RETRIED - {EXIT_CODES["cancelled"]})
    rules: list[dict[str, Any]] = [
        {
            "action": "FailIndex" if is_indexed else "FailJob",
            "onExitCodes": {"containerName": MAIN, "operator": "In", "values": final},
        }
    ]
    if capacity.may_be_spot(kind):
        rules.append({"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]})
    return rules


def _command(way: Way, *, of_points: bool) -> list[str]:
    command = ["python3", f"{volumes.DELIVERED}/bootstrap.py"]
    if way.url:  # of points each has a folder of its own
        command += ["--to", f"$({_POD})" if of_points else f"{literal(way.url)}/$({_POD})"]
    elif way.shared:
        command += ["--in-place"]
    command += ["--from", literal(way.fetch)] if way.fetch else []
    return [*command, "--points", f"{volumes.DELIVERED}/{POINTS}"] if of_points else command


def _container(
    request: RunRequest, *, command: list[str], image: str, variables: list[dict[str, Any]]
) -> dict[str, Any]:
    settings = request.settings
    return _stated(
        {
            "name": MAIN,
            "image": image,
            "imagePullPolicy": "IfNotPresent",
            "command": command,
            "env": variables,
            "resources": resources(settings.resources),
            "securityContext": CONTAINER_SECURITY,
            "terminationMessagePolicy": "FallbackToLogsOnError",
            "workingDir": volumes.SCRATCH,
            "volumeMounts": volumes.mounts(settings.volumes, shared_memory=bool(settings.resources.gpu)),
        }
    )


def _variables(request: RunRequest, *, name: str, image: str, nonce: str, way: Way) -> list[dict[str, Any]]:
    environment = request.settings.environment
    values = {
        NONCE_VARIABLE: nonce,
        GRACE_VARIABLE: f"{max(1.0, grace_s(request) - 5):g}",
        "MLRUN_NB_IMAGE": image,
        "MLRUN_NB_RUN_DIRECTORY": way.shared or POD_RUN,
        **({"MLRUN_NB_REQUIREMENTS": json.dumps(environment.requirement)} if environment.requirement else {}),
        **(_replica_variables(request, name) if _meets(request) else {}),
        **({CLUSTER_VARIABLE: dask_scheduler(name)} if request.settings.own_workers else {}),
    }
    index = {"fieldRef": {"fieldPath": f"metadata.annotations['{INDEX}']"}}
    pod = [{"name": _POD, "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}] if way.url else []
    rank = [{"name": "RANK", "valueFrom": index}] if _meets(request) else []
    return [*variables(environment, values), *pod, *rank]


def variables(environment: Environment, own: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the variables of a container: those of the run's *environment*, our *own*, and secrets by reference."""
    values = {**environment.env, **own}
    plain = [{"name": key, "value": literal(value)} for key, value in values.items()]
    secrets = [
        {"name": key, "valueFrom": {"secretKeyRef": _secret_key(reference)}}
        for key, reference in environment.secret.items()
    ]
    return [*plain, *secrets]


def _replica_variables(request: RunRequest, name: str) -> dict[str, str]:
    """Return what torchrun would set, so that what was written for it just works."""
    return {
        "WORLD_SIZE": str(request.settings.placement.replicas),
        "LOCAL_RANK": "0",
        "MASTER_ADDR": f"{name}-0.{name}",
        "MASTER_PORT": str(PORT),
    }


def _meets(request: RunRequest) -> bool:
    """Tell whether the run is replicas that find each other by a Service."""
    return (request.settings.placement.replicas or 1) > 1


def _volumes(request: RunRequest, name: str) -> list[Any]:
    settings = request.settings
    scratch, has_gpu = settings.resources.ephemeral_storage, bool(settings.resources.gpu)
    return volumes.volumes(settings.volumes, config_map=name, scratch=scratch, shared_memory=has_gpu)


def _secret_key(reference: str) -> dict[str, str]:
    name, _, key = reference.removeprefix("kubernetes:").partition("/")
    return {"name": name, "key": key}


def resources(asked: Resources, *, limited: bool = True) -> dict[str, Any]:
    """Return what a container asks for and, where it is *limited*, may have."""
    requests = {"cpu": asked.cpu, "memory": asked.memory, "ephemeral-storage": asked.ephemeral_storage}
    limits = {
        "cpu": asked.cpu_limit,
        "memory": asked.memory_limit or asked.memory,
        "ephemeral-storage": asked.ephemeral_storage,
        asked.gpu_type or GPU: str(asked.gpu) if asked.gpu else None,
    }
    return _stated({"requests": _stated(requests), "limits": _stated(limits) if limited else {}})


def _spread(request: RunRequest) -> list[Any]:
    """Return the constraints, those that say of no pods meant for the run's own: else they would be about none."""
    asked = request.settings.kubernetes.topology_spread
    own = {"labelSelector": {"matchLabels": {RUN_LABEL: request.id}}}
    constraints = asked if isinstance(asked, list | tuple) else []
    return [{**own, **each} if isinstance(each, Mapping) else each for each in constraints]


def _affinity(placement: Placement) -> dict[str, Any]:
    stated = placement.affinity
    own = capacity.node_affinity(placement.capacity)
    plain = {"nodeAffinity": own} if own else {}
    return merged(plain, stated) if isinstance(stated, Mapping) else plain


def _tolerations(placement: Placement) -> list[Any]:
    spot = capacity.TOLERATIONS if placement.capacity in {"spot", "prefer", "any"} else []
    return [*map(_toleration, placement.toleration), *spot]


def _toleration(text: str) -> dict[str, str]:
    """Return what `KEY[=VALUE][:EFFECT]` means."""
    pair, _, effect = text.partition(":")
    key, equals, value = pair.partition("=")
    meant = {"key": key, "operator": "Equal", "value": value} if equals else {"key": key, "operator": "Exists"}
    return meant | ({"effect": effect} if effect else {})


def literal(value: str) -> str:
    """Return *value* so that Kubernetes expands nothing in it: `$(A)` would be the value of A."""
    return value.replace("$", "$$")


def _stated(plain: dict[str, Any]) -> dict[str, Any]:
    """Return *plain* without what was not asked for."""
    return {name: value for name, value in plain.items() if value not in (None, "", [], {})}


def reference(owner: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reference by which an object goes with the Job *owner*."""
    about = owner["metadata"]
    return {"apiVersion": "batch/v1", "kind": "Job", "name": about["name"], "uid": about["uid"], "controller": True}
