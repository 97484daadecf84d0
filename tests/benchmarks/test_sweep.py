"""
Sweeps against what people do instead: a loop over papermill, and a pool of processes over the plain function.

All in one run on one machine, as ratios. What a child costs beyond a bare fork of a warm process is measured on cells
that do nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import psutil
import pytest

from mlrun_nb._lib.cores import usable_cores
from tests.acceptance.session import COMMAND, write_notebook
from tests.benchmarks.test_start import PAPERMILL

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]

IMPORTS = """
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
"""
FUNCTION = """
def score(depth, trees):
    X, y = load_digits(return_X_y=True)
    a, b, c, d = train_test_split(X, y, random_state=0)
    return RandomForestClassifier(n_estimators=trees, max_depth=depth, random_state=0).fit(a, c).score(b, d)
"""
DIGITS = [
    IMPORTS,
    FUNCTION,
    "%%mlrun train --output accuracy\ndepth: int = 4\ntrees: int = 10\naccuracy = score(depth, trees)",
]
POINTS = [(depth, trees) for depth in range(2, 12) for trees in range(5, 55, 5)]
SPACE = f"depth={','.join(map(str, range(2, 12)))} trees={','.join(map(str, range(5, 55, 5)))}"
SPIN = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end:\n    pass\n"
BUSY = f"%%mlrun busy --output y\nx: int = 1\n{SPIN}y = x"
IDLE = "%%mlrun idle --output y\nx: int = 1\ny = x"


def sweep(folder: Path, *words: str) -> float:
    """Return the seconds that `mlrun-nb sweep` takes from the command to its end."""
    environment = os.environ | {"MLRUN_NB_HOME": str(folder / "home")}
    began = time.perf_counter()
    subprocess.run([COMMAND, "sweep", *words, "--quiet"], cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


def pool(folder: Path, code: str, calls: str) -> float:
    """Return the seconds that joblib's pool takes for *calls* of the plain function in *code*, from a cold start."""
    script = folder / "plain.py"
    script.write_text(
        f"from joblib import Parallel, delayed\n{code}\n"
        f"if __name__ == '__main__':\n    print(max(Parallel(n_jobs={usable_cores()})({calls})))\n"
    )
    began = time.perf_counter()
    subprocess.run([sys.executable, str(script)], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def test_a_hundred_points_against_papermill_and_against_a_plain_pool(tmp_path):
    """Goal: 15 times as fast as a loop over papermill (of which five points are measured)."""
    write_notebook(tmp_path / "digits.ipynb", DIGITS)
    body = DIGITS[2].partition("\n")[2].partition("accuracy")
    plain = [*DIGITS[:2], body[0].rstrip(), body[1] + body[2]]
    write_notebook(tmp_path / "plain.ipynb", plain)
    ours = sweep(tmp_path, "digits.ipynb::train", "--sweep", SPACE, "--maximize", "accuracy")
    sample = POINTS[::20]
    began = time.perf_counter()
    for depth, trees in sample:
        words = ["-p", "depth", str(depth), "-p", "trees", str(trees)]
        subprocess.run([*PAPERMILL, "plain.ipynb", "out.ipynb", *words], cwd=tmp_path, check=True, capture_output=True)
    papermill = (time.perf_counter() - began) / len(sample) * len(POINTS)
    calls = f"delayed(score)(depth, trees) for depth, trees in {POINTS!r}"
    plain_s = pool(tmp_path, IMPORTS + FUNCTION, calls)
    print(
        f"\n100 points of digits: {ours:.1f} s, papermill's loop {papermill:.0f} s ({papermill / ours:.1f} times), "
        f"joblib over the plain function {plain_s:.1f} s (ratio {ours / plain_s:.2f})"
    )
    assert papermill / ours >= 15


def test_points_of_half_a_second_against_a_plain_pool(tmp_path):
    """Goal: at most 1.3 times what joblib takes."""
    write_notebook(tmp_path / "busy.ipynb", [BUSY])
    code = "def busy(x):\n" + textwrap.indent(f"{SPIN}return x", "    ")
    ratios = []
    for _ in range(3):
        plain_s = pool(tmp_path, code, "delayed(busy)(x) for x in range(40)")
        ours = sweep(tmp_path, "busy.ipynb::busy", "--sweep", f"x={','.join(map(str, range(40)))}", "--maximize", "y")
        ratios.append(ours / plain_s)
    print(f"\n40 points of 0.5 s: ratio to joblib's pool {sorted(ratios)[1]:.2f} (goal ≤ 1.3)")
    assert sorted(ratios)[1] <= 1.3


def bare_forks(count: int) -> float:
    """Return the seconds that forking and burying *count* children of a warm process takes, as many at once."""
    code = (
        "import IPython, json, os, time\n"
        "began = time.perf_counter()\n"
        f"for _ in range({count}):\n"
        "    pid = os.fork()\n"
        "    if not pid: os._exit(0)\n"
        "    os.waitpid(pid, 0)\n"
        "print(time.perf_counter() - began)"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(said.stdout)


def test_what_a_child_costs_and_that_ten_thousand_cost_no_more_each(tmp_path):
    """Per child the same for 100 and for 10,000; what the driver holds does not grow with them."""
    write_notebook(tmp_path / "idle.ipynb", [IDLE])
    space = ("idle.ipynb::idle", "--sweep", "x=randint(0,1000000000)", "--maximize", "y")
    fork_ms = 1000 * bare_forks(200) / 200
    costs: dict[int, float] = {}
    sizes: dict[int, int] = {}
    peaks: dict[int, float] = {}
    start_s = sweep(_folder(tmp_path, "first"), *space, "--max-runs", "1")
    for count in (100, 1000, 10_000):
        folder = _folder(tmp_path, str(count))
        with Peak() as peak:
            costs[count] = 1000 * (sweep(folder, *space, "--max-runs", str(count)) - start_s) / count
        sizes[count] = sum(path.stat().st_size for path in (folder / "home").rglob("*.db")) // count
        peaks[count] = peak.mebibytes
    shown = ", ".join(
        f"{count}: {cost:.1f} ms ({1000 / cost:.0f}/s), {sizes[count]} B in the store, driver {peaks[count]:.0f} MiB"
        for count, cost in costs.items()
    )
    print(f"\na trivial child, of {shown}; a bare fork of a warm process {fork_ms:.1f} ms")
    print(f"ratio to a bare fork {costs[1000] / fork_ms:.1f}; 10,000 against 100 {costs[10_000] / costs[100]:.2f}")
    assert costs[10_000] <= 1.3 * max(costs[100], costs[1000])
    assert peaks[10_000] <= peaks[1000] + 60


def _folder(place: Path, name: str) -> Path:
    folder = place / name
    folder.mkdir()
    write_notebook(folder / "idle.ipynb", [IDLE])
    return folder


class Peak:
    """The most that a driver holds in memory (PSS) while a block runs, sampled by a thread."""

    def __init__(self) -> None:
        self.mebibytes = 0.0

    def __enter__(self) -> Self:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            for process in psutil.process_iter(["cmdline"]):
                info: Mapping[str, object] = process.info
                if "mlrun_nb.services.sweep" in (info["cmdline"] or ()):  # type: ignore[operator]
                    try:
                        self.mebibytes = max(self.mebibytes, process.memory_full_info().pss / (1 << 20))
                    except psutil.Error:
                        continue
