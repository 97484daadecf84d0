"""Points drawn at random, the same for the same seed, and none of them twice where the space can be counted."""

from __future__ import annotations

import json
from random import Random

from mlrun_nb._lib.permutation import permuted
from mlrun_nb.errors import OptionError
from mlrun_nb.model.domains import LogRandInt
from mlrun_nb.model.search import Memory, Search
from mlrun_nb.model.space import Point, Space, refuse_repeated
from mlrun_nb.strategies.foreseen import Foreseen
from mlrun_nb.strategies.refusals import need_space, refuse_options

_TRIES = 20
"""Draws of points that were there before, until one is taken that was never drawn."""


def sampled(search: Search, memory: Memory) -> Foreseen:  # noqa: ARG001  # called as every strategy
    """
    Return draws from the space.

    A space whose values are all as likely is gone through in a random order, of which nothing is kept. One that can be
    counted, but whose values are not as likely, keeps the points that it drew. Any other needs neither.
    """
    need_space("random", search)
    refuse_options("random", search)
    refuse_repeated(search.space)
    space, count, seed = search.space, search.space.count, search.seed
    if count is None:
        return Foreseen(lambda number: _draw(space, f"{seed}/{number}"), total=_asked_for(search))
    if any(isinstance(item, LogRandInt) for item in space.distributions.values()):
        return Foreseen(_Unrepeated(space, seed, count).point, total=search.capped(count))
    return Foreseen(lambda number: space.point(permuted(number, count, key=str(seed))), total=search.capped(count))


def _asked_for(search: Search) -> int:
    if search.max_runs is None:
        raise OptionError(
            "the strategy `random` can draw from this space for ever",
            hint="Say how many points to try: `--max-runs 20`, in Python `max_runs=20`.",
        )
    return search.max_runs


class _Unrepeated:
    """Draws; what was drawn before is drawn again, a few times, and then gives way to what never was."""

    def __init__(self, space: Space, seed: int, count: int) -> None:
        self._space, self._seed, self._count = space, seed, count
        self._points: list[Point] = []
        self._texts: set[str] = set()
        self._passed = 0

    def point(self, number: int) -> Point:
        """Return point *number*, which is below the count of the space."""
        while len(self._points) <= number:
            point = self._new(len(self._points))
            self._texts.add(_text(point))
            self._points.append(point)
        return self._points[number]

    def _new(self, number: int) -> Point:
        for attempt in range(_TRIES):
            point = _draw(self._space, f"{self._seed}/{number}/{attempt}")
            if _text(point) not in self._texts:
                return point
        while True:
            point = self._space.point(permuted(self._passed, self._count, key=str(self._seed)))
            if _text(point) not in self._texts:
                return point
            self._passed += 1


def _draw(space: Space, key: str) -> Point:
    random = Random(key)  # noqa: S311  # it guards nothing
    return {dimension.name: dimension.domain.draw(random) for dimension in space.dimensions}


def _text(point: Point) -> str:
    return json.dumps(point, sort_keys=True)
