"""
Which run of a sweep is the best: `max.accuracy`, `min.loss`, and a running answer while results come in.

Only numbers take part. NaN, a result that is missing, text and booleans never win; infinities are numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from mlrun_nb._lib.records import Json, number_from_json
from mlrun_nb.errors import OptionError

Direction = Literal["max", "min"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The result that counts, and which way it is better."""

    direction: Direction = "max"
    result: str

    @property
    def text(self) -> str:
        """As `parse_goal` reads it."""
        return f"{self.direction}.{self.result}"

    def value(self, results: Mapping[str, Json]) -> float | None:
        """Return the number that *results* of a run have for it; None for one that never wins."""
        number = number_from_json(results.get(self.result))
        if isinstance(number, bool) or not isinstance(number, int | float):
            return None
        try:
            return None if math.isnan(number) else float(number)
        except OverflowError:  # a whole number beyond all floats
            return math.inf if number > 0 else -math.inf

    def prefers(self, value: float, to: float) -> bool:
        """Tell whether *value* is better than *to*; equal ones are not."""
        return value > to if self.direction == "max" else value < to


def parse_goal(text: str) -> Goal:
    """Return the goal that `max.NAME`, `min.NAME` or `NAME` (`max`) names; raises OptionError for none."""
    direction, dot, result = text.strip().partition(".")
    if not dot or direction not in {"max", "min"}:
        direction, result = "max", text.strip()
    if not result:
        raise OptionError(f"`{text}` names no result", hint="Write `max.accuracy` or `min.loss`.")
    return Goal(direction="min" if direction == "min" else "max", result=result)


def choose_goal(*, maximize: str = "", minimize: str = "") -> Goal | None:
    """Return the goal that `--maximize NAME` or `--minimize NAME` says, None for neither; OptionError for both."""
    if maximize and minimize:
        raise OptionError(
            f"`{maximize}` cannot be maximized and `{minimize}` minimized at once", hint="Keep one of the two."
        )
    if maximize:
        return Goal(direction="max", result=maximize)
    return Goal(direction="min", result=minimize) if minimize else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The value that run *number* of a sweep came to."""

    number: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """
    The best of the runs seen so far, in whatever order they ended; of equal ones that with the lowest number.

    `history` holds each run that was the best when it was seen, the present one last.
    """

    goal: Goal
    history: tuple[Standing, ...] = field(default=())

    @property
    def best(self) -> Standing | None:
        """The best run, None while no run has a number for the goal."""
        return self.history[-1] if self.history else None

    def seen(self, number: int, results: Mapping[str, Json]) -> Ranking:
        """Return the ranking with one more run in it; a run that is seen again changes nothing."""
        value = self.goal.value(results)
        if value is None or not self._leads(number, value):
            return self
        return replace(self, history=(*self.history, Standing(number=number, value=value)))

    def _leads(self, number: int, value: float) -> bool:
        if self.best is None or self.goal.prefers(value, self.best.value):
            return True
        return value == self.best.value and number < self.best.number
