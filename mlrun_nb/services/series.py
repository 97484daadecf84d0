"""The numbers that a run logged, as series short enough to draw: of long ones the extremes of each stretch stay."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project

MOST_POINTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One number; `step` counts from 0 where the run did not say."""

    step: int
    value: float
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The points under one name; `count` is how many there were before any was left out."""

    name: str
    count: int
    points: tuple[Point, ...]


def series_of(project: Project, run: Run, names: Collection[str] = ()) -> tuple[Series, ...]:
    """Return the series of *run*, of all names where none is given, in the order in which they began."""
    points: dict[str, list[Point]] = {}
    for metric in project.store.metrics(run.id):
        if not names or metric.name in names:
            points.setdefault(metric.name, []).append(_point(metric, len(points.get(metric.name, ()))))
    return tuple(
        Series(name=name, count=len(each), points=tuple(thinned(each, most=MOST_POINTS)))
        for name, each in points.items()
    )


def thinned(points: Sequence[Point], *, most: int) -> Sequence[Point]:
    """Return at most *most* of *points*, with the first, the last, and least and greatest of each stretch between."""
    if len(points) <= most:
        return points
    stretches = max(1, (most - 2) // 3)
    inner = points[1:-1]
    kept = [points[0]]
    for number in range(stretches):
        stretch = inner[number * len(inner) // stretches : (number + 1) * len(inner) // stretches]
        kept += [stretch[index] for index in sorted(set(_extremes(stretch)))]
    return [*kept, points[-1]]


def _extremes(points: Sequence[Point]) -> Iterator[int]:
    """Yield where the least, the greatest and the first that is no number stand."""
    numbers = [index for index, point in enumerate(points) if not math.isnan(point.value)]
    if numbers:
        yield min(numbers, key=lambda index: points[index].value)
        yield max(numbers, key=lambda index: points[index].value)
    if len(numbers) < len(points):
        yield next(index for index, point in enumerate(points) if math.isnan(point.value))


def _point(metric: Metric, position: int) -> Point:
    return Point(step=position if metric.step is None else metric.step, value=metric.value, time=metric.time)
