"""Differences between versions and between runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mlrun_nb._lib.records import to_json
from mlrun_nb.model.function import SourceFile
from mlrun_nb.model.run import RunId, RunRequest
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.diff import Change, diff_runs, diff_versions
from tests.unit.notebook.notebooks import notebook_version, version

OLD = "%%mlrun train --memory 4Gi --input a --output m\nlr: float = 0.1\nx = lr\ny = 2\nm = x"

CHANGES = {
    "nothing": (OLD, "nothing changed"),
    "default": (OLD.replace("0.1", "0.2"), "lr default 0.1 → 0.2"),
    "type": (OLD.replace("lr: float = 0.1", "lr: int = 1"), "lr type float → int; lr default 0.1 → 1"),
    "required": (OLD.replace("lr: float = 0.1", "lr: float"), "lr is required now"),
    "parameter": (OLD.replace("x = lr", "n: int = 3\nx = lr"), "parameter n added"),
    "code": (OLD.replace("y = 2", "y = 3\nz = 4\nz2 = 5"), "3 lines of code"),
    "one line": (OLD.replace("y = 2", "y = 3"), "1 line of code"),
    "comment": (OLD.replace("y = 2", "y = 2  # two"), "only comments changed"),
    "comment in parameters": (OLD.replace("0.1", "0.1  # rate"), "only comments changed"),
    "memory": (OLD.replace("4Gi", "8Gi"), "memory 4Gi → 8Gi"),
    "added": (OLD.replace("4Gi", "4Gi --gpu 1"), "gpu 1 added"),
    "removed": (OLD.replace("--memory 4Gi", ""), "memory 4Gi removed"),
    "input": (OLD.replace("--input a", "--input a,b"), "input b added"),
    "output": (OLD.replace("--output m", "--output x"), "output m removed; output x added"),
    "pairs": (OLD.replace("4Gi", "4Gi --env A=1 --env B=2"), "env A=1, B=2 added"),
    "several": (
        OLD.replace("0.1", "0.2").replace("y = 2", "y = 3").replace("4Gi", "8Gi"),
        "lr default 0.1 → 0.2; 1 line of code; memory 4Gi → 8Gi",
    ),
    "comment and memory": (
        OLD.replace("y = 2", "y = 2  # two").replace("4Gi", "8Gi"),
        "memory 4Gi → 8Gi; comments changed",
    ),
}


@pytest.mark.parametrize(("new", "summary"), CHANGES.values(), ids=CHANGES)
def test_one_line_says_what_changed(new, summary):
    """It stands under each run in `show` and the panel."""
    assert diff_versions(version(OLD), version(new)).summary == summary


def test_the_parts_have_the_change_in_full():
    """Code as a unified diff per role, everything else before and after."""
    diff = diff_versions(
        version(OLD), version(OLD.replace("y = 2", "y = 3").replace("0.1", "0.2").replace("4Gi", "8Gi"))
    )
    assert [(part.role, part.lines) for part in diff.code] == [("parameters", 1), ("body", 1)]
    assert diff.code[1].diff == (
        "--- body (old)",
        "+++ body (new)",
        "@@ -1,3 +1,3 @@",
        " x = lr",
        "-y = 2",
        "+y = 3",
        " m = x",
    )
    assert diff.parameters == (Change(name="lr", old="lr: float = 0.1", new="lr: float = 0.2"),)
    assert diff.resources == (Change(name="memory", old="4Gi", new="8Gi"),)
    assert diff.same_code is False


def test_files_are_named_by_what_happened_to_them():
    """By path, with digests in the parts."""
    old = version(OLD)
    file = SourceFile(path="m.py", digest="sha256:a", code_digest="sha256:b", size=1)
    before = replace(old, spec=replace(old.spec, files=(file,)))
    after = replace(old, spec=replace(old.spec, files=(replace(file, digest="sha256:c"), replace(file, path="n.py"))))
    assert diff_versions(before, after).summary == "m.py changed; n.py added"
    assert diff_versions(before, after).files[0] == Change(name="m.py", old="sha256:a", new="sha256:c")


def test_prose_of_a_notebook_is_not_code():
    """Text beside the code changed, the code did not."""
    old, new = (notebook_version(Cell(index=0, kind="markdown", source=text), "x = 1") for text in ("a", "b\nc"))
    diff = diff_versions(old, new)
    assert (diff.summary, diff.same_code) == ("2 lines of text", True)


def test_a_diff_travels_as_json():
    """The HTTP API sends it."""
    assert isinstance(to_json(diff_versions(version(OLD), version(CHANGES["several"][0]))), dict)


def request(**more) -> RunRequest:
    """Return a request for a run of the same version."""
    return RunRequest(
        id=RunId("0" * 12), version=version(OLD), engine="local", run_directory="r", artifacts="a",
        created=datetime(2026, 1, 1, tzinfo=UTC), **more
    )  # fmt: skip


def test_two_runs_differ_in_what_was_asked():
    """Values and overrides of the same version."""
    old = request(parameters={"lr": 0.1, "n": 1}, overrides={"memory": "4Gi"})
    new = request(parameters={"lr": 0.2, "n": 1}, overrides={"cpu": "2"})
    diff = diff_runs(old, new)
    assert diff.parameters == (Change(name="lr", old=0.1, new=0.2),)
    assert diff.summary == "lr 0.1 → 0.2; memory 4Gi removed; cpu 2 added"
    assert diff_runs(old, old).summary == "nothing changed"
