"""
What a cluster holds of ours at one time: Jobs and their pods, each as last seen.

The informer and a single look (`take`) give the same record, so that whoever reads it need not know which it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from mlrun_nb.kube.objects import JOBS, MANAGED_BY, PODS, JsonObject, metadata, name_of, part, uid_of
from mlrun_nb.kube.transport import Api

_PREFIX = "batch.kubernetes.io/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    One object in the last state that was seen of it.

    `gone` is when it was found deleted, by the server's clock; None while it exists.
    """

    thing: JsonObject
    gone: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """
    Jobs by name, and pods by the name of their Job, oldest first.

    Deleted objects are among them for a while where an informer saw them go. `taken` is the server's clock at the last
    contact: what the snapshot says was true then. That a Job is not among them is no proof that it does not exist, only
    a reason to read it.
    """

    jobs: Mapping[str, Seen]
    pods: Mapping[str, tuple[Seen, ...]]
    taken: datetime

    def of(self, job: str) -> tuple[Seen | None, tuple[Seen, ...]]:
        """Return the Job named *job* and its pods; of a name that was used twice, those of the present Job only."""
        seen, pods = self.jobs.get(job), self.pods.get(job, ())
        if seen is None:
            return None, pods
        uid = uid_of(seen.thing)
        return seen, tuple(pod for pod in pods if _label(pod.thing, "controller-uid") in {uid, ""})


def make(jobs: Iterable[Seen], pods: Iterable[Seen], *, taken: datetime) -> Snapshot:
    """Return the snapshot of these objects; of two Jobs of one name the living, or later, one counts."""
    by_name: dict[str, Seen] = {}
    for job in sorted(jobs, key=lambda job: (job.gone is None, _age(job.thing))):
        by_name[name_of(job.thing)] = job
    by_job: dict[str, tuple[Seen, ...]] = {}
    for pod in sorted(pods, key=lambda pod: _age(pod.thing)):
        owner = _label(pod.thing, "job-name")
        by_job[owner] = (*by_job.get(owner, ()), pod)
    return Snapshot(jobs=by_name, pods=by_job, taken=taken)


def take(api: Api, labels: str = MANAGED_BY) -> Snapshot:
    """Return what one list of Jobs and one of pods say: two requests, for a process that does not stay."""
    jobs = [Seen(thing=each) for each in api.list(JOBS, labels=labels).items]
    pods = [Seen(thing=each) for each in api.list(PODS, labels=labels).items]
    return make(jobs, pods, taken=api.now())


def _label(pod: JsonObject, name: str) -> str:
    """Return the label *name* that the Job controller gave to *pod*; before Kubernetes 1.27 it had no prefix."""
    labels = part(pod, "metadata", "labels")
    return str(labels.get(_PREFIX + name) or labels.get(name) or "")


def _age(thing: JsonObject) -> tuple[str, str]:
    """Return what sorts objects by creation: times of the API are whole seconds in UTC, and sort as text."""
    return str(metadata(thing).get("creationTimestamp", "")), name_of(thing)
