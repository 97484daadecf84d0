"""A user's terminal for acceptance tests: a folder with notebooks, a home, and `mlrun-nb` as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from mlrun_nb._lib.records import Json
from mlrun_nb.kernels.key import import_variables

COMMAND = str(Path(sys.executable).with_name("mlrun-nb"))

HELLO = ["n: int = 2\nname: str = 'world'", "for i in range(n):\n    print('hello', name, i)"]
TRAIN_CELL = """%%mlrun train --output model --output accuracy
lr: float = 0.1
epochs: int = 2
model = fit(lr, epochs)
accuracy = 1 - lr / SCALE"""
TRAIN = [
    "import math\nSCALE = 3",
    "def fit(lr, epochs):\n    for epoch in range(epochs):\n        print('epoch', epoch)\n    return [lr] * epochs",
    TRAIN_CELL,
    "%%mlrun broken\nx: int = 1\nprint('before')\n1 / (x - x)",
    "%%mlrun slow\nimport time\nprint('begun', flush=True)\ntime.sleep(60)",
    "%%mlrun lacking\nprint(never_defined)",
]

HELD = """%%mlrun held --output y
x: int = 0
import time
from pathlib import Path
while x > 1 and not Path('go').exists():
    time.sleep(0.05)
y = x"""
"""Ends at once for small numbers, for others when somebody has laid a file `go` beside the notebook."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Json]:
        """The one object on stdout."""
        found: dict[str, Json] = json.loads(self.out)
        return found


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who works in *folder*, with *exported* variables beside the usual ones."""

    folder: Path
    exported: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What the user's shell exports."""
        return os.environ | {
            "MLRUN_NB_HOME": str(self.folder / "home"),
            "COLUMNS": "80",
            "PYTHONIOENCODING": "utf-8",
            **self.exported,
        }

    def type(self, *words: str, **environment: str) -> Said:
        """Run `mlrun-nb` with *words* and wait for it; what needs a helper of another kind starts without one."""
        if import_variables(environment):
            environment.setdefault("MLRUN_NB_WARM", "off")
        done = subprocess.run(
            [COMMAND, *words],
            cwd=self.folder,
            env=self.environment | environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str, stdout: int | TextIO = subprocess.PIPE) -> subprocess.Popen[str]:
        """Run `mlrun-nb` with *words* and do not wait."""
        return subprocess.Popen(
            [COMMAND, *words],
            cwd=self.folder,
            env=self.environment,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        )


def write_notebook(path: Path, cells: list[str], *, parameters: bool = False) -> None:
    """Write a notebook of code *cells*; with *parameters* the first one has the tag."""
    written: list[Json] = [
        {
            "cell_type": "code",
            "id": f"cell-{index}",
            "execution_count": None,
            "metadata": {"tags": ["parameters"]} if parameters and index == 0 else {},
            "outputs": [],
            "source": source,
        }
        for index, source in enumerate(cells)
    ]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": written, "metadata": {"kernelspec": kernelspec}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook))
