"""Notebooks with `%%mlrun` cells where nobody looks on: papermill, `jupyter execute`, and as functions themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.session import Session, write_notebook

TRAIN = """%%mlrun train --on kubernetes --cpu 64 --output score
import asyncio
lr: float = 0.5
await asyncio.sleep(0)
score = lr * SCALE"""
CELLS = [
    "%load_ext mlrun_nb",
    "SCALE = 3",
    TRAIN,
    "%%mlrun area --output surface\ndef area(width: float = 2.0):\n    return width * SCALE",
    "print('score', score, 'surface', surface)",
]


def outputs(path: Path) -> str:
    """Return all text below the cells of the executed notebook at *path*."""
    cells = json.loads(path.read_text())["cells"]
    return "".join("".join(output.get("text", "")) for cell in cells for output in cell.get("outputs", ()))


def names(session: Session) -> list[str]:
    """Return the functions that were recorded."""
    return [line.split("@")[0] for line in session.type("functions").out.splitlines() if "@" in line]


@pytest.mark.parametrize("engine", ["local", "inline"])
def test_a_notebook_with_functions_is_a_function_itself(tmp_path, engine):
    """Its cells run where they stand with their defaults, whatever they say of placement, and start no runs."""
    session = Session(tmp_path)
    cells = CELLS if engine == "local" else CELLS[1:]
    write_notebook(tmp_path / "whole.ipynb", cells)
    said = session.type("run", "whole.ipynb", "--on", engine, "--output-notebook", "executed.ipynb", "--json")
    assert said.code == 0, said.err
    assert "score 1.5 surface 6.0" in outputs(tmp_path / "executed.ipynb")
    assert "already loaded" not in outputs(tmp_path / "executed.ipynb")
    assert len(session.type("runs", "--json").out.split('"id"')) == 2


def test_functions_in_a_whole_notebook_leave_a_span_each(tmp_path):
    """Even where the notebook does not load the extension: its author may have that from a configuration."""
    session = Session(tmp_path)
    write_notebook(tmp_path / "whole.ipynb", CELLS[1:])
    assert session.type("run", "whole.ipynb").code == 0
    (events,) = (tmp_path / "home" / "runs").glob("*/*/events/*")
    found = [json.loads(line) for line in events.read_text().splitlines()]
    assert [event["data"]["name"] for event in found if event["type"] == "span"] == ["train", "area"]


@pytest.mark.parametrize(
    "command", [["papermill", "in.ipynb", "out.ipynb"], ["jupyter", "execute", "in.ipynb", "--output=out"]]
)
def test_under_plain_papermill_and_jupyter_execute_a_notebook_works_as_under_a_hand(tmp_path, command):
    """Runs are started and recorded, and a failed one stops the notebook."""
    cell = "%%mlrun train --on inline --output score\nlr: float = 0.5\nscore = lr * SCALE"
    write_notebook(tmp_path / "in.ipynb", ["%load_ext mlrun_nb", "SCALE = 3", cell, "print('score', score)"])
    session = Session(tmp_path)
    done = type_program(session, command)
    assert done.returncode == 0, done.stderr
    assert "score 1.5" in outputs(tmp_path / "out.ipynb")
    assert '"train"' in session.type("runs", "--json").out


def test_a_failed_run_stops_papermill(tmp_path):
    """Its message says which function failed and why."""
    cell = "%%mlrun bad --on inline\nx: int = 0\n1 / x"
    write_notebook(tmp_path / "in.ipynb", ["%load_ext mlrun_nb", cell, "print('never')"])
    done = type_program(Session(tmp_path), ["papermill", "in.ipynb", "out.ipynb"])
    assert done.returncode == 1
    assert "`bad` failed" in done.stderr
    assert "never" not in outputs(tmp_path / "out.ipynb")


def type_program(session: Session, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program of this environment in the session's folder."""
    program = str(Path(sys.executable).with_name(command[0]))
    return subprocess.run(
        [program, *command[1:]],
        cwd=session.folder,
        env=session.environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
