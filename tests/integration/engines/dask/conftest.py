"""A cluster of this machine for all tests of a module, and engines that are closed after each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.config import Config
from mlrun_nb.engines.dask import own_cluster
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.engines.dask.own_process import Wish
from mlrun_nb.kernels import client
from mlrun_nb.testing.requests import wait_for
from tests.integration.engines.dask.separate import Separate


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DaskEngine]:
    """Give an engine."""
    engine = DaskEngine(Config(home=tmp_path / "home", store="memory://"))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def dask_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a home with a cluster of two slots, which ends with the module."""
    home = tmp_path_factory.mktemp("dask")
    about = own_cluster.start(home, Wish(workers=1, threads=2, idle_timeout_s=600))
    yield home
    own_cluster.end(about)
    wait_for(lambda: not processes.is_same_process(about.process), what="the end of the cluster")


@pytest.fixture(scope="module")
def separate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Separate]:
    """Give a scheduler and two workers over TLS, as processes of their own with a helper beside them, for a module."""
    folder = tmp_path_factory.mktemp("separate")
    exports = {"MLRUN_NB_WARM": "on", "XDG_RUNTIME_DIR": str(folder)}
    cluster = Separate(folder, exports)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.end()
        client.tell({**os.environ, **exports}, verb="stop")
