"""What `doctor` finds of a cluster: whether it is reached, what we may do there, and what it says to a run's Job."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version

from mlrun_nb._lib.shell import quoted
from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.engines.kubernetes.access import RIGHTS, Right
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.engines.kubernetes.probe import probed
from mlrun_nb.engines.kubernetes.validation import OTHER_LEVEL, POD_SECURITY, ask
from mlrun_nb.errors import EngineError, MlrunNbError
from mlrun_nb.kube.objects import ACCESS_REVIEWS, CONFIG_MAPS, JOBS, part
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.transport import Api
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.run import RunRequest

_ANY_IMAGE = "python:3.12-slim"
"""What the Job is tried with where none is named, which is said in its own line."""
_LONGEST_UID = 36
_WHOAMI = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


def examine(api: Api, request: RunRequest, order: Order, *, probe: bool) -> Iterator[Finding]:
    """Yield findings, what others stand on first; with *probe* also what a pod finds."""
    missing = yield from standing(api, RIGHTS)
    if missing is None or any(verb == "create" and right.resource in {JOBS, CONFIG_MAPS} for right, verb in missing):
        return  # what follows is asked by creating
    yield from _sent(api, request, order)
    if local_path(request.artifacts) is not None:
        yield Finding(
            name="artifacts",
            ok=True if order.shared else None,
            text="in a volume that pods share with this machine"
            if order.shared
            else "no object store: outputs come home through the log of the pod, 8 MB of them at the most",
            hint="" if order.shared else "Set `artifacts: s3://bucket/folder` in project.yaml for larger ones.",
        )
    if probe:
        yield from probed(api, request, order)


def standing(api: Api, rights: Sequence[Right]) -> Generator[Finding, None, list[tuple[Right, str]] | None]:
    """
    Yield whether the cluster is reached, as whom, and which of *rights* are missing.

    Returns those with each verb that is missing, None where the cluster is not reached.
    """
    try:
        yield from _cluster(api)
        user = _whoami(api)
        yield Finding(name="user", ok=True, text=user or "known to the server, which does not say under what name")
        missing = [(right, verb) for right in rights for verb in right.verbs if not _may(api, right, verb)]
    except (MlrunNbError, ApiProblem) as err:
        yield _unreached(err)
        return None
    yield _permissions(api, rights, missing, user)
    return missing


def _unreached(err: MlrunNbError | ApiProblem) -> Finding:
    if isinstance(err, MlrunNbError):
        return Finding(name="cluster", ok=False, text=err.message, hint=err.hint)
    return Finding(
        name="cluster",
        ok=False,
        text=f"the API server answers that {err.message or err.reason}",
        hint="See as whom you are known there: `kubectl auth whoami`.",
    )


def _cluster(api: Api) -> Iterator[Finding]:
    uid = api.cluster_uid()
    release = str(api.request("GET", "/version").body.get("gitVersion", "of an unknown release"))
    known = uid if len(uid) <= _LONGEST_UID else f"{uid[:_LONGEST_UID]}…"
    place = f"context `{api.context}`" if api.context else "the cluster of this pod"
    yield Finding(name="cluster", ok=True, text=f"{place} at {api.server}, {known}")
    yield Finding(name="versions", ok=True, text=f"server {release}, client library {version('kubernetes')}")


def _whoami(api: Api) -> str:
    try:
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
        answer = api.request("POST", _WHOAMI, body=body, repeat=True).body
    except ApiProblem:  # before Kubernetes 1.28 nobody told
        return ""
    return str(part(answer, "status", "userInfo").get("username", ""))


def _may(api: Api, right: Right, verb: str) -> bool:
    wanted = {
        "namespace": api.namespace,
        "verb": verb,
        "group": right.resource.group,
        "resource": right.resource.plural,
        "subresource": right.subresource,
    }
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": wanted},
    }
    answer = api.request("POST", ACCESS_REVIEWS.path(""), body=body, repeat=True).body
    return bool(part(answer, "status").get("allowed"))


def _permissions(api: Api, rights: Sequence[Right], missing: list[tuple[Right, str]], user: str) -> Finding:
    if not missing:
        count = sum(len(right.verbs) for right in rights)
        return Finding(name="permissions", ok=True, text=f"all {count} that runs need in namespace `{api.namespace}`")
    verbs = {right.target: [verb for each, verb in missing if each is right] for right, _ in missing}
    text = ", ".join(f"{' '.join(verbs)} on {target}" for target, verbs in verbs.items())
    return Finding(
        name="permissions",
        ok=False,
        text=f"missing in namespace `{api.namespace}`: {text}",
        hint=f"Have an administrator apply what this prints: `{_command(api.namespace, user)}`.",
    )


def _command(namespace: str, user: str) -> str:
    """Return the command whose output gives *user* what runs need."""
    account = user.removeprefix("system:serviceaccount:") if user.startswith("system:serviceaccount:") else ""
    who = ("--service-account", account) if account else ("--user", user) if user else ()
    return quoted("mlrun-nb", "k8s", "rbac", "--namespace", namespace, *who)


def _sent(api: Api, request: RunRequest, order: Order) -> Iterator[Finding]:
    try:
        taken = ask(api, request, replace(order, image=order.image or _ANY_IMAGE))
    except EngineError as err:
        yield Finding(name="manifest", ok=False, text=err.message, hint=err.hint)
        return
    yield Finding(name="manifest", ok=True, text="the server takes the Job of a run, tried without keeping it")
    found = next((text for text in taken.warnings if POD_SECURITY in text), "")
    may_be_refused = bool(found) and not taken.with_pod
    yield Finding(
        name="pod security",
        ok=not may_be_refused,
        text=found or "no warning",
        hint=OTHER_LEVEL if may_be_refused else "",
    )
    for text in taken.warnings:
        if text != found:
            yield Finding(name="warning", ok=True, text=text)
