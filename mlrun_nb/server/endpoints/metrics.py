"""`/runs/{run}/metrics`."""

from __future__ import annotations

from typing import Literal, TypeAlias, cast

from mlrun_nb._lib.records import to_json
from mlrun_nb.server.endpoints.found import run_of
from mlrun_nb.server.route import Call, NoBody
from mlrun_nb.server.shapes.run import Metrics, Point, Series, SeriesAsked
from mlrun_nb.services.series import Point as PlainPoint

_Number: TypeAlias = float | Literal["NaN", "Infinity", "-Infinity"]


def metrics(call: Call[SeriesAsked, NoBody]) -> Metrics:
    """Return the numbers that a run logged, few enough to draw."""
    found = call.held.series.of(call.project, run_of(call)).drawn(call.query.name)
    return Metrics(
        series=tuple(Series(name=each.name, count=each.count, points=tuple(map(_point, each.points))) for each in found)
    )


def _point(point: PlainPoint) -> Point:
    return Point(step=point.step, value=cast("_Number", to_json(point.value)), time=point.time)
