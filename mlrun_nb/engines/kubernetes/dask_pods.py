"""
Objects of the Dask operator: a `DaskCluster` with pods of our own making, and the range of its workers. Pure.

Serves the cluster of one run and the one that many share. What the operator's own library would make of an image alone
starts with commands that recent releases of Dask no longer have. Source: dask-kubernetes, custom resources
`kubernetes.dask.org/v1`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlrun_nb.engines.kubernetes import manifest, volumes
from mlrun_nb.engines.kubernetes.names import DASK_PORT
from mlrun_nb.errors import EngineRejected
from mlrun_nb.kube.objects import DASK_AUTOSCALERS, DASK_CLUSTERS, Resource
from mlrun_nb.kube.pods import MAIN
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.model.quantities import memory_bytes
from mlrun_nb.model.settings import Resources, Settings

INSTALL = "helm install --repo https://helm.dask.org --generate-name dask-kubernetes-operator"
PORTS = {"tcp-comm": DASK_PORT, "http-dashboard": 8787}
"""Of a scheduler, by the names that the operator looks for."""
_SCHEDULER = Resources(cpu="100m", memory="256Mi")
"""What a scheduler asks for, without a limit: it holds the graph, and its death is that of the run."""
_VARIABLES = {
    "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": (
        "['distributed.http.scheduler.prometheus', 'distributed.http.scheduler.info',"
        " 'distributed.http.scheduler.json', 'distributed.http.health', 'distributed.http.proxy',"
        " 'distributed.http.statics', 'distributed.http.scheduler.api']"
    )
}
"""The last route is how the operator asks how many workers there should be; without it each question takes seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """
    What the pods of a cluster are like: placed and furnished by `settings`, each worker with the resources `worker`.

    A worker has so many `threads`, 0 for one for each core that it sees, and `offers` what Dask is to count. `preload`
    is the text of a program that the scheduler executes at its start, `configuration` is that of Dask, as variables.
    """

    settings: Settings
    image: str
    worker: Resources
    threads: int = 0
    offers: str = ""
    preload: str = ""
    configuration: Mapping[str, str] = field(default_factory=dict)

    def spec(self, name: str, *, workers: int, idle_s: int) -> dict[str, Any]:
        """Return the spec of the cluster *name* with so many *workers*, which ends after *idle_s* without work."""
        preload = ["--preload", manifest.literal(self.preload)] if self.preload else []
        ports = [{"name": each, "protocol": "TCP", "port": port, "targetPort": each} for each, port in PORTS.items()]
        return {
            "idleTimeout": idle_s,
            "worker": {"replicas": workers, "spec": self._pod(self._worker(), self.worker)},
            "scheduler": {
                "spec": self._pod(["scheduler", *preload], None),
                "service": {
                    "type": "ClusterIP",
                    "selector": {"dask.org/cluster-name": name, "dask.org/component": "scheduler"},
                    "ports": ports,
                },
            },
        }

    def _worker(self) -> list[str]:
        memory = self.worker.memory
        words = ["worker", "--name", "$(DASK_WORKER_NAME)", "--death-timeout", "60"]
        words += ["--local-directory", volumes.SCRATCH]
        words += ["--nthreads", str(self.threads)] if self.threads else []
        words += ["--resources", self.offers] if self.offers else []
        return words + (["--memory-limit", str(memory_bytes(memory))] if memory else [])

    def _pod(self, words: Sequence[str], worker: Resources | None) -> dict[str, Any]:
        """
        Return the spec of a pod of the cluster, the scheduler's or that of a *worker* of these resources.

        It is placed as the settings say, with their variables and volumes.
        """
        settings = self.settings
        ports = [{"name": name, "containerPort": port, "protocol": "TCP"} for name, port in PORTS.items()]
        probe = {"httpGet": {"port": "http-dashboard", "path": "/health"}, "initialDelaySeconds": 1, "periodSeconds": 1}
        own = {**_VARIABLES, **self.configuration, "HOME": volumes.SCRATCH}
        container = {
            "name": MAIN,
            "image": self.image,
            "imagePullPolicy": "IfNotPresent",
            "command": ["python3", "-m", "dask", *words],
            "env": manifest.variables(settings.environment, own),
            "resources": manifest.resources(worker or _SCHEDULER, limited=worker is not None),
            "securityContext": manifest.CONTAINER_SECURITY,
            "terminationMessagePolicy": "FallbackToLogsOnError",
            "workingDir": volumes.SCRATCH,
            "volumeMounts": volumes.mounts(settings.volumes, shared_memory=False, delivered=False),
            **({"ports": ports, "readinessProbe": probe} if worker is None else {}),
        }
        held = volumes.volumes(settings.volumes, config_map="", scratch=None, shared_memory=False)
        return {**manifest.placed(settings), "containers": [container], "volumes": held}


def cluster(about: Mapping[str, Any], spec: Mapping[str, Any]) -> tuple[Resource, dict[str, Any]]:
    """Return the `DaskCluster` of this *spec* with the metadata *about*."""
    return DASK_CLUSTERS, _object("DaskCluster", about, spec)


def autoscaler(about: Mapping[str, Any], *, least: int, most: int) -> tuple[Resource, dict[str, Any]]:
    """Return what keeps the cluster of the name in the metadata *about* between *least* and *most* workers."""
    scale = {"cluster": about["name"], "minimum": least, "maximum": most}
    return DASK_AUTOSCALERS, _object("DaskAutoscaler", about, scale)


def objects(
    shape: Shape, about: Mapping[str, Any], *, least: int, most: int, idle_s: int
) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """Yield what is to be made for a cluster with a number of workers, or a range of it."""
    yield cluster(about, shape.spec(about["name"], workers=least, idle_s=idle_s))
    if most > least:
        yield autoscaler(about, least=least, most=most)


def check_operator(problem: ApiProblem, resource: Resource, *, instead: str = "leave `--dask-workers` out") -> None:
    """
    Raise EngineRejected where *problem* is that the server knows no such *resource*, an object of the operator.

    Its hint names what can be done *instead* of having it installed.
    """
    if problem.status != 404 or resource.group != DASK_CLUSTERS.group:
        return
    raise EngineRejected(
        "the cluster cannot make Dask clusters: the Dask operator is not installed there",
        hint=f"Have it installed, `{INSTALL}`, or {instead}.",
        cls="OperatorMissing",
    ) from problem


def _object(kind: str, about: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "kubernetes.dask.org/v1", "kind": kind, "metadata": dict(about), "spec": dict(spec)}
