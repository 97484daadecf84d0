"""The Dask cluster of a run's own: pure, and owned by the run's Job, with which it goes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from mlrun_nb.engines.kubernetes import dask_pods, manifest
from mlrun_nb.engines.kubernetes.names import dask_cluster, labels
from mlrun_nb.kube.objects import Resource
from mlrun_nb.model.quantities import cpu_cores
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Resources

IDLE_S = 3600
"""
How long a cluster without work stays, where nobody looks any more who would end it with its run. It counts for a run
under way too, so that it is long: a cell may have much to do between two computations.
"""


def objects(request: RunRequest, *, image: str, owner: Mapping[str, Any]) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """Yield what is to be made for the cluster of *request* once its Job *owner* is there."""
    settings = request.settings
    name = dask_cluster(owner["metadata"]["name"])
    about = {"name": name, "labels": labels(request), "ownerReferences": [manifest.reference(owner)]}
    each, memory = settings.dask_worker_cpu, settings.dask_worker_memory
    shape = dask_pods.Shape(
        settings=settings,
        image=image,
        worker=Resources(cpu=each, memory=memory, memory_limit=memory),
        threads=math.ceil(cpu_cores(each)) if each else 0,
    )
    least, most = settings.dask_workers[0], settings.dask_workers[-1]
    return dask_pods.objects(shape, about, least=least, most=most, idle_s=IDLE_S)
