"""Modules of the project that captured code imports go along, with what they import in turn."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mlrun_nb.notebook.capture import capture
from mlrun_nb.notebook.cells import Cell, Notebook
from mlrun_nb.notebook.project_modules import find_notebook_modules
from tests.unit.notebook.corpus import cells

TREE = {
    "helper.py": "import numpy\nfrom pkg import thing\n",
    "pkg/__init__.py": "from .base import Base\n",
    "pkg/base.py": "from . import util\n",
    "pkg/util.py": "def late():\n    from .deep import inner\n    import lazy\n",
    "pkg/thing.py": "from .deep.inner import x as y\n",
    "pkg/deep/__init__.py": "",
    "pkg/deep/inner.py": "from ...helper import z\nfrom .. import base\nfrom .nothing import w\n",
    "pkg/other.py": "import unrelated\n",
    "lazy.py": "",
    "broken.py": "import (",
    "unrelated.py": "",
    "space/alone.py": "import lazy",
}


class Finder:
    """Finds modules in `TREE` under a folder, as a finder over a project would on a disk."""

    def __init__(self, folder: str = "") -> None:
        self.folder = folder

    def find(self, module: str) -> Mapping[str, bytes] | None:
        """Return the file of *module* and those of the packages above it."""
        parts = module.split(".")
        wanted = ["/".join(parts[:count]) + "/__init__.py" for count in range(1, len(parts) + 1)]
        found = [path for path in (*wanted, "/".join(parts) + ".py") if path in TREE]
        exact = any(path in TREE for path in (wanted[-1], "/".join(parts) + ".py"))
        return {self.folder + path: TREE[path].encode() for path in found} if exact else None


PKG = ["pkg/__init__.py", "pkg/base.py", "pkg/util.py"]
DEEP = ["pkg/deep/__init__.py", "pkg/deep/inner.py"]


@pytest.mark.parametrize("folder", ["", "src/"])
@pytest.mark.parametrize(
    ("body", "above", "files"),
    [
        ("x = 1", ["import helper"], []),  # not needed
        ("numpy", ["import numpy"], []),  # not of the project
        ("lazy", ["import lazy"], ["lazy.py"]),
        ("import lazy", [], ["lazy.py"]),
        ("%time import lazy", [], ["lazy.py"]),
        ("f()", ["def f():\n    import lazy"], ["lazy.py"]),
        ("from lazy import *", [], ["lazy.py"]),
        ("pkg.base", ["import pkg.base"], [*PKG, *DEEP, "lazy.py"]),
        ("Base", ["from pkg import Base"], [*PKG, *DEEP, "lazy.py"]),
        ("helper", ["import helper"], ["helper.py", *PKG, *DEEP, "pkg/thing.py", "lazy.py"]),
        ("alone", ["from space import alone"], ["space/alone.py", "lazy.py"]),
        ("1", ["import nothing\nimport lazy as it\n"], []),
    ],
)
def test_imports_of_the_project_are_captured_transitively(folder, body, above, files):
    """Absolute, relative, late and package imports are followed; other packages are left to the environment."""
    captured = capture(body, cells(*above), finder=Finder(folder))
    assert list(captured.modules) == sorted(folder + path for path in files)


def test_setup_cells_bring_their_modules():
    """What a setup cell imports is imported in the run."""
    assert list(capture("1", cells("import lazy", setup=[0]), finder=Finder()).modules) == ["lazy.py"]


def test_a_module_that_cannot_be_read_goes_along_with_a_notice():
    """It may be meant for another Python."""
    captured = capture("import broken", [], finder=Finder())
    assert list(captured.modules) == ["broken.py"]
    assert "`broken.py` cannot be read as Python" in captured.notices[0].text


WHOLE = [
    (["import lazy\nx = 1"], ["lazy.py"]),
    (["def f():\n    import lazy", "%time import unrelated"], ["lazy.py", "unrelated.py"]),
    (["%%mlrun f --output x\nfrom lazy import x"], ["lazy.py"]),
    (["%%time\nimport lazy", "%%bash\nimport unrelated", "import numpy"], ["lazy.py"]),
    (["# import lazy"], []),
]


@pytest.mark.parametrize(("sources", "files"), WHOLE)
def test_what_any_cell_of_a_whole_notebook_imports_goes_along(sources, files):
    """In functions, magics and `%%mlrun` cells too; text for another program is none."""
    notebook = Notebook(name="n.ipynb", cells=tuple(cells(*sources)))
    assert list(find_notebook_modules(notebook, Finder()).files) == files


def test_a_cell_of_a_whole_notebook_that_cannot_be_read_is_a_notice():
    """The run will say so too; the others' imports are followed."""
    notebook = Notebook(name="n.ipynb", cells=tuple(cells("import lazy", "x = 1\nimport (")))
    found = find_notebook_modules(notebook, Finder())
    assert list(found.files) == ["lazy.py"]
    assert [(notice.cell, notice.line) for notice in found.notices] == [(1, 2)]
    assert "what it imports does not go along" in found.notices[0].text


def test_a_notebook_of_another_language_and_prose_bring_nothing():
    """Only Python cells are read."""
    prose = Cell(index=0, kind="markdown", source="import lazy")
    assert find_notebook_modules(Notebook(name="n", cells=(prose,)), Finder()).files == {}
    foreign = Notebook(name="n", cells=tuple(cells("import lazy")), language="R")
    assert find_notebook_modules(foreign, Finder()).files == {}
