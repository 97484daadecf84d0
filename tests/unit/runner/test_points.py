"""Which of many points a container is for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlrun_nb.runner.points import INDEX_VARIABLE, PodPoint, own_point, take_point, write_points

POINTS = [PodPoint(id=f"run-{x}", number=x, parameters={"x": x, "name": "ä"}, artifacts=f"a/{x}") for x in range(3)]


def test_a_container_takes_the_point_at_its_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The request that all have in common becomes its own."""
    (tmp_path / "points").write_bytes(write_points(POINTS))
    (tmp_path / "request.json").write_text(json.dumps({"id": "sweep", "parameters": {"x": 9}, "engine": "kubernetes"}))
    monkeypatch.setenv(INDEX_VARIABLE, "2")
    assert take_point(own_point(tmp_path / "points"), tmp_path) == tmp_path
    assert json.loads((tmp_path / "request.json").read_text()) == {
        "id": "run-2", "number": 2, "parameters": {"x": 2, "name": "ä"}, "artifacts": "a/2", "engine": "kubernetes",
    }  # fmt: skip


def test_in_a_shared_volume_the_run_directory_is_the_child_s(tmp_path: Path):
    """It lies there, with a request of its own."""
    assert take_point(PodPoint(id="a", number=0, shared="/home/runs/a"), tmp_path) == Path("/home/runs/a")


def test_the_same_points_are_the_same_bytes():
    """So that a block that is sent again is the same."""
    assert write_points(POINTS) == write_points(list(POINTS))
