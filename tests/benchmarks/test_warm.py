"""What a helper is worth: a warm run and a warm command line against papermill's, and the memory of forked kernels."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client.manager import AsyncKernelManager

from mlrun_nb._lib.processes import proportional_bytes
from mlrun_nb.kernels import client, kindle
from mlrun_nb.project import open_project
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import COMMAND, write_notebook
from tests.benchmarks.test_start import PAPERMILL, paired, timed

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]
DIGITS = (
    *(
        f"sklearn.{name}"
        for name in ["datasets", "metrics", "model_selection", "neural_network", "pipeline", "preprocessing"]
    ),
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "skops.io",
)
"""What a first run of the example teaches a helper."""
KERNELS = 20


@contextmanager
def kindled(modules: Sequence[str]) -> Iterator[None]:
    """Start a helper that has *modules* loaded."""
    kindle.kindle(os.environ, modules=modules)
    wait_for(lambda: client.tell(os.environ, verb="about"), what="a helper")
    yield
    client.tell(os.environ, verb="stop")
    wait_for(lambda: client.tell(os.environ, verb="about") is None, what="its end")


@pytest.fixture
def helper(home, monkeypatch):
    """Start a helper that has learned from the example, and switch starts to it."""
    monkeypatch.setenv("MLRUN_NB_WARM", "on")
    with kindled(DIGITS):
        yield


def recorded_run(folder: Path) -> float:
    """Return the seconds from the wish to the recorded end of a run of the example, in this process."""
    from mlrun_nb.commands import run
    from mlrun_nb.services.choice import Choice

    began = time.perf_counter()
    with open_project(folder) as project:
        planned = run.plan_run(project, str(ROOT / "examples/01-digits/digits.ipynb::train"), Choice())
        watch = run.Watch(project, run.hand_over(project, planned).run)
        for _ in watch:
            pass
    assert watch.run.state == "succeeded", watch.run
    return time.perf_counter() - began


def papermill_run(notebook: Path, out: Path) -> float:
    """Return the seconds that papermill takes for the same cells, imported before, in this process."""
    import papermill

    began = time.perf_counter()
    papermill.execute_notebook(str(notebook), str(out), progress_bar=False, log_output=False, cwd=str(out.parent))
    return time.perf_counter() - began


def cell_seconds(run_directory: Path) -> float:
    """Return how long the cells themselves took, by the run's own events."""
    lines = (run_directory / "events/000000.jsonl").read_text().splitlines()
    events = [event for event in map(json.loads, lines) if event["type"] == "cell_finished"]
    return float(sum(event["data"]["duration_s"] for event in events))


def test_a_warm_run_of_the_digits_notebook_against_papermill_in_process(helper, home, tmp_path):
    """From the wish to the recorded end, against papermill on the same composed notebook; goal 10 times."""
    import papermill.execute  # noqa: F401  # warm, as we are

    recorded_run(tmp_path)
    first = next(Path(os.environ["MLRUN_NB_HOME"]).glob("runs/*/*"))
    pairs = 5
    theirs, ours, ratio = paired(
        lambda: papermill_run(first / "input.ipynb", tmp_path / "out.ipynb"), lambda: recorded_run(tmp_path), pairs
    )
    cells = statistics.median(cell_seconds(path) for path in Path(os.environ["MLRUN_NB_HOME"]).glob("runs/*/*"))
    print(
        f"\nwarm run of digits: mlrun-nb {ours:.2f} s ({cells:.2f} s of it cells), papermill in process "
        f"{theirs:.2f} s, ratio {ratio:.1f} (goal 10; {theirs / cells:.1f} if a start took no time)"
    )


@pytest.mark.parametrize("modules", [(), DIGITS], ids=["what it needs", "the libraries of the example"])
def test_a_warm_command_line_against_papermills(home, monkeypatch, tmp_path, modules, request):
    """`mlrun-nb run hello.ipynb` against `papermill hello.ipynb out.ipynb`, whole processes; goal 5 times."""
    monkeypatch.setenv("MLRUN_NB_WARM", "on")
    write_notebook(tmp_path / "hello.ipynb", ["print('hello')"])
    with kindled(modules):
        theirs, ours, ratio = paired(
            lambda: timed([*PAPERMILL, "hello.ipynb", "out.ipynb"], tmp_path),
            lambda: timed([COMMAND, "run", "hello.ipynb"], tmp_path),
        )
        listing = statistics.median(timed([COMMAND, "runs"], tmp_path) for _ in range(9))
    bare = statistics.median(timed([sys.executable, "-c", "pass"], tmp_path) for _ in range(9))
    print(f"\nwarm command line: run {ours:.2f} s, papermill {theirs:.2f} s, ratio {ratio:.1f} (goal 5)")
    print(f"  with {request.node.callspec.id} loaded; `mlrun-nb runs` {listing:.3f} s, bare Python {bare:.3f} s")


async def _kernels(name: str) -> int:
    """Return the bytes (PSS) that KERNELS kernels hold together once each has used scikit-learn."""
    managers = [AsyncKernelManager(kernel_name=name) for _ in range(KERNELS)]
    for manager in managers:
        await manager.start_kernel()
    for manager in managers:
        kernel = manager.client()
        kernel.start_channels()
        await kernel.wait_for_ready(timeout=120)
        await kernel.execute_interactive(
            "import sklearn.neural_network, matplotlib.pyplot", timeout=120, store_history=False
        )
        kernel.stop_channels()
    size = proportional_bytes([int(getattr(manager.provisioner, "pid", 0)) for manager in managers])
    await asyncio.gather(*(manager.shutdown_kernel(now=True) for manager in managers))
    return size


def test_memory_of_twenty_forked_kernels_against_fresh_ones(helper):
    """Each has imported what the example imports; the helper itself is counted with the forked ones."""
    pid = client.tell(os.environ, verb="about")["pid"]
    forked = asyncio.run(_kernels("python3-warm")) + proportional_bytes([pid])
    fresh = asyncio.run(_kernels("python3"))
    words = f"forked {forked >> 20} MiB, fresh {fresh >> 20} MiB ({fresh / forked:.1f} times)"
    print(f"\nmemory of {KERNELS} kernels: {words}")
