"""What the status of a pod says, read once for all who ask."""

from __future__ import annotations

from mlrun_nb.kube.objects import JsonObject, part, parts


def container_status(pod: JsonObject, container: str = "main") -> JsonObject:
    """Return the status of *container*; empty as long as the node has not reported it."""
    every = [*parts(pod, "status", "containerStatuses"), *parts(pod, "status", "initContainerStatuses")]
    return next((each for each in every if each.get("name") == container), {})


def has_ended(pod: JsonObject, container: str = "main") -> bool:
    """Tell whether *container* has terminated and will not be started again."""
    if part(pod, "status").get("phase") in {"Succeeded", "Failed"}:
        return True
    is_terminated = "terminated" in part(container_status(pod, container), "state")
    return is_terminated and part(pod, "spec").get("restartPolicy") == "Never"
