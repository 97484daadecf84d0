"""The three ways home from a pod: through the log, an object store, a shared volume. Each brings everything."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import s3fs

from mlrun_nb.artifacts.loading import load_artifact
from mlrun_nb.model.run import Handle, Observation
from mlrun_nb.model.settings import Environment, Kubernetes, Settings, Volume
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import write_request
from tests.integration.engines.kubernetes.conftest import Bench
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

FULL_IMAGE = os.environ.get("MLRUN_NB_TEST_FULL_IMAGE", "docker.io/local/run-full:1")
"""An image that has s3fs and scikit-learn too."""
KEEP = """
from mlrun_nb.runner.inside import log_artifact
artifact = log_artifact(list(range(1000)), 'numbers')
print('kept')
"""


def check(bench: Bench, handle: Handle, seen: Observation) -> None:
    """Assert that everything came home, and that the artifact can be loaded from where its record says."""
    assert seen.state is RunState.SUCCEEDED, seen
    folder = bench.directory(handle)
    assert bench.engine.read(handle, None).log == b"kept\n"
    assert json.loads((folder / "output.ipynb").read_text())["cells"][0]["execution_count"] == 1
    assert seen.result is not None
    (artifact,) = seen.result.artifacts
    assert load_artifact(artifact) == list(range(1000))


def test_through_the_log(bench: Bench):
    """Nothing is shared and nothing is set up."""
    handle = bench.submit(KEEP)
    check(bench, handle, bench.ended(handle))


def test_an_artifact_that_is_too_large_for_the_log_is_said_to_be_lost(bench: Bench):
    """The run does not look as if its output were there."""
    cell = (
        "import os\nfrom mlrun_nb.runner.inside import log_artifact\nkept = log_artifact(os.urandom(12 << 20), 'noise')"
    )
    seen = bench.ended(bench.submit(cell))
    assert seen.state is RunState.FAILED
    assert seen.error is not None
    assert seen.error.cls == "OutputsTooLarge"
    assert "noise" in seen.error.summary
    assert "artifacts:" in seen.error.hint


@pytest.fixture
def store(bench: Bench) -> tuple[str, Settings]:
    """Give a folder of an object store, and the settings with which a pod gets at it."""
    endpoint = require("s3")
    keys = {name: os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    literals = [f"--from-literal={name}={value}" for name, value in keys.items()]
    secret = f"s3-{secrets.token_hex(4)}"
    command = ["kubectl", "create", "secret", "generic", secret, *literals, "--namespace", bench.space.namespace]
    subprocess.run(command, check=True, capture_output=True)
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


def test_through_an_object_store(bench: Bench, store: tuple[str, Settings]):
    """What is too large for a ConfigMap goes there too."""
    url, settings = store
    request = write_request(
        bench.folder, KEEP, f"ballast = {'x' * 2_000_000!r}", settings=settings, engine="kubernetes"
    )
    request = replace(request, artifacts=f"{url}/{request.id}")
    handle = bench.engine.submit([request])[request.id]
    seen = bench.ended(handle)
    check(bench, handle, seen)
    assert seen.result is not None
    assert seen.result.artifacts[0].uri.startswith("s3://")


def test_a_store_that_lets_nobody_in_is_named(bench: Bench, store: tuple[str, Settings]):
    """Wrong credentials in the pod: its own words come home."""
    url, settings = store
    environment = replace(settings.environment, secret={}, env={**settings.environment.env, "AWS_ACCESS_KEY_ID": "no",
                          "AWS_SECRET_ACCESS_KEY": "no"})  # fmt: skip
    request = write_request(
        bench.folder, KEEP, settings=replace(settings, environment=environment), engine="kubernetes"
    )
    request = replace(request, artifacts=f"{url}/{request.id}")
    seen = bench.ended(bench.engine.submit([request])[request.id])
    assert seen.state is RunState.FAILED
    assert seen.error is not None
    assert (seen.error.cls, url in seen.error.summary) == ("StoreUnreachable", True)


def test_in_a_shared_volume(bench: Bench, tmp_path: Path):
    """The run directory is one folder for both, as on JupyterHub: nothing is carried."""
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
    both = json.dumps({"apiVersion": "v1", "kind": "List", "items": [volume, claim]})
    subprocess.run(["kubectl", "create", "-f", "-"], input=both, text=True, check=True, capture_output=True)
    try:
        settings = Settings(
            environment=Environment(image=FULL_IMAGE),
            kubernetes=Kubernetes(namespace=bench.space.namespace),
            volumes=(Volume(kind="pvc", source="home", path=str(folder)),),
        )
        request = write_request(folder, KEEP, settings=settings, engine="kubernetes")
        for path in [*folder.rglob("*")]:
            path.chmod(0o777)
        handle = bench.engine.submit([request])[request.id]
        check(bench, handle, bench.ended(handle))
    finally:
        command = ["kubectl", "delete", "persistentvolume", bench.space.namespace, "--wait=false"]
        subprocess.run(command, check=True, capture_output=True)
