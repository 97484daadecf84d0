"""Questions to a store of runs, and the pages that answer them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from mlrun_nb._lib.ids import is_id_prefix, normalize_id
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunQuery:
    """
    Which runs; every field narrows. `functions` and `states` are several of which one must fit, empty for all.

    Children of sweeps are out of the way: with `parent` they are those of that run, in the order of their creation,
    and else none, but one whose id begins with a `text` that is long enough to name a run. `text` is the beginning of a
    run id, of a function's name or of a label's value. `labels` are (key, value) pairs that must all be there. `cursor`
    comes from the page before; `limit` is at most 1000.
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


def fits(run: Run, query: RunQuery) -> bool:
    """Tell whether *run* is one of those that *query* asks for, whatever page it is on."""
    wanted = {"project": query.project, "version": query.version, "parent": query.parent}
    return (
        all(value is None or getattr(run, name) == value for name, value in wanted.items())
        and (not query.states or run.state in query.states)
        and (not query.functions or run.function in query.functions)
        and all(run.labels.get(key) == value for key, value in query.labels)
        and (query.since is None or run.created >= query.since)
        and (query.until is None or run.created < query.until)
        and (query.parent is not None or run.parent is None or _is_named(run, query.text))
        and begins(run, query.text.strip())
    )


def begins(run: Run, text: str) -> bool:
    """Tell whether *text* begins the id of *run*, its function's name or the value of a label: what `text` asks for."""
    names = (run.function, *run.labels.values())
    return run.id.startswith(normalize_id(text)) or any(name.startswith(text) for name in names)


def _is_named(run: Run, text: str) -> bool:
    prefix = normalize_id(text)
    return is_id_prefix(prefix) and run.id.startswith(prefix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some records in the order of their list; `cursor` leads to the next page and is None on the last."""

    items: tuple[T, ...]
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCount:
    """How many runs of a function are in one state; a sweep is one run, whatever number of children it has."""

    function: str
    state: RunState
    runs: int
