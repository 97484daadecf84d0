"""The three ways home from a pod: through the log, an object store, a shared volume. Each brings everything."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb.artifacts.loading import load_artifact
from mlrun_nb.kube.objects import PODS, part
from mlrun_nb.model.run import Handle, Observation
from mlrun_nb.model.settings import Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for, write_request
from tests.integration.engines.kubernetes.conftest import Bench

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

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


def test_what_the_node_threw_away_of_a_log_is_told(bench: Bench):
    """It keeps 10 MB, and nobody looked; the files come home whole all the same."""
    cell = (
        "import time\nfor _ in range(12_000):\n    print('x' * 1023)\n"
        "time.sleep(12)  # a node looks every 10 s at how long a log is"
    )
    handle = bench.submit(cell, "print('kept')")
    selector = f"mlrun-nb/run={handle.run}"

    def has_ended() -> bool:
        pods = bench.space.api.list(PODS, labels=selector).items
        return [part(pod, "status").get("phase") for pod in pods] == ["Succeeded"]

    wait_for(has_ended, what="the end of the pod")
    seen = bench.ended(handle)
    assert seen.state is RunState.SUCCEEDED, seen
    assert seen.result is not None
    assert [notice for notice in seen.result.notices if notice.startswith("some of what it printed is missing")]
    log = (bench.directory(handle) / "log/000000.log").read_bytes()
    assert log.endswith(b"kept\n")
    assert len(log) < 12_000 * 1024
    assert b"kept" in (bench.directory(handle) / "output.ipynb").read_bytes()


def test_through_an_object_store(bench: Bench, store: tuple[str, Settings]):
    """What is too large for a ConfigMap, also packed, goes there too."""
    url, settings = store
    ballast = f"ballast = {secrets.token_hex(1_500_000)!r}"
    request = write_request(bench.folder, KEEP, ballast, settings=settings, engine="kubernetes")
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


def test_in_a_shared_volume(bench: Bench, shared: tuple[Path, Settings]):
    """The run directory is one folder for both, as on JupyterHub: nothing is carried."""
    folder, settings = shared
    request = write_request(folder, KEEP, settings=settings, engine="kubernetes")
    for path in [*folder.rglob("*")]:
        path.chmod(0o777)
    handle = bench.engine.submit([request])[request.id]
    check(bench, handle, bench.ended(handle))
