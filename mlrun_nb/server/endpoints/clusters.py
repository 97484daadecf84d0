"""`/clusters`: the Dask clusters that runs start by themselves."""

from __future__ import annotations

from dataclasses import asdict
from importlib.util import find_spec

from mlrun_nb.commands import clusters as verbs
from mlrun_nb.model.cluster import Cluster
from mlrun_nb.server.dashboards import DashboardLinks
from mlrun_nb.server.route import Call, NoBody, Where
from mlrun_nb.server.shapes.clusters import (
    BeginCluster,
    ClusterRow,
    Clusters,
    EndAsked,
    ScaleCluster,
    UnknownCluster,
)
from mlrun_nb.services import clusters as service

_ENGINE, _WHERE = "dask", "this request"


def clusters(call: Call[Where, NoBody]) -> Clusters:
    """Return what stands, and what could not be asked."""
    found = list(service.standings(call.project))
    is_told = any(each.on == _ENGINE for each in found)
    return Clusters(
        clusters=tuple(_row(call.dashboards, each.on, each.cluster) for each in found if each.cluster is not None),
        unknown=tuple(
            UnknownCluster(on=each.on, error=each.error, hint=each.hint) for each in found if each.cluster is None
        ),
        vacant=not is_told and find_spec("distributed") is not None and service.is_vacant(call.project, _ENGINE),
    )


def begin(call: Call[Where, BeginCluster]) -> ClusterRow:
    """Begin a cluster, or find it."""
    body = call.body
    options = {
        "dask-workers": body.workers,
        "dask-worker-cpu": None if body.threads is None else str(body.threads),
        "dask-idle-timeout": body.idle_timeout,
    }
    return _told(call.dashboards, verbs.begin(call.project, body.on, options, where=_WHERE))


def scale(call: Call[Where, ScaleCluster]) -> ClusterRow:
    """Give it another number of workers."""
    body = call.body
    return _told(
        call.dashboards,
        verbs.scale(call.project, call.places["on"], body.workers, name=body.name, force=body.force, where=_WHERE),
    )


def end(call: Call[EndAsked, NoBody]) -> None:
    """End it; one that is gone already is no error."""
    service.end(call.project, call.places["on"], name=call.query.name, force=call.query.force)


def _told(links: DashboardLinks, standing: service.Standing) -> ClusterRow:
    assert standing.cluster is not None  # the verbs that change one return it
    return _row(links, standing.on, standing.cluster)


def _row(links: DashboardLinks, on: str, cluster: Cluster) -> ClusterRow:
    facts = asdict(cluster) | {"dashboard": links.of(cluster.dashboard)}
    return ClusterRow(on=on, **facts)
