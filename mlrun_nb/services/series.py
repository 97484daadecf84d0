"""
The numbers that a run logged, as series short enough to draw: of long ones the extremes of each stretch stay.

Each look reads only the points that came since the one before. What is kept is short and bounded, whatever number of
points there are; a run that nobody looked at for long is read from its beginning again.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from mlrun_nb._lib.recent import Recent
from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project

MOST_POINTS = 1000
_MOST_RUNS = 32
_MOST_STRETCHES = (MOST_POINTS - 2) // 6 * 2
"""An even number: of each up to three points stay, and beside them the first and the last of all."""


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


class SeriesOfRuns:
    """The series of the runs that were looked at last."""

    def __init__(self, *, most: int = _MOST_RUNS) -> None:
        self._held = Recent[tuple[str, str], RunSeries](most)

    def of(self, project: Project, run: Run) -> RunSeries:
        """Return the series of *run* with all that it has logged by now."""
        found = self._held.get((project.store.location, run.id), RunSeries)
        found.catch_up(project, run)
        return found


class RunSeries:
    """The series of one run, as far as they were read; may be used by several threads."""

    def __init__(self) -> None:
        self._count = 0
        self._series: dict[str, Growing] = {}
        self._lock = Lock()

    def catch_up(self, project: Project, run: Run) -> None:
        """Read what *run* logged since the last call."""
        with self._lock:
            for metric in project.store.metrics(run.id, since=self._count):
                self._series.setdefault(metric.name, Growing()).add(metric)
                self._count += 1

    @property
    def count(self) -> int:
        """How many points there are under all names."""
        return self._count

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order in which they began."""
        with self._lock:
            return tuple(self._series)

    def drawn(self, names: Collection[str] = ()) -> tuple[Series, ...]:
        """Return the series called *names*, all where none is given, in the order in which they began."""
        with self._lock:
            return tuple(
                Series(name=name, count=each.count, points=each.points)
                for name, each in self._series.items()
                if not names or name in names
            )


class Growing:
    """
    One series: `points` are at most `MOST_POINTS`, all there are while they are so few.

    Of longer ones they are the first, the last, and of each stretch between the least, the greatest and the first that
    is no number. Stretches are joined in pairs when there are too many.
    """

    def __init__(self) -> None:
        self.count = 0
        self._width = 1
        self._stretches: list[_Stretch] = []
        self._ends: dict[int, Point] = {}

    def add(self, metric: Metric) -> None:
        """Add what was logged last."""
        index, self.count = self.count, self.count + 1
        point = Point(step=index if metric.step is None else metric.step, value=metric.value, time=metric.time)
        self._ends = {0: self._ends.get(0, point), index: point}
        if index % self._width == 0:
            self._make_room()
            self._stretches.append(_Stretch())
        self._stretches[-1].take(index, point)

    @property
    def points(self) -> tuple[Point, ...]:
        """The points that stay, in their order."""
        kept = dict(self._ends)
        for stretch in self._stretches:
            kept |= stretch.kept()
        return tuple(kept[index] for index in sorted(kept))

    def _make_room(self) -> None:
        if len(self._stretches) < (MOST_POINTS if self._width == 1 else _MOST_STRETCHES):
            return
        while len(self._stretches) >= _MOST_STRETCHES:
            pairs = zip(self._stretches[::2], self._stretches[1::2], strict=True)
            self._stretches = [one.joined(other) for one, other in pairs]
            self._width *= 2


class _Stretch:
    """Consecutive points of which the extremes stay."""

    __slots__ = ("_greatest", "_least", "_odd")

    def __init__(self) -> None:
        self._least: tuple[int, Point] | None = None
        self._greatest: tuple[int, Point] | None = None
        self._odd: tuple[int, Point] | None = None

    def take(self, index: int, point: Point) -> None:
        """Take a later point in."""
        if math.isnan(point.value):
            self._odd = self._odd or (index, point)
            return
        if self._least is None or point.value < self._least[1].value:
            self._least = index, point
        if self._greatest is None or point.value > self._greatest[1].value:
            self._greatest = index, point

    def joined(self, later: _Stretch) -> _Stretch:
        """Return this one together with the one behind it."""
        for index, point in sorted(later._all(), key=lambda each: each[0]):
            self.take(index, point)
        return self

    def kept(self) -> dict[int, Point]:
        """Return the points that stay by their indexes."""
        return dict(self._all())

    def _all(self) -> Iterator[tuple[int, Point]]:
        yield from (each for each in (self._least, self._greatest, self._odd) if each is not None)
