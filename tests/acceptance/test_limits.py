"""What a user sees of the memory limit of a run, by whatever this machine has to keep it."""

from __future__ import annotations

import pytest

from mlrun_nb.model.quantities import memory_bytes
from tests.acceptance.session import Session, write_notebook

HOG = "%%mlrun hog\nblocks = [bytearray(64 << 20) for _ in range(16)]\nsize = len(blocks)"
MODEST = "%%mlrun modest --output size\nblock = bytearray(64 << 20)\nsize = len(block)"


@pytest.fixture
def greedy(tmp_path) -> Session:
    """Return a session with a function that takes a gibibyte and one that does not."""
    write_notebook(tmp_path / "nb.ipynb", [HOG, MODEST])
    return Session(tmp_path)


@pytest.mark.parametrize("option", ["--memory", "--memory-limit"])
def test_a_run_over_its_limit_ends_as_out_of_memory(greedy, option):
    """With the limit, the cell and what to type, whoever keeps it; hint and command name one option and one amount."""
    said = greedy.type("run", "nb.ipynb::hog", option, "300Mi", "--json")
    error = said.json["error"]
    assert (said.code, error["class"]) == (1, "OutOfMemory")
    assert "its memory limit is `300Mi`, while executing cell 1 of nb.ipynb (`hog`)" in error["summary"]
    amount = error["hint"].partition(f"Give it more, `{option} ")[2].partition("`")[0]
    assert memory_bytes(amount) >= 600 << 20
    shown = greedy.type("show", said.json["id"]).out
    assert f"rerun {said.json['id'][:6]} {option} {amount}  run it again with {amount} of memory" in shown


def test_a_run_below_its_limit_succeeds(greedy):
    """And what it took is recorded."""
    said = greedy.type("run", "nb.ipynb::modest", "--memory", "600Mi", "--json")
    assert (said.code, said.json["results"]) == (0, {"size": 64 << 20})
    shown = greedy.type("show", said.json["id"]).out
    assert "MiB of 600Mi" in shown


def test_doctor_and_dry_run_say_who_keeps_the_limit(greedy):
    """The kernel or the watchdog: both name the same."""
    notice = greedy.type("run", "nb.ipynb::hog", "--memory", "300Mi", "--dry-run").err
    means = notice.partition("the memory limit is kept ")[2].partition("\n")[0]
    assert means.startswith("by ")
    assert f"memory limits are kept {means}; CPU limits " in " ".join(greedy.type("doctor").out.split())
