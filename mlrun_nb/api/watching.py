"""
One thread that looks after all runs of a project that somebody waits for in the background.

It asks engines about all of them at once, and less often the longer nothing is new. It ends when nothing is left to
look at, and keeps no process alive: a run goes on without it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event, Lock, Thread

from mlrun_nb.errors import MlrunNbError, NotFoundError
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.project import Project
from mlrun_nb.services.follow import FIRST_WAIT_S, LONGEST_WAIT_S
from mlrun_nb.services.reconcile import reconcile

PATIENCE_S = 60.0
"""How long the store may be out of reach before those who wait are told."""


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Somebody who wants to know how a run stands; called in the watcher's thread, and never after its end."""

    run_id: RunId
    see: Callable[[Run], None]
    """Takes note of the record; the run has ended when its state is final."""
    give_up: Callable[[Exception], None]
    """Takes note that nothing more will be known."""


class Watcher:
    """Looks after runs of one project until they end."""

    def __init__(self, project: Project, *, patience_s: float = PATIENCE_S) -> None:
        self._project = project
        self._patience_s = patience_s
        self._watched: list[Watched] = []
        self._lock = Lock()
        self._news = Event()
        self._working = False

    def add(self, watched: Watched) -> None:
        """Look after *watched* from now on."""
        with self._lock:
            self._watched.append(watched)
            self._news.set()
            if not self._working:
                self._working = True
                Thread(target=self._work, name="mlrun-nb runs", daemon=True).start()

    def _work(self) -> None:
        wait_s, last_good = FIRST_WAIT_S, time.monotonic()
        seen: dict[RunId, Run] = {}
        while watched := self._next():
            try:
                now = self._look(watched)
            except MlrunNbError as err:
                now = seen
                if time.monotonic() - last_good > self._patience_s:
                    self._give_up(watched, err)
            except Exception as err:  # noqa: BLE001  # whatever it is, nobody may wait for ever
                self._give_up(watched, err)
                continue
            else:
                last_good = time.monotonic()
            wait_s = min(wait_s * 1.5, LONGEST_WAIT_S) if now == seen else FIRST_WAIT_S
            seen = now
            self._tell(watched, now)
            if self._news.wait(wait_s):
                self._news.clear()
                wait_s = FIRST_WAIT_S

    def _next(self) -> list[Watched]:
        """Return what is to be looked at; when that is nothing, the thread's work is over."""
        with self._lock:
            self._working = bool(self._watched)
            return list(self._watched)

    def _look(self, watched: Iterable[Watched]) -> dict[RunId, Run]:
        """Return the records of those runs that there are, brought up to date."""
        records = self._records(watched)
        open_runs = [record for record in records.values() if not record.state.is_final]
        if open_runs:
            reconcile(self._project, open_runs)
            records = self._records(watched)
        return records

    def _records(self, watched: Iterable[Watched]) -> dict[RunId, Run]:
        records = {}
        for each in watched:
            try:
                records[each.run_id] = self._project.store.get_run(each.run_id)
            except NotFoundError as err:
                self._give_up([each], err)
        return records

    def _tell(self, watched: Iterable[Watched], records: dict[RunId, Run]) -> None:
        for each in watched:
            record = records.get(each.run_id)
            if record is None:
                continue
            if record.state.is_final:
                self._forget(each)
            each.see(record)

    def _give_up(self, watched: Iterable[Watched], error: Exception) -> None:
        for each in watched:
            self._forget(each)
            each.give_up(error)

    def _forget(self, watched: Watched) -> None:
        with self._lock:
            self._watched = [each for each in self._watched if each is not watched]


_watchers: dict[Project, Watcher] = {}
os.register_at_fork(after_in_child=_watchers.clear)  # their threads stay behind


def watch(project: Project, watched: Watched) -> None:
    """Have *watched* looked after by the one watcher of *project*; two are no harm."""
    _watchers.setdefault(project, Watcher(project)).add(watched)
