"""A person's working directory, with a notebook and a project in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlrun_nb.api import projects
from tests.acceptance.session import write_notebook

CELLS = [
    "import math\nSCALE = 3",
    "def fit(lr, epochs):\n    print('fitting')\n    return [lr] * epochs",
    """%%mlrun train --output model --output accuracy
lr: float = 0.1
epochs: int = 2
model = fit(lr, epochs)
accuracy = 1 - lr / SCALE""",
    "%%mlrun broken\nx: int = 1\nprint('\\x1b[1mbefore\\x1b[0m')\n1 / (x - x)",
    """%%mlrun slow --output done
seconds: float = 60.0
import time
print('begun', flush=True)
time.sleep(seconds)
done = True""",
    "%%mlrun total --input rows --output answer\nfactor: int = 1\nanswer = sum(rows) * factor",
    """%%mlrun odd --output worst
import mlrun_nb as mn
worst = math.nan
for step in range(3):
    mn.log_metric('loss', 1 / (1 + step), step=step)
mn.log_metric('loss', math.nan, step=3)""",
]


@pytest.fixture
def desk(tmp_path: Path, warm: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder with `train.ipynb`, in project `churn`, on engine `inline` where none is named."""
    (tmp_path / "project.yaml").write_text("name: churn\ndefaults: {on: inline}\n")
    write_notebook(tmp_path / "train.ipynb", CELLS)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    projects.close_all()
