"""Images that a registry keeps to itself, and one whose Python is too old."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mlrun_nb.kube.objects import PODS, SECRETS, part
from mlrun_nb.model.settings import Kubernetes, Policy, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.engines.kubernetes.conftest import Bench
from tests.integration.kube.cluster import space
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

_REGISTRY = """
import http.server, sys
class Registry(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="private"')
        self.send_header("Content-Length", "0")
        self.end_headers()
    do_HEAD = do_GET
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Registry).serve_forever()
"""


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    """Give the address at which the node finds a registry that lets nobody in: a pod in the network of the node."""
    require("cluster")
    port = 20_000 + secrets.randbelow(10_000)
    container = {"name": "main", "image": IMAGE, "imagePullPolicy": "IfNotPresent",
                 "command": ["python3", "-c", _REGISTRY, str(port)],
                 "readinessProbe": {"tcpSocket": {"host": "127.0.0.1", "port": port}, "periodSeconds": 1}}  # fmt: skip
    with space() as here:
        pod = {"metadata": {"name": "registry"}, "spec": {"hostNetwork": True, "containers": [container]}}
        here.api.post(PODS, pod)

        def is_ready() -> bool:
            status = part(here.api.get(PODS, "registry"), "status")
            return bool(status.get("containerStatuses")) and status["containerStatuses"][0]["ready"]

        wait_for(is_ready, what="the registry")
        yield f"localhost:{port}"


def test_a_registry_that_lets_nobody_in_is_about_the_pull_secret(bench: Bench, registry: str):
    """None is named, one is named that is not there, and one whose password is wrong."""
    login = {"auths": {registry: {"username": "ana", "password": "wrong"}}}
    secret = {"metadata": {"name": "wrong"}, "type": "kubernetes.io/dockerconfigjson"}
    bench.space.api.post(SECRETS, {**secret, "stringData": {".dockerconfigjson": json.dumps(login)}})
    patient = Settings(policy=Policy(pending_timeout_s=20.0))
    handles = {
        name: bench.submit(
            "print('begun')",
            settings=replace(patient, kubernetes=Kubernetes(pull_secret=(name,) if name else ())),
            image=f"{registry}/private/run:1",
        )
        for name in ("", "absent", "wrong")
    }
    said = {}
    for name, handle in handles.items():
        seen = bench.ended(handle)
        assert (seen.state, seen.error and seen.error.cls) == (RunState.FAILED, "ImagePull"), seen
        assert seen.error is not None
        assert "401 Unauthorized" in seen.error.summary
        said[name] = seen.error
    assert "--pull-secret NAME" in said[""].hint
    assert "without the pull secret `absent`, which does not exist" in said["absent"].summary
    assert "create secret docker-registry absent" in said["absent"].hint
    assert f"`kubectl -n {bench.space.namespace} get secret wrong -o yaml`" in said["wrong"].hint


def test_a_pull_secret_that_is_not_needed_may_be_absent(bench: Bench):
    """The node has the image."""
    handle = bench.submit("print('begun')", settings=Settings(kubernetes=Kubernetes(pull_secret=("absent",))))
    assert bench.ended(handle).state is RunState.SUCCEEDED


def test_an_image_with_an_old_python_is_told_which_it_has(bench: Bench):
    """By that Python itself, which cannot read a line of the runner."""
    seen = bench.ended(bench.submit("print('begun')", image=require("old-python")))
    assert (seen.state, seen.error and seen.error.cls) == (RunState.FAILED, "ImageLacks"), seen
    assert seen.error is not None
    assert f"`{require('old-python')}` has Python " in seen.error.summary
    assert "and a run needs 3.11 or later" in seen.error.summary
    assert "FROM python:3.12-slim" in seen.error.hint
