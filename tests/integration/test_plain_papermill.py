"""A composed notebook is an ordinary one: papermill alone, without anything of ours, runs it with parameters."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mlrun_nb.model.function import CellOrigin, SourceCell
from mlrun_nb.notebook.cells import Captured
from mlrun_nb.notebook.compose import compose
from tests.unit.notebook.notebooks import code, notebook_version, version

BODY = """\
%%mlrun train --output seen
from __future__ import annotations
lr: float = 1  # step
when: datetime = None
n: int = BASE * 2

seen = (lr, when, n)
print(fit(seen))"""

DEF = """\
%%mlrun train
async def train(lr: float, /, when: 'datetime | None' = None, *, n: int = BASE * 2):
    print(fit((lr, when, n)))"""

CAPTURED = Captured(
    cells=(SourceCell(role="definition", source="BASE = 4\n\ndef fit(x):\n    return f'seen: {x}'"),),
    origins=(CellOrigin(index=0, id="a", lines=(1, 2, 3, 4)),),
)


def run_papermill(folder, made, *options: str) -> str:
    """Run papermill's own command on a composed version and return what the executed notebook printed."""
    (folder / "in.ipynb").write_text(json.dumps(compose(made)))
    command = [sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", "--no-progress-bar", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    cells = json.loads((folder / "out.ipynb").read_text())["cells"]
    return "".join("".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", []))


@pytest.mark.parametrize("source", [BODY, DEF], ids=["body", "def"])
def test_a_composed_function_runs_under_plain_papermill(tmp_path, source):
    """Injected values get their types back, defaults that are expressions see captured constants, nothing is saved."""
    printed = run_papermill(tmp_path, version(source, CAPTURED), "-p", "lr", "2", "-p", "when", "2024-05-31")
    assert printed.strip() == "seen: (2.0, datetime.datetime(2024, 5, 31, 0, 0), 8)"


def test_a_composed_whole_notebook_runs_under_plain_papermill(tmp_path):
    """Its own `parameters` cell is the place of injection."""
    made = notebook_version(code("lr = 0.5\nname = 'a'", tags=("parameters",)), code("print(lr, name)", 1))
    assert run_papermill(tmp_path, made, "-p", "lr", "3").strip() == "3.0 a"
