"""Children of a sweep as forks of one process: what they share, what each has for itself, and how each may end."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.ids import new_id
from mlrun_nb._lib.records import Json
from mlrun_nb.config import Config
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.function import SourceCell
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.settings import Environment, Policy, Resources, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.pool import Pool, Start
from mlrun_nb.testing.pool_contract import write_sweep
from mlrun_nb.testing.requests import wait_for

_PLAIN = Settings()


@dataclass(frozen=True)
class Bench:
    """A pool, and the request that it was made for."""

    pool: Pool
    engine: LocalEngine
    request: RunRequest

    def start(self, x: int = 1) -> RunRequest:
        """Begin a child."""
        child = RunId(new_id())
        folder = Path(self.request.run_directory, "children", child)
        request = replace(
            self.request, id=child, number=x, parent=self.request.id, sweep=None, parameters={"x": x},
            run_directory=str(folder), artifacts=str(folder / "artifacts"), created=now(),
        )  # fmt: skip
        self.begin(request)
        return request

    def begin(self, request: RunRequest) -> Handle:
        """Begin the child of *request* and return its handle."""
        return self.pool.start([Start(request=request)])[request.id]

    def end(self, count: int = 1, *, patience_s: float = 30.0) -> Mapping[RunId, Observation]:
        """Return how *count* children ended."""
        found: dict[RunId, Observation] = {}

        def all_ended() -> bool:
            found.update(self.pool.ended(0.1))
            return len(found) >= count

        wait_for(all_ended, what=f"the end of {count} children", patience_s=patience_s)
        return found

    def run(self, *points: int) -> list[Observation]:
        """Execute children at *points*, all at once, and return how they ended."""
        requests = [self.start(x) for x in points]
        found = self.end(len(points))
        return [found[request.id] for request in requests]


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[object]:
    """Give a maker of pools for cells: those before the last stand above the parameters."""
    benches: list[Bench] = []

    def make(*cells: str, settings: Settings = _PLAIN, setup: bool = True, outputs: tuple[str, ...] = ("y",)) -> Bench:
        *above, body = cells
        sources = [SourceCell(role="setup" if setup else "definition", source=cell) for cell in above]
        request = write_sweep(tmp_path, body, *sources, settings=settings, outputs=outputs)
        engine = LocalEngine(Config(home=tmp_path / "home", store="memory://"))
        pool = engine.pool(request, slots=2, is_adaptive=False)
        assert not isinstance(pool, str), pool
        benches.append(Bench(pool=pool, engine=engine, request=request))
        return benches[-1]

    yield make
    for bench in benches:
        bench.pool.close()


def results(seen: Observation) -> Mapping[str, Json]:
    """Return the results of a child that succeeded."""
    assert seen.state is RunState.SUCCEEDED, seen
    assert seen.result is not None
    return seen.result.results


def test_what_stands_above_the_parameters_is_executed_once(make_bench, tmp_path):
    """However many children there are; each gets a point of its own."""
    bench = make_bench(f"with open({str(tmp_path / 'once')!r}, 'a') as file:\n    file.write('.')\na = 10", "y = a * x")
    assert [results(seen)["y"] for seen in bench.run(1, 2, 3, 4)] == [10, 20, 30, 40]
    assert (tmp_path / "once").read_text() == "."


def test_what_a_child_changes_no_other_one_sees(make_bench):
    """Not in what they share, and not in the environment."""
    bench = make_bench(
        "import os\nshared = []", "shared.append(x)\ny = len(shared) + len(os.environ.pop('HOME', ''))*0"
    )
    assert [results(seen)["y"] for seen in bench.run(1, 2, 3)] == [1, 1, 1]


def test_the_run_directory_is_that_of_every_run(make_bench):
    """Executed notebook with the shared cells in it, events, log, result; the handle shows it to everybody."""
    bench = make_bench("print('above')", "print('x is', x)\ny = x")
    request = bench.start(7)
    bench.end()
    folder = Path(request.run_directory)
    notebook = json.loads((folder / "output.ipynb").read_text())
    texts = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert texts[0] == "print('above')"
    assert "# Parameters\nx = 7" in texts
    printed = [output["text"] for cell in notebook["cells"] for output in cell["outputs"]]
    assert printed == [["above\n"], ["x is 7\n"]]
    assert (folder / "log" / "000000.log").read_text() == "x is 7\n"
    result = json.loads((folder / "result.json").read_text())
    assert {cell["state"] for cell in result["cells"]} == {"succeeded"}


def test_magics_displays_and_programs_are_as_in_a_kernel(make_bench):
    """There is a shell of IPython; what a program prints is in the log."""
    cell = "from IPython.display import HTML, display\n%time y = x\ndisplay(HTML('<b>bold</b>'))\n!echo from $x\ny"
    bench = make_bench("a = 1", cell)
    request = bench.start(3)
    (seen,) = bench.end().values()
    assert results(seen)["y"] == 3
    outputs = json.loads(Path(request.run_directory, "output.ipynb").read_text())["cells"][-2]["outputs"]
    assert {"text/html": ["<b>bold</b>"], "text/plain": ["<IPython.core.display.HTML object>"]} in [
        output.get("data") for output in outputs
    ]
    assert "from 3" in Path(request.run_directory, "log", "000000.log").read_text()


def test_each_child_draws_numbers_of_its_own(make_bench):
    """As runs do that are started one by one."""
    bench = make_bench("import random\nimport numpy as np", "y = random.random() + np.random.random()", setup=False)
    drawn = [results(seen)["y"] for seen in bench.run(1, 2, 3, 4)]
    assert len(set(drawn)) == 4


def test_a_setup_cell_that_seeds_has_its_way(make_bench):
    """Then all children draw the same, as each would after that cell."""
    bench = make_bench(
        "import random\nimport numpy as np\nrandom.seed(3)\nnp.random.seed(3)",
        "y = random.random() + np.random.random()",
    )
    drawn = [results(seen)["y"] for seen in bench.run(1, 2, 3)]
    assert len(set(drawn)) == 1


def test_a_failing_child_says_so_and_hinders_nobody(make_bench):
    """With the user's own frames."""
    bench = make_bench("def f(x):\n    return 1 / (x - 2)", "y = f(x)", setup=False)
    seen = bench.run(1, 2, 3)
    assert [each.state.value for each in seen] == ["succeeded", "failed", "succeeded"]
    error = seen[1].error
    assert error is not None
    assert (error.cls, error.ename) == ("CellFailed", "ZeroDivisionError")
    assert "mlrun_nb/" not in error.traceback


def test_a_child_that_is_killed_has_failed_where_it_was(make_bench):
    """And what it had printed is there."""
    bench = make_bench("import os, signal", "print('begun', flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\ny = 1")
    request = bench.start()
    (seen,) = bench.end().values()
    assert seen.state is RunState.FAILED
    assert seen.error is not None
    assert seen.error.cls == "OutOfMemory"
    assert "SIGKILL" in seen.error.summary
    assert Path(request.run_directory, "log", "000000.log").read_text() == "begun\n"


def test_a_child_that_takes_too_long_is_interrupted(make_bench):
    """By its own clock, so that its notebook and result are written."""
    bench = make_bench("import time", "time.sleep(60)\ny = 1", settings=Settings(policy=Policy(timeout_s=0.5)))
    (seen,) = bench.run(1)
    assert seen.error is not None
    assert (seen.error.cls, seen.error.fault) == ("Timeout", "timeout")
    assert "0.5 s" in seen.error.summary


def test_a_child_that_holds_too_much_is_ended(make_bench):
    """With what it held, and the option that would give it more."""
    cell = "import time\nhog = bytearray(b'x') * (400 << 20)\ntime.sleep(60)\ny = 1"
    bench = make_bench("a = 1", cell, settings=Settings(resources=Resources(memory="200Mi")))
    (seen,) = bench.run(1)
    assert seen.error is not None
    assert seen.error.cls == "OutOfMemory"
    assert "its memory limit is `200Mi`" in seen.error.summary
    assert "--memory" in seen.error.hint


def test_a_child_can_be_cancelled_by_the_pool_and_by_others(make_bench):
    """Others leave the wish in its run directory, through the engine."""
    bench = make_bench("import time", "print('begun', flush=True)\ntime.sleep(60)\ny = 1")
    first, second = bench.start(1), bench.start(2)
    logs = [Path(request.run_directory, "log", "000000.log") for request in (first, second)]
    wait_for(lambda: all(log.exists() and log.read_text() for log in logs), what="both to begin")
    bench.pool.cancel(first.id)
    handle = bench.begin(replace(second, id=RunId(new_id()), run_directory=f"{second.run_directory}x"))
    bench.engine.cancel(replace(handle, run=second.id, data={**handle.data, "run_directory": second.run_directory}))
    found = bench.end(2)
    assert {found[first.id].state, found[second.id].state} == {RunState.CANCELLED}


def test_what_a_child_started_ends_with_it(make_bench, tmp_path):
    """Programs in its process group are ended."""
    bench = make_bench("import subprocess", "y = subprocess.Popen(['sleep', '600']).pid")
    pid = results(bench.run(1)[0])["y"]
    wait_for(lambda: not Path(f"/proc/{pid}/stat").exists(), what="the end of the program")


def test_children_of_a_generation_that_dies_are_to_be_started_again(make_bench):
    """They have not failed; the next start makes a new generation."""
    bench = make_bench("import time", "time.sleep(60 if x == 1 else 0)\ny = x")
    request = bench.start(1)
    handle = bench.begin(replace(request, id=RunId(new_id()), run_directory=f"{request.run_directory}x"))
    generation = handle.data["generation"]
    assert isinstance(generation, Mapping)
    os.kill(int(str(generation["pid"])), signal.SIGKILL)
    found = bench.end(2)
    assert {seen.state for seen in found.values()} == {RunState.PENDING}
    assert [results(seen)["y"] for seen in bench.run(5)] == [5]


def test_a_failure_in_what_all_share_is_told_before_any_child(make_bench):
    """With the cell's own exception."""
    with pytest.raises(EngineRejected, match="ZeroDivisionError") as caught:
        make_bench("1 / 0", "y = x")
    assert caught.value.hint


def test_where_forking_would_not_do_nobody_is_forked(tmp_path):
    """Threads of shared cells, an interpreter of the run's own: the reason is told, and children start one by one."""
    engine = LocalEngine(Config(home=tmp_path / "home", store="memory://"))
    request = write_sweep(tmp_path, "y = x", settings=Settings(environment=Environment(isolated=True)))
    assert engine.pool(request, slots=1, is_adaptive=False) == "it has an interpreter of its own"


def test_shared_cells_with_threads_refuse_to_be_forked(make_bench):
    """A fork would have the thread's locks and not the thread."""
    cell = "import threading, time\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()"
    with pytest.raises(AssertionError, match="started threads"):
        make_bench(cell, "y = x")


def test_the_thread_of_an_allocator_hinders_nobody(make_bench):
    """`import pandas` starts one where pyarrow is installed, and stops it in a fork by itself."""
    bench = make_bench("import pyarrow as pa", "y = sum(pa.array(range(x)).to_pylist())")
    assert [results(seen)["y"] for seen in bench.run(3, 4)] == [3, 6]


def test_the_libraries_of_a_child_use_their_share_of_the_cores(make_bench):
    """So that many children at once are not many times as many threads."""
    bench = make_bench("import os", "y = int(os.environ['OMP_NUM_THREADS'])")
    assert results(bench.run(1)[0])["y"] == max(1, len(os.sched_getaffinity(0)) // 2)


def test_secrets_are_masked_in_what_children_print(make_bench, monkeypatch):
    """As in every run."""
    monkeypatch.setenv("MY_TOKEN", "s3cret-value-of-mine")
    settings = Settings(environment=Environment(secret={"TOKEN": "env:MY_TOKEN"}))
    bench = make_bench("import os", "print(os.environ['TOKEN'])\ny = 1", settings=settings)
    request = bench.start()
    bench.end()
    written = [path.read_text() for path in Path(request.run_directory).rglob("*") if path.is_file()]
    assert not any("s3cret-value-of-mine" in text for text in written)


def test_a_child_draws_figures_into_its_notebook(make_bench):
    """Its backend is the one that matplotlib has in a kernel."""
    bench = make_bench("import matplotlib.pyplot as plt", "plt.plot([x, 2])\ny = x")
    request = bench.start()
    assert results(next(iter(bench.end().values())))["y"] == 1
    outputs = json.loads(Path(request.run_directory, "output.ipynb").read_text())["cells"][-2]["outputs"]
    assert any("image/png" in output.get("data", {}) for output in outputs)


def test_files_that_nobody_closed_are_whole(make_bench, tmp_path):
    """And exit handlers ran."""
    above = f"import atexit\nfrom pathlib import Path\nfolder = Path({str(tmp_path)!r})"
    bench = make_bench(
        above,
        "file = open(folder / 'open', 'w')\nfile.write('all of it')\natexit.register((folder / 'end').touch)\ny = 1",
    )
    bench.run(1)
    assert (tmp_path / "open").read_text() == "all of it"
    assert (tmp_path / "end").exists()
