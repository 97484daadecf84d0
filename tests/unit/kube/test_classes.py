"""The list of classes is whole: what the code can say is there, and nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import mlrun_nb.kube
from mlrun_nb.kube import endings, refusals, unschedulable
from mlrun_nb.kube.classes import CLASSES


def _strings(node: ast.AST) -> set[str]:
    """Return the words that the expression *node* can come to."""
    texts = [str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return {text for text in texts if re.fullmatch(r"\w+", text)}


def _said() -> set[str]:
    """Return the classes that stand in the code as the argument `cls`, and those of its tables."""
    words: set[str] = set()
    for path in Path(mlrun_nb.kube.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "cls" and not isinstance(node.value, ast.JoinedStr):
                words |= _strings(node.value)
    words |= {ground.cls for ground in refusals._GROUNDS} | set(endings._NODE.values())
    words |= {cls for cls, _ in endings._DISRUPTIONS.values()}
    of_nodes = {constraint.cls for constraint in unschedulable._CONSTRAINTS} | {"Other"}
    return words | {f"Unschedulable.{cls}" for cls in of_nodes}


def test_every_class_is_listed_with_its_meaning():
    """A new one needs a line in the list, and so in the documentation."""
    assert _said() == set(CLASSES)
    assert [meaning for meaning in CLASSES.values() if not meaning.endswith(".")] == []
