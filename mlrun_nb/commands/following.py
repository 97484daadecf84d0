"""
Runs that somebody looks at again and again: what their events said is kept, so that each look reads only the rest.

How much is kept is bounded; a run that nobody looked at for long is read from its beginning again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock

from mlrun_nb._lib.recent import Recent
from mlrun_nb._lib.records import Json
from mlrun_nb.commands.card.live import Card
from mlrun_nb.commands.cell_reports import CellReports
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.model.run import CellReport, Run
from mlrun_nb.project import Project
from mlrun_nb.services.follow import Update
from mlrun_nb.services.history import RunDetails, details
from mlrun_nb.services.log_lines import Logs

_MOST_RUNS = 32
_TAIL_LINES = 400
"""Of the log so many lines are enough for a card."""


class Followed:
    """One run as far as it was followed; may be used by several threads."""

    def __init__(self, project: Project, found: RunDetails, *, program: str) -> None:
        self._project = project
        self._card = Card(found, detached=True, program=program)
        self._reports = CellReports()
        self._cursor: Json = None
        self._lock = Lock()

    def cells(self, found: RunDetails) -> tuple[CellReport, ...]:
        """Return the cells of the run as they stand now."""
        with self._lock:
            if found.result is None:
                self._catch_up(found.run)
            return self._reports.of(found.run, found.result)

    def dashboard(self, found: RunDetails) -> str:
        """Return where that of the run's own Dask cluster is, empty where there is none now."""
        with self._lock:
            if found.result is None:
                self._catch_up(found.run)
            self._card.end(found)
            return self._card.dashboard

    def card(self, found: RunDetails, logs: Logs, now: datetime, link: Callable[[str], str] = str) -> dict[str, object]:
        """Return the run's card at the time *now* as a MIME bundle; *link* gives the reader's way to a dashboard."""
        with self._lock:
            self._catch_up(found.run)
            self._take_log(found.run, logs)
            self._card.end(found)
            return self._card.bundle(now, dashboard_link=link(self._card.dashboard))

    def _catch_up(self, run: Run) -> None:
        while run.handle is not None:
            try:
                chunk = self._project.engine(run.engine).read(run.handle, self._cursor, log=False)
            except EngineUnavailable:
                return
            self._cursor = chunk.cursor
            if not chunk.events:
                return
            for event in chunk.events:
                self._reports.take(event)
            self._card.take(Update(run=run, events=chunk.events))

    def _take_log(self, run: Run, logs: Logs) -> None:
        end = logs.of(self._project, run).lines(run, -_TAIL_LINES, _TAIL_LINES)
        self._card.show_log(end.lines, before=end.first)


class FollowedRuns:
    """The runs that were looked at last; *program* is what verbs are typed behind on their cards."""

    def __init__(self, *, program: str = "%mlrun", most: int = _MOST_RUNS) -> None:
        self._program = program
        self._held = Recent[tuple[str, str], Followed](most)

    def of(self, project: Project, run: Run) -> tuple[Followed, RunDetails]:
        """Return what was followed of *run*, and all that is known of it now."""
        found = details(project, run)
        key = (project.store.location, run.id)
        return self._held.get(key, lambda: Followed(project, found, program=self._program)), found
