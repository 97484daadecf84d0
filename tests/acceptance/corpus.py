"""
Notebooks of the corpus as tests see them: the file, and what its first cell says is expected of each function.

A line of that cell such as ``- `train`: notice `np.random.seed(0)` `` states a notice; so with `error` (a part of its
message or hint), `fails` (a part of the run's error), `differs` (an output that is not compared), `options` (words
for the command line) and `kernel` (magics in the body: the function and the notebook run in a kernel).
All notices must be stated, and a function without `error` or `fails` must give what the notebook gives.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb.notebook.cells import Notebook
from mlrun_nb.notebook.discovery import function_cells
from mlrun_nb.notebook.reading import read_notebook

FOLDER = Path(__file__).parents[1] / "corpus" / "notebooks"
PATHS = sorted(path for path in FOLDER.iterdir() if path.is_dir() or path.suffix in {".py", ".ipynb", ".md"})
"""A notebook, or a folder with a notebook of the same name and what belongs to it."""

_STATED = re.compile(
    r"^- `(?P<function>\w+)`: (?P<kind>notice|error|fails|differs|options|kernel)\b ?(?P<text>.*)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Story:
    """One notebook, copied to where it may be run."""

    path: Path
    notebook: Notebook

    @property
    def functions(self) -> list[str]:
        """The names of its functions, in their order."""
        return [cell.name for cell in function_cells(self.notebook)]

    @property
    def needs_kernel(self) -> bool:
        """Whether some function has magics that only a kernel runs."""
        return any(kind == "kernel" for _, kind, _ in self._stated())

    def stated(self, function: str, kind: str) -> list[str]:
        """Return what the first cell states of one kind for a function."""
        return [text for name, this, text in self._stated() if (name, this) == (function, kind)]

    def _stated(self) -> list[tuple[str, str, str]]:
        found = _STATED.findall(self.notebook.cells[0].source)
        return [(name, kind, text[1:-1] if text[:1] == text[-1:] == "`" else text) for name, kind, text in found]


def copy_story(path: Path, folder: Path) -> Story:
    """Copy the notebook at *path*, with what lies in its folder, to *folder* and read it."""
    if path.is_dir():
        shutil.copytree(path, folder, dirs_exist_ok=True)
        path = next(file for file in path.iterdir() if file.stem == path.name)
    else:
        shutil.copy(path, folder)
    copy = folder / path.name
    return Story(path=copy, notebook=read_notebook(copy.read_bytes(), name=copy.name))
