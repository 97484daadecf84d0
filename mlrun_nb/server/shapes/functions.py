"""Functions and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from mlrun_nb.server.route import Asked, Shape, Where
from mlrun_nb.server.shapes.runs import HubPlace, Limit, RunRow, State


class FunctionRow(Shape, frozen=True, kw_only=True):
    """A function as lists show it; `last_run` is its newest run."""

    name: str
    description: str
    notebook: str
    latest: str
    versions: int
    runs: int
    updated: datetime
    last_run: RunRow | None


class Functions(Shape, frozen=True, kw_only=True):
    """All functions of the project, by name."""

    items: tuple[FunctionRow, ...]
    revision: str


class VersionRow(Shape, frozen=True, kw_only=True):
    """A version as lists show it; `change` says in a line how it differs from the one before, empty for the first."""

    hash: str
    tags: tuple[str, ...]
    created: datetime
    runs: int
    change: str
    author: str
    commit: str


class VersionsAsked(Where, frozen=True, kw_only=True):
    """A page of versions."""

    limit: Limit = 20
    cursor: str | None = None


class Versions(Shape, frozen=True, kw_only=True):
    """Versions, last registered first."""

    items: tuple[VersionRow, ...]
    cursor: str | None


class ParameterRow(Shape, frozen=True, kw_only=True):
    """One parameter: `schema` is the JSON schema of its values, `declaration` its line in the cell."""

    name: str
    type: str
    description: str
    required: bool
    declaration: str
    schema: dict[str, Any]


class Source(Shape, frozen=True, kw_only=True):
    """One piece of a version's source: what it is for, and the index of the cell that it came from."""

    role: str
    text: str
    origin: int | None


class Outcome(Shape, frozen=True, kw_only=True):
    """A run as a point of a small chart: how it ended and how long it took, `value` its main result."""

    id: str
    state: State
    created: datetime
    duration_s: float | None
    value: float | None


class FunctionDetail(Shape, frozen=True, kw_only=True):
    """
    A function at one version, with what a form needs to run it.

    `options` are the version's own, by name, as they are typed; `result` names the number that `history` shows. `call`
    is the Python that runs it, `command` the shell's.
    """

    name: str
    project: str
    description: str
    notebook: str | None
    hub: HubPlace | None
    version: VersionRow
    parameters: tuple[ParameterRow, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    options: dict[str, str]
    source: tuple[Source, ...]
    history: tuple[Outcome, ...]
    result: str
    call: str
    command: str


class VersionAsked(Where, frozen=True, kw_only=True):
    """Which version: a tag or a prefix of its hash."""

    version: str = "latest"


class TagMoved(Asked, frozen=True, kw_only=True):
    """The version that a tag is to name."""

    version: Annotated[str, msgspec.Meta(min_length=6)]


class RunFunction(Asked, frozen=True, kw_only=True):
    """How to run it: parameters as JSON values, options as they are typed, inputs as URIs."""

    version: str = "latest"
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    inputs: dict[str, str] = msgspec.field(default_factory=dict)
    on: str | None = None
