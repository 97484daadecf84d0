"""
Bring the store up to date with the world: the only writer of run states.

Level-triggered and idempotent: it reads open runs, asks their engines, ingests new events and advances states by
compare-and-set. Anybody may call it, two at once do no harm, and a call cut short loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from threading import Thread

from mlrun_nb.errors import EngineError, EngineRejected, MlrunNbError, StoreError
from mlrun_nb.model.run import Handle, Observation, Run, RunId
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import Engine
from mlrun_nb.services.resubmit import resubmit
from mlrun_nb.services.transition import next_record

SUBMIT_GRACE = timedelta(seconds=15)
"""How long a first `submit` may take before it counts as interrupted: longer than any engine here was seen to need."""

LATE = timedelta(days=7)
"""How long a `lost` run is looked at again, for a result record that turns up when a disk or network comes back."""


def reconcile(project: Project, runs: Iterable[Run] | None = None) -> None:
    """
    Look once at *runs*, by default all open ones of the project; engines that cannot be reached are passed over.

    Where the store can only be read nobody is asked: what was heard, or done about it, could not be recorded.
    """
    try:
        project.store.check_writable()
    except StoreError:
        return
    now = project.clock()
    if runs is None:
        runs = project.store.open_runs(project.config.project, lost_since=now - LATE)
    for name, group in groupby(sorted(runs, key=lambda run: run.engine), key=lambda run: run.engine):
        _reconcile_engine(project, name, list(group))


def reconcile_within(project: Project, budget_s: float, runs: Iterable[Run] | None = None) -> bool:
    """
    Reconcile *runs*, but return after *budget_s* seconds at the latest; returns whether it had finished by then.

    What is still under way goes on in the background until the process ends; nothing half-done is harmful.
    """
    failures: list[MlrunNbError] = []

    def work() -> None:
        try:
            reconcile(project, runs)
        except MlrunNbError as err:
            failures.append(err)

    worker = Thread(target=work, daemon=True, name="reconcile")  # a daemon: an engine that hangs holds nobody back
    worker.start()
    worker.join(budget_s)
    if failures:
        raise failures[0]
    return not worker.is_alive()


def is_remote(project: Project, run: Run) -> bool:
    """Tell whether *run* is on an engine whose runs see another file system; False for one that does not load."""
    try:
        return project.engine(run.engine).traits.remote
    except MlrunNbError:
        return False


def _reconcile_engine(project: Project, name: str, runs: Sequence[Run]) -> None:
    try:
        engine = project.engine(name)
        handles = [run.handle for run in runs if run.handle is not None]
        observations = engine.observe(handles) if handles else {}
    except MlrunNbError:
        return  # an engine that is away or not installed says nothing about its runs
    for run in runs:
        try:
            reconcile_run(project, engine, run, observations)
        except EngineError:
            continue


def reconcile_run(project: Project, engine: Engine, run: Run, observations: Mapping[RunId, Observation]) -> None:
    """Advance one *run* as far as its observation and its new events allow."""
    now = project.clock()
    if run.handle is None:
        if now - max(run.created, run.last_seen or run.created) > SUBMIT_GRACE:  # a sweep can be submitted again
            resubmit(project, engine, run)
        return
    if run.cancel_requested is not None and not run.state.is_final:
        with suppress(EngineRejected):  # it ends with others, whose end nobody has wished
            engine.cancel(run.handle)
    seen = observations.get(run.id)
    if seen is None:
        return
    _ingest(project, engine, run, run.handle, seen)


def _ingest(project: Project, engine: Engine, run: Run, handle: Handle, seen: Observation) -> None:
    while True:
        chunk = engine.read(handle, run.cursor, log=False)
        more = bool(chunk.events) and not chunk.at_end and seen.state.is_final
        to, ingest = next_record(run, None if more else seen, chunk.events, now=project.clock())
        to = replace(to, cursor=chunk.cursor)
        if to == run and not ingest.artifacts and not ingest.metrics:
            return
        advanced = project.store.advance(run, to, ingest)
        if advanced is None or not more:
            return  # somebody else was quicker, or all is said
        run = advanced
