"""
The children of a sweep as lines through their parameters to their result: few numbers each, since there are many.

Axes stand one apart, so that a line is its heights on a grid of `LINES_HEIGHT`, from the top.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from mlrun_nb._lib.records import Json, finite
from mlrun_nb.commands import humane
from mlrun_nb.commands.card.fitting import fit
from mlrun_nb.commands.card.snapshot import LINES_HEIGHT, LineAxis, Lines
from mlrun_nb.model.run import Run
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.states import RunState
from mlrun_nb.services.landscape import looks_logarithmic
from mlrun_nb.services.standings import Standings

_FEWEST = 3
_WORDS = 8
"""Of more different words an axis says nothing."""
_NAME = 20
_STRONG = 4
"""The best of so many are drawn strongly."""

_Place = Callable[[Json], float | None]


def lines_of(found: Standings, goal: Goal, parameters: Sequence[str], most: int) -> Lines | None:
    """Return at most *most* children as lines, the best of them; None where there are too few to see anything."""
    good = found.drawn[:most]
    wrong = found.wrong[: most - len(good)]
    if len(good) < _FEWEST:
        return None
    scaled = [(name, _scale([run.parameters.get(name) for run in (*good, *wrong)])) for name in parameters]
    axes = [(name, scale) for name, scale in scaled if scale is not None]
    result = _scale([goal.value(run.results) for run in good])
    if result is None or not axes:
        return None
    drawn = [([place(run.parameters.get(name)) for name, (place, _) in axes], run) for run in (*good, *wrong)]

    def lines(kept: Callable[[Run], bool], runs: Iterable[tuple[list[float | None], Run]]) -> str:
        whole = ([*places, result[0](goal.value(run.results))] for places, run in runs if kept(run))
        return " ".join(dict.fromkeys(map(_text, whole)))

    strong = 1 + len(good) // _STRONG
    return Lines(
        axes=tuple(LineAxis(name=fit(name, _NAME), ends=ends) for name, (_, ends) in [*axes, (goal.result, result)]),
        best=lines(_is_good, drawn[:1]),
        strong=lines(_is_good, drawn[1:strong]),
        weak=lines(_is_good, drawn[strong : len(good)]),
        pruned=lines(lambda run: run.pruned, drawn[: len(good)]),
        failed=lines(lambda _: True, drawn[len(good) :]),
    )


def _is_good(run: Run) -> bool:
    return run.state is RunState.SUCCEEDED and not run.pruned


def _text(places: Sequence[float | None]) -> str:
    return ",".join("" if place is None else str(round(LINES_HEIGHT * (1 - place))) for place in places)


def _scale(values: Sequence[Json]) -> tuple[_Place, tuple[str, str]] | None:
    """Return where values stand on an axis, from 0 to 1, and its ends; None where nothing would be seen on it."""
    given = [value for value in values if value is not None]
    numbers = [number for number in map(finite, given) if number is not None]
    if len(numbers) == len(given) and len(set(numbers)) > 1:
        return _of_numbers(numbers)
    words = sorted({humane.exact(value) for value in given})
    if not 1 < len(words) <= _WORDS:
        return None
    places = {word: index / (len(words) - 1) for index, word in enumerate(words)}
    return lambda value: places.get(humane.exact(value)), (fit(words[0], _NAME), fit(words[-1], _NAME))


def _of_numbers(numbers: Sequence[float]) -> tuple[_Place, tuple[str, str]] | None:
    low, high = min(numbers), max(numbers)
    is_log = looks_logarithmic(numbers)

    def place(value: Json) -> float | None:
        number = finite(value)
        if number is None:
            return None
        if is_log:
            return math.log(number / low) / math.log(high / low)
        return (number / 2 - low / 2) / (high / 2 - low / 2)  # the difference may be too large for a float

    return place, (humane.rounded(low), humane.rounded(high))
