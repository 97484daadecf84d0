"""The state of the server's half, and of what it stands on."""

from __future__ import annotations

from typing import Any, Literal

from mlrun_nb.server.route import Shape

API = 1
"""Number of the interface; raised when a client of the last release would misunderstand."""


class Counts(Shape, frozen=True, kw_only=True):
    """How many runs of the project are in each state."""

    pending: int = 0
    running: int = 0
    succeeded: int = 0
    failed: int = 0
    cancelled: int = 0
    lost: int = 0
    cached: int = 0


class Status(Shape, frozen=True, kw_only=True):
    """
    Which server this is and which project it shows.

    `api` must be the client's own number. `store` names the store in events, `revision` is its token of change.
    `root` is the project's folder below the server's, None outside of it.
    """

    version: str
    api: int = API
    project: str
    root: str | None
    store: str
    revision: str
    counts: Counts
    functions: int


class Finding(Shape, frozen=True, kw_only=True):
    """One thing that was examined. `ok` is None for something optional that is not there."""

    name: str
    ok: bool | None
    text: str
    hint: str


class Health(Shape, frozen=True, kw_only=True):
    """What `doctor` finds; `engines` are those of the findings that are about engines."""

    engines: tuple[Finding, ...]
    others: tuple[Finding, ...]


class Field(Shape, frozen=True, kw_only=True):
    """One option, for a form: `kind` says how its value is typed, `example` what one looks like."""

    name: str
    kind: str
    section: str
    help: str
    example: str
    choices: tuple[str, ...]


class Section(Shape, frozen=True, kw_only=True):
    """Options that belong together, under their heading."""

    name: str
    title: str
    fields: tuple[Field, ...]


class Options(Shape, frozen=True, kw_only=True):
    """
    All options of functions and runs; `targets` are the engines and profiles that `on` takes.

    `startable` are those of them on which the server itself starts a run: not those that execute in the asking process.
    `schema` is a JSON schema (draft 2020-12) of an object that has options by name, in their JSON forms.
    """

    sections: tuple[Section, ...]
    targets: tuple[str, ...]
    startable: tuple[str, ...]
    schema: dict[str, Any]
    version: Literal[1] = 1
