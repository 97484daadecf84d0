"""Modules of the project that captured code imports go along, with what they import in turn."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mlrun_nb.notebook.capture import capture
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
