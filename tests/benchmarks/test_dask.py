"""
Runs on a warm Dask cluster of this machine: against the local engine, and against papermill given to Dask by hand.

All in one run on one machine, as ratios; what the scheduler holds is measured in its process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from distributed import Client

from mlrun_nb.config import Config, Warm
from mlrun_nb.engines.dask import own_cluster
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.engines.dask.own_process import Wish
from mlrun_nb.engines.dask.target import OWN, Target
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.kernels import client
from mlrun_nb.model.settings import Dask, Settings
from mlrun_nb.protocols.engine import Engine
from mlrun_nb.testing.requests import wait_for, wait_until_ended, write_request
from tests.acceptance.session import COMMAND, write_notebook

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]

_CELL = "y = x * 2"
_SAMPLE = 30
_RUNS = 1000


@pytest.fixture
def home(tmp_path: Path, warm: None) -> Iterator[Path]:
    """Give a home with a cluster of two workers."""
    home = tmp_path / "home"
    home.mkdir()
    about = own_cluster.start(home, Wish(workers=2, threads=1, idle_timeout_s=3600))
    yield home
    with Client(about.address, set_as_default=False) as by_hand:
        by_hand.run(end_helper)
    own_cluster.end(about)


def _timed(engine: Engine, folder: Path) -> float:
    """Return the seconds from a request to its end, as somebody who waits sees it."""
    settings = Settings(dask=Dask(dask_address=OWN))
    request = write_request(folder / "runs", "x = 1", _CELL, engine=engine.name, settings=settings)
    began = time.perf_counter()
    wait_until_ended(engine, engine.submit([request])[request.id])
    return time.perf_counter() - began


def end_helper() -> None:
    """End the helper of the worker that is asked, if it has one."""
    client.tell(os.environ, verb="stop")


def helper_answers() -> bool:
    """Tell whether runs of the worker that is asked are forked from a helper."""
    return client.tell(os.environ, verb="about") is not None


def test_a_run_against_the_local_engine(home: Path) -> None:
    """Goal: 1.3 times its time at most, both with helpers and the cluster connected."""
    config = Config(home=home, store="memory://", warm=Warm(mode="on"))
    engines: tuple[Engine, Engine] = (LocalEngine(config), DaskEngine(config))
    about = own_cluster.find(home)
    assert about is not None
    with Client(about.address, set_as_default=False) as dask_client:
        _timed(engines[1], home)  # it kindles the workers' helper
        wait_for(lambda: all(dask_client.run(helper_answers).values()), what="the helper of the workers")
    for engine in engines * 2:
        _timed(engine, home)
    local, dask = ([_timed(engine, home) for _ in range(15)] for engine in engines)
    ratio = statistics.median(dask) / statistics.median(local)
    print(f"\nlocal {statistics.median(local):.3f} s, dask {statistics.median(dask):.3f} s: {ratio:.2f} times")


def papermill_run(notebook: str, x: int) -> None:
    """Do what people write who give papermill to Dask."""
    import papermill

    papermill.execute_notebook(notebook, f"{notebook}.{x}.ipynb", {"x": x}, progress_bar=False)


def test_a_thousand_short_runs_against_papermill_in_client_map(home: Path) -> None:
    """Goal: 8 times as fast over the same two workers; of papermill's, a sample is executed."""
    write_notebook(home / "idle.ipynb", [f"%%mlrun idle --output y\nx: int = 1\n{_CELL}"])
    write_notebook(home / "plain.ipynb", [_CELL])
    about = own_cluster.find(home)
    assert about is not None
    with Client(about.address, set_as_default=False) as by_hand:
        by_hand.gather(by_hand.map(papermill_run, [str(home / "plain.ipynb")] * 2, range(2), pure=False))
        began = time.perf_counter()
        by_hand.gather(by_hand.map(papermill_run, [str(home / "plain.ipynb")] * _SAMPLE, range(_SAMPLE), pure=False))
        plain_s = (time.perf_counter() - began) / _SAMPLE * _RUNS
    words = ["sweep", "idle.ipynb::idle", "--on", "dask", "--sweep", f"x={','.join(map(str, range(_RUNS)))}", "--quiet"]
    began = time.perf_counter()
    subprocess.run([COMMAND, *words], cwd=home, env=os.environ | {"MLRUN_NB_HOME": str(home)}, check=True)
    ours_s = time.perf_counter() - began
    print(f"\n{_RUNS} runs: papermill {plain_s:.0f} s, ours {ours_s:.0f} s: {plain_s / ours_s:.1f} times as fast")


def test_the_scheduler_holds_nothing_of_ten_thousand_released_tasks(home: Path) -> None:
    """Its memory after ten thousand tasks against that after the first thousand; nothing is left in its tables."""
    about = own_cluster.find(home)
    assert about is not None
    scheduler = psutil.Process(int(str(about.process["pid"])))
    connection = Connection(Target(address=OWN), about.address)

    def submit(number: int) -> None:
        connection.submit(f"bench-{number}", "look", ["/"], resources={}, workers=[], is_there=lambda: False)

    held = []
    with ThreadPoolExecutor(16) as threads:
        for begin in range(0, 11_000, 1000):
            list(threads.map(submit, range(begin, begin + 1000)))
            held.append(scheduler.memory_info().rss >> 20)
    print(f"\nscheduler: {' '.join(map(str, held))} MiB each thousand tasks; {connection.tasks()} tasks left")
    connection.close()
