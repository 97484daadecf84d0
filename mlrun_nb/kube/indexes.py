"""
An Indexed Job as each of its indexes sees it: a Job of its own, with one pod at a time. Pure.

Whatever reads a Job and its pods can so be used for one index of many, without knowing of the others.
Source: Kubernetes Job API, `status.completedIndexes`, `spec.backoffLimitPerIndex`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mlrun_nb.kube.attempts import is_true, wanted_pods
from mlrun_nb.kube.objects import JsonObject, metadata, part, parts
from mlrun_nb.kube.pods import INDEX, Stage, completion_index, stage_of
from mlrun_nb.kube.snapshot import Seen

_OF_ALL = frozenset({"SuccessCriteriaMet", "Complete", "FailureTarget", "Failed"})
_OPEN = frozenset({Stage.WAITING, Stage.RUNNING, Stage.ENDING})


class Indexed:
    """*job*, None where it does not exist, and its *pods*, oldest first, divided by index."""

    def __init__(self, job: Seen | None, pods: Sequence[Seen]) -> None:
        self.job, self.pods = job, pods
        self._by_index: dict[int, list[Seen]] = {}
        for pod in pods:
            self._by_index.setdefault(completion_index(pod.thing), []).append(pod)
        status = part(job.thing, "status") if job is not None else {}
        self._completed = indexes(str(status.get("completedIndexes") or ""))
        self._failed = indexes(str(status.get("failedIndexes") or ""))

    def of(self, index: int) -> tuple[Seen | None, tuple[Seen, ...]]:
        """Return the Job and the pods as *index* sees them."""
        pods = tuple(replace(pod, thing=_alone(pod.thing)) for pod in self._by_index.get(index, ()))
        return (replace(self.job, thing=self._job_of(index)) if self.job is not None else None), pods

    def waits(self, index: int) -> bool:
        """Tell whether *index* has to wait until another one has ended: so many are under way as may be."""
        job = self.job
        if job is None or job.gone is not None or index in self._by_index or index in self._completed | self._failed:
            return False
        if is_true(job.thing, *_OF_ALL, "Suspended"):
            return False
        return sum(stage_of(pod) in _OPEN for pod in self.pods) >= wanted_pods(job.thing)

    def _job_of(self, index: int) -> dict[str, Any]:
        assert self.job is not None
        job = self.job.thing
        spec = {name: value for name, value in part(job, "spec").items() if name != "completionMode"}
        status = {"conditions": self._conditions(job, index)}
        return {**job, "spec": {**spec, "completions": 1, "parallelism": 1}, "status": status}

    def _conditions(self, job: JsonObject, index: int) -> Sequence[JsonObject]:
        """Return the conditions of *job*, with what *index* came to in the place of what all of them did."""
        told = parts(job, "status", "conditions")
        apart = [each for each in told if each.get("type") not in _OF_ALL]
        if index in self._completed:
            return [*apart, {"type": "Complete", "status": "True", "reason": "CompletionsReached"}]
        if index in self._failed:
            return [*apart, {"type": "Failed", "status": "True", "reason": "FailedIndexes"}]
        return told


def indexes(text: str) -> frozenset[int]:
    """Return the indexes that *text*, such as `0,3-5`, names."""
    found: set[int] = set()
    for item in filter(None, text.split(",")):
        first, _, last = item.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(found)


def _alone(pod: JsonObject) -> dict[str, Any]:
    """Return *pod* without its index."""
    about: dict[str, Any] = dict(metadata(pod))
    for kind in ("annotations", "labels"):
        marks: Mapping[str, Any] = part(about, kind)
        about[kind] = {name: value for name, value in marks.items() if name != INDEX}
    return {**pod, "metadata": about}
