"""
What a card shows, as records: the HTML, the text and the JSON of one bundle are drawn from the same snapshot.

Every text in it is clean and fits (see `fitting`), every list is short, and `more` says how much was left out: a
snapshot's size does not grow with its run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mlrun_nb._lib.records import ALWAYS_WRITTEN
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import CellState, RunId
from mlrun_nb.model.states import PendingPhase, RunState

FORMAT = 1
"""Number of the form of a snapshot; raised when a reader of the last release would misread a new one."""

CHART_WIDTH, CHART_HEIGHT = 100, 20
"""The grid of a series' points."""

COURSE_WIDTH, COURSE_HEIGHT = 200, 60
"""The grid of a sweep's course."""
LINES_HEIGHT = 50
"""The height of the grid of a sweep's lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of the executed notebook."""

    index: int
    name: str
    state: CellState
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """
    Numbers that a run logged under one name, the newest last.

    `points` has a line through them as SVG writes it, `0,20 50,3 100,0` on a grid of 100 by 20, from top left; it
    is empty where there is no line to draw.
    """

    name: str
    first: str
    last: str
    count: int
    points: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result as text, and its distance from that of the last good run (`+0.004`)."""

    name: str
    text: str
    distance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An artifact. `load` is the expression that loads it, where its variable was not bound."""

    name: str
    kind: str
    size: int
    uri: str
    load: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why the run did not end well, and what to do. `cut` counts the lines left out above `traceback`."""

    summary: str
    hint: str = ""
    traceback: tuple[str, ...] = ()
    cut: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something to type, and what it is for."""

    text: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child of a sweep: its number, its value for what counts, and its own parameters in the order of `columns`."""

    number: int
    run: str
    value: str
    parameters: tuple[str, ...] = ()
    took_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedAlike:
    """Children that failed in the same way; `number` is one of them."""

    children: int
    reason: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """
    How the value of a sweep went from child to child, on a grid of 200 by 60 from top left.

    `dots` are values, `10,4 20,31`, `steps` where the best so far became better. `top` and `bottom` name the ends of
    the grid: values beyond lie on its edge. `last` is the number of the child at its right.
    """

    dots: str
    steps: str
    top: str
    bottom: str
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAxis:
    """A parameter, or last the result, that lines go through; `ends` stand at its bottom and at its top."""

    name: str
    ends: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """
    Children as lines through `axes`: heights from the top of a grid, `12,3,40 8,,31`, empty where it has no value.

    The `best` one, those that are nearly as good, the others that succeeded, those that were pruned, those that failed.
    """

    axes: tuple[LineAxis, ...]
    best: str
    strong: str = ""
    weak: str = ""
    pruned: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """
    The children of a sweep.

    `result` is what counts, `direction` which way it is better; both are empty where no child is better than another.
    `marks` has a letter for each child by number, the first of its state, `p` for one that was pruned, `w` for one that
    waits, or `-` for one that was never begun; it is empty where they are too many. `counts` has all states; of those
    that succeeded so many were `pruned`. `columns` are the parameters of
    `rows`, the best children; `hidden` counts those left out. `left_s` is how long it will go on at the present pace.
    """

    how: str
    result: str = ""
    direction: str = ""
    counts: Mapping[RunState, int] = field(default_factory=dict)
    pruned: int = 0
    marks: str = ""
    columns: tuple[str, ...] = ()
    hidden: int = 0
    rows: tuple[Child, ...] = ()
    failures: tuple[FailedAlike, ...] = ()
    ways_more: int = 0
    course: Course | None = None
    lines: Lines | None = None
    left_s: float | None = None


List = Literal["results", "artifacts", "series", "notices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """
    A run as its card shows it at the time `at`.

    `words` say where it stands, in a line. `cells` is empty where they are too many for a mark each; `done` of `total`
    stands always. `log` is the end of what was printed, `log_cut` how many lines came before. `usual_s` is how long the
    last good run took, `changed` what differs from it, `since` which it is. `cancel` says what ends the run. `origin`
    is the run that a cached one stands for. `dashboard` is where that of its own Dask cluster is, while that is there.
    """

    format: int = field(default=FORMAT, metadata=ALWAYS_WRITTEN)
    id: RunId
    at: datetime
    project: str
    function: str
    version: str
    engine: str
    profile: str = ""
    state: RunState
    phase: PendingPhase | None = None
    words: str
    attempt: int = 1
    elapsed_s: float | None = None
    usual_s: float | None = None
    detached: bool = False
    cancel: str = ""
    dashboard: str = ""
    origin: RunId | None = None
    done: int = 0
    total: int = 0
    cell: str = ""
    cells: tuple[Cell, ...] = ()
    sweep: Children | None = None
    error: Failure | None = None
    notices: tuple[Notice, ...] = ()
    changed: str = ""
    since: str = ""
    results: tuple[Result, ...] = ()
    artifacts: tuple[Kept, ...] = ()
    series: tuple[Series, ...] = ()
    more: Mapping[List, int] = field(default_factory=dict)
    log: tuple[str, ...] = ()
    log_cut: int = 0
    commands: tuple[Command, ...] = ()
