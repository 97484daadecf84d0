"""Names: what a stranger reads first. Docstrings themselves are ruff's (rules `D`)."""

from __future__ import annotations

import ast
import re

import mlrun_nb
from tests.architecture.tree import modules

SAY_NOTHING = re.compile(r"^(utils?|helpers?|common|misc|managers?)$|(Utils?|Helper|Manager)$")
PUBLIC_NAMES = 28


def test_no_module_or_class_has_a_name_that_says_nothing():
    """A name says what is inside; `utils` and `Manager` say that nobody knew."""
    words = {word for path in modules() for word in re.split(r"[/.]", path)}
    classes = {node.name for tree in modules().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    assert sorted(name for name in words | classes if SAY_NOTHING.search(name)) == []


def test_a_package_begins_with_its_charter_and_nothing_else():
    """`__init__.py` says what belongs here; importing a package costs and hides nothing. The root has names."""
    packages = {path: tree for path, tree in modules().items() if path.endswith("__init__.py")}
    del packages["mlrun_nb/__init__.py"]
    assert [path for path, tree in packages.items() if not ast.get_docstring(tree) or len(tree.body) != 1] == []


def test_every_folder_of_modules_is_a_package_with_a_charter():
    """A folder without `__init__.py` has no charter."""
    folders = {path.rpartition("/")[0] for path in modules()}
    assert sorted(folder for folder in folders if f"{folder}/__init__.py" not in modules()) == []


def test_the_public_names_are_few_sorted_and_real():
    """What `import mlrun_nb as mn` offers fits in one head."""
    names = mlrun_nb.__all__
    assert sorted(names) == names
    assert len(names) <= PUBLIC_NAMES
    assert [name for name in names if getattr(mlrun_nb, name, None) is None] == []
