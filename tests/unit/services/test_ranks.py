"""Logs of replicas, as they lie in the run directory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.run import Run
from mlrun_nb.model.settings import Placement, Settings
from mlrun_nb.services.ranks import RankLog, replicas
from mlrun_nb.testing.records import make_run
from mlrun_nb.testing.requests import write_request


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a run of three replicas."""
    request = write_request(tmp_path, "x = 1", settings=Settings(placement=Placement(replicas=3)))
    return replace(make_run(id=request.id), run_directory=request.run_directory)


def _print(run: Run, rank: int, data: bytes) -> None:
    folder = Path(run.run_directory, "ranks", str(rank), "log")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "000000.log").open("ab") as file:
        file.write(data)


def test_a_log_comes_byte_by_byte_and_once(run: Run):
    """Also a part of a line, and of its own rank only."""
    log = RankLog(run, 2)
    assert list(log.new()) == []
    _print(run, 1, b"not mine\n")
    _print(run, 2, b"one\ntw")
    assert b"".join(log.new()) == b"one\ntw"
    _print(run, 2, b"o\n\xff")
    assert b"".join(log.new()) == b"o\n\xff"


def test_a_rank_that_the_run_does_not_have_is_named_with_those_that_it_has(run: Run):
    """The first is 0."""
    assert replicas(run) == 3
    with pytest.raises(NotFoundError, match=f"run {run.id} has no replica 3") as caught:
        RankLog(run, 3)
    assert caught.value.hint == "Its ranks are 0 to 2."


def test_a_run_that_is_alone_has_no_ranks(tmp_path: Path):
    """Which may also be one whose run directory is gone."""
    with pytest.raises(NotFoundError) as caught:
        RankLog(replace(make_run(), run_directory=str(tmp_path / "gone")), 1)
    assert caught.value.hint == "It is alone: leave `--rank` out."
