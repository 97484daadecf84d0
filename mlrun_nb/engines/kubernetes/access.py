"""
What whoever submits and watches runs may do in a namespace, and the RBAC objects that give exactly that: pure.

Nothing on Secrets: a pod names those that it needs, and the kubelet reads them. The pod of a run needs no rights at all
and gets no token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from mlrun_nb.engines.kubernetes.names import slug
from mlrun_nb.errors import OptionError
from mlrun_nb.kube.objects import (
    CONFIG_MAPS,
    DASK_AUTOSCALERS,
    DASK_CLUSTERS,
    EVENTS,
    JOBS,
    PODS,
    SERVICES,
    Resource,
)

ROLE = "mlrun-nb"
_RBAC = "rbac.authorization.k8s.io"
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
"""A label of DNS, which the name of a namespace is. Source: Kubernetes, `Object Names and IDs`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Verbs on a resource, or on a `subresource` of it, in one namespace, and what the engine needs them for."""

    resource: Resource
    verbs: tuple[str, ...]
    purpose: str
    subresource: str = ""

    @property
    def target(self) -> str:
        """What a Role calls it: `jobs`, `pods/log`."""
        return "/".join(part for part in (self.resource.plural, self.subresource) if part)


RIGHTS = (
    Right(resource=JOBS, verbs=("create", "get", "list", "watch", "delete"), purpose="a run is a Job"),
    Right(resource=PODS, verbs=("get", "list", "watch", "delete"), purpose="where a run stands, and to end it"),
    Right(resource=PODS, subresource="log", verbs=("get",), purpose="what a run prints, and what comes home that way"),
    Right(resource=EVENTS, verbs=("list",), purpose="why a run does not start"),
    Right(resource=CONFIG_MAPS, verbs=("create", "get"), purpose="what travels with a run"),
    Right(resource=SERVICES, verbs=("create", "get"), purpose="how replicas find each other"),
)
"""All that the engine does in a namespace for any run."""
DASK_RIGHTS = (
    Right(
        resource=DASK_CLUSTERS, verbs=("create", "get", "list", "delete"), purpose="Dask clusters, of a run or of many"
    ),
    Right(resource=DASK_AUTOSCALERS, verbs=("create", "get", "patch"), purpose="how many workers it has"),
)
"""The same for a run that has a Dask cluster; a Role may speak of kinds that its cluster does not know."""
FORWARD_RIGHTS = (
    Right(
        resource=PODS,
        subresource="portforward",
        verbs=("create", "get"),
        purpose="the way to a scheduler where Services are not reached",
    ),
)
"""The same for who is outside the network of the pods. Reading is asked for too: a web socket begins as a GET."""
SHARED_RIGHTS = (
    *DASK_RIGHTS,
    Right(resource=JOBS, verbs=("list", "watch"), purpose="watched beside pods"),
    Right(resource=PODS, verbs=("list", "watch"), purpose="how the cluster stands"),
    Right(resource=SERVICES, verbs=("get",), purpose="where its scheduler listens"),
    Right(resource=EVENTS, verbs=("list",), purpose="why a pod does not start"),
)
"""What runs on a shared Dask cluster need; they are no Jobs."""
_ALL = (*RIGHTS, *DASK_RIGHTS, *FORWARD_RIGHTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who gets the rights: a user as the API server knows them, or with `namespace` a ServiceAccount there."""

    name: str
    namespace: str = ""


def service_account(text: str, namespace: str) -> Subject:
    """Return the account that *text*, `NAME` or `NAMESPACE:NAME`, means to runs in *namespace*; raises OptionError."""
    place, colon, name = text.rpartition(":")
    place = place if colon else namespace
    for part in (place, *name.split(".")):
        if not _NAME.fullmatch(part):
            raise OptionError(
                f"`{text}` cannot name a ServiceAccount",
                hint="Write its name, or `NAMESPACE:NAME` for one of another namespace: `jupyterhub:notebook`."
                if not colon
                else f"Write `{slug(place) or 'namespace'}:{slug(name) or 'name'}`.",
            )
    return Subject(name=name, namespace=place)


def check_namespace(name: str) -> str:
    """Return *name*; raises OptionError where no namespace can have it."""
    if not _NAME.fullmatch(name):
        raise OptionError(
            f"`{name}` cannot name a namespace",
            hint=f"Write small letters, digits and `-`, 63 at most: `{slug(name)[:63].strip('-') or 'team-a'}`.",
        )
    return name


def manifests(namespace: str, subject: Subject | None) -> list[dict[str, Any]]:
    """
    Return the Role for runs in *namespace* and, with a *subject*, the RoleBinding that gives it.

    A ServiceAccount of the same namespace comes first; one of another is there already.
    """
    role: dict[str, Any] = {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "Role",
        "metadata": _metadata(ROLE, namespace),
        "rules": [
            {"apiGroups": [right.resource.group], "resources": [right.target], "verbs": list(right.verbs)}
            for right in _ALL
        ],
    }
    if subject is None:
        return [role]
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _metadata(subject.name, namespace)}
    return [*([account] if subject.namespace == namespace else []), role, _binding(namespace, subject)]


def as_yaml(namespace: str, subject: Subject | None) -> str:
    """Return the manifests as YAML for `kubectl apply`, with what each right is for."""
    width = max(len(right.target) for right in _ALL)
    text = "# What `mlrun-nb` does in a namespace, and nothing else:\n"
    text += "".join(f"#   {right.target:<{width}}  {right.purpose}\n" for right in _ALL)
    text += "---\n".join(_dumped(each) for each in manifests(namespace, subject))
    if subject is None:
        text += (
            "# To give it to somebody:\n"
            f"#   kubectl create rolebinding {ROLE}-ana --namespace {namespace} --role {ROLE} --user ana\n"
        )
    return text


def _binding(namespace: str, subject: Subject) -> dict[str, Any]:
    who: dict[str, str] = (
        {"kind": "ServiceAccount", "name": subject.name, "namespace": subject.namespace}
        if subject.namespace
        else {"kind": "User", "name": subject.name, "apiGroup": _RBAC}
    )
    place = f"{subject.namespace}-" if subject.namespace not in {"", namespace} else ""
    return {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": _metadata(
            f"{ROLE}-{place}{slug(subject.name)}", namespace
        ),  # one for each: `apply` takes none away
        "roleRef": {"apiGroup": _RBAC, "kind": "Role", "name": ROLE},
        "subjects": [who],
    }


def _metadata(name: str, namespace: str) -> dict[str, Any]:
    return {"name": name, "namespace": namespace}


def _dumped(thing: dict[str, Any]) -> str:
    return yaml.safe_dump(thing, sort_keys=False, width=120, allow_unicode=True, default_flow_style=None)
