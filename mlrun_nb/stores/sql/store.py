"""
`RunStore` over SQL: each method is one transaction around the statements of `versions`, `runs` and `listing`.

Owns when a transaction begins, that a writing one is alone, and that no foreign exception leaves. Knows neither SQLite
nor PostgreSQL: a `Database` comes with engines, a listener that locks, and the words for its errors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from mlrun_nb._lib.clock import Clock
from mlrun_nb.errors import StoreError
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.change import Ingest, RunChange
from mlrun_nb.model.events import Metric
from mlrun_nb.model.function import Function, Version, VersionHash, VersionInfo
from mlrun_nb.model.query import Page, RunCount, RunQuery
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.stores import changes
from mlrun_nb.stores.sql import children, counting, listing, recording, runs, versions
from mlrun_nb.stores.sql.database import Database
from mlrun_nb.stores.sql.revision import revision_token


class SqlStore:
    """A `RunStore` in a database; safe for threads, for processes, and after a fork."""

    def __init__(
        self, database: Database, *, location: str, error: Callable[[BaseException], StoreError], clock: Clock
    ) -> None:
        self.location = location
        self._database = database
        self._error = error
        self._clock = clock
        self._process = os.getpid()

    def save_version(self, version: Version, *, tags: Sequence[str] = ("latest",)) -> bool:
        """See `VersionStore`."""
        with self._writing() as connection:
            return versions.save(connection, version, tags, at=self._clock())

    def get_version(self, project: str, function: str, reference: str) -> Version:
        """See `VersionStore`."""
        with self._reading() as connection:
            return versions.get(connection, project, function, reference)

    def versions(self, project: str, function: str, *, limit: int = 50, cursor: str | None = None) -> Page[VersionInfo]:
        """See `VersionStore`."""
        with self._reading() as connection:
            return versions.page(connection, project, function, limit=limit, cursor=cursor)

    def functions(self, project: str) -> Sequence[Function]:
        """See `VersionStore`."""
        with self._reading() as connection:
            return versions.functions(connection, project)

    def delete_versions(self, project: str, function: str, hashes: Iterable[VersionHash]) -> int:
        """See `VersionStore`."""
        with self._writing() as connection:
            return versions.delete_unused(connection, project, function, hashes)

    def create_run(self, run: Run) -> Run:
        """See `RunRecords`."""
        (created,) = self.write_runs([RunChange(to=run)])
        assert created is not None
        return created

    def advance(self, run: Run, to: Run, ingest: Ingest = Ingest()) -> Run | None:
        """See `RunRecords`."""
        return self.write_runs([RunChange(before=run, to=to, ingest=ingest)])[0]

    def write_runs(self, wanted: Sequence[RunChange]) -> Sequence[Run | None]:
        """See `RunRecords`."""
        for change in wanted:
            changes.check(change)
        with self._writing() as connection:
            return recording.write(connection, wanted)

    def get_run(self, reference: str, *, project: str | None = None) -> Run:
        """See `RunRecords`."""
        with self._reading() as connection:
            return runs.get(connection, reference, project=project)

    def list_runs(self, query: RunQuery) -> Page[Run]:
        """See `RunRecords`."""
        with self._reading() as connection:
            page = listing.page if query.parent is None else children.page
            return page(connection, query)

    def last_runs(self, project: str, functions: Collection[str]) -> Mapping[str, Run]:
        """See `RunRecords`."""
        with self._reading() as connection:
            return runs.last(connection, project, functions)

    def count_runs(self, project: str) -> Sequence[RunCount]:
        """See `RunRecords`."""
        with self._reading() as connection:
            return counting.counted(connection, project)

    def count_children(self, parent: RunId) -> Mapping[RunState, int]:
        """See `RunRecords`."""
        with self._reading() as connection:
            return children.counted(connection, parent)

    def artifacts(self, run: RunId) -> Sequence[Artifact]:
        """See `RunRecords`."""
        with self._reading() as connection:
            return runs.artifacts(connection, run)

    def metrics(self, run: RunId, *, since: int = 0) -> Sequence[Metric]:
        """See `RunRecords`."""
        with self._reading() as connection:
            return runs.metrics(connection, run, since=since)

    def delete_runs(self, ids: Iterable[RunId]) -> int:
        """See `RunRecords`."""
        with self._writing() as connection:
            return runs.delete_ended(connection, ids)

    def open_runs(self, project: str | None = None, *, lost_since: datetime | None = None) -> Sequence[Run]:
        """See `RunStore`."""
        with self._reading() as connection:
            return runs.opened(connection, project, lost_since=lost_since)

    def revision(self) -> str:
        """See `RunRecords`."""
        with self._reading() as connection:
            return revision_token(connection)

    def check_writable(self) -> None:
        """See `RunStore`."""
        self._database.check_writable()

    def close(self) -> None:
        """See `RunStore`."""
        self._database.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._translated(), self._database.reading().connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._translated(), self._database.writing().begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        if os.getpid() != self._process:  # connections belong to the process that made them
            self._database.dispose(close=False)
            self._process = os.getpid()
        try:
            yield
        except (SQLAlchemyError, UnicodeEncodeError, OSError) as err:
            cause = err.orig if isinstance(err, DBAPIError) and err.orig is not None else err
            raise self._error(cause) from err
