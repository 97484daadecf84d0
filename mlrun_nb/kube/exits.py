"""What the end of a pod's main container says, where nothing says more: its exit code, and the node's word for it."""

from __future__ import annotations

import re

from mlrun_nb._lib.records import Json
from mlrun_nb.kube.diagnosis import Finding
from mlrun_nb.kube.objects import JsonObject, name_of, part, parts
from mlrun_nb.kube.pods import MAIN, container_status, kubectl
from mlrun_nb.model.run import Fault
from mlrun_nb.runner.exit_codes import EXIT_CODES

RETRY = "Run it again with `mlrun-nb rerun`, or let it be retried: `--retries 3`."
_MORE_MEMORY = "Ask for more with `--memory`, or let it hold less at a time."
_FAULTS: dict[int, Fault] = {code: fault for fault, code in EXIT_CODES.items()}
STOPPED = frozenset({137, 143, EXIT_CODES["cancelled"]})
"""Exit codes of a container that was told to end: SIGKILL, SIGTERM, and our runner after SIGTERM."""
_NOT_EXECUTABLE = re.compile(r"^exec .+: (?:no such file or directory|exec format error|permission denied)")


def exit_code(pod: JsonObject) -> int | None:
    """Return the exit code of the main container; None where it did not run."""
    code = part(container_status(pod), "state", "terminated").get("exitCode")
    return code if isinstance(code, int) else None


def by_container(pod: JsonObject, *, is_deleted: bool, job: str) -> Finding:
    """Return why *pod* failed, as far as its main container shows it; *is_deleted* where somebody wanted its end."""
    ended = part(container_status(pod), "state", "terminated")
    code, reason = exit_code(pod), str(ended.get("reason") or "")
    name, evidence = name_of(pod), evidence_of(ended)
    if code is None:
        return Finding(
            cls="PodGone" if is_deleted else "NotStarted",
            summary=f"pod `{name}` of Job `{job}` {'was deleted' if is_deleted else 'failed before it had started'}",
            hint=RETRY if is_deleted else f"See what was tried: `{kubectl(pod)} describe pod {name}`.",
            evidence=evidence,
        )
    if reason == "OOMKilled" and code == 137:
        return _out_of_memory(pod, evidence)
    said = str(ended.get("message") or "")
    if reason in {"StartError", "ContainerCannotRun"} or code in {126, 127} or _NOT_EXECUTABLE.match(said):
        return _not_started(pod, said, evidence)
    if is_deleted and code in STOPPED:
        return Finding(
            cls="PodGone",
            summary=f"pod `{name}` of Job `{job}` was deleted by somebody",
            hint=RETRY,
            evidence=evidence,
        )
    if code in {137, 143}:
        return _killed(pod, code, evidence)
    return _exited(pod, code, ended, evidence)


def _out_of_memory(pod: JsonObject, evidence: dict[str, Json]) -> Finding:
    limit = _memory_limit(pod)
    which = f"its memory limit, `{limit}`" if limit else "the memory of its node"
    return Finding(
        cls="OutOfMemory",
        fault="resources",
        summary=f"pod `{name_of(pod)}` needed more than {which}",
        hint=_MORE_MEMORY,
        evidence=evidence,
    )


def _not_started(pod: JsonObject, said: str, evidence: dict[str, Json]) -> Finding:
    return Finding(
        cls="NotStarted",
        fault="request",
        summary=f"the command of pod `{name_of(pod)}` cannot be started in its image: {said or 'not found'}",
        hint="Name an image with Python, papermill and ipykernel: `--image NAME`.",
        evidence=evidence,
    )


def _memory_limit(pod: JsonObject) -> object:
    containers = [each for each in parts(pod, "spec", "containers") if each.get("name") == MAIN]
    return part(containers[0], "resources", "limits").get("memory") if containers else None


def _killed(pod: JsonObject, code: int, evidence: dict[str, Json]) -> Finding:
    look = f"See what its node says, `{kubectl(pod)} get events`; then run it again with `mlrun-nb rerun`."
    limit = _memory_limit(pod) if code == 137 else None  # a node that hears of the kill after the end does not tell
    return Finding(
        cls="RunnerKilled",
        fault="resources",
        summary=f"the runner in pod `{name_of(pod)}` was killed by {'SIGKILL' if code == 137 else 'SIGTERM'}",
        hint=f"{look} It may have reached its memory limit, `{limit}`: see `--memory-limit`." if limit else look,
        evidence=evidence,
    )


def _exited(pod: JsonObject, code: int, ended: JsonObject, evidence: dict[str, Json]) -> Finding:
    is_crash = code in {132, 134, 135, 136, 139}
    more = "; a process of it was killed at its memory limit" if ended.get("reason") == "OOMKilled" else ""
    return Finding(
        cls="RunnerCrashed" if is_crash else "RunnerFailed",
        fault="user" if is_crash else _FAULTS.get(code, "product"),
        summary=f"the runner in pod `{name_of(pod)}` ended with exit code {code} and no result{more}{said_by(ended)}",
        hint=_MORE_MEMORY if more else "Read the end of the run's log with `mlrun-nb logs`.",
        evidence=evidence,
    )


def said_by(ended: JsonObject) -> str:
    """Return the last line that a container left when it *ended*, to be put behind a sentence; empty without one."""
    lines = str(ended.get("message") or "").strip().splitlines()
    return f": {lines[-1][:200]}" if lines else ""


def evidence_of(ended: JsonObject) -> dict[str, Json]:
    """Return what of the state of an *ended* container was read."""
    names = ("exitCode", "reason", "message", "signal", "startedAt", "finishedAt")
    return {name: ended[name] for name in names if ended.get(name) is not None}
