"""
Series of numbers, kept small while they grow, and drawn as a line.

However many points a run logs, the line has at most `DRAWN` of them, and a series holds at most twice `_HELD`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlrun_nb.commands import humane
from mlrun_nb.commands.card.fitting import fit
from mlrun_nb.commands.card.snapshot import CHART_HEIGHT, CHART_WIDTH, Series

DRAWN = 28
_FEWEST = 3
_HELD = 256
_NAME_COST = 60


class Track:
    """One growing series; every second point is forgotten each time there are too many, the newest never."""

    def __init__(self) -> None:
        self.count = 0
        self._first = self._last = math.nan
        self._every = 1
        self._points: list[float] = []

    def add(self, value: float) -> None:
        """Add the newest value."""
        if self.count == 0:
            self._first = value
        self._last = value
        if self.count % self._every == 0 and math.isfinite(value):
            self._points.append(value)
            if len(self._points) >= 2 * _HELD:
                self._points = self._points[::2]
                self._every *= 2
        self.count += 1

    def drawn(self, name: str) -> Series:
        """Return the series as the card shows it."""
        is_there = (self.count - 1) % self._every == 0 or not math.isfinite(self._last)
        values = self._points if is_there else [*self._points, self._last]
        return Series(
            name=fit(name, _NAME_COST),
            first=humane.rounded(self._first),
            last=humane.rounded(self._last),
            count=self.count,
            points=line_through(values),
        )


def memory_series(peaks: Sequence[float]) -> Series | None:
    """Return the memory that cell after cell took; None where none was measured."""
    if not peaks:
        return None
    return Series(
        name="memory",
        first=humane.size(peaks[0]),
        last=humane.size(max(peaks)),
        count=len(peaks),
        points=line_through(peaks, floor=0.0),
    )


def line_through(values: Sequence[float], *, floor: float | None = None) -> str:
    """Return the line through *values* as `Series.points` has it; a *floor* is the value at the bottom."""
    thinned = _thin(values)
    if len(thinned) < _FEWEST:
        return ""
    low, high = min(thinned) if floor is None else floor, max(thinned)
    span = high - low
    step = CHART_WIDTH / (len(thinned) - 1)
    if not math.isfinite(span):  # 1e308 - -1e308
        thinned, low, span = [value / 4 for value in thinned], low / 4, high / 4 - low / 4
    heights = [round((value - low) / span * CHART_HEIGHT) if span else CHART_HEIGHT // 2 for value in thinned]
    return " ".join(f"{round(index * step)},{CHART_HEIGHT - height}" for index, height in enumerate(heights))


def _thin(values: Sequence[float]) -> list[float]:
    """Return at most `DRAWN` of *values*, evenly spaced, the first and the last among them."""
    if len(values) <= DRAWN:
        return list(values)
    step = (len(values) - 1) / (DRAWN - 1)
    return [values[round(index * step)] for index in range(DRAWN)]


def heights_of(series: Series) -> list[float]:
    """Return the heights of the line through *series*, each from 0 to 1."""
    return [1 - int(point.partition(",")[2]) / CHART_HEIGHT for point in series.points.split()]
