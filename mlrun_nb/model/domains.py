"""
What one dimension of a sweep may be: values that are listed, or a distribution that values are drawn from.

A draw uses `Random.random` alone, the one method whose sequence Python promises never to change, so that a seed means
the same points on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from statistics import NormalDist
from typing import Literal

from mlrun_nb._lib.records import ALWAYS_WRITTEN, Json
from mlrun_nb.errors import OptionError

_LARGEST_WHOLE = 2**53
"""Above it not every whole number has a place in JSON."""

_FRACTIONS = 2**53
"""`random()` gives one of so many fractions."""

_FARTHEST = 10
"""Standard deviations; a `random()` of 53 bits leads no farther from the mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Listed values, in the JSON form of the parameter's type, each as likely as the others."""

    kind: Literal["values"] = field(default="values", metadata=ALWAYS_WRITTEN)
    values: tuple[Json, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.values)

    def value(self, index: int) -> Json:
        """Return one of them, from 0."""
        return self.values[index]

    def draw(self, random: Random) -> Json:
        """Return one of them."""
        return self.values[_index(random, self.count)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform:
    """Numbers from `low` to `high`, each as likely as the others; with `step` only those whole steps above `low`."""

    kind: Literal["uniform"] = field(default="uniform", metadata=ALWAYS_WRITTEN)
    low: float
    high: float
    step: float | None = None

    def __post_init__(self) -> None:
        _check_range(self.text, self.low, self.high)
        if self.step is not None and not 0 < self.step <= self.high - self.low:
            raise _meaningless(self.text, "its step is not between 0 and its width")

    @property
    def text(self) -> str:
        """As it is written on a line."""
        return _call(self.kind, self.low, self.high, step=self.step)

    @property
    def count(self) -> int | None:
        """How many different values there are; None without steps."""
        if self.step is None:
            return None
        return int((_exact(self.high) - _exact(self.low)) / _exact(self.step)) + 1

    def value(self, index: int) -> float:
        """Return the value after *index* steps: 0.3, not 0.30000000000000004."""
        return float(_exact(self.low) + index * _exact(self.step or 0))

    def draw(self, random: Random) -> float:
        """Return a number."""
        if self.count is not None:
            return self.value(_index(random, self.count))
        return min(self.low + (self.high - self.low) * random.random(), self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogUniform:
    """Numbers from `low`, above 0, to `high`: from 0.001 to 0.01 as many as from 0.01 to 0.1."""

    kind: Literal["loguniform"] = field(default="loguniform", metadata=ALWAYS_WRITTEN)
    low: float
    high: float

    def __post_init__(self) -> None:
        _check_range(self.text, self.low, self.high, logarithmic=True)

    @property
    def text(self) -> str:
        """As it is written on a line."""
        return _call(self.kind, self.low, self.high)

    @property
    def count(self) -> None:
        """Too many to count."""

    def draw(self, random: Random) -> float:
        """Return a number."""
        return min(max(_logarithmic(random, self.low, self.high), self.low), self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class RandInt:
    """Whole numbers from `low` to `high`, both included; with `step` only those whole steps above `low`."""

    kind: Literal["randint"] = field(default="randint", metadata=ALWAYS_WRITTEN)
    low: int
    high: int
    step: int = 1

    def __post_init__(self) -> None:
        _check_range(self.text, self.low, self.high, whole=True)
        if not 0 < self.step <= self.high - self.low:
            raise _meaningless(self.text, "its step is not between 1 and its width")

    @property
    def text(self) -> str:
        """As it is written on a line."""
        return _call(self.kind, self.low, self.high, step=self.step if self.step != 1 else None)

    @property
    def count(self) -> int:
        """How many different values there are."""
        return (self.high - self.low) // self.step + 1

    def value(self, index: int) -> int:
        """Return the value after *index* steps."""
        return self.low + index * self.step

    def draw(self, random: Random) -> int:
        """Return a whole number."""
        return self.value(_index(random, self.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRandInt:
    """Whole numbers from `low`, at least 1, to `high`: from 1 to 9 about as many as from 10 to 99."""

    kind: Literal["lograndint"] = field(default="lograndint", metadata=ALWAYS_WRITTEN)
    low: int
    high: int

    def __post_init__(self) -> None:
        _check_range(self.text, self.low, self.high, whole=True, logarithmic=True)

    @property
    def text(self) -> str:
        """As it is written on a line."""
        return _call(self.kind, self.low, self.high)

    @property
    def count(self) -> int:
        """How many different values there are."""
        return self.high - self.low + 1

    def value(self, index: int) -> int:
        """Return the value after *index* steps."""
        return self.low + index

    def draw(self, random: Random) -> int:
        """Return a whole number."""
        return min(max(round(_logarithmic(random, self.low - 0.5, self.high + 0.5)), self.low), self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """Numbers around `mean`, two of three of them at most `std` away from it."""

    kind: Literal["normal"] = field(default="normal", metadata=ALWAYS_WRITTEN)
    mean: float
    std: float

    def __post_init__(self) -> None:
        if not math.isfinite(abs(self.mean) + _FARTHEST * self.std):
            raise _meaningless(self.text, "its numbers, and what is drawn, have to be finite")
        if self.std <= 0:
            raise _meaningless(self.text, "its second number, the standard deviation, has to be above 0")

    @property
    def text(self) -> str:
        """As it is written on a line."""
        return _call(self.kind, self.mean, self.std)

    @property
    def count(self) -> None:
        """Too many to count."""

    def draw(self, random: Random) -> float:
        """Return a number."""
        fraction = random.random() or 0.5**54  # 0 has no place under the curve
        return NormalDist(self.mean, self.std).inv_cdf(fraction)


Distribution = Uniform | LogUniform | RandInt | LogRandInt | Normal
"""What values are drawn from."""

Domain = Values | Distribution
"""What the value of one dimension is taken from."""

DISTRIBUTIONS: Mapping[str, type[Distribution]] = {
    "uniform": Uniform,
    "loguniform": LogUniform,
    "randint": RandInt,
    "lograndint": LogRandInt,
    "normal": Normal,
}
"""Distributions by the name that they have on a line, which is also their `kind`."""

FORMS = (
    "Write it as in `uniform(0, 1)`, `uniform(0, 1, step=0.25)`, `loguniform(1e-5, 1e-1)`, `randint(1, 9)`, "
    "`lograndint(1, 512)` or `normal(0, 1)`."
)
"""An example of each, for hints."""


def _index(random: Random, count: int) -> int:
    return (int(random.random() * _FRACTIONS) * count) // _FRACTIONS  # exact, however large the count


def _logarithmic(random: Random, low: float, high: float) -> float:
    lowest = math.log(low)
    return math.exp(lowest + (math.log(high) - lowest) * random.random())


def _exact(number: float) -> Decimal:
    """Return *number* as it is written: 0.1 is a tenth."""
    return Decimal(repr(number))


def _check_range(text: str, low: float, high: float, *, whole: bool = False, logarithmic: bool = False) -> None:
    if whole and max(-low, high) > _LARGEST_WHOLE:
        raise _meaningless(text, f"whole numbers go up to {_LARGEST_WHOLE}")
    if not math.isfinite(high - low):
        raise _meaningless(text, "its bounds, and the width between them, have to be finite")
    if low >= high:
        raise _meaningless(text, "its low bound, the first, is not below its high bound")
    if logarithmic and low <= 0:
        raise _meaningless(text, "a logarithm needs a low bound above 0")


def _meaningless(text: str, reason: str) -> OptionError:
    return OptionError(f"`{text}` is not a distribution: {reason}", hint=FORMS)


def _call(name: str, *numbers: float, step: float | None = None) -> str:
    words = [_number(number) for number in numbers]
    return f"{name}({', '.join([*words, f'step={_number(step)}'] if step is not None else words)})"


def _number(number: float) -> str:
    whole = isinstance(number, int) or (number.is_integer() and abs(number) < _LARGEST_WHOLE)
    return str(int(number)) if whole else repr(number)
