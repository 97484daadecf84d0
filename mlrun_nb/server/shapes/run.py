"""Everything about one run, for its page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from mlrun_nb.server.route import Shape, Where
from mlrun_nb.server.shapes.runs import HubPlace, Named, RunRow, State
from mlrun_nb.server.shapes.sweep import ParentRow, SweepDetail

CellState = Literal["pending", "running", "succeeded", "failed", "cancelled", "lost"]


class Value(Shape, frozen=True, kw_only=True):
    """A value of this run; `before` is that of the last good run where that was another, `distance` how far it is."""

    name: str
    text: str
    before: str | None = None
    distance: str = ""


class Setting(Shape, frozen=True, kw_only=True):
    """An option in force, and the place that it came from."""

    name: str
    text: str
    source: str


class Usage(Shape, frozen=True, kw_only=True):
    """What was used of what was asked for; `share` is None where nothing was asked."""

    name: str
    used: str
    asked: str | None
    share: float | None


class CellRow(Shape, frozen=True, kw_only=True):
    """
    One cell of the executed notebook.

    `origin` is its index in the notebook that it came from, None for a generated one; `machinery` is true for cells
    that a reader need not see while they do their work.
    """

    index: int
    name: str
    role: str
    state: CellState
    origin: int | None
    duration_s: float
    cpu_s: float
    peak_memory_bytes: int
    output_bytes: int
    machinery: bool


class Remedy(Shape, frozen=True, kw_only=True):
    """What would run it again with a better chance: words for a button, and the options that it stands for."""

    text: str
    options: dict[str, str]


class Failure(Shape, frozen=True, kw_only=True):
    """Why a run did not end well."""

    cls: str
    fault: str
    summary: str
    hint: str
    cell: int | None
    cell_name: str
    ename: str
    evalue: str
    traceback: str


class ArtifactRow(Shape, frozen=True, kw_only=True):
    """
    Something that the run left.

    `file` is the name under which it is downloaded, `previews` renderings of it: media type → file name. `load` is the
    Python that loads it.
    """

    name: str
    kind: str
    type: str
    media_type: str
    size: int
    digest: str
    uri: str
    file: str
    previews: dict[str, str]
    facts: tuple[Named, ...]
    load: str


class Command(Shape, frozen=True, kw_only=True):
    """Something to type, and what it does."""

    text: str
    purpose: str


class Neighbour(Shape, frozen=True, kw_only=True):
    """Another run, as a link."""

    id: str
    version: str
    created: datetime
    duration_s: float | None


class RunDetail(Shape, frozen=True, kw_only=True):
    """
    A run with all that is known of it.

    `notebook` is the path of the notebook that it came from below the server's root, None where it is not to be opened
    from here, `hub` the item that it came from; `executed` tells whether there is an executed notebook. `metrics` are
    the names of what was logged, `points` is how many numbers that were. `changed` says in a line what differs from
    `last_good`. `commands` are for a shell, `python` is for a notebook. `dashboard` is a link to that of its own Dask
    cluster, while there is one, for a browser that reaches this server. `sweep` is there for a sweep, `parent` for a
    child of one.
    """

    run: RunRow
    code_hash: str
    directory: str
    notebook: str | None
    hub: HubPlace | None
    executed: bool
    failure: Failure | None
    remedy: Remedy | None
    notices: tuple[str, ...]
    parameters: tuple[Value, ...]
    results: tuple[Value, ...]
    missing_results: tuple[str, ...]
    inputs: tuple[Named, ...]
    settings: tuple[Setting, ...]
    usage: tuple[Usage, ...]
    cells: tuple[CellRow, ...]
    artifacts: tuple[ArtifactRow, ...]
    metrics: tuple[str, ...]
    points: int
    provenance: tuple[Named, ...]
    last_good: Neighbour | None
    changed: str
    commands: tuple[Command, ...]
    python: str
    dashboard: str
    sweep: SweepDetail | None
    parent: ParentRow | None


class Point(Shape, frozen=True, kw_only=True):
    """One number that a run logged; `step` counts where the run did not say."""

    step: int
    value: float | Literal["NaN", "Infinity", "-Infinity"]
    time: datetime


class SeriesAsked(Where, frozen=True, kw_only=True):
    """Which metrics; all where none is named."""

    name: tuple[str, ...] = ()


class Series(Shape, frozen=True, kw_only=True):
    """The numbers logged under one name, at most 1000: of more, the extremes of each stretch are kept."""

    name: str
    count: int
    points: tuple[Point, ...]


class Metrics(Shape, frozen=True, kw_only=True):
    """All series of a run."""

    series: tuple[Series, ...]


Line = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]


class TailAsked(Where, frozen=True, kw_only=True):
    """From which line of the log, counted from 0; a negative one counts from the end."""

    line: Line = 0
    lines: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 500


class LogLines(Shape, frozen=True, kw_only=True):
    """
    Lines of a log. `first` is the number of the first one, `total` how many there are now, `bytes` how long it is.

    `ended` tells whether nothing more can follow. Orders to a terminal that colour text are still in it. A line longer
    than 10,000 characters is cut, and says so; of very long ones fewer may come than were asked for.
    """

    first: int
    lines: tuple[str, ...]
    total: int
    bytes: int
    ended: bool


class SearchAsked(Where, frozen=True, kw_only=True):
    """Which text, letters of either case, from which line on."""

    text: Annotated[str, msgspec.Meta(max_length=1000)]
    line: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    backwards: bool = False


class Found(Shape, frozen=True, kw_only=True):
    """
    The lines in which a text was found, in order, at most 1000; `more` where not all was looked at.

    `next` is then the line to go on from: a log of gigabytes takes several requests, some of which may find nothing.
    """

    lines: tuple[int, ...]
    more: bool
    next: int | None


class Card(Shape, frozen=True, kw_only=True):
    """A run's card, drawn now: `html` is complete by itself and has no script; `state` says whether it will change."""

    id: str
    state: State
    cancelling: bool
    has_best: bool
    """Whether it is a sweep that could be swept again around its best child."""
    html: str
    text: str


class Executed(Shape, frozen=True, kw_only=True):
    """
    The executed notebook, read-only: `content` is nbformat 4, `name` what a tab would call it.

    Outputs are as the run left them, and not trusted.
    """

    name: str
    content: dict[str, Any]
    modified: datetime
    size: int


class Preview(Shape, frozen=True, kw_only=True):
    """
    How an artifact looks, without loading code from it: a table of texts, the first lines, a picture, or why not.

    A `picture` is the name under which `previews/{name}` serves it; `reason` says in a sentence why there is nothing.
    """

    kind: Literal["table", "text", "picture", "none"]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    picture: str = ""
    media_type: str = ""
    cut: bool = False
    reason: str = ""
