"""A sweep on the page of a run: how it stands, and its children as columns."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from mlrun_nb.server.route import Shape, Where
from mlrun_nb.server.shapes.runs import Named, State

Cell: TypeAlias = bool | int | float | str | None
"""A value in a table: numbers that JSON holds exactly as numbers, everything else as a text to read."""


ChildState: TypeAlias = Literal[State, "pruned"]
"""How a child stands as people say it: one that its strategy ended early has succeeded, and is called so."""


class Child(Shape, frozen=True, kw_only=True):
    """A child as others speak of it; `parameters` are those that the sweep chose."""

    id: str
    number: int | None
    parameters: tuple[Named, ...] = ()
    results: tuple[Named, ...] = ()


class FailedAlike(Shape, frozen=True, kw_only=True):
    """Children that failed in the same way, and the reason of one of them."""

    children: int
    reason: str
    first: Child


class SweepDetail(Shape, frozen=True, kw_only=True):
    """
    How a sweep stands. `facts` say how it searches, `counts` how many children are in each state.

    A child is better the more (`max`) or the less (`min`) there is of `result`; both are empty where none is.
    """

    facts: tuple[Named, ...]
    result: str
    direction: Literal["", "max", "min"]
    counts: dict[State, int]
    best: Child | None
    failures: tuple[FailedAlike, ...]


class ParentRow(Shape, frozen=True, kw_only=True):
    """The sweep that a run is a child of; `total` is how many it will have, `is_best` whether this is its best one."""

    id: str
    strategy: str
    total: int | None
    is_best: bool


class ChildrenAsked(Where, frozen=True, kw_only=True):
    """Which part of the table; `cursor` comes from the part before."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1000
    cursor: str | None = None


class Column(Shape, frozen=True, kw_only=True):
    """One parameter or result of the children: a value for each, or a single one that they all have."""

    name: str
    values: tuple[Cell, ...]


class Children(Shape, frozen=True, kw_only=True):
    """
    Children in the order of their creation, as columns. `reasons` has why those that did not end well did not, by id.

    `cursor` leads to the next part, None on the last. Before `settled` all have ended: whoever has them and asks for
    changes begins there, a cursor too, None for the beginning. A sweep that is resumed may begin some of them once
    more.
    """

    ids: tuple[str, ...]
    numbers: tuple[int | None, ...]
    states: tuple[ChildState, ...]
    durations: tuple[float | None, ...]
    parameters: tuple[Column, ...]
    results: tuple[Column, ...]
    reasons: dict[str, str]
    cursor: str | None
    settled: str | None


class ChartsAsked(Where, frozen=True, kw_only=True):
    """How many children are drawn at most, and over which `result`; empty for the one that counts."""

    limit: Annotated[int, msgspec.Meta(ge=10, le=2000)] = 1000
    result: str = ""


class ChartAxis(Shape, frozen=True, kw_only=True):
    """
    A parameter that tells children apart, with its value for each child drawn.

    `importance` is the share of the differences of the result that it explains alone, None where too few children have
    ended to tell. It is `logarithmic` where it was searched so.
    """

    name: str
    logarithmic: bool
    importance: float | None
    values: tuple[Cell, ...]


class Around(Shape, frozen=True, kw_only=True):
    """
    Where to sweep again: `space` is that of the sweep around its best child `number`, to be changed before it is used.

    `command` does the same in a shell with the space behind it; there will be at most `max_runs` children, None for all
    points.
    """

    space: str
    number: int | None
    command: str
    max_runs: int | None


class Step(Shape, frozen=True, kw_only=True):
    """A child that was better than all before it."""

    id: str
    number: int
    value: float


class Charts(Shape, frozen=True, kw_only=True):
    """
    The children of a sweep as charts show them: at most so many as were asked for of `total`, by number.

    `result` is looked at, one of `results`; it is better the more (`max`) or the less (`min`) there is of it, or nobody
    said. `values` has the numbers that it came to. Parameters that matter most come first, by what `compared` children
    came to; `hidden` counts those left out.
    """

    total: int
    result: str
    results: tuple[str, ...]
    direction: Literal["", "max", "min"]
    ids: tuple[str, ...]
    numbers: tuple[int, ...]
    states: tuple[ChildState, ...]
    values: tuple[float | None, ...]
    parameters: tuple[ChartAxis, ...]
    hidden: int
    compared: int
    steps: tuple[Step, ...]
