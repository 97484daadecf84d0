"""Outputs of a run as variables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mlrun_nb.artifacts.folder import LocalFolder
from mlrun_nb.artifacts.saving import save_value
from mlrun_nb.magics.binding import bind_outputs, defined_names
from mlrun_nb.model.run import Run
from mlrun_nb.testing.records import make_run
from tests.unit.notebook.notebooks import version

CELL = "%%mlrun f --output model --output score --output rows\nmodel, score, rows = 1, 2, 3"


def ended(**results) -> Run:
    """Return a run that left *results*."""
    return replace(make_run(), results=results)


def test_results_and_artifacts_become_variables(tmp_path):
    """In the form that they had: a text is a text, whatever it says."""
    kept = [save_value([1, 2], LocalFolder(tmp_path), "model").artifact]
    namespace: dict[str, object] = {"rows": "untouched"}
    assert bind_outputs(namespace, version(CELL), ended(score="NaN"), kept) == {}
    assert (namespace["model"], namespace["rows"]) == ([1, 2], "untouched")
    assert namespace["score"] == "NaN"


def test_what_is_too_large_is_left_out(tmp_path):
    """The card says how to load it."""
    kept = [save_value("x" * 10_001, LocalFolder(tmp_path), "model").artifact]
    namespace: dict[str, object] = {}
    assert bind_outputs(namespace, version(CELL), ended(), kept, most_bytes=10_000) == {"model": ""}
    assert namespace == {}


def test_a_variable_that_would_pass_for_what_is_too_large_is_named(tmp_path):
    """It stays, and nobody takes it for the new one."""
    kept = [save_value("x" * 10_001, LocalFolder(tmp_path), "model").artifact]
    namespace: dict[str, object] = {"model": "of yesterday"}
    left = bind_outputs(namespace, version(CELL), ended(), kept, most_bytes=10_000)
    assert left["model"].startswith("`model` is what it was before the run")
    assert "hint: Load it: `model = f.outputs.model.load()`." in left["model"]
    assert namespace == {"model": "of yesterday"}


def test_what_cannot_be_loaded_is_left_out_with_the_reason(tmp_path):
    """The run went well, and so does the cell."""
    kept = [save_value([1], LocalFolder(tmp_path), "model").artifact]
    Path(kept[0].uri).unlink()
    left = bind_outputs({}, version(CELL), ended(), kept)
    assert left["model"].startswith("`model` is no variable here: there is no file")
    assert "hint:" in left["model"]


def test_names_that_the_cell_defines_are_known():
    """They stay what they are."""
    made = version("%%mlrun f\ndef f(x):\n    return x\nclass A:\n    pass\ny = f(1)")
    assert defined_names(made) == {"f", "A"}
