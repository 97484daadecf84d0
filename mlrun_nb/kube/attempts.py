"""
Whether the Job controller will start another pod after one that failed, and how many there have been.

Source: Kubernetes Job API, `spec.backoffLimit`, `spec.backoffLimitPerIndex`, `spec.podFailurePolicy`.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.kube.objects import JsonObject, condition, metadata, part, parts
from mlrun_nb.kube.pods import Stage, completion_index, container_statuses, is_deleted, stage_of
from mlrun_nb.kube.snapshot import Seen

_DEFAULT_LIMIT = 6


def is_true(thing: JsonObject, *kinds: str) -> JsonObject | None:
    """Return the first of the conditions *kinds* of *thing* that is true."""
    for kind in kinds:
        found = condition(thing, kind)
        if found is not None and found.get("status") == "True":
            return found
    return None


def has_another(job: JsonObject, pods: Sequence[Seen], pod: Seen) -> bool:
    """
    Tell whether a pod may take the place of *pod*, which has failed or vanished.

    One that was deleted may have been for any reason, a suspension among them: then the Job itself has to say.
    """
    if is_true(job, "FailureTarget", "Failed") or metadata(job).get("deletionTimestamp"):
        return False
    action = policy_action(job, pod.thing)
    if action in {"FailJob", "FailIndex"}:
        return False
    if action == "Ignore" or is_deleted(pod):
        return True
    counted = [each for each in pods if stage_of(each) is Stage.FAILED and not is_deleted(each)]
    counted = [each for each in counted if policy_action(job, each.thing) != "Ignore"]
    spec = part(job, "spec")
    if (limit := spec.get("backoffLimitPerIndex")) is not None:
        index = completion_index(pod.thing)
        return len([each for each in counted if completion_index(each.thing) == index]) <= int(limit)
    return max(len(counted), _failed(job)) <= int(spec.get("backoffLimit", _DEFAULT_LIMIT))


def wanted_pods(job: JsonObject) -> int:
    """Return how many pods *job* wants at a time: several only for an Indexed one."""
    spec = part(job, "spec")
    if spec.get("completionMode") != "Indexed":
        return 1
    return min(int(spec.get("parallelism", 1)), int(spec.get("completions", 1)))


def completions(job: JsonObject) -> int:
    """Return how many pods of *job* have to succeed."""
    return int(part(job, "spec").get("completions") or 1)


def _failed(job: JsonObject) -> int:
    return int(part(job, "status").get("failed") or 0)


def attempt_of(job: JsonObject, pods: Sequence[Seen]) -> int:
    """Return the number of the present attempt, from 1: by the pods in sight and by those that the Job counted."""
    first = [pod for pod in pods if completion_index(pod.thing) == 0]
    status = part(job, "status")
    is_indexed = part(job, "spec").get("completionMode") == "Indexed"
    counted = 0 if is_indexed else _failed(job) + int(status.get("active") or 0)
    return max(1, len(first), counted)


def policy_action(job: JsonObject, pod: JsonObject) -> str:
    """Return what the Job's failure policy says of *pod*: the action of the first rule that matches, else empty."""
    for rule in parts(job, "spec", "podFailurePolicy", "rules"):
        if _matches_exit(part(rule, "onExitCodes"), pod) or _matches_condition(parts(rule, "onPodConditions"), pod):
            return str(rule.get("action"))
    return ""


def _matches_exit(rule: JsonObject, pod: JsonObject) -> bool:
    name, values = rule.get("containerName"), rule.get("values", [])
    codes = [
        part(status, "state", "terminated").get("exitCode")
        for status in container_statuses(pod)
        if name in {None, status.get("name")}
    ]
    is_in = rule.get("operator") == "In"
    return bool(rule) and any(code and (code in values) == is_in for code in codes)


def _matches_condition(rules: Sequence[JsonObject], pod: JsonObject) -> bool:
    found = {(str(each.get("type")), str(each.get("status"))) for each in parts(pod, "status", "conditions")}
    return any((str(rule.get("type")), str(rule.get("status", "True"))) in found for rule in rules)
