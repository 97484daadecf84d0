"""What a run's cells teach the next start."""

from __future__ import annotations

import pytest

from mlrun_nb.kernels import learned
from mlrun_nb.runner.learning import VARIABLE, imported, learn


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import numpy as np, os.path", {"numpy", "os.path"}),
        ("from PIL import Image", {"PIL", "PIL.Image"}),
        ("def f():\n    import torch", {"torch"}),
        ("%matplotlib inline\nimport a\n!ls", {"a"}),
        ("from . import x\nfrom __future__ import annotations\nfrom m import *", {"m"}),
        ("x <- 1; library(dplyr)", set()),
    ],
)
def test_import_statements_are_what_is_learned(source, names):
    """Wherever they stand, and nothing that is no name of a module."""
    assert imported(source) == names


def test_what_is_learned_is_kept_for_a_month_the_most_used_first(tmp_path, monkeypatch):
    """Counted once a day; kinds of artifacts teach what their packagers import."""
    path = str(tmp_path / "warm" / "learned.json")
    monkeypatch.setenv(VARIABLE, path)
    learn(["import a", "import b"], ["skops"])
    learn(["import a"], [])
    assert set(learned.Notes(path, installed="").modules()) == {"a", "b", "skops.io"}


def test_an_unsafe_module_gets_another_chance_when_distributions_change(tmp_path):
    """Its next release may be better."""
    path = str(tmp_path / "learned.json")
    learned.Notes(path, installed="then").add_unsafe({"restless": "starts a thread"})
    assert learned.Notes(path, installed="then").unsafe() == {"restless": "starts a thread"}
    assert learned.Notes(path, installed="now").unsafe() == {}


def test_notes_that_cannot_be_read_are_no_notes(tmp_path):
    """A torn file costs what it held."""
    (tmp_path / "learned.json").write_text('{"modules": {')
    assert learned.Notes(str(tmp_path / "learned.json"), installed="").modules() == []
