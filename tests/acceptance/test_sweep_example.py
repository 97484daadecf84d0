"""`examples/04-sweep`, as its README says, with fewer points."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.acceptance.frontend import opened
from tests.acceptance.session import Session

EXAMPLE = Path(__file__).parents[2] / "examples/04-sweep"


@pytest.fixture
def folder(tmp_path: Path, warm: None) -> Path:
    """Return a copy of the example whose sweeps end soon."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    text = (folder / "sweep.ipynb").read_text()
    for before, after in (("mlrun.max-runs: 40", "mlrun.max-runs: 8"), ("max_runs=20", "max_runs=2")):
        assert before in text
        text = text.replace(before, after)
    (folder / "sweep.ipynb").write_text(text)
    return folder


def test_the_cell_is_a_sweep_from_the_command_line(folder):
    """A parameter that is given has that value; the best child's model is the sweep's own."""
    session = Session(folder)
    said = session.type("run", "sweep.ipynb::train", "-p", "gamma=0.2", "--max-runs", "4", "--json")
    assert said.code == 0, said.err
    children = json.loads(session.type("runs", "--parent", str(said.json["id"]), "--json").out)
    assert (len(children), {child["parameters"]["gamma"] for child in children}) == (4, {0.2})
    assert said.json["results"]["accuracy"] == max(child["results"]["accuracy"] for child in children)
    assert "each child starts anew" not in said.err
    artifacts = session.type("artifacts", str(said.json["id"])).out
    assert "model" in artifacts


def test_the_notebook_runs_from_above_to_below(folder):
    """With the sweep, its pictures, and one more sweep around the best."""
    cells = json.loads((folder / "sweep.ipynb").read_text())["cells"]
    with opened(folder) as notebook:
        for cell in cells:
            if cell["cell_type"] == "code":
                shown = notebook.run("".join(cell["source"]), cell=cell["id"])
                assert shown.status == "ok", shown.everything
        assert notebook.value("(len(sweep.children), len(closer.children))") == "(8, 2)"
        assert notebook.value("bool(accuracy == sweep.table()['result.accuracy'].max())") == "True"
    assert {path.name for path in folder.glob("*.png")} >= {"history.png", "slices.png", "parallel.png"}
