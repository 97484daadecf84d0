"""
What a cluster on Kubernetes is to be like, and its name: pure but for who we are.

The name is made of who asks and of all that shapes the pods: the same profile finds the same cluster from any process,
and another image gets another cluster. How many workers there are and how long it may be idle are no part of it.
"""

from __future__ import annotations

import getpass
import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb.engines.dask.survey import GPU, MEMORY
from mlrun_nb.engines.dask.target import IDLE_TIMEOUT_S, Target
from mlrun_nb.engines.kubernetes import dask_pods
from mlrun_nb.engines.kubernetes.names import label_value, slug
from mlrun_nb.engines.kubernetes.rendering import dumped
from mlrun_nb.errors import EngineRejected
from mlrun_nb.kube.objects import MANAGED_BY, Resource
from mlrun_nb.model.quantities import cpu_cores, memory_bytes
from mlrun_nb.model.settings import ON_KUBERNETES, Resources, Settings

HOME_LABEL = "mlrun-nb/home"
OWNER_ANNOTATION, ABOUT_ANNOTATION = "mlrun-nb/owner", "mlrun-nb/about"
_LONGEST_OWNER = 12
_CONFIGURATION = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10",
    "DASK_DISTRIBUTED__ADAPTIVE__TARGET_DURATION": "1s",
}
"""
A run that waits on the lists of workers that die goes on to others; a task of somebody's that kills its worker ends
all the same. A run that would wait for more than a second is a reason for another worker; Dask's five make it wait
until the one before it has taken that long.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose clusters they are: a user, and the home of the store that records the runs."""

    user: str
    home: Path

    @classmethod
    def of(cls, home: Path) -> Owner:
        """Return who we are, with the store at *home*; on JupyterHub all have one user's name in their pods."""
        return cls(user=os.environ.get("JUPYTERHUB_USER") or _user(), home=home.absolute())

    @property
    def mark(self) -> str:
        """What tells this owner from others."""
        return digest_bytes(json.dumps([self.user, str(self.home)]).encode()).rpartition(":")[2][:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A cluster as it is to be begun."""

    name: str
    shape: dask_pods.Shape
    owner: Owner
    least: int
    most: int
    idle_timeout_s: float

    @property
    def slots(self) -> int:
        """How many runs it has at once when it has grown."""
        return max(1, self.most * self.shape.threads)

    def cluster(self) -> tuple[Resource, dict[str, Any]]:
        """Return the `DaskCluster`."""
        spec = self.shape.spec(self.name, workers=self.least, idle_s=max(1, round(self.idle_timeout_s)))
        return dask_pods.cluster(self._about(), spec)

    def autoscaler(self, owner: dict[str, Any]) -> tuple[Resource, dict[str, Any]]:
        """Return what keeps the number of its workers, owned by the `DaskCluster` *owner*; also where that is fixed."""
        about = {**self._about(), "ownerReferences": [owner]}
        return dask_pods.autoscaler(about, least=self.least, most=self.most)

    def objects(self) -> Iterator[dict[str, Any]]:
        """Yield all that is made."""
        yield self.cluster()[1]
        yield dask_pods.autoscaler(self._about(), least=self.least, most=self.most)[1]

    def _about(self) -> dict[str, Any]:
        user, home = self.owner.user, self.owner.home
        key, _, value = MANAGED_BY.partition("=")
        said = (
            f"The Dask cluster of {user} for runs recorded in {home}. It ends when it has had no work for "
            f"{self.idle_timeout_s:g} s, or by `mlrun-nb dask down`."
        )
        return {
            "name": self.name,
            "labels": {key: value, "mlrun-nb/owner": label_value(user), HOME_LABEL: self.owner.mark},
            "annotations": {OWNER_ANNOTATION: user, ABOUT_ANNOTATION: said},
        }


def plan_for(settings: Settings, owner: Owner) -> Plan:
    """Return the cluster for runs of *owner* with *settings*; raises EngineRejected for what no pod could be."""
    shape = _shape(settings)
    workers = settings.dask_workers or (1,)
    parts = json.dumps([owner.mark, shape.spec("", workers=0, idle_s=0)], sort_keys=True)
    digest = digest_bytes(parts.encode()).rpartition(":")[2][:10]
    return Plan(
        name="-".join(filter(None, ["mlrun", slug(owner.user)[:_LONGEST_OWNER].strip("-"), digest])),
        shape=shape,
        owner=owner,
        least=workers[0],
        most=workers[-1],
        idle_timeout_s=settings.dask.dask_idle_timeout_s or IDLE_TIMEOUT_S,
    )


def target_for(settings: Settings, owner: Owner) -> Target:
    """Return the target that *settings* with `dask-address: kubernetes` mean."""
    place = settings.kubernetes
    return Target(
        address=ON_KUBERNETES,
        context=place.context or "",
        namespace=place.namespace or "",
        cluster=plan_for(settings, owner).name,
    )


def rendered(plan: Plan) -> str:
    """Return what would be made for the cluster, as YAML that `kubectl create` takes."""
    return dumped(plan.objects())


def slots_of(settings: Settings) -> int:
    """Return how many runs each worker has at once."""
    return math.ceil(cpu_cores(settings.dask_worker_cpu)) if settings.dask_worker_cpu else 1


def offered_by(settings: Settings) -> dict[str, float]:
    """Return what each worker offers that Dask counts."""
    memory, gpus = settings.dask_worker_memory, settings.resources.gpu
    return {
        **({MEMORY: float(memory_bytes(memory))} if memory else {}),
        **({GPU: float(gpus)} if gpus else {}),
    }


def check_fits(settings: Settings) -> None:
    """Raise EngineRejected for a run that asks for more than any worker of its cluster will offer."""
    limit, worker = settings.resources.memory_in_force, settings.dask_worker_memory
    if limit and worker and memory_bytes(limit.amount) > memory_bytes(worker):
        raise EngineRejected(
            f"`--{limit.option} {limit.amount}` is more than a worker of the Dask cluster has, `{worker}`",
            hint=f"Ask for less, or for larger workers: `--dask-worker-memory {limit.amount}`.",
            cls="Unschedulable.Resources",
        )


def _shape(settings: Settings) -> dask_pods.Shape:
    image = settings.environment.image
    if not image:
        raise EngineRejected(
            "no image is named for the Dask cluster on Kubernetes",
            hint="Set `image:` in the profile, or `--image NAME`: any image with Python 3.11, papermill, ipykernel and "
            "distributed. `mlrun-nb image build` makes one.",
        )
    memory = settings.dask_worker_memory
    return dask_pods.Shape(
        settings=_furnished(settings),
        image=image,
        worker=Resources(
            cpu=settings.dask_worker_cpu,
            memory=memory,
            memory_limit=memory,
            gpu=settings.resources.gpu,
            gpu_type=settings.resources.gpu_type,
        ),
        threads=slots_of(settings),
        offers=" ".join(f"{name}={amount:.0f}" for name, amount in offered_by(settings).items()),
        preload=_preload(),
        configuration=_CONFIGURATION,
    )


def _furnished(settings: Settings) -> Settings:
    """Return *settings* with those secrets alone that a pod names itself; others are looked up by each run."""
    secrets = settings.environment.secret.items()
    own = {name: reference for name, reference in secrets if reference.startswith("kubernetes:")}
    return replace(settings, environment=replace(settings.environment, secret=own))


@cache
def _preload() -> str:
    return Path(__file__).with_name("preload.py").read_text(encoding="utf-8")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return str(os.getuid())
