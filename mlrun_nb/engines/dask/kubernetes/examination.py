"""
What `doctor` finds of a cluster on Kubernetes: what we may do there, whether the Dask operator is there and at work.

The operator lives in a namespace that we need not see: that it works is known by what it says of a cluster of ours.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlrun_nb.engines.dask.clusters import Clusters
from mlrun_nb.engines.dask.examination import looked_at
from mlrun_nb.engines.dask.kubernetes.hindrance import hindrance
from mlrun_nb.engines.dask.kubernetes.place import Place
from mlrun_nb.engines.dask.kubernetes.runs import Runs
from mlrun_nb.engines.dask.kubernetes.shape import Plan, plan_for, target_for
from mlrun_nb.engines.kubernetes.access import FORWARD_RIGHTS, SHARED_RIGHTS
from mlrun_nb.engines.kubernetes.dask_pods import INSTALL
from mlrun_nb.engines.kubernetes.examination import standing
from mlrun_nb.errors import EngineError
from mlrun_nb.kube.objects import DASK_CLUSTERS, part
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.transport import Api
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.run import RunRequest

_KINDS = f"/apis/{DASK_CLUSTERS.group}/{DASK_CLUSTERS.version}"


def examine(clusters: Clusters, runs: Runs, request: RunRequest, *, probe: bool) -> Iterator[Finding]:
    """Yield findings, what others stand on first; with *probe* the cluster is begun, and a task is executed there."""
    try:
        plan = plan_for(request.settings, runs.owner)
        target = target_for(request.settings, runs.owner)
        place = clusters.place(target)
        missing = yield from standing(place.api, (*SHARED_RIGHTS, *FORWARD_RIGHTS))
        if missing is None:
            return
        yield (kinds := _kinds(place.api))
        if not kinds.ok or any(verb == "create" and right.resource == DASK_CLUSTERS for right, verb in missing):
            return
        yield _manifest(place, plan)
        if probe:
            runs.awaited(request)
        yield from _operator(place, plan)
        connection = clusters.reached(target)
        if connection is not None:
            yield from looked_at(connection, request, probe=probe)
    except EngineError as err:
        yield Finding(name="scheduler", ok=False, text=err.message, hint=err.hint)


def _kinds(api: Api) -> Finding:
    try:
        found = api.request("GET", _KINDS).body
    except ApiProblem:
        found = {}
    names = {str(each.get("name")) for each in found.get("resources") or []}
    if "daskclusters" in names:
        return Finding(name="dask operator", ok=True, text="its kinds are installed (`kubernetes.dask.org/v1`)")
    return Finding(
        name="dask operator",
        ok=False,
        text="not installed: the cluster knows no `DaskCluster`",
        hint=f"Have an administrator run `{INSTALL}`.",
    )


def _manifest(place: Place, plan: Plan) -> Finding:
    resource, wanted = plan.cluster()
    try:
        warnings = place.api.post(resource, wanted, dry_run=True).warnings
    except ApiProblem as err:
        if err.status != 409:
            return Finding(
                name="manifest",
                ok=False,
                text=f"the server refuses the DaskCluster: {err.message}",
                hint="Correct what it names, in the options of the profile.",
            )
        warnings = ()
    said = "; ".join(warnings)
    return Finding(name="manifest", ok=True, text=said or "the server takes the DaskCluster, tried without keeping it")


def _operator(place: Place, plan: Plan) -> Iterator[Finding]:
    """Yield whether the operator is at work, as far as that can be known without beginning a cluster."""
    found = place.find(plan.name)
    if found is None:
        yield Finding(
            name="operator at work",
            ok=None,
            text="not known: there is no cluster of yours now; the next run begins one",
            hint="Begin one to find out: `mlrun-nb doctor --probe`.",
        )
        return
    told = hindrance(place, found)
    if told is not None and told.cls:
        yield Finding(name="cluster of yours", ok=False, text=told.summary, hint=told.hint)
    elif part(found, "status"):
        yield Finding(name="operator at work", ok=True, text=f"it looks after DaskCluster `{plan.name}`")
