"""What a person may write where a function is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlrun_nb.errors import OptionError
from mlrun_nb.services.targets import HubTarget, NotebookTarget, StoredTarget, parse_target

# (as typed, what it names)
TARGETS = [
    ("report.ipynb", NotebookTarget(path=Path("report.ipynb"))),
    ("deep/train.py", NotebookTarget(path=Path("deep/train.py"))),
    ("notes.md::clean", NotebookTarget(path=Path("notes.md"), function="clean")),
    ("a b.ipynb::train", NotebookTarget(path=Path("a b.ipynb"), function="train")),
    ("train", StoredTarget(function="train")),
    ("train:prod", StoredTarget(function="train", reference="prod")),
    ("train@7f3a91", StoredTarget(function="train", reference="7f3a91")),
    ("churn-model/train:v1.2", StoredTarget(project="churn-model", function="train", reference="v1.2")),
    ("hub://describe", HubTarget(name="describe")),
    ("hub://team/load-data@1.0.0", HubTarget(name="load-data", source="team", version="1.0.0")),
]


@pytest.mark.parametrize(("text", "target"), TARGETS)
def test_a_target_is_read_as_it_is_meant(text, target):
    """Each form of the documentation."""
    assert parse_target(text) == target


@pytest.mark.parametrize(
    "text", ["", "train:", "a b", "x.ipynb::", "::train", "x.ipynb::a-b", "train:a:b", "hub://x@", "hub://a b"]
)
def test_anything_else_is_refused_with_the_forms(text):
    """The hint shows what to write."""
    with pytest.raises(OptionError, match="names") as caught:
        parse_target(text)
    assert caught.value.hint
