"""Clients of the tests: kubeconfigs that lead to a proxy, and short times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlrun_nb.kube.access import Access, load
from mlrun_nb.kube.exchange import Patience
from mlrun_nb.kube.transport import Api
from tests.fault_proxy import FaultProxy
from tests.integration.kube.cluster import Space, space
from tests.parts import require

PATIENCE = Patience(connect_s=2, read_s=2, attempts=4, pause_s=0.05)

MakeApi = Callable[..., Api]


def write_kubeconfig(path: Path, server: str, user: Mapping[str, Any], *, namespace: str = "space") -> str:
    """Write a kubeconfig with one context, `lab`, to *path*; return it."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": {"server": server}}],
        "users": [{"name": "me", "user": dict(user)}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "me", "namespace": namespace}}],
        "current-context": "lab",
    }
    path.write_text(yaml.safe_dump(content))
    return str(path)


@pytest.fixture
def server() -> Iterator[FaultProxy]:
    """Return a scripted API server: it answers what a test tells it to."""
    with FaultProxy().serving() as proxy:
        yield proxy


@pytest.fixture
def make_api(tmp_path: Path) -> Iterator[MakeApi]:
    """Return a maker of clients of a server at some URL."""
    made: list[Api] = []

    def make(url: str, *, patience: Patience = PATIENCE, namespace: str = "space", **user: Any) -> Api:
        path = write_kubeconfig(tmp_path / "kubeconfig", url, user or {"token": "secret"}, namespace=namespace)
        made.append(Api(Access(kubeconfig=path), patience=patience))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def api(make_api: MakeApi, server: FaultProxy) -> Api:
    """Return a client of the scripted server."""
    return make_api(server.url)


@pytest.fixture(scope="module")
def place() -> Iterator[Space]:
    """Return a namespace of the module's own on the real cluster."""
    require("cluster")
    with space() as own:
        yield own


@pytest.fixture
def proxy(place: Space) -> Iterator[FaultProxy]:
    """Return a proxy before the real API server; who asks without a token asks as the cluster's administrator."""
    with FaultProxy(load(Access())).serving() as proxy:
        yield proxy


@pytest.fixture
def far_api(make_api: MakeApi, proxy: FaultProxy, place: Space) -> Api:
    """Return a client that reaches the real API server through the proxy."""
    return make_api(proxy.url, namespace=place.namespace, patience=Patience(pause_s=0.1), username="nobody")
