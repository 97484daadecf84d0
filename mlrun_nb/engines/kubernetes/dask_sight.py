"""What keeps a Dask cluster from being there, one run's own or that of many, in the words for a run's own pod."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mlrun_nb.kube.diagnosis import Diagnosis, Grace
from mlrun_nb.kube.objects import JsonObject, metadata, name_of, part
from mlrun_nb.kube.pods import container_statuses
from mlrun_nb.kube.snapshot import Seen, Snapshot
from mlrun_nb.kube.waiting import waiting

_ENDED = frozenset({"RunnerFailed", "RunnerCrashed"})
_CLUSTER, _COMPONENT = "dask.org/cluster-name", "dask.org/component"


def pods_of(snapshot: Snapshot, cluster: str) -> tuple[Seen, ...]:
    """Return the pods of a *cluster* that are there: they carry our labels, and belong to no Job."""
    if not cluster:
        return ()
    return tuple(pod for pod in snapshot.pods.get("", ()) if pod.gone is None and _label(pod, _CLUSTER) == cluster)


def trouble(pods: Sequence[Seen], events: Sequence[JsonObject], *, now: datetime, grace: Grace) -> Diagnosis | None:
    """Return why one of *pods* does not run that should, the scheduler's before those of workers; None where all do."""
    for pod in sorted(pods, key=is_worker):
        if is_down(pod):
            told = waiting(pod, events, job=name_of(pod.thing), now=now, grace=grace)
            if told.cls in _ENDED:
                return _ends(told)
            if told.cls:
                return replace(told, hint=_of_worker(told.hint)) if is_worker(pod) else told
    return None


def is_down(pod: Seen) -> bool:
    """Tell whether a container of *pod* does not run."""
    found = container_statuses(pod.thing)
    return not found or not all(part(each, "state").get("running") for each in found)


def is_worker(pod: Seen) -> bool:
    """Tell whether *pod* of a cluster is a worker's, and not the scheduler's."""
    return _label(pod, _COMPONENT) == "worker"


def _ends(told: Diagnosis) -> Diagnosis:
    """Return what it comes to that the container of a cluster ends again and again: Dask itself does not start."""
    summary = told.summary.replace("the runner in pod", "Dask in pod").replace(" and no result", "")
    hint = f"Name an image with `distributed`, `--image NAME`, or read what it says: `kubectl logs {told.pod}`."
    return replace(told, cls="NotStarted", fault="environment", summary=summary, hint=hint)


def _of_worker(hint: str) -> str:
    """Return *hint* with the options of workers in the place of the run's own."""
    return hint.replace("--memory", "--dask-worker-memory").replace("--cpu", "--dask-worker-cpu")


def _label(pod: Seen, name: str) -> str:
    return str(part(metadata(pod.thing), "labels").get(name, ""))
