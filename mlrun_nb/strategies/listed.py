"""The points of a list as they stand in it: rows of a file, or the first values of all parameters, then the second."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.domains import Values
from mlrun_nb.model.search import Memory, Search
from mlrun_nb.model.space import Dimension, Point
from mlrun_nb.strategies.foreseen import Foreseen
from mlrun_nb.strategies.refusals import need_space, refuse_options


def listed(search: Search, memory: Memory) -> Foreseen:  # noqa: ARG001  # called as every strategy
    """Return for `a=1,2 b=3,4` the points 1 3 and 2 4; a point that is listed twice is tried twice."""
    refuse_options("list", search)
    points = search.points or _side_by_side(search)
    return Foreseen(points.__getitem__, total=search.capped(len(points)))


def _side_by_side(search: Search) -> Sequence[Point]:
    need_space("list", search)
    columns = {dimension.name: _listed(dimension) for dimension in search.space.dimensions}
    first, length = next((name, len(values)) for name, values in columns.items())
    for name, values in columns.items():
        if len(values) != length:
            raise OptionError(
                f"`{first}` has {length} values and `{name}` has {len(values)}: "
                "the strategy `list` takes one of each for a point",
                hint="List as many of each, or choose the strategy `grid` for every combination.",
            )
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _listed(dimension: Dimension) -> Sequence[Json]:
    if isinstance(dimension.domain, Values):
        return dimension.domain.values
    raise OptionError(
        f"the strategy `list` needs the values of `{dimension.name}`, and `{dimension.domain.text}` lists none",
        hint="List them, or choose the strategy `random`.",
    )
