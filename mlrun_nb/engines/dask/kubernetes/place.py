"""
One namespace in which clusters of ours are: find, begin, scale and end one, and the way to its scheduler.

What the API server refuses is EngineRejected, in the words that runs on Kubernetes have for it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from mlrun_nb._lib.records import Json
from mlrun_nb.engines.dask.kubernetes.route import Routes
from mlrun_nb.engines.dask.kubernetes.shape import HOME_LABEL, Plan
from mlrun_nb.engines.kubernetes import dask_pods
from mlrun_nb.engines.kubernetes.cluster import Cluster, rejected
from mlrun_nb.engines.kubernetes.dask_sight import is_down, is_worker, pods_of
from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.kube.diagnosis import is_over
from mlrun_nb.kube.events import happened
from mlrun_nb.kube.objects import (
    DASK_AUTOSCALERS,
    DASK_CLUSTERS,
    EVENTS,
    JsonObject,
    Resource,
    condition,
    metadata,
    name_of,
    part,
    uid_of,
)
from mlrun_nb.kube.pods import is_deleted, since
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.kube.transport import Api

_INSTEAD = "choose another `--dask-address`"
_NEW_S = 5.0
"""How long a Service may take to lead to a pod that is ready."""
_ENDING_S = 20.0
"""How long the objects of a cluster may take to go before another of its name can be made."""


class Place:
    """The namespace that *context* and *namespace* mean; may be used by any thread."""

    def __init__(self, context: str, namespace: str) -> None:
        self.watched = Cluster(context, namespace)
        self._routes = Routes(self.api)

    @property
    def api(self) -> Api:
        """The API server."""
        return self.watched.api

    @property
    def reach(self) -> Mapping[str, str]:
        """What a handle has to say so that it can be judged from here."""
        return self.watched.reach

    @property
    def text(self) -> str:
        """What people call it."""
        context = self.api.context
        return f"namespace {self.api.namespace}" + (f" of {context}" if context else "")

    def find(self, name: str) -> JsonObject | None:
        """Return the cluster *name*; None where there is none, or one that is ending."""
        found = self._get(DASK_CLUSTERS, name)
        return None if found is None or metadata(found).get("deletionTimestamp") else found

    def names_of(self, mark: str) -> list[str]:
        """Return the names of the clusters of the owner with this *mark*, those that are ending left out."""
        try:
            found = self.api.list(DASK_CLUSTERS, labels=f"{HOME_LABEL}={mark}").items
        except ApiProblem as err:
            dask_pods.check_operator(err, DASK_CLUSTERS, instead=_INSTEAD)
            raise self._rejected(err, "a look at DaskClusters") from err
        return [name_of(each) for each in found if not metadata(each).get("deletionTimestamp")]

    def begin(self, plan: Plan) -> JsonObject:
        """Return the cluster that was planned, made where it is not there."""
        found = self.find(plan.name)
        if found is None:
            self._wait_until_gone(plan.name)
            found = self._made(*plan.cluster())
        self._made(*plan.autoscaler(_reference(found)))
        return found

    def scale(self, name: str, *, least: int, most: int) -> None:
        """Have the cluster *name* between *least* and *most* workers."""
        body = {"spec": {"minimum": least, "maximum": most}}
        try:
            self.api.patch(DASK_AUTOSCALERS, name, body)
        except ApiProblem as err:
            raise self._rejected(err, f"another size of DaskCluster `{name}`") from err

    def range(self, name: str) -> tuple[int, int] | None:
        """Return between which numbers of workers the cluster *name* is kept; None where nothing says so."""
        found = self._get(DASK_AUTOSCALERS, name)
        spec = part(found or {}, "spec")
        return (int(spec["minimum"]), int(spec["maximum"])) if {"minimum", "maximum"} <= spec.keys() else None

    def end(self, name: str) -> None:
        """Delete the cluster *name*, its pods first: the operator may hold the object itself for a minute."""
        try:
            self.api.delete(DASK_CLUSTERS, name, propagation="Foreground")
        except ApiProblem as err:
            raise self._rejected(err, f"the end of DaskCluster `{name}`") from err
        self._routes.forget(name)

    def give_up(self, name: str, *, uid: str) -> None:
        """Delete this very cluster, whose scheduler never was: the operator would not end it, idle as it is."""
        with suppress(ApiProblem, EngineUnavailable):
            self.api.delete(DASK_CLUSTERS, name, propagation="Foreground", uid=uid)

    def pods(self, name: str) -> tuple[Seen, ...]:
        """Return the pods of the cluster *name*, without those that are ending; raises EngineUnavailable."""
        return tuple(pod for pod in pods_of(self.watched.look(), name) if not is_deleted(pod))

    def refused_pods(self, name: str) -> str:
        """Return why pods of the cluster *name* are not made, as the newest event says; empty where none does."""
        try:
            events = self.api.list(EVENTS, fields="type=Warning,reason=FailedCreate").items
        except ApiProblem:
            return ""
        own = [each for each in events if str(part(each, "involvedObject").get("name", "")).startswith(f"{name}-")]
        return str(max(own, key=happened).get("message")) if own else ""

    def address(self, name: str) -> str | None:
        """Return where the scheduler of the cluster *name* answers this process; None where it is not there yet."""
        schedulers = [pod for pod in self.pods(name) if not is_worker(pod) and not is_down(pod)]
        ready = [since(pod.thing, "Ready") for pod in schedulers if _is_ready(pod)]
        if not ready:
            return None
        return self._routes.to(name, is_new=not is_over(ready[-1], _NEW_S, self.api.now()))

    def way_trouble(self, name: str) -> str:
        """Return why the way to the scheduler of the cluster *name* is closed, as far as it is known."""
        return self._routes.trouble(name)

    def close(self) -> None:
        """Let go of the cluster; what is there goes on."""
        self._routes.close()
        self.watched.close()

    def _made(self, resource: Resource, wanted: dict[str, Any]) -> JsonObject:
        """Return the object that was made, or the one of its name that is there."""
        what = f"{wanted['kind']} `{name_of(wanted)}`"
        try:
            return self.api.post(resource, wanted, repeat=True).body
        except ApiProblem as err:
            dask_pods.check_operator(err, resource, instead=_INSTEAD)
            if err.status != 409:
                raise self._rejected(err, what) from err
        found = self._get(resource, name_of(wanted))
        if found is None:
            raise EngineUnavailable(f"{what} came and went", hint="Run it again.")
        return found

    def _get(self, resource: Resource, name: str) -> JsonObject | None:
        try:
            return self.api.get(resource, name)
        except ApiProblem as err:
            if err.status == 404:
                return None
            raise self._rejected(err, f"a look at DaskCluster `{name}`") from err

    def _wait_until_gone(self, name: str) -> None:
        deadline = time.monotonic() + _ENDING_S
        while (found := self._get(DASK_CLUSTERS, name)) is not None:
            if time.monotonic() > deadline:
                held: Json = metadata(found).get("finalizers")
                raise EngineUnavailable(
                    f"the DaskCluster `{name}` of before is ending, and not gone yet: it is held by {held}",
                    hint="Try again in a minute; if it stays, see whether the operator is at work: `kubectl -n "
                    f"{self.api.namespace} get daskcluster {name} -o yaml`.",
                )
            time.sleep(0.2)

    def _rejected(self, err: ApiProblem, what: str) -> EngineRejected:
        return rejected(err, what=what, namespace=self.api.namespace)


def _reference(cluster: JsonObject) -> dict[str, Any]:
    """Return the reference by which an object goes with the DaskCluster *cluster*."""
    return {
        "apiVersion": "kubernetes.dask.org/v1",
        "kind": "DaskCluster",
        "name": name_of(cluster),
        "uid": uid_of(cluster),
    }


def _is_ready(pod: Seen) -> bool:
    return (condition(pod.thing, "Ready") or {}).get("status") == "True"
