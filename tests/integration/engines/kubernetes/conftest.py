"""A namespace that lets in only restricted pods, and an engine that looks at it with the least of rights."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import s3fs

from mlrun_nb.config import Config
from mlrun_nb.engines.kubernetes.engine import KubernetesEngine
from mlrun_nb.kube.access import Access, load
from mlrun_nb.model.run import Handle, Observation, RunRequest
from mlrun_nb.model.settings import Environment, Kubernetes, Settings, Volume
from mlrun_nb.testing.requests import wait_for, write_request
from tests.fault_proxy import FaultProxy
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.kube.cluster import ADMINISTRATOR, Space, kubectl, space, submitting
from tests.integration.kube.conftest import write_kubeconfig
from tests.parts import require

_PLAIN = Settings()
FULL_IMAGE = os.environ.get("MLRUN_NB_TEST_FULL_IMAGE", "docker.io/local/run-full:1")
"""An image that has s3fs and scikit-learn too."""
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


@dataclass(frozen=True)
class Bench:
    """A namespace, an engine that may do no more than `k8s rbac` prints, and a folder for run directories."""

    space: Space
    engine: KubernetesEngine
    folder: Path
    handles: dict[str, Handle] = field(default_factory=dict)

    def request(self, *cells: str, settings: Settings = _PLAIN, image: str = IMAGE) -> RunRequest:
        """Return a request to run *cells* in the namespace."""
        environment = replace(settings.environment, image=image)
        place = replace(settings.kubernetes, namespace=self.space.namespace)
        settings = replace(settings, environment=environment, kubernetes=place)
        return write_request(self.folder, *cells, engine="kubernetes", settings=settings)

    def submit(self, *cells: str, settings: Settings = _PLAIN, image: str = IMAGE) -> Handle:
        """Submit a run of *cells* and return its handle."""
        request = self.request(*cells, settings=settings, image=image)
        return self.engine.submit([request])[request.id]

    def ended(self, handle: Handle, *, patience_s: float = 240.0) -> Observation:
        """Return how a run ended."""

        def final() -> Observation | None:
            seen = self.engine.observe([handle]).get(handle.run)
            return seen if seen is not None and seen.state.is_final else None

        return wait_for(final, what=f"the end of {handle.data['job']}", patience_s=patience_s)

    def directory(self, handle: Handle) -> Path:
        """Return the run directory."""
        return Path(str(handle.data["run_directory"]))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Give a bench for the tests of a module."""
    require("cluster")
    folder = tmp_path_factory.mktemp("runs")
    engine = KubernetesEngine(Config(home=folder, store="memory://"))
    with space(labels=RESTRICTED) as here, submitting(here, folder):
        yield Bench(space=here, engine=engine, folder=folder)
        engine.close()


@pytest.fixture
def proxy(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultProxy]:
    """Give a proxy before the real API server, through which the engine goes with no more rights than before."""
    token = kubectl("create", "token", "submitter", "--namespace", bench.space.namespace).strip()
    with FaultProxy(load(Access(kubeconfig=ADMINISTRATOR))).serving() as proxy:
        kubeconfig = write_kubeconfig(tmp_path / "far", proxy.url, {"token": token}, namespace=bench.space.namespace)
        monkeypatch.setenv("KUBECONFIG", kubeconfig)
        yield proxy


@pytest.fixture
def store(bench: Bench) -> tuple[str, Settings]:
    """Give a folder of an object store, and the settings with which a pod gets at it."""
    endpoint = require("s3")
    keys = {name: os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    literals = [f"--from-literal={name}={value}" for name, value in keys.items()]
    secret = f"s3-{secrets.token_hex(4)}"
    kubectl("create", "secret", "generic", secret, *literals, "--namespace", bench.space.namespace)
    url = f"s3://mlrun-nb-{secrets.token_hex(4)}/artifacts"
    s3fs.S3FileSystem().mkdir(url.split("/")[2])
    return (
        url,
        Settings(
            environment=Environment(
                image=FULL_IMAGE,
                env={"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1"},
                secret={name: f"kubernetes:{secret}/{name}" for name in keys},
            ),
            kubernetes=Kubernetes(namespace=bench.space.namespace),
        ),
    )


@pytest.fixture
def shared(bench: Bench, tmp_path: Path) -> Iterator[tuple[Path, Settings]]:
    """Give a folder here that pods see at the same path, and the settings with which they do."""
    folder = tmp_path / "home"
    folder.mkdir()
    folder.chmod(0o777)
    volume = {
        "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": bench.space.namespace},
        "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteMany"], "hostPath": {"path": str(folder)},
                 "storageClassName": "", "claimRef": {"namespace": bench.space.namespace, "name": "home"}},
    }  # fmt: skip
    claim = {
        "apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": {"name": "home", "namespace": bench.space.namespace},
        "spec": {"accessModes": ["ReadWriteMany"], "storageClassName": "", "volumeName": bench.space.namespace,
                 "resources": {"requests": {"storage": "1Gi"}}},
    }  # fmt: skip
    kubectl("create", "-f", "-", given=json.dumps({"apiVersion": "v1", "kind": "List", "items": [volume, claim]}))
    yield (
        folder,
        Settings(
            environment=Environment(image=FULL_IMAGE),
            kubernetes=Kubernetes(namespace=bench.space.namespace),
            volumes=(Volume(kind="pvc", source="home", path=str(folder)),),
        ),
    )
    kubectl("delete", "persistentvolume", bench.space.namespace, "--wait=false")
