"""What a cluster on Kubernetes is doing, and how it is begun, made larger, smaller, or ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from mlrun_nb.engines.dask.clusters import Clusters
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.kubernetes.hindrance import hindrance
from mlrun_nb.engines.dask.kubernetes.place import Place
from mlrun_nb.engines.dask.kubernetes.route import LOOPBACK
from mlrun_nb.engines.dask.kubernetes.shape import OWNER_ANNOTATION, Owner, Plan, plan_for, slots_of, target_for
from mlrun_nb.engines.dask.target import Target
from mlrun_nb.engines.kubernetes.dask_pods import PORTS
from mlrun_nb.engines.kubernetes.dask_sight import is_down, is_worker
from mlrun_nb.engines.kubernetes.names import DASK_PORT
from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.kube.objects import JsonObject, metadata, name_of, part, time_of
from mlrun_nb.model.cluster import Cluster
from mlrun_nb.model.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doing:
    """What is known of the work of a cluster: by its scheduler, or without one by its pods."""

    workers: int
    slots: int
    runs: int = 0
    memory_bytes: int = 0
    dashboard: str = ""
    trouble: str = ""


class OnKubernetes:
    """The cluster of *owner* for runs with *settings*, or the one called *name* beside it; *clusters* leads to it."""

    def __init__(self, clusters: Clusters, owner: Owner, settings: Settings, name: str = "") -> None:
        self._clusters, self._settings = clusters, settings
        self._plan: Plan = plan_for(settings, owner)
        self._name = name or self._plan.name
        self._target: Target = replace(target_for(settings, owner), cluster=self._name)

    def standing(self) -> Cluster | None:
        """Return how it stands; None where it is not there."""
        found = self._place.find(self._name)
        return None if found is None else self._standing(found)

    def begin(self) -> Cluster:
        """Begin it, or find it; its pods may take a while."""
        return self._standing(self._place.begin(self._plan))

    def scale(self, *, least: int, most: int, force: bool) -> Cluster:
        """Have it between *least* and *most* workers; the operator's autoscaler goes there in steps."""
        now = self.standing()
        if now is None:
            raise EngineRejected(
                f"{self._place.text} has no Dask cluster `{self._name}`",
                hint="Those of yours are listed by `mlrun-nb dask list`; begin one: `mlrun-nb dask up --on PROFILE`.",
            )
        if most < now.workers and not force:
            self._refuse_busy(now)
        self._place.scale(self._name, least=least, most=most)
        return self.standing() or now

    def end(self, *, force: bool) -> bool:
        """End it and all that belongs to it."""
        now = self.standing()
        if now is None:
            return False
        if not force:
            self._refuse_busy(now)
        self._place.end(self._name)
        return True

    @property
    def _place(self) -> Place:
        return self._clusters.place(self._target)

    def _standing(self, found: JsonObject) -> Cluster:
        place, name = self._place, name_of(found)
        doing = self._doing(found)
        began, now = time_of(metadata(found).get("creationTimestamp")), place.api.now()
        up_s = max(0.0, (now - began).total_seconds()) if began else 0.0
        least, most = place.range(name) or (self._plan.least, self._plan.most)
        return Cluster(
            name=name,
            place=place.text,
            address=f"tcp://{name}-scheduler.{place.api.namespace}:{DASK_PORT}",
            dashboard=doing.dashboard,
            owner=str(part(metadata(found), "annotations").get(OWNER_ANNOTATION, "")),
            workers=doing.workers,
            least=least,
            most=most,
            slots=doing.slots,
            runs=doing.runs,
            memory_bytes=doing.memory_bytes,
            up_s=round(up_s, 1),
            idle_timeout_s=float(part(found, "spec").get("idleTimeout") or 0),
            core_hours=round(doing.slots * up_s / 3600, 3),
            trouble=doing.trouble,
        )

    def _doing(self, found: JsonObject) -> _Doing:
        told = hindrance(self._place, found)
        trouble = told.summary if told is not None and told.cls else ""
        try:
            connection = self._clusters.reached(self._target)
            if connection is not None:
                return _by_scheduler(connection, trouble)
        except EngineUnavailable as err:
            trouble = trouble or err.message
        pods = [pod for pod in self._place.pods(name_of(found)) if is_worker(pod) and not is_down(pod)]
        starting = told.summary if told is not None else "its scheduler is starting"
        slots = len(pods) * slots_of(self._settings)
        return _Doing(workers=len(pods), slots=slots, trouble=trouble or starting)

    def _refuse_busy(self, now: Cluster) -> None:
        if now.runs:
            raise EngineRejected(
                f"the cluster has {now.runs} runs, which would fail with their workers",
                hint="Wait for their end (`mlrun-nb runs`), or end them with `--force`.",
            )


def standings(clusters: Clusters, owner: Owner, settings: Settings) -> list[Cluster]:
    """Return how all clusters of *owner* stand in the namespace that *settings* mean, that of runs with them first."""
    first = plan_for(settings, owner).name
    names = clusters.place(target_for(settings, owner)).names_of(owner.mark)
    ordered = sorted(names, key=lambda name: (name != first, name))
    found = (OnKubernetes(clusters, owner, settings, name).standing() for name in ordered)
    return [each for each in found if each is not None]


def _by_scheduler(connection: Connection, trouble: str) -> _Doing:
    workers = list(connection.identity()["workers"].values())
    host = urlsplit(connection.address).hostname or ""
    return _Doing(
        workers=len(workers),
        slots=sum(int(worker["nthreads"]) for worker in workers),
        runs=connection.tasks(),
        memory_bytes=sum(int(worker["metrics"]["memory"]) for worker in workers),
        dashboard="" if host == LOOPBACK else f"http://{host}:{PORTS['http-dashboard']}/status",
        trouble=trouble,
    )
