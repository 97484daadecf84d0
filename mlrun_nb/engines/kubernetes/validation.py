"""
What the API server says to a run before it is sent: it checks and defaults all of it, and keeps nothing.

A Job is taken although its pod will be refused, so that the pod is asked about as well where we may: quotas, limits,
Pod Security and the names of accounts and classes are checked only when a pod is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlrun_nb.engines.kubernetes import dask_cluster, dask_pods, manifest
from mlrun_nb.engines.kubernetes.cluster import rejected
from mlrun_nb.engines.kubernetes.delivery import Delivery
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.engines.kubernetes.submission import called
from mlrun_nb.kube.objects import CONFIG_MAPS, JOBS, PODS, SERVICES, Resource, metadata, part
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.transport import Api
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import RunRequest

POD_SECURITY = "would violate PodSecurity"
"""How a warning about Pod Security begins. Source: Kubernetes, `Pod Security Admission`."""
OTHER_LEVEL = "Leave out what it names, of `pod-patch` or `volume`, or use a namespace of another level."


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was warned of, in the server's words, and whether the pod itself was taken too: we may not always ask."""

    warnings: tuple[str, ...]
    with_pod: bool


def validate(api: Api, request: RunRequest, order: Order) -> list[Notice]:
    """Return what the server warns of; raises EngineRejected, naming the field, and EngineUnavailable."""
    return [
        Notice(text=f"the server warns: {text}", hint=OTHER_LEVEL if POD_SECURITY in text else "")
        for text in ask(api, request, order).warnings
    ]


def ask(api: Api, request: RunRequest, order: Order) -> Taken:
    """Return what the server says to *request*; raises as `validate`."""
    with_pod = True
    job = manifest.job(request, name=order.job, image=order.image, nonce=order.nonce, way=order.way)
    warnings: list[str] = []
    for resource, thing in (JOBS, job), *_beside(request, order), (PODS, _pod(job)):
        try:
            warnings += api.post(resource, thing, dry_run=True).warnings
        except ApiProblem as err:
            dask_pods.check_operator(err, resource)
            if resource is not PODS or not _is_forbidden_to_ask(err):
                raise rejected(err, what=called(thing), namespace=api.namespace) from err
            with_pod = False
    return Taken(warnings=tuple(dict.fromkeys(warnings)), with_pod=with_pod)


def _beside(request: RunRequest, order: Order) -> Iterator[tuple[Resource, Mapping[str, Any]]]:
    """Yield what the Job would own, which has no owner as long as there is none."""
    nobody = {"metadata": {"name": order.job, "uid": ""}}
    yield CONFIG_MAPS, _without_owner(manifest.config_map(request, Delivery(files={}), owner=nobody))
    if (request.settings.placement.replicas or 1) > 1:
        yield SERVICES, _without_owner(manifest.service(request, owner=nobody))
    if request.settings.own_workers:
        for resource, thing in dask_cluster.objects(request, image=order.image, owner=nobody):
            yield resource, _without_owner(thing)


def _without_owner(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    about = {name: value for name, value in metadata(thing).items() if name != "ownerReferences"}
    return {**thing, "metadata": about}


def _pod(job: Mapping[str, Any]) -> Mapping[str, Any]:
    template = part(job, "spec", "template")
    about = {**metadata(template), "name": metadata(job)["name"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": about, "spec": template["spec"]}


def _is_forbidden_to_ask(problem: ApiProblem) -> bool:
    """Tell whether it is we who may not make pods, which nobody needs to; admission has other words."""
    return problem.status == 403 and "cannot create resource" in problem.message
