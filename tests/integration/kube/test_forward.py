"""A port of a pod on this machine: whole both ways, through a restart of the pod and a cut, and nothing stays."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kube.access import Access
from mlrun_nb.kube.forward import Forward
from mlrun_nb.kube.objects import PODS
from mlrun_nb.kube.transport import Api
from mlrun_nb.testing.requests import wait_for
from tests.integration.kube.cluster import Space, being, kubectl, space, submitting
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

IMAGE = os.environ.get("MLRUN_NB_TEST_IMAGE", "docker.io/local/run:1")
PORT = 7007
ECHO = """
import asyncio, os
async def echo(reader, writer):
    while data := await reader.read(65536):
        if data == b'name':
            data = os.uname().nodename.encode()
        writer.write(data)
        await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(echo, '127.0.0.1', 7007)
    print('listens', flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    """Give a namespace with a pod `echo`, as somebody who may do what `k8s rbac` prints."""
    require("cluster")
    with space() as here, submitting(here, tmp_path_factory.mktemp("forward")):
        make(here, "echo")
        yield here


@pytest.fixture
def api(place: Space) -> Iterator[Api]:
    """Give the API server with no more rights than runs need."""
    api = Api(Access(namespace=place.namespace))
    yield api
    api.close()


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    threads, descriptors = threading.active_count(), _descriptors()
    yield
    wait_for(lambda: threading.active_count() <= threads, what="the end of all threads")
    assert _descriptors() <= descriptors + 1  # an idle connection to the API server may be kept


def make(place: Space, name: str) -> None:
    """Start a pod that says again what it hears, and return once it does."""
    words = ("--image", IMAGE, "--image-pull-policy", "IfNotPresent", "--restart", "Never", "-n", place.namespace)
    kubectl("run", name, *words, "--command", "--", "python3", "-c", ECHO)

    kubectl("wait", f"pod/{name}", "--for=condition=Ready", "-n", place.namespace, "--timeout", "120s")
    wait_for(lambda: "listens" in kubectl("logs", name, "-n", place.namespace), what=f"pod {name}")


def said_again(port: int, data: bytes) -> bytes:
    """Return what comes back of *data*; empty where the connection ends."""
    try:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as near:
            return exchanged(near, data, len(data))
    except OSError:
        return b""


def exchanged(near: socket.socket, data: bytes, size: int) -> bytes:
    """Send *data* and return *size* bytes, fewer where the connection ends."""
    sender = threading.Thread(target=near.sendall, args=(data,))
    sender.start()
    found = b""
    while len(found) < size and (piece := near.recv(1 << 16)):
        found += piece
    sender.join()
    return found


def test_what_is_sent_comes_back_whole(api: Api):
    """Megabytes, on several connections at once."""
    noise = [os.urandom(3_000_001) for _ in range(3)]
    with closing(Forward(api, lambda: "echo", PORT)) as forward:
        found: dict[int, bytes] = {}
        threads = [
            threading.Thread(target=lambda n=n, data=data: found.update({n: said_again(forward.port, data)}))
            for n, data in enumerate(noise)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [found[n] == data for n, data in enumerate(noise)] == [True] * 3


def test_connections_end_with_their_owner(api: Api):
    """Also those that are open and silent; a second end is no trouble."""
    forward = Forward(api, lambda: "echo", PORT)
    near = socket.create_connection(("127.0.0.1", forward.port), timeout=20)
    assert exchanged(near, b"hello", 5) == b"hello"
    forward.close()
    forward.close()
    assert near.recv(1) == b""
    near.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", forward.port), timeout=5)


def test_it_survives_the_pod(place: Space, api: Api):
    """An open connection ends; the next one leads to the pod that is there then."""
    make(place, "first")
    wanted = ["first"]
    with closing(Forward(api, lambda: wanted[0], PORT)) as forward:
        with closing(socket.create_connection(("127.0.0.1", forward.port), timeout=60)) as near:
            assert exchanged(near, b"name", 5) == b"first"
            kubectl("delete", "pod", "first", "-n", place.namespace, "--grace-period", "0", "--force")
            assert near.recv(1) == b""
        assert said_again(forward.port, b"anybody?") == b""
        assert "first" in forward.trouble
        wanted[0] = "echo"
        assert said_again(forward.port, b"again") == b"again"
        assert forward.trouble == ""


def test_a_port_that_nobody_listens_on_ends_the_connection(api: Api):
    """At once, and not only this one."""
    with closing(Forward(api, lambda: "echo", PORT + 1)) as forward:
        assert said_again(forward.port, b"hello") == b""
        assert said_again(forward.port, b"hello") == b""


def test_whoever_may_not_is_told(place: Space, tmp_path: Path):
    """With the right that is missing."""
    kubectl("create", "serviceaccount", "stranger", "-n", place.namespace)
    with being(place, "stranger", tmp_path):
        api = Api(Access(namespace=place.namespace))
        path = PODS.path(place.namespace, "echo", subresource="portforward")
        with pytest.raises(EngineUnavailable, match=r"cannot (create|get) resource") as caught:
            api.web_socket(path, PORT)
        assert "pods/portforward" in caught.value.hint
        api.close()


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
