"""What the script of a probe says of the Python that executes it: here, of the one that runs the tests."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import mlrun_nb

SCRIPT = Path(mlrun_nb.__file__).parent / "engines/kubernetes/probe_script.py"


def _said(url: str = "") -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.read_text()],
        env={**os.environ, "MLRUN_NB_PROBE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_it_names_python_and_what_runs_notebooks():
    """With their versions, and as whom it runs."""
    assert _said() == {
        "python": platform.python_version(),
        "papermill": version("papermill"),
        "ipykernel": version("ipykernel"),
        "user": os.getuid(),
    }


def test_it_tries_the_store_and_leaves_nothing_there(tmp_path: Path):
    """Any place that a driver reaches."""
    assert _said(f"file://{tmp_path}/doctor")["store"] == "ok"
    assert list(tmp_path.iterdir()) == []


def test_it_says_why_the_store_cannot_be_used(tmp_path: Path):
    """In the driver's words."""
    assert "No such file or directory" in str(_said(f"file://{tmp_path}/absent/doctor")["store"])
