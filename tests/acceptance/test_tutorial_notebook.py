"""The tutorial notebook runs from top to bottom as a front end runs it, and shows what its text says."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.states import RunState
from mlrun_nb.project import open_project

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "in-the-notebook.ipynb"


@pytest.fixture(scope="module")
def executed(warm_exports, tmp_path_factory):
    """Execute a copy of the tutorial; returns its outputs as text by the first line of their cell, and its history."""
    folder = tmp_path_factory.mktemp("tutorial")
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, value in {**warm_exports, "MLRUN_NB_HOME": str(folder / "home")}.items():
            monkeypatch.setenv(name, value)
        notebook = nbformat.read(shutil.copy(TUTORIAL, folder), as_version=4)
        NotebookClient(notebook, timeout=280, resources={"metadata": {"path": str(folder)}}).execute()
        with open_project(folder) as project:
            runs = project.store.list_runs(RunQuery(project="default", limit=100)).items
    return {cell.source.split("\n")[-1]: _text(cell) for cell in notebook.cells if cell.cell_type == "code"}, runs


def _text(cell):
    """Return all that stands below a cell, as text."""
    texts = []
    for output in cell.outputs:
        texts.append(output.get("text") or "\n".join(output.get("traceback", [])))
        texts.append(output.get("data", {}).get("text/plain", ""))
    return "\n".join(texts)


def test_what_it_runs_is_recorded_as_its_text_says(executed):
    """Five runs of two versions of one function, all of them good; nothing of the cell that could not travel."""
    _, runs = executed
    assert [(run.function, run.state) for run in runs] == [("fit", RunState.SUCCEEDED)] * 5
    assert len({run.version for run in runs}) == 2


def test_what_it_shows_is_what_its_text_says(executed):
    """Outputs are variables, values compare, versions differ, and an error says what to add."""
    shown, _ = executed
    assert "0.41 [" in shown["print(round(score, 3), np.round(model.coef_[:3], 1))"]
    assert "alpha  1.0  →  0.1" in shown["mn.compare(fit.runs()[-1], better)"]
    assert "standardised" in shown["fit.diff()"]
    assert "--input data" in shown["rows = len(data)"]
    assert "Traceback" not in shown["rows = len(data)"]
    assert shown["%mlrun runs"].count("fit") == 5
    assert "def r2(model, data):" in shown["%mlrun show fit --code"]
