"""
Watch a run until it ends: its state, its events and its log, as they come.

Reads through the engine with a cursor of its own, so any number of watchers see everything; advances the store by
reconciling while it waits.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import EngineUnavailable, NotFoundError
from mlrun_nb.model.events import Chunk, Event
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.reconcile import reconcile

FIRST_WAIT_S = 0.02
LONGEST_WAIT_S = 0.5
"""Between looks the wait grows by half each time nothing was new: short runs feel instant, long ones cost nothing."""
_SHARE = 4
"""Watching something that always has news may cost a fifth of a core: the wait is so many times what a look took."""
_MUCH_BYTES = 64 * 1024
"""A log that is behind is read without waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is new since the last update: the run as it stands now, and events and log since."""

    run: Run
    events: tuple[Event, ...] = ()
    log: bytes = b""


def follow(project: Project, run_id: RunId, *, beat_s: float = math.inf, cursor: Json = None) -> Iterator[Update]:
    """
    Yield an update whenever something is new, and last one with the ended run; with a *cursor* what came behind it.

    Who shows how time passes gets one every *beat_s* seconds even where nothing is new. An engine that cannot be
    reached for a while is waited for. Raises NotFoundError for an unknown run.
    """
    wait_s, last, told = FIRST_WAIT_S, None, time.monotonic()
    while True:
        began = time.monotonic()
        run = project.store.get_run(run_id)
        if not run.state.is_final or run.state is RunState.LOST:
            reconcile(project, [run])
            run = project.store.get_run(run_id)
        chunk = _read(project, run, cursor)
        cursor = chunk.cursor
        took_s = time.monotonic() - began
        news = bool(chunk.events or chunk.log)
        if news or run != last or time.monotonic() - told >= beat_s:
            wait_s = FIRST_WAIT_S if news or run != last else wait_s
            last, told = run, time.monotonic()
            yield Update(run=run, events=chunk.events, log=chunk.log)
        if run.state.is_final and not news:
            return
        if not news:
            time.sleep(min(max(wait_s, _SHARE * took_s), LONGEST_WAIT_S))
            wait_s = min(wait_s * 1.5, LONGEST_WAIT_S)
        elif not run.state.is_final and len(chunk.log) < _MUCH_BYTES:
            time.sleep(min(_SHARE * took_s, LONGEST_WAIT_S))


def written(project: Project, run: Run) -> Json:
    """Return the cursor behind all that *run* has written so far."""
    cursor: Json = None
    while True:
        chunk = _read(project, run, cursor)
        cursor = chunk.cursor
        if not chunk.log and not chunk.events:
            return cursor


def read_log(project: Project, run: Run) -> Iterator[bytes]:
    """Yield the whole log of *run* as far as it is written, in pieces."""
    cursor: Json = None
    run = executed(project, run)
    while True:
        chunk = _read(project, run, cursor)
        cursor = chunk.cursor
        if chunk.log:
            yield chunk.log
        if not chunk.log and not chunk.events:
            return


def executed(project: Project, run: Run) -> Run:
    """Return the run that printed what *run* would have printed: the origin of a cached one, while it is there."""
    if run.origin is None:
        return run
    try:
        return project.store.get_run(run.origin)
    except NotFoundError:
        return run


def _read(project: Project, run: Run, cursor: Json) -> Chunk:
    if run.handle is None:
        return Chunk(cursor=cursor)
    try:
        return project.engine(run.engine).read(run.handle, cursor)
    except EngineUnavailable:
        return Chunk(cursor=cursor)
