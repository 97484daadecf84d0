"""What a container executes first can be parsed by Pythons that nobody should use any more."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from mlrun_nb.engines import kubernetes

FOLDER = Path(kubernetes.__file__).parent
NEW = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Starred, ast.AsyncFunctionDef, ast.Match)
"""Syntax that Python 2.7 does not know, of what somebody could write here without thinking."""


@pytest.mark.parametrize("name", ["bootstrap.py", "probe_script.py"])
def test_it_is_text_for_every_python(name: str):
    """No annotation, no f-string, nothing from the future."""
    tree = ast.parse((FOLDER / name).read_text(), feature_version=(3, 4))
    nodes = list(ast.walk(tree))
    assert not [node for node in nodes if isinstance(node, NEW)]
    assert not [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    assert not [node for node in nodes if isinstance(node, ast.arg) and node.annotation]
