"""Questions to a store of runs, and the pages that answer them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from mlrun_nb.model.run import RunId
from mlrun_nb.model.states import RunState

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuery:
    """
    Which runs; every field narrows. `text` is the beginning of a run id or of a function's name.

    `labels` are (key, value) pairs that must all be there. `cursor` comes from the page before; `limit` is at most
    1000.
    """

    project: str | None = None
    states: tuple[RunState, ...] = ()
    function: str | None = None
    version: str | None = None
    labels: tuple[tuple[str, str], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    parent: RunId | None = None
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some records, newest first; `cursor` leads to the next page and is None on the last."""

    items: tuple[T, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCount:
    """How many runs of a function are in one state."""

    function: str
    state: RunState
    runs: int
