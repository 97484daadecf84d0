"""
From a request to a Job that is there: two requests to the cluster, each of which can be repeated.

The Job comes first and owns what is made after it, so that whatever ends us between two requests leaves nothing behind:
a pod waits for its ConfigMap, and whoever submits the run again brings it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.engines.kubernetes import dask_cluster, dask_pods, manifest
from mlrun_nb.engines.kubernetes.cluster import Cluster, rejected
from mlrun_nb.engines.kubernetes.delivery import ARCHIVE, Delivery
from mlrun_nb.engines.kubernetes.names import RUN_LABEL
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.errors import EngineRejected
from mlrun_nb.kube.objects import CONFIG_MAPS, JOBS, SERVICES, JsonObject, Resource, metadata, name_of
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.model.run import RunRequest


def send(
    cluster: Cluster, request: RunRequest, order: Order, delivery: Delivery, points: manifest.Points | None = None
) -> None:
    """
    Make sure that the Job of *request*, or of *points* of a sweep, and what it owns are there.

    Raises EngineError and ArtifactError.
    """
    if delivery.stored is not None:
        open_folder(order.url).write(ARCHIVE, delivery.stored)
    wanted = manifest.job(request, name=order.job, image=order.image, nonce=order.nonce, way=order.way, points=points)
    job = _created(cluster, JOBS, wanted)
    if metadata(job).get("labels", {}).get(RUN_LABEL) != request.id:
        raise EngineRejected(
            f"namespace `{cluster.api.namespace}` has a Job `{order.job}` that is not run {request.id}",
            hint=f"Delete it, `kubectl delete job {order.job}`, and run again.",
        )
    try:
        _created(cluster, CONFIG_MAPS, manifest.config_map(request, delivery, owner=job))
        if (request.settings.placement.replicas or 1) > 1:
            _created(cluster, SERVICES, manifest.service(request, owner=job))
        if request.settings.own_workers:
            for resource, wanted in dask_cluster.objects(request, image=order.image, owner=job):
                _created(cluster, resource, wanted)
    except EngineRejected:
        cluster.api.delete(JOBS, order.job)
        raise


def _created(cluster: Cluster, resource: Resource, wanted: dict[str, Any]) -> JsonObject:
    """Return the object that was made, or the one of its name that is there."""
    try:
        return cluster.api.post(resource, wanted, repeat=True).body
    except ApiProblem as err:
        dask_pods.check_operator(err, resource)
        if err.status != 409:
            raise rejected(err, what=called(wanted), namespace=cluster.api.namespace) from err
    try:
        return cluster.api.get(resource, wanted["metadata"]["name"])
    except ApiProblem as err:
        raise rejected(err, what=called(wanted), namespace=cluster.api.namespace) from err


def called(thing: Mapping[str, Any]) -> str:
    """Return what messages call an object."""
    return f"{thing['kind']} `{name_of(thing)}`"
