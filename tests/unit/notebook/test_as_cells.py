"""A version as cells to go on with: run again they are the same version."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlrun_nb.config import load_config
from mlrun_nb.notebook.as_cells import editable_cells
from mlrun_nb.project import Project
from mlrun_nb.services.register import prepare
from mlrun_nb.services.targets import NotebookTarget

NOTEBOOK = """# %%
import math
SCALE = 3

# %%
def grown(size):
    return math.floor(size * SCALE)

# %% tags=["mlrun-setup"]
import json

# %%
# %%mlrun area --input table --output 'area' --memory 2Gi --file 'data/*.csv' --env "A=b c" --label team=x
\"\"\"Area of a table.\"\"\"
lr: float = 0.1  # how fast
area = grown(len(table)) * lr
json.dumps(area)

# %%
# %%mlrun shape
def shape(size: int = 2) -> int:
    return grown(size)
"""


@pytest.mark.parametrize("function", ["area", "shape"])
def test_the_cells_make_the_same_version(tmp_path: Path, function: str):
    """Whatever of it comes from cells above, from options and from its form."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("1,2\n")
    project = Project(load_config(tmp_path, {"MLRUN_NB_HOME": str(tmp_path / "home")}))
    (tmp_path / "before.py").write_text(NOTEBOOK)
    before = prepare(project, NotebookTarget(path=tmp_path / "before.py", function=function)).version
    cells = [cell.replace("%%mlrun", "# %%mlrun") for cell in editable_cells(before)]
    (tmp_path / "after.py").write_text("".join(f"# %%\n{cell}\n\n" for cell in cells))
    after = prepare(project, NotebookTarget(path=tmp_path / "after.py", function=function)).version
    assert after.spec.inputs == before.spec.inputs
    assert after.spec.outputs == before.spec.outputs
    assert after.spec.files == before.spec.files
    assert after.spec.options == before.spec.options
    assert after.spec.parameters == before.spec.parameters
    assert after.code_hash == before.code_hash
