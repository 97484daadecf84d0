"""A namespace for Dask clusters of ours, and a folder that their pods see at the same path."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mlrun_nb.config import Config
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.kube.objects import DASK_CLUSTERS, PODS, name_of, part
from mlrun_nb.model.cluster import Cluster
from mlrun_nb.model.run import Handle, Observation, RunRequest
from mlrun_nb.model.settings import Dask, Environment, Kubernetes, Settings, Volume
from mlrun_nb.testing.requests import wait_for, write_request
from tests.integration.kube.cluster import Space, kubectl, space, submitting

IMAGE = os.environ.get("MLRUN_NB_TEST_DASK_IMAGE", "docker.io/local/run-dask:1")
"""An image with Dask, its arrays and data frames, papermill and ipykernel, which the cluster has."""
PATIENCE_S = 240.0
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


@dataclass
class Ground:
    """Where clusters are begun, by somebody who may do no more than `k8s rbac` prints."""

    space: Space
    home: Path
    settings: Settings
    engine: DaskEngine
    others: list[DaskEngine] = field(default_factory=list)

    def as_another_process(self) -> DaskEngine:
        """Return an engine that knows nothing of what this one has done."""
        self.others.append(DaskEngine(Config(home=self.home, store="memory://")))
        return self.others[-1]

    def request(self, *cells: str, settings: Settings | None = None) -> RunRequest:
        """Return a request to run *cells* on a cluster."""
        request = write_request(self.home / "runs", *cells, engine="dask", settings=settings or self.settings)
        self.open()
        return request

    def submit(self, *cells: str, settings: Settings | None = None) -> Handle:
        """Submit a run of *cells* and return its handle."""
        request = self.request(*cells, settings=settings)
        return self.engine.submit([request])[request.id]

    def observed(self, handle: Handle) -> Observation:
        """Return what is known of a run."""
        return wait_for(lambda: self.engine.observe([handle]).get(handle.run), what="a look", patience_s=PATIENCE_S)

    def ended(self, handle: Handle) -> Observation:
        """Return how a run ended."""

        def final() -> Observation | None:
            seen = self.engine.observe([handle]).get(handle.run)
            return seen if seen is not None and seen.state.is_final else None

        return wait_for(final, what=f"the end of {handle.run}", patience_s=PATIENCE_S)

    def log(self, handle: Handle) -> bytes:
        """Return what a run has printed."""
        return self.engine.read(handle, None).log

    def said(self, handle: Handle, words: bytes) -> None:
        """Return once a run has printed *words*; looks at it meanwhile, as somebody does who waits."""
        wait_for(
            lambda: self.engine.observe([handle]) is not None and words in self.log(handle),
            what=f"{words!r} of {handle.run}",
            patience_s=PATIENCE_S,
        )

    def standing(self, settings: Settings | None = None) -> Cluster | None:
        """Return how the cluster stands."""
        return self.engine.cluster(settings or self.settings)

    def has_workers(self, number: int, settings: Settings | None = None) -> None:
        """Return once the cluster has this *number* of workers."""

        def fits() -> bool:
            now = self.standing(settings)
            return now is not None and now.workers == number

        wait_for(fits, what=f"{number} workers", patience_s=PATIENCE_S)

    def clusters(self) -> list[str]:
        """Return the names of all clusters that are there, without those that are ending."""
        found = self.space.api.list(DASK_CLUSTERS).items
        return [name_of(each) for each in found if not part(each, "metadata").get("deletionTimestamp")]

    def pods(self, component: str) -> list[str]:
        """Return the names of the living pods of clusters, the `scheduler` ones or the `worker` ones."""
        found = self.space.api.list(PODS, labels=f"dask.org/component={component}").items
        return [name_of(pod) for pod in found if not part(pod, "metadata").get("deletionTimestamp")]

    def clear(self) -> None:
        """End all clusters."""
        words = ("--namespace", self.space.namespace, "--cascade=foreground", "--wait=false")
        kubectl("delete", "daskclusters", "--all", *words)
        wait_for(lambda: not self.pods("worker"), what="the end of all workers", patience_s=PATIENCE_S)

    def open(self) -> None:
        """Let the user of pods, which is another than ours, write below the home, as on a shared file system."""
        for path in [self.home, *self.home.rglob("*")]:
            path.chmod(0o777)


@contextmanager
def ground() -> Iterator[Ground]:
    """Give a ground whose home is in a volume at the same path, where also another user gets at it."""
    with TemporaryDirectory(prefix="mlrun-nb-operated-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield from _ground(Path(folder))


def _ground(folder: Path) -> Iterator[Ground]:
    home = folder / "home"
    home.mkdir()
    engine = DaskEngine(Config(home=home, store="memory://"))
    with space(labels=RESTRICTED) as here, _volume(here, home), submitting(here, folder):
        settings = Settings(
            environment=Environment(image=IMAGE),
            kubernetes=Kubernetes(namespace=here.namespace),
            dask=Dask(dask_address="kubernetes", dask_idle_timeout_s=600),
            dask_workers=(1, 3),
            dask_worker_cpu="100m",
            dask_worker_memory="600Mi",
            volumes=(Volume(kind="pvc", source="home", path=str(home)),),
        )
        made = Ground(space=here, home=home, settings=settings, engine=engine)
        try:
            yield made
        finally:
            for each in (engine, *made.others):
                each.close()


def named(settings: Settings, name: str) -> Settings:
    """Return *settings* that mean a cluster of their own."""
    return replace(settings, environment=replace(settings.environment, env={"OF_TEST": name}))


@contextmanager
def _volume(here: Space, home: Path) -> Iterator[None]:
    volume = {
        "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": here.namespace},
        "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteMany"], "hostPath": {"path": str(home)},
                 "storageClassName": "", "claimRef": {"namespace": here.namespace, "name": "home"}},
    }  # fmt: skip
    claim = {
        "apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": {"name": "home", "namespace": here.namespace},
        "spec": {"accessModes": ["ReadWriteMany"], "storageClassName": "", "volumeName": here.namespace,
                 "resources": {"requests": {"storage": "1Gi"}}},
    }  # fmt: skip
    kubectl("create", "-f", "-", given=json.dumps({"apiVersion": "v1", "kind": "List", "items": [volume, claim]}))
    try:
        yield
    finally:
        kubectl("delete", "persistentvolume", here.namespace, "--wait=false")
