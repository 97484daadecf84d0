"""Why the API server, or the Job controller for a pod, would not make an object: both use the same words."""

from __future__ import annotations

import re
from typing import NamedTuple

from mlrun_nb._lib.nearness import some
from mlrun_nb._lib.records import Json
from mlrun_nb.kube.diagnosis import Finding
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.model.run import Fault


class _Ground(NamedTuple):
    """A ground for refusing: its class, whose move it is, the server's words for it, what to do."""

    cls: str
    fault: Fault
    words: str
    hint: str


_NOISE = re.compile(r'^Error creating: pods "[^"]*" is forbidden: |^Error creating: ')
_GROUNDS = (
    _Ground(
        "QuotaExceeded",
        "resources",
        r"exceeded quota: ([^,]+)|failed quota: ([^:]+)",
        "Wait until other runs end, or ask for less: `{kubectl} describe quota {name}` shows what is used.",
    ),
    _Ground(
        "LimitExceeded",
        "request",
        r"(?:maximum|minimum) \S+ usage per|limit to request ratio",
        "Ask for what the namespace allows, with `--cpu` or `--memory`: `{kubectl} describe limitrange` shows it.",
    ),
    _Ground(
        "PodSecurity",
        "environment",
        r"violates PodSecurity \"([^\"]+)\"",
        "Take out of `pod_patch` what the level `{name}` forbids, or use a namespace of another level.",
    ),
    _Ground(
        "ServiceAccountMissing",
        "request",
        r"serviceaccount \"([^\"]+)\" not found",
        "Make it, `{kubectl} create serviceaccount {name}`, or name another with `--service-account`.",
    ),
    _Ground(
        "PriorityClassMissing",
        "request",
        r"no PriorityClass with name (\S+) was found",
        "Name another with `--priority-class`: `kubectl get priorityclasses` shows them.",
    ),
    _Ground(
        "NamespaceMissing",
        "request",
        r"namespaces \"([^\"]+)\" not found",
        "Make it, `kubectl create namespace {name}`, or set another `namespace` in the profile.",
    ),
    _Ground(
        "NamespaceEnding",
        "environment",
        r"because it is being terminated",
        "Wait until it is gone and made again, or set another `namespace` in the profile.",
    ),
    _Ground(
        "Forbidden",
        "environment",
        r"User \"([^\"]+)\" cannot \S+ resource",
        "Ask who runs the cluster to allow it: `mlrun-nb k8s rbac` prints the role that is needed.",
    ),
    _Ground(
        "Rejected",
        "environment",
        r"admission webhook \"([^\"]+)\" denied|ValidatingAdmissionPolicy '([^']+)'",
        "Change what the rule `{name}` objects to, or ask who runs the cluster.",
    ),
)


def refusal(problem: ApiProblem, *, what: str, namespace: str = "") -> Finding:
    """Return why *what*, such as "Job `mlrun-train-…`", was refused in *namespace*."""
    evidence: dict[str, Json] = {"status": problem.status, "reason": problem.reason, "message": problem.message}
    known = _known(problem.message, namespace)
    if known is not None:
        ground, hint = known
        return Finding(
            cls=ground.cls,
            fault=ground.fault,
            summary=f"{what} was refused: {problem.message}",
            hint=hint,
            evidence=evidence,
        )
    fields = [f"`{cause['field']}`" for cause in problem.causes if cause.get("field")]
    is_invalid = problem.status in {400, 413, 422}
    return Finding(
        cls="InvalidSpec" if is_invalid else "Rejected",
        fault="request" if is_invalid else "environment",
        summary=f"{what} was refused: {problem.message}",
        hint=f"Correct {some(fields) if fields else 'what it names'}, in the options or in `pod_patch`."
        if is_invalid
        else "Ask who runs the cluster, with this message.",
        evidence=evidence,
    )


def refusal_of_pods(message: str, *, what: str, namespace: str = "") -> Finding:
    """Return why no pod can be made for *what*, a Job, by the *message* of its event `FailedCreate`."""
    said = _NOISE.sub("", message)
    ground, hint = _known(said, namespace) or (None, "Ask who runs the cluster, with this message.")
    return Finding(
        cls=ground.cls if ground else "Rejected",
        fault=ground.fault if ground else "environment",
        summary=f"{what} gets no pod: {said}",
        hint=hint,
        evidence={"message": message},
    )


def _known(message: str, namespace: str) -> tuple[_Ground, str] | None:
    """Return the ground that *message* names, and the hint that goes with it."""
    kubectl = f"kubectl -n {namespace}" if namespace else "kubectl"
    for ground in _GROUNDS:
        if match := re.search(ground.words, message):
            name = next((text for text in match.groups() if text), "")
            return ground, ground.hint.format(name=name, kubectl=kubectl)
    return None
