"""
The points that a sweep may try: dimensions with domains, or points that somebody listed.

As people give them, a value may still be text (`lr=0.1,0.01`, a cell of a CSV file) and a name may be wrong: `Given…`.
Once they are checked against the function's parameters (`notebook.spaces`), each value has the JSON form of its type.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import ParameterError
from mlrun_nb.model.domains import Distribution, Domain, Values

Point = Mapping[str, Json]
"""Parameters of one run, by name; those that are not in it have the value that the sweep's own run would have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """A parameter that varies, and what its value is taken from."""

    name: str
    domain: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """
    Dimensions in the order in which somebody wrote them.

    They are a list because their order counts, and an object of JSON has none after it was in a database.
    """

    dimensions: tuple[Dimension, ...] = ()

    @property
    def count(self) -> int | None:
        """How many different points there are; None where a distribution has too many values to count."""
        counts = [dimension.domain.count for dimension in self.dimensions]
        known = [count for count in counts if count is not None]
        return math.prod(known) if len(known) == len(counts) else None

    @property
    def distributions(self) -> Mapping[str, Distribution]:
        """The dimensions that are drawn from a distribution."""
        return {item.name: item.domain for item in self.dimensions if not isinstance(item.domain, Values)}

    def point(self, number: int) -> Point:
        """
        Return point *number* of a space that can be counted, from 0.

        The order is that of nested loops over the dimensions: the last one varies fastest.
        """
        values: dict[str, Json] = {}
        for dimension in reversed(self.dimensions):
            domain = dimension.domain
            assert domain.count is not None, "the caller has asked for the count"
            number, index = divmod(number, domain.count)
            values[dimension.name] = domain.value(index)
        return dict(reversed(values.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDimension:
    """A dimension as it was given: values, text where it was typed on a line, or a distribution."""

    name: str
    values: tuple[object, ...] = ()
    from_text: bool = False
    distribution: Distribution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPoint:
    """A point as it was given, and `where`: `points.csv, line 3`. Empty cells of a table are left out."""

    values: Mapping[str, object]
    from_text: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a file of points holds: dimensions to be combined, or points."""

    dimensions: tuple[GivenDimension, ...] = ()
    points: tuple[GivenPoint, ...] = ()


def refuse_repeated(space: Space) -> None:
    """Raise ParameterError where a value is listed twice, so that a point would be tried twice."""
    for dimension in space.dimensions:
        if isinstance(dimension.domain, Values) and (value := _repeated(dimension.domain.values)):
            raise ParameterError(
                f"parameter `{dimension.name}` has the value `{value}` twice",
                hint="Leave one out; to try points as often as they are written, choose the strategy `list`.",
            )


def _repeated(values: Iterable[Json]) -> str | None:
    seen: set[str] = set()
    for value in values:
        text = json.dumps(value, sort_keys=True)
        if text in seen:
            return text
        seen.add(text)
    return None
