"""The cluster of this machine: found, shared, changed and ended; nothing of it is left running unseen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.config import Config
from mlrun_nb.engines.dask import own_cluster, own_standing
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.engines.dask.own_process import Wish
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.settings import Dask, Resources, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for, wait_until_ended, wait_until_running, write_request

_ONE = Wish(workers=1, threads=1, idle_timeout_s=600)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Give a home whose cluster ends with the test."""
    home = tmp_path / "home"
    home.mkdir()
    yield home
    own_standing.down(home, force=True)


def test_who_starts_one_at_once_with_others_gets_the_same(home: Path) -> None:
    """And it is the child of none of them."""
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda _: own_cluster.find_or_start(home, _ONE), range(3)))
    assert len({about.address for about in found}) == 1
    assert int(str(found[0].process["pid"])) not in processes.descendants(os.getpid())


def test_a_cluster_without_work_ends_by_itself(home: Path) -> None:
    """Also while somebody is connected; the next run starts another."""
    about = own_cluster.start(home, replace(_ONE, idle_timeout_s=1))
    engine = DaskEngine(Config(home=home, store="memory://"))
    settings = Settings(dask=Dask(dask_address="local", dask_idle_timeout_s=600))
    first, second = (write_request(home / "runs", "x = 1", engine="dask", settings=settings) for _ in range(2))
    assert wait_until_ended(engine, engine.submit([first])[first.id]).state is RunState.SUCCEEDED
    wait_for(lambda: not processes.is_same_process(about.process), what="the end of the cluster")
    assert own_cluster.find(home) is None
    assert wait_until_ended(engine, engine.submit([second])[second.id]).state is RunState.SUCCEEDED
    engine.close()


def test_it_is_scaled_and_not_ended_under_its_runs(home: Path) -> None:
    """It says what it has and holds; with force its runs fail, and say why."""
    own_cluster.start(home, _ONE)
    now = own_standing.scale(home, 2, force=False)
    assert (now.workers, now.slots, now.runs) == (2, 2, 0)
    assert now.memory_bytes > 0
    engine = DaskEngine(Config(home=home, store="memory://"))
    settings = Settings(dask=Dask(dask_address="local"))
    request = write_request(home / "runs", "import time; time.sleep(60)", engine="dask", settings=settings)
    handle = engine.submit([request])[request.id]
    wait_until_running(engine, handle)
    with pytest.raises(EngineRejected, match="1 run"):
        own_standing.down(home, force=False)
    assert own_standing.down(home, force=True)
    assert not own_standing.down(home, force=True)
    seen = wait_until_ended(engine, handle)
    assert seen.error is not None
    assert seen.error.cls == "WorkerLost"
    engine.close()


def test_cores_that_a_run_asks_for_count_more_than_what_a_nanny_sets(home: Path) -> None:
    """Libraries of one that asks for none have one thread, as the slot is one."""
    own_cluster.start(home, _ONE)
    engine = DaskEngine(Config(home=home, store="memory://"))
    said = []
    for resources in (Resources(), Resources(cpu="3")):
        settings = Settings(dask=Dask(dask_address="local"), resources=resources)
        cell = "import os\nprint(os.environ['OMP_NUM_THREADS'])"
        request = write_request(home / "runs", cell, engine="dask", settings=settings)
        handle = engine.submit([request])[request.id]
        wait_until_ended(engine, handle)
        said.append(engine.read(handle, None).log)
    assert said == [b"1\n", b"3\n"]
    engine.close()
