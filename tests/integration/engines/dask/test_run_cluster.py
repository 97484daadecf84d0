"""Runs that have a Dask cluster of their own on this machine: there before the first cell, gone after the last."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.config import Config
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.engines.supervisor import files
from mlrun_nb.model.run import Handle, Observation, RunResult
from mlrun_nb.model.settings import Environment, Policy, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for, wait_until_ended, write_request

CONNECT = "import os\nfrom distributed import Client\nclient = Client()"
ABOUT = """
workers = client.scheduler_info(n_workers=-1)["workers"].values()
limits = {each["memory_limit"] for each in workers}
print("workers", len(workers), "limits", limits, "threads", {each["nthreads"] for each in workers}, flush=True)
"""
SLEEP = "print('begun', flush=True)\nimport time\ntime.sleep(300)"
ONE = Settings(dask_workers=(1,), dask_worker_memory="300Mi", dask_worker_cpu="1")
MARK = "mlrun_nb.engines.dask.run_cluster"


@dataclass(frozen=True)
class Bench:
    """An engine, and a folder for run directories."""

    engine: LocalEngine
    folder: Path

    def submit(self, *cells: str, settings: Settings = ONE) -> Handle:
        """Submit a run of *cells*."""
        request = write_request(self.folder, *cells, settings=settings)
        return self.engine.submit([request])[request.id]

    def run(self, *cells: str, settings: Settings = ONE) -> tuple[Observation, RunResult, str]:
        """Return how a run of *cells* ended, and its log."""
        handle = self.submit(*cells, settings=settings)
        seen = wait_until_ended(self.engine, handle)
        assert seen.result is not None
        return seen, seen.result, self.log(handle)

    def log(self, handle: Handle) -> str:
        """Return what the run has printed."""
        return self.engine.read(handle, None).log.decode()

    def left(self, handle: Handle) -> list[int]:
        """Return the processes of a run."""
        return sorted(processes.marked(files.MARK, handle.run))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Give a bench."""
    return Bench(engine=LocalEngine(Config(home=tmp_path / "home", store="memory://")), folder=tmp_path / "runs")


def test_a_client_is_connected_to_a_cluster_as_asked_for(bench: Bench):
    """Workers, memory and threads; what tasks print is in the log; a report is kept; no process is left."""
    task = (
        "total = sum(client.gather(client.map(lambda x: print(f'task {x}\\n', end='', flush=True) or x * x, range(3))))"
    )
    handle = bench.submit(CONNECT, ABOUT, f"{task}\nprint('total', total)", settings=replace(ONE, dask_workers=(2,)))
    seen = wait_until_ended(bench.engine, handle)
    assert seen.result is not None, seen
    assert seen.state is RunState.SUCCEEDED, seen
    log = bench.log(handle)
    assert f"workers 2 limits {{{300 << 20}}} threads {{1}}" in log
    assert "total 5" in log
    assert {"task 0", "task 1", "task 2"} <= set(log.splitlines())
    (report,) = seen.result.artifacts
    assert report.name == "dask-performance-report"
    assert b"bokeh" in Path(report.uri.removeprefix("file://")).read_bytes().lower()
    (event,) = [event for event in bench.engine.read(handle, None).events if event.type == "dask_cluster"]
    assert str(event.data["address"]).startswith("tcp://127.0.0.1:")
    assert str(event.data["dashboard"]).startswith("http://127.0.0.1:")
    wait_for(lambda: not bench.left(handle), what="that no process is left")


def test_a_cluster_grows_with_its_work(bench: Bench):
    """From the least to the most."""
    busy = (
        "import time\nclient.gather(client.map(lambda x: time.sleep(0.5), range(20)))\n"
        "print('most', len(client.scheduler_info(n_workers=-1)['workers']))"
    )
    _, _, log = bench.run(CONNECT, "print('first', len(client.scheduler_info(n_workers=-1)['workers']))", busy,
                          settings=replace(ONE, dask_workers=(1, 2)))  # fmt: skip
    assert "first 1" in log
    assert "most 2" in log


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_whatever_ends_the_run_ends_its_cluster(bench: Bench, number: signal.Signals):
    """A death of the runner, and its end on request."""
    handle = bench.submit(CONNECT, SLEEP)
    wait_for(lambda: "begun" in bench.log(handle), what="the cell")
    state = files.read_state(str(handle.data["run_directory"]))
    assert state is not None
    assert state["runner"] is not None
    os.kill(int(state["runner"]["pid"]), number)
    seen = wait_until_ended(bench.engine, handle)
    assert seen.state in {RunState.FAILED, RunState.CANCELLED}
    wait_for(lambda: not bench.left(handle), what="that no process is left")


def test_a_run_can_be_cancelled_while_its_cluster_starts(bench: Bench):
    """No cell is executed, and no process is left."""
    handle = bench.submit("print('never')", settings=replace(ONE, dask_workers=(4,)))
    wait_for(lambda: any(MARK in _command(pid) for pid in bench.left(handle)), what="the cluster's process")
    bench.engine.cancel(handle)
    assert wait_until_ended(bench.engine, handle).state is RunState.CANCELLED
    assert "never" not in bench.log(handle)
    wait_for(lambda: not bench.left(handle), what="that no process is left")


def test_the_time_limit_of_a_run_counts_while_its_cluster_starts(bench: Bench):
    """It is the run's time, whoever spends it."""
    slow = replace(ONE, dask_workers=(3,), policy=Policy(timeout_s=0.3))
    seen, _, log = bench.run("print('never')", settings=slow)
    assert seen.error is not None
    assert seen.error.cls == "Timeout"
    assert "never" not in log


def test_without_the_library_it_is_said_what_to_install(bench: Bench, tmp_path: Path):
    """In the kernel's Python, before any cell."""
    folder = tmp_path / "hides"
    folder.mkdir()
    (folder / "distributed.py").write_text("raise ModuleNotFoundError(\"No module named 'distributed'\")")
    hidden = replace(ONE, environment=Environment(env={"PYTHONPATH": str(folder)}))
    seen, _, log = bench.run("print('never')", settings=hidden)
    assert seen.error is not None
    assert (seen.error.cls, seen.error.fault) == ("DaskClusterNotReady", "environment")
    assert "No module named 'distributed'" in seen.error.summary
    assert "pip install distributed" in seen.error.hint
    assert "never" not in log


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
