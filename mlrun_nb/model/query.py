"""Questions to a store of runs, and the pages that answer them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from mlrun_nb._lib.ids import normalize_id
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuery:
    """
    Which runs; every field narrows. `functions` and `states` are several of which one must fit, empty for all.

    `text` is the beginning of a run id, of a function's name or of a label's value. `labels` are (key, value) pairs
    that must all be there. `cursor` comes from the page before; `limit` is at most 1000.
    """

    project: str | None = None
    states: tuple[RunState, ...] = ()
    functions: tuple[str, ...] = ()
    version: str | None = None
    labels: tuple[tuple[str, str], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    parent: RunId | None = None
    limit: int = 50
    cursor: str | None = None


def begins(run: Run, text: str) -> bool:
    """Tell whether *text* begins the id of *run*, its function's name or the value of a label: what `text` asks for."""
    names = (run.function, *run.labels.values())
    return run.id.startswith(normalize_id(text)) or any(name.startswith(text) for name in names)


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
