"""What it costs to start: a whole cold run against papermill's, the import, the installed size."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.benchmark

PAIRS = 9
CLI = (sys.executable, "-c", "from mlrun_nb.cli.main import main; main()")
PAPERMILL = (sys.executable, "-c", "from papermill.cli import papermill; papermill()")


def timed(command: Sequence[str], cwd: Path) -> float:
    """Return the seconds that *command* takes; it must succeed."""
    began = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, capture_output=True)
    return time.perf_counter() - began


def paired(first: Callable[[], float], second: Callable[[], float], pairs: int = PAIRS) -> tuple[float, float, float]:
    """Return the medians of both, and the median of the ratios of pairs that ran one after the other."""
    first(), second()  # the first ones warm the disk's cache
    samples = [(first(), second()) for _ in range(pairs)]
    one, other = zip(*samples, strict=True)
    return statistics.median(one), statistics.median(other), statistics.median(a / b for a, b in samples)


def test_a_cold_run_of_a_small_notebook_against_papermill(tmp_path):
    """Whole processes, from the shell's prompt to the shell's prompt; goal at most 1.25 times papermill."""
    notebook = new_notebook(cells=[new_code_cell("print('hello')")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "hello.ipynb")
    ours, theirs, ratio = paired(
        lambda: timed([*CLI, "run", "hello.ipynb"], tmp_path),
        lambda: timed([*PAPERMILL, "hello.ipynb", "out.ipynb"], tmp_path),
    )
    print(f"\ncold run: mlrun-nb {ours:.2f} s, papermill {theirs:.2f} s, ratio {ratio:.2f} (goal ≤ 1.25)")


def test_the_import_against_bare_python(tmp_path):
    """`import mlrun_nb` in a fresh interpreter; goal at most 0.15 s beyond bare Python."""
    ours, bare, _ = paired(
        lambda: timed([sys.executable, "-c", "import mlrun_nb"], tmp_path),
        lambda: timed([sys.executable, "-c", "pass"], tmp_path),
    )
    print(f"\nimport: {ours:.3f} s, bare Python {bare:.3f} s, difference {ours - bare:.3f} s (goal ≤ 0.15)")


def closure(*names: str) -> set[str]:
    """Return the distributions that *names* need without extras, themselves included, as far as they are installed."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            requirements = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # for another platform
        found.add(name)
        waiting += [re.split(r"[^\w.-]", text, maxsplit=1)[0] for text in requirements if "extra ==" not in text]
    return found


def size(names: set[str]) -> int:
    """Return the bytes of all installed files of *names*."""
    paths = {Path(str(file.locate())) for name in names for file in distribution(name).files or []}
    return sum(path.stat().st_size for path in paths if path.is_file())


def test_the_installed_size_of_the_core():
    """Everything that the core needs beyond papermill and ipykernel; goal at most 90 MB."""
    theirs = closure("papermill", "ipykernel")
    added = closure("mlrun-nb") - theirs
    print(
        f"\nsize: {size(added) / 1e6:.0f} MB beyond the {size(theirs) / 1e6:.0f} MB of papermill and ipykernel (≤ 90)"
    )
    print("  " + ", ".join(sorted(added)))
