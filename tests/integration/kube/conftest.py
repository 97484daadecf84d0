"""Clients of the tests: kubeconfigs that lead to a proxy, and short times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlrun_nb.kube.access import Access
from mlrun_nb.kube.exchange import Patience
from mlrun_nb.kube.transport import Api
from tests.fault_proxy import FaultProxy

PATIENCE = Patience(connect_s=2, read_s=2, attempts=4, pause_s=0.05)

MakeApi = Callable[..., Api]


def write_kubeconfig(path: Path, server: str, user: Mapping[str, Any]) -> str:
    """Write a kubeconfig with one context, `lab`, to *path*; return it."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": {"server": server}}],
        "users": [{"name": "me", "user": dict(user)}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "me", "namespace": "space"}}],
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

    def make(url: str, *, patience: Patience = PATIENCE, **user: Any) -> Api:
        path = write_kubeconfig(tmp_path / "kubeconfig", url, user or {"token": "secret"})
        made.append(Api(Access(kubeconfig=path), patience=patience))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def api(make_api: MakeApi, server: FaultProxy) -> Api:
    """Return a client of the scripted server."""
    return make_api(server.url)
