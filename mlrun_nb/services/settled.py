"""The children of a sweep looked at again and again: pages of those that stay as they are are read once."""

from __future__ import annotations

from dataclasses import replace
from typing import Generic, Protocol, Self, TypeVar

from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.store import RunRecords

_PAGE = 1000
_SETTLED = frozenset({RunState.SUCCEEDED, RunState.FAILED, RunState.CACHED})
"""Children that stay as they are; those that were cancelled or lost go on when their sweep is resumed."""


class Gathered(Protocol):
    """What is kept of children that were taken in one after the other."""

    def add(self, run: Run) -> None:
        """Take in a child that was not there yet."""

    def copy(self) -> Self:
        """Return one that goes on by itself."""


G = TypeVar("G", bound=Gathered)


class SettledReader(Generic[G]):
    """Takes the children of *parent*, as they are recorded, into *nothing* yet."""

    def __init__(self, store: RunRecords, parent: Run, nothing: G) -> None:
        self._store = store
        self._query = RunQuery(project=parent.project, parent=parent.id, limit=_PAGE)
        self._settled = nothing

    def look(self) -> G:
        """Return what all children come to now; it is not to be changed."""
        query, open_part = self._query, None
        while True:
            page = self._store.list_runs(query)
            is_settled = page.cursor is not None and all(run.state in _SETTLED for run in page.items)
            if open_part is None and not is_settled:
                open_part = self._settled.copy()
            for run in page.items:
                (open_part or self._settled).add(run)
            if page.cursor is None:
                return open_part or self._settled
            query = replace(query, cursor=page.cursor)
            if open_part is None:
                self._query = query
