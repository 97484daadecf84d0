"""
What the API server says to a run before it is sent: it checks and defaults all of it, and keeps nothing.

A Job is taken although its pod will be refused, so that the pod is asked about as well where we may: quotas, limits,
Pod Security and the names of accounts and classes are checked only when a pod is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlrun_nb.engines.kubernetes import manifest
from mlrun_nb.engines.kubernetes.delivery import Delivery
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.errors import EngineRejected
from mlrun_nb.kube.objects import CONFIG_MAPS, JOBS, PODS, SERVICES, Resource, metadata, name_of, part
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.refusals import refusal
from mlrun_nb.kube.transport import Api
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import RunRequest

POD_SECURITY = "would violate PodSecurity"
"""How a warning about Pod Security begins. Source: Kubernetes, `Pod Security Admission`."""
OTHER_LEVEL = "Leave out what it names, of `pod-patch` or `volume`, or use a namespace of another level."
_NOBODY: Mapping[str, Any] = {"metadata": {"name": "", "uid": ""}}


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
    job = manifest.job(request, image=order.image, nonce=order.nonce, way=order.way)
    warnings: list[str] = []
    for resource, thing in (JOBS, job), *_beside(request), (PODS, _pod(job)):
        try:
            warnings += api.post(resource, thing, dry_run=True).warnings
        except ApiProblem as err:
            if resource is not PODS or not _is_forbidden_to_ask(err):
                said = refusal(err, what=_called(thing), namespace=api.namespace)
                raise EngineRejected(said.summary, hint=said.hint) from err
            with_pod = False
    return Taken(warnings=tuple(dict.fromkeys(warnings)), with_pod=with_pod)


def _called(thing: Mapping[str, Any]) -> str:
    return f"{thing['kind']} `{name_of(thing)}`"


def _beside(request: RunRequest) -> Iterator[tuple[Resource, Mapping[str, Any]]]:
    """Yield what the Job would own, which has no owner as long as there is none."""
    yield CONFIG_MAPS, _without_owner(manifest.config_map(request, Delivery(files={}), owner=_NOBODY))
    if (request.settings.placement.replicas or 1) > 1:
        yield SERVICES, _without_owner(manifest.service(request, owner=_NOBODY))


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
