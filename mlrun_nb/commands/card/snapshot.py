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


List = Literal["results", "artifacts", "series", "notices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """
    A run as its card shows it at the time `at`.

    `words` say where it stands, in a line. `cells` is empty where they are too many for a mark each; `done` of `total`
    stands always. `log` is the end of what was printed, `log_cut` how many lines came before. `usual_s` is how long the
    last good run took, `changed` what differs from it, `since` which it is. `cancel` says what ends the run. `origin`
    is the run that a cached one stands for.
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
    origin: RunId | None = None
    done: int = 0
    total: int = 0
    cell: str = ""
    cells: tuple[Cell, ...] = ()
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
