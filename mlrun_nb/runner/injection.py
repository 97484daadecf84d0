"""
The composed notebook of a run as this process executes it: read, and with the cell that papermill would add.

Plain JSON of notebook format 4; what a kernel executes is made ready by papermill itself, see `preparation`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.errors import NotebookError, UsageError
from mlrun_nb.runner import layout
from mlrun_nb.runner.cell_metadata import INJECTED
from mlrun_nb.runner.notebook_file import Node

_ELSEWHERE = "Use another engine: `--on local`."


def read_notebook(folder: Folder) -> Node:
    """Return the notebook of the run directory *folder*; raises NotebookError, UsageError for another language."""
    try:
        notebook: Node = json.loads(folder.read(layout.INPUT))
        if notebook["nbformat"] != 4:
            raise NotebookError("its format is too old for this process", hint=_ELSEWHERE)
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
    except (ValueError, KeyError, TypeError) as err:
        raise NotebookError(
            f"the notebook of this run cannot be read: {type(err).__name__}: {err}",
            hint="Open it in JupyterLab and save it again, then submit the run anew.",
        ) from err
    if notebook["metadata"].get("kernelspec", {}).get("language", "python") != "python":
        raise UsageError("only Python can be executed in this process", hint=_ELSEWHERE)
    return notebook


def place_of_values(notebook: Node) -> int:
    """Return where the values of a run go: behind the first cell with the tag `parameters`, else at the top."""
    tagged = (i for i, each in enumerate(notebook["cells"]) if "parameters" in each["metadata"].get("tags", []))
    return next(tagged, -1) + 1


def inject(notebook: Node, values: Mapping[str, object]) -> None:
    """Add the cell that papermill would add for *values*."""
    if not values:
        return
    lines = [f"{name} = {_literal(value)}" for name, value in values.items()]
    cell: Node = {
        "cell_type": "code",
        "id": "mlrun-injected",
        "metadata": {"tags": ["injected-parameters"], "mlrun_nb": {"role": "parameters", "name": INJECTED}},
        "source": "\n".join(["# Parameters", *lines]),
        "execution_count": None,
        "outputs": [],
    }
    notebook["cells"].insert(place_of_values(notebook), cell)


def _literal(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_literal(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return f'float("{value}")' if isinstance(value, float) and not math.isfinite(value) else repr(value)
