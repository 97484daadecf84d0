"""
The course of a sweep as a picture: a dot for each value, and a line for the best so far.

Few values that are far off, such as a loss that exploded, lie on the edge, so that the others can be told apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mlrun_nb.commands import humane
from mlrun_nb.commands.card.snapshot import COURSE_HEIGHT, COURSE_WIDTH, Course
from mlrun_nb.model.selection import Goal

DOTS = 80
_FEWEST = 3
_STEPS = 24
_FAR_OFF = 0.1
"""So much of all values may lie beyond the edge at the worse side."""


def course_of(values: Mapping[int, float], goal: Goal) -> Course | None:
    """Return the course of *values*, which are by number; None where there is nothing to see."""
    points = [(number, values[number]) for number in sorted(values) if math.isfinite(values[number])]
    if len(points) < _FEWEST:
        return None
    best, worst = _range([value for _, value in points], goal)
    last = max(1, points[-1][0])
    steps = _steps(points, goal)

    def place(number: int, value: float) -> str:
        share = (value - worst) / (best - worst) if best != worst else 0.5
        height = share if goal.direction == "max" else 1 - share
        y = COURSE_HEIGHT * (1 - min(1.0, max(0.0, height)))
        return f"{round(number / last * COURSE_WIDTH)},{round(y)}"

    top, bottom = (best, worst) if goal.direction == "max" else (worst, best)
    return Course(
        dots=" ".join(dict.fromkeys(place(*point) for point in _thin(points, DOTS))),
        steps=" ".join(place(*point) for point in steps[-_STEPS:]),
        top=humane.rounded(top),
        bottom=humane.rounded(bottom),
        last=points[-1][0],
    )


def _range(values: Sequence[float], goal: Goal) -> tuple[float, float]:
    """Return the best value, and the worst one that is not far off."""
    ranked = sorted(values, reverse=goal.direction == "max")
    return ranked[0], ranked[min(len(ranked) - 1, math.ceil(len(ranked) * (1 - _FAR_OFF)))]


def _steps(points: Sequence[tuple[int, float]], goal: Goal) -> list[tuple[int, float]]:
    steps: list[tuple[int, float]] = []
    for number, value in points:
        if not steps or goal.prefers(value, steps[-1][1]):
            steps.append((number, value))
    return steps


def _thin(points: Sequence[tuple[int, float]], most: int) -> Sequence[tuple[int, float]]:
    if len(points) <= most:
        return points
    step = (len(points) - 1) / (most - 1)
    return [points[round(index * step)] for index in range(most)]
