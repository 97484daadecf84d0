"""What a run logged, short enough to draw, and read once."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from mlrun_nb.config import Config
from mlrun_nb.model.change import Ingest
from mlrun_nb.model.events import Metric
from mlrun_nb.project import Project
from mlrun_nb.services.series import MOST_POINTS, Growing, SeriesOfRuns
from mlrun_nb.testing.records import NOON, make_run


@pytest.fixture
def project(tmp_path) -> Project:
    """Return a project without a past."""
    return Project(Config(home=tmp_path, project="demo", store="memory://"))


def grown(values: list[float]) -> Growing:
    """Return the series of *values*."""
    series = Growing()
    for value in values:
        series.add(Metric(name="a", value=value, time=NOON))
    return series


def test_a_long_series_keeps_its_ends_and_extremes():
    """One spike among a hundred thousand is not lost."""
    values = [math.sin(n / 1000) for n in range(100_000)]
    values[54_321], values[7] = 99.0, math.nan
    kept = [point.step for point in grown(values).points]
    assert len(kept) <= MOST_POINTS
    assert {0, 7, 54_321, 99_999} <= set(kept)
    assert kept == sorted(set(kept))


@pytest.mark.parametrize("count", [1, 2, MOST_POINTS - 1, MOST_POINTS])
def test_a_short_series_keeps_all(count: int):
    """Up to the number that is drawn."""
    assert [point.step for point in grown([float(n) for n in range(count)]).points] == list(range(count))


@pytest.mark.parametrize("count", [MOST_POINTS + 1, 1327, 1328, 1329, 2656, 2657, 9999])
def test_a_series_that_grows_is_never_too_long(count: int):
    """Nor too short to be a line, wherever it is looked at."""
    series = grown([math.nan if n % 5 == 0 else math.sin(n) for n in range(count)])
    assert MOST_POINTS / 4 < len(series.points) <= MOST_POINTS
    assert series.count == count


def test_a_look_reads_what_is_new(project):
    """Points without a step are counted as the run logged them, each once."""
    run, held = project.store.create_run(make_run()), SeriesOfRuns()
    found = held.of(project, run)
    assert (found.names, found.count) == ((), 0)
    for second, name in enumerate("abaa"):
        point = Metric(name=name, value=1.0, time=NOON + timedelta(seconds=second))
        run = project.store.advance(run, run, Ingest(metrics=[point]))
        found = held.of(project, run)
    assert (found.names, found.count) == (("a", "b"), 4)
    assert {each.name: [point.step for point in each.points] for each in found.drawn()} == {"a": [0, 1, 2], "b": [0]}
    assert [each.name for each in found.drawn(["b"])] == ["b"]
