"""What keeps a cluster on Kubernetes, or a worker of it, from being there: by its pods, and by the lack of them."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.engines.dask.kubernetes.place import Place
from mlrun_nb.engines.kubernetes.dask_pods import INSTALL
from mlrun_nb.engines.kubernetes.dask_sight import is_down, trouble
from mlrun_nb.kube.diagnosis import Diagnosis, Grace, JobState, found, is_over
from mlrun_nb.kube.objects import JsonObject, metadata, name_of, part, time_of
from mlrun_nb.kube.refusals import refusal_of_pods
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.model.states import PendingPhase

_SILENT_S = 20.0
"""How long the operator may take to say anything of a new cluster before it is taken to be away."""


def hindrance(place: Place, cluster: JsonObject) -> Diagnosis | None:
    """Return why *cluster* is not there, or not all of it, an empty class where it is on its way; None where it is."""
    name = name_of(cluster)
    pods = place.pods(name)
    down = [pod for pod in pods if is_down(pod)]
    if pods and not down:
        return None
    events = place.watched.warnings_about({name_of(pod.thing) for pod in down}) if down else ()
    told = trouble(down, events, now=place.api.now(), grace=Grace())
    return told or _of_pods_to_come(place, cluster, pods)


def _of_pods_to_come(place: Place, cluster: JsonObject, pods: Sequence[Seen]) -> Diagnosis:
    """Return what is known of a cluster whose pods are starting, or not made yet."""
    name, namespace = name_of(cluster), place.api.namespace
    words = f"the pods of DaskCluster `{name}` are {'starting' if pods else 'being made'}"
    told = Diagnosis(state=JobState.PENDING, phase=PendingPhase.STARTING, summary=words)
    if pods:
        return told
    if refused := place.refused_pods(name):
        return found(refusal_of_pods(refused, what=f"DaskCluster `{name}`", namespace=namespace), told)
    since = time_of(metadata(cluster).get("creationTimestamp"))
    if part(cluster, "status") or not is_over(since, _SILENT_S, place.api.now()):
        return told
    return Diagnosis(
        state=JobState.PENDING,
        phase=PendingPhase.STARTING,
        cls="OperatorSilent",
        summary=f"the Dask operator has not taken up DaskCluster `{name}`",
        hint=f"See whether it runs, `kubectl get pods -A | grep dask`, and whether it may look at namespace "
        f"`{namespace}`; this installs it: `{INSTALL}`.",
    )
