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
from typing import Any

from mlrun_nb.engines.kubernetes import capacity, volumes
from mlrun_nb.engines.kubernetes.delivery import POD_RUN, Delivery, Way
from mlrun_nb.engines.kubernetes.names import CONTAINER, NONCE_ANNOTATION, job_name, labels
from mlrun_nb.engines.kubernetes.strategic import merged
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Resources
from mlrun_nb.runner.carrier import NONCE_VARIABLE
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


def job(request: RunRequest, *, image: str, nonce: str, way: Way) -> dict[str, Any]:
    """Return the Job for *request*."""
    settings, name = request.settings, job_name(request.version.function, request.id)
    policy, replicas = settings.policy, settings.placement.replicas or 1
    spec: dict[str, Any] = {
        "ttlSecondsAfterFinished": KEPT_S,
        "podReplacementPolicy": "Failed",
        "podFailurePolicy": {"rules": _failure_rules(settings.placement.capacity)},
        **_copies(replicas, policy.retries),
        "template": template(request, image=image, nonce=nonce, way=way),
    }
    if policy.timeout_s is not None and policy.pending_timeout_s is not None:
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
    name = job_name(request.version.function, request.id)
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "immutable": True,
        "metadata": {"name": name, "labels": labels(request), "ownerReferences": [_reference(owner)]},
        "binaryData": {file: b64encode(data).decode() for file, data in delivery.files.items()},
    }


def service(request: RunRequest, *, owner: Mapping[str, Any]) -> dict[str, Any]:
    """Return the headless Service that gives each replica a name, owned by the Job *owner*."""
    name = job_name(request.version.function, request.id)
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": labels(request), "ownerReferences": [_reference(owner)]},
        "spec": {"clusterIP": "None", "publishNotReadyAddresses": True, "selector": {"job-name": name}},
    }


def template(request: RunRequest, *, image: str, nonce: str, way: Way) -> dict[str, Any]:
    """Return the pod template, with the run's `pod_patch` laid over it."""
    settings = request.settings
    stays = {} if capacity.may_be_spot(settings.placement.capacity) else _STAYS
    plain = {
        "metadata": {"labels": labels(request), **({"annotations": stays} if stays else {})},
        "spec": _stated(
            {
                "restartPolicy": "Never",
                "automountServiceAccountToken": False if settings.placement.service_account is None else None,
                "enableServiceLinks": False,
                "serviceAccountName": settings.placement.service_account,
                "priorityClassName": settings.placement.priority_class,
                "nodeSelector": dict(settings.placement.node_selector),
                "affinity": _affinity(request),
                "tolerations": _tolerations(request),
                "topologySpreadConstraints": settings.kubernetes.topology_spread,
                "imagePullSecrets": [{"name": name} for name in settings.kubernetes.pull_secret],
                "subdomain": _meeting_name(request),
                "securityContext": {
                    "runAsNonRoot": True,
                    "runAsUser": USER,
                    "fsGroup": GROUP,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "terminationGracePeriodSeconds": int(grace_s(request)),
                "containers": [_container(request, image=image, nonce=nonce, way=way)],
                "volumes": volumes.volumes(
                    settings.volumes,
                    config_map=job_name(request.version.function, request.id),
                    scratch=settings.resources.ephemeral_storage,
                    shared_memory=bool(settings.resources.gpu),
                ),
            }
        ),
    }
    patch = settings.kubernetes.pod_patch
    return merged(plain, patch) if isinstance(patch, Mapping) else plain


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


def _failure_rules(kind: str | None) -> list[dict[str, Any]]:
    """Return when another attempt makes no sense, and what does not count as one: a node that was taken away."""
    final = sorted(set(EXIT_CODES.values()) - RETRIED)
    rules: list[dict[str, Any]] = [
        {"action": "FailJob", "onExitCodes": {"containerName": CONTAINER, "operator": "In", "values": final}}
    ]
    if capacity.may_be_spot(kind):
        rules.append({"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]})
    return rules


def _container(request: RunRequest, *, image: str, nonce: str, way: Way) -> dict[str, Any]:
    settings = request.settings
    command = ["python3", f"{volumes.DELIVERED}/bootstrap.py"]
    command += ["--to", f"{_literal(way.url)}/$({_POD})"] if way.url else ["--in-place"] if way.shared else []
    command += ["--from", _literal(way.fetch)] if way.fetch else []
    return _stated(
        {
            "name": CONTAINER,
            "image": image,
            "imagePullPolicy": "IfNotPresent",
            "command": command,
            "env": _variables(request, image=image, nonce=nonce, way=way),
            "resources": _resources(settings.resources),
            "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
            "terminationMessagePolicy": "FallbackToLogsOnError",
            "workingDir": volumes.SCRATCH,
            "volumeMounts": volumes.mounts(settings.volumes, shared_memory=bool(settings.resources.gpu)),
        }
    )


def _variables(request: RunRequest, *, image: str, nonce: str, way: Way) -> list[dict[str, Any]]:
    environment = request.settings.environment
    values = {
        **environment.env,
        NONCE_VARIABLE: nonce,
        GRACE_VARIABLE: f"{max(1.0, grace_s(request) - 5):g}",
        "MLRUN_NB_IMAGE": image,
        "MLRUN_NB_RUN_DIRECTORY": way.shared or POD_RUN,
        **({"MLRUN_NB_REQUIREMENTS": json.dumps(environment.requirement)} if environment.requirement else {}),
        **_replica_variables(request),
    }
    plain = [{"name": name, "value": _literal(value)} for name, value in values.items()]
    secrets = [
        {"name": name, "valueFrom": {"secretKeyRef": _secret_key(reference)}}
        for name, reference in environment.secret.items()
    ]
    index = {"fieldRef": {"fieldPath": "metadata.annotations['batch.kubernetes.io/job-completion-index']"}}
    pod = [{"name": _POD, "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}] if way.url else []
    rank = [{"name": "RANK", "valueFrom": index}] if _meeting_name(request) else []
    return [*plain, *pod, *rank, *secrets]


def _replica_variables(request: RunRequest) -> dict[str, str]:
    """Return what torchrun would set, so that what was written for it just works."""
    name = _meeting_name(request)
    if name is None:
        return {}
    return {
        "WORLD_SIZE": str(request.settings.placement.replicas),
        "LOCAL_RANK": "0",
        "MASTER_ADDR": f"{name}-0.{name}",
        "MASTER_PORT": str(PORT),
    }


def _meeting_name(request: RunRequest) -> str | None:
    """Return the name of the Service by which replicas find each other; None for a run that is alone."""
    alone = (request.settings.placement.replicas or 1) == 1
    return None if alone else job_name(request.version.function, request.id)


def _secret_key(reference: str) -> dict[str, str]:
    name, _, key = reference.removeprefix("kubernetes:").partition("/")
    return {"name": name, "key": key}


def _resources(asked: Resources) -> dict[str, Any]:
    requests = {"cpu": asked.cpu, "memory": asked.memory, "ephemeral-storage": asked.ephemeral_storage}
    limits = {
        "cpu": asked.cpu_limit,
        "memory": asked.memory_limit or asked.memory,
        "ephemeral-storage": asked.ephemeral_storage,
        asked.gpu_type or GPU: str(asked.gpu) if asked.gpu else None,
    }
    return _stated({"requests": _stated(requests), "limits": _stated(limits)})


def _affinity(request: RunRequest) -> dict[str, Any]:
    stated = request.settings.placement.affinity
    own = capacity.node_affinity(request.settings.placement.capacity)
    plain = {"nodeAffinity": own} if own else {}
    return merged(plain, stated) if isinstance(stated, Mapping) else plain


def _tolerations(request: RunRequest) -> list[Any]:
    placement = request.settings.placement
    spot = capacity.TOLERATIONS if placement.capacity in {"spot", "prefer", "any"} else []
    return [*map(_toleration, placement.toleration), *spot]


def _toleration(text: str) -> dict[str, str]:
    """Return what `KEY[=VALUE][:EFFECT]` means."""
    pair, _, effect = text.partition(":")
    key, equals, value = pair.partition("=")
    meant = {"key": key, "operator": "Equal", "value": value} if equals else {"key": key, "operator": "Exists"}
    return meant | ({"effect": effect} if effect else {})


def _literal(value: str) -> str:
    """Return *value* so that Kubernetes expands nothing in it: `$(A)` would be the value of A."""
    return value.replace("$", "$$")


def _stated(plain: dict[str, Any]) -> dict[str, Any]:
    """Return *plain* without what was not asked for."""
    return {name: value for name, value in plain.items() if value not in (None, "", [], {})}


def _reference(owner: Mapping[str, Any]) -> dict[str, Any]:
    about = owner["metadata"]
    return {"apiVersion": "batch/v1", "kind": "Job", "name": about["name"], "uid": about["uid"], "controller": True}
