"""Runs in lists, and pages of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from mlrun_nb.server.route import Asked, Shape, Where

State = Literal["pending", "running", "succeeded", "failed", "cancelled", "lost", "cached"]
Phase = Literal["submitting", "queued", "unschedulable", "pulling", "starting", "backoff"]

Limit = Annotated[int, msgspec.Meta(ge=1, le=500)]


class Named(Shape, frozen=True, kw_only=True):
    """A value to read, beside its name."""

    name: str
    text: str


class HubPlace(Shape, frozen=True, kw_only=True):
    """The item of a hub that a version came from."""

    source: str
    name: str
    version: str


class Progress(Shape, frozen=True, kw_only=True):
    """Cells done of all, and the name of the one at work; of a sweep its children, and no name."""

    done: int
    total: int
    cell: str


class SweepRow(Shape, frozen=True, kw_only=True):
    """How a sweep searches, and how many children have ended of how many, as far as both are known."""

    strategy: str
    selector: str
    done: int
    total: int | None
    best: str | None


class RunRow(Shape, frozen=True, kw_only=True):
    """
    A run as lists show it.

    `reason` says in a line why it is where it is. `parameters` are those that tell the runs of the page apart, `result`
    is the one result that matters most. `duration_s` comes from the runner's clock and is None until there is one.
    `sweep` is there for a sweep, of which a child has `number` and `parent`; one that succeeded is `pruned` where the
    strategy ended it early.
    """

    id: str
    project: str
    function: str
    version: str
    engine: str
    profile: str
    state: State
    phase: Phase | None
    reason: str
    attempt: int
    progress: Progress | None
    parameters: tuple[Named, ...]
    result: Named | None
    labels: dict[str, str]
    notebook: str
    created: datetime
    started: datetime | None
    ended: datetime | None
    duration_s: float | None
    saved_s: float | None
    origin: str | None
    parent: str | None
    number: int | None
    pruned: bool
    sweep: SweepRow | None
    pinned: bool
    cancelling: bool


class RunsAsked(Where, frozen=True, kw_only=True):
    """
    Which runs. `q` is what a person types: `state:failed fn:train before:2d loss`.

    With `deep` words are also looked for inside names, labels, parameters and reasons, among as many runs as a
    moment allows. Children of sweeps are in no list but that of their `parent`.
    """

    q: str = ""
    limit: Limit = 50
    cursor: str | None = None
    deep: bool = False
    everywhere: bool = False
    parent: str = ""


class Looked(Shape, frozen=True, kw_only=True):
    """How far a deep search looked: that many runs, back to that time."""

    runs: int
    until: datetime | None


class RunPage(Shape, frozen=True, kw_only=True):
    """
    Runs, newest first, or the children of one in the order of their creation; `cursor` leads to the next page.

    It is None on the last. `doubt` says why open runs may be out of date; `looked` is there where words were looked for
    deeply.
    """

    items: tuple[RunRow, ...]
    cursor: str | None
    revision: str
    doubt: str
    looked: Looked | None


class Rerun(Asked, frozen=True, kw_only=True):
    """
    What is to be different this time: parameters as JSON values, options as their JSON forms, engine or profile.

    `sweep` says what varies, as `--sweep` takes it: of a sweep it takes the place of what varied before, and any other
    run becomes one. There will be at most `max_runs` children.
    """

    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    on: str | None = None
    sweep: str = ""
    max_runs: Annotated[int, msgspec.Meta(ge=1)] | None = None
