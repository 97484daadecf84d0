"""Run directories as `submit` leaves them, and the runner as engines start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.kernels.key import import_variables
from mlrun_nb.model.function import FunctionSpec, SourceCell, Version, VersionHash
from mlrun_nb.model.run import RunId, RunRequest, RunResult

WARM_RUNNER = Path(__file__).with_name("warm_runner.py")

Cell = str | tuple[str, Mapping[str, Any]]
"""Source of a code cell, or source and metadata."""


def notebook(cells: Sequence[Cell], *, kernel: str | None = "python3") -> dict[str, Any]:
    """Return an nbformat 4.5 notebook of code cells."""
    pairs = [(cell, {}) if isinstance(cell, str) else cell for cell in cells]
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}} if kernel else {},
        "cells": [
            {
                "id": f"c{index}", "cell_type": "code", "source": source, "metadata": dict(metadata), "outputs": [],
                "execution_count": None,
            }
            for index, (source, metadata) in enumerate(pairs)
        ],
    }  # fmt: skip


@dataclass
class RunDirectory:
    """A run directory, executed or not."""

    path: Path
    request: RunRequest
    exit_code: int | None = None
    stderr: str = ""
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def result(self) -> RunResult:
        """The result record."""
        return from_json(RunResult, json.loads((self.path / "result.json").read_text()))

    @property
    def events(self) -> list[dict[str, Any]]:
        """All events, as JSON."""
        return [json.loads(line) for line in (self.path / "events/000000.jsonl").read_text().splitlines()]

    @property
    def log(self) -> str:
        """The log."""
        return (self.path / "log/000000.log").read_text()

    @property
    def output(self) -> dict[str, Any]:
        """The executed notebook."""
        plain: dict[str, Any] = json.loads((self.path / "output.ipynb").read_text())
        return plain

    @property
    def statuses(self) -> list[str]:
        """What the executed notebook says of each cell."""
        return [cell["metadata"]["papermill"]["status"] for cell in self.output["cells"]]

    def start(self, attempt: int = 1) -> subprocess.Popen[str]:
        """Start the runner: from a helper where the test has one, else as any engine does."""
        is_warm = os.environ["MLRUN_NB_WARM"] == "on" and not import_variables(self.environ)
        program = [str(WARM_RUNNER)] if is_warm else ["-m", "mlrun_nb.runner"]
        command = [sys.executable, *program, str(self.path), "--attempt", str(attempt)]
        environment = {**os.environ, **self.environ}
        return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def execute(self, attempt: int = 1) -> RunDirectory:
        """Run the runner to its end."""
        with self.start(attempt) as process:
            _, self.stderr = process.communicate(timeout=120)
        self.exit_code = process.returncode
        return self


@pytest.fixture(autouse=True)
def _warm(warm: None) -> None:
    """How runs go is the subject here, not how Python starts."""


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., RunDirectory]:
    """Make a run directory for cells; keyword arguments are fields of the request, or `kernel`."""

    def make(*cells: Cell, kernel: str | None = "python3", environ: dict[str, str] | None = None, **fields: Any):
        path = tmp_path / f"run{len(list(tmp_path.glob('run*'))) or ''}"
        path.mkdir()
        spec = fields.pop("spec", FunctionSpec(form="cell", cells=(SourceCell(role="body", source="pass"),)))
        request = RunRequest(
            id=RunId("0123456789ab"),
            version=Version(
                project="p", function="f", hash=VersionHash("a" * 64), code_hash="b" * 64, cell_digest="sha256:c",
                spec=spec, created=now(),
            ),
            engine="local", run_directory=str(path), artifacts=str(path / "artifacts"), created=now(),
        )  # fmt: skip
        request = replace(request, **fields)
        (path / "request.json").write_text(json.dumps(to_json(request)))
        (path / "input.ipynb").write_text(json.dumps(notebook(cells, kernel=kernel)))
        return RunDirectory(path=path, request=request, environ=environ or {})

    return make
