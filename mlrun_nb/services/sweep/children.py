"""
The children of a sweep as its driver records them: made, advanced, written to the store many at a time.

A child that began and ended between two writes is recorded once, as ended. What is not written yet is in the journal
and in run directories, so that a death of the driver loses none of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mlrun_nb._lib.records import Json
from mlrun_nb.model.change import Ingest, RunChange
from mlrun_nb.model.events import Event, Metric
from mlrun_nb.model.run import Handle, Observation, Run, RunId, RunRequest
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.project import Project
from mlrun_nb.services.children import children_of
from mlrun_nb.services.submit import record_of
from mlrun_nb.services.transition import next_record

_WRITES_EACH_S = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unwritten:
    """A child as the store has it (None: not at all), as it should be, and what goes with it."""

    stored: Run | None
    to: Run
    ingest: Ingest = Ingest()


@dataclass(slots=True)
class Children:
    """The records of one sweep's children; *parent* is the sweep."""

    project: Project
    parent: Run
    _unwritten: dict[RunId, _Unwritten] = field(default_factory=dict)
    _open: dict[RunId, Run] = field(default_factory=dict)
    """Children under way, as the store has them."""
    _written_at: float = 0.0

    def recorded(self) -> Iterator[Run]:
        """Return all children that the store has."""
        return children_of(self.project, self.parent)

    def known(self, run: RunId) -> Run | None:
        """Return the record of a child as the store has it; None for one that was not written yet."""
        unwritten = self._unwritten.pop(run, None)
        return unwritten.stored if unwritten is not None else self._open.pop(run, None)

    def begun(self, request: RunRequest, handle: Handle, *, known: Run | None, attempt: int) -> None:
        """Take up the child of *request*, which a pool has begun; *known* is its record from before, if it had one."""
        run = known or record_of(request)
        to = replace(
            run, state=RunState.PENDING, phase=PendingPhase.STARTING, reason="", error=None, handle=handle,
            attempt=attempt, cursor=None, started=None, ended=None, cancel_requested=None,
        )  # fmt: skip
        if known is None and "generation" in handle.data:
            to = replace(to, state=RunState.RUNNING, phase=None, started=self.project.clock())
        self._unwritten[run.id] = _Unwritten(stored=known, to=to)

    def ended(self, run: RunId, seen: Observation, *, pruned: bool = False) -> Run:
        """
        Return the record of a child that has ended as *seen* says, with all that it wrote.

        One that has succeeded is *pruned* where it was asked to end early.
        """
        unwritten = self._unwritten.get(run)
        stored = unwritten.stored if unwritten is not None else self._open.get(run)
        before = unwritten.to if unwritten is not None else stored
        if before is None:  # somebody who looked at it was quicker, and has written down its end
            return self.marked(self.project.store.get_run(run), pruned=pruned)
        events, cursor = self._events(before)
        to, ingest = next_record(before, seen, events, now=self.project.clock())
        to = replace(to, cursor=cursor, pruned=pruned and to.state is RunState.SUCCEEDED)
        self._unwritten[run] = _Unwritten(stored=stored, to=to, ingest=ingest)
        return to

    def marked(self, run: Run, *, pruned: bool) -> Run:
        """Return the recorded *run*; where it has succeeded and was *pruned*, that stands in its record from now on."""
        if run.pruned or not pruned or run.state is not RunState.SUCCEEDED:
            return run
        return self.project.store.advance(run, replace(run, pruned=True)) or self.project.store.get_run(run.id)

    def logged(self, run: RunId) -> Sequence[Metric]:
        """Return the metrics of a child that has ended and is not written yet."""
        unwritten = self._unwritten.get(run)
        return unwritten.ingest.metrics if unwritten is not None else ()

    def write(self, *, at_once: bool = False) -> bool:
        """
        Write what is not written, in one transaction, if it is time; tells whether all is written now.

        Raises StoreError, and keeps it all then.
        """
        if self._unwritten and not at_once and time.monotonic() - self._written_at < _WRITES_EACH_S:
            return False
        while self._unwritten:
            self._write()
            self._written_at = time.monotonic()
        return True

    def _write(self) -> None:
        """Write once; what somebody else has changed meanwhile, who looked at the child, stays to be written again."""
        changes = [RunChange(before=each.stored, to=each.to, ingest=each.ingest) for each in self._unwritten.values()]
        written = self.project.store.write_runs(changes)
        self._unwritten.clear()
        for change, done in zip(changes, written, strict=True):
            now = done or self.project.store.get_run(change.to.id)
            if now.state.is_final:
                self._open.pop(now.id, None)
                continue
            self._open[now.id] = now
            if done is None:
                self._unwritten[now.id] = _Unwritten(stored=now, to=change.to, ingest=change.ingest)

    def _events(self, run: Run) -> tuple[tuple[Event, ...], Json]:
        assert run.handle is not None  # a pool gave it
        engine, found, cursor = self.project.engine(run.engine), list[Event](), run.cursor
        while True:
            chunk = engine.read(run.handle, cursor, log=False)
            found, cursor = [*found, *chunk.events], chunk.cursor
            if not chunk.events or chunk.at_end:
                return tuple(found), cursor
