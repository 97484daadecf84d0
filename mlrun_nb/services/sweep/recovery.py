"""
What a sweep that goes on after a death of its driver knows from before: outcomes, and points to begin once more.

A finished point is never repeated, and no number is drawn anew: the journal has what was begun, the store what is
recorded, and a child's run directory what it left in the moment between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.model.run import Handle, Observation, Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.services.sweep import files
from mlrun_nb.services.sweep.driver import Driver, Waiting

AGAIN = frozenset({RunState.CANCELLED, RunState.LOST})
"""Children that ended so have not had their say."""


def recover(driver: Driver) -> None:
    """Bring a new *driver* to where the one before it was."""
    recorded = {run.id: run for run in driver.children.recorded()}
    journal = files.read_journal(driver.folder)
    left = _left(driver, [begun for begun in journal if not _has_ended(recorded.get(begun.run))], recorded)
    for begun in journal:
        driver.next_number = max(driver.next_number, begun.number + 1)
        run = left.get(begun.run) or recorded.get(begun.run)
        if run is not None and _has_ended(run) and run.state not in AGAIN:
            run = driver.children.marked(run, pruned=driver.asked_to_stop(run.id))
            driver.account(run)
            driver.progress.account(run, driver.ranking)
            driver.failed_before += run.state is RunState.FAILED
        else:
            driver.waiting.append(_waiting(begun, run))
    driver.write(at_once=True)


def _has_ended(run: Run | None) -> bool:
    return run is not None and run.state.is_final


def _waiting(begun: files.Begun, known: Run | None) -> Waiting:
    attempt = known.attempt + 1 if known is not None else 1
    return Waiting(number=begun.number, run=begun.run, point=begun.point, known=known, attempt=attempt)


def _left(driver: Driver, journal: Sequence[files.Begun], recorded: Mapping[RunId, Run]) -> Mapping[RunId, Run]:
    """Return the records of those children of *journal* that ended without anybody writing it down."""
    sweep = driver.request.sweep
    assert sweep is not None
    handles = {begun.run: _handle(driver, begun, recorded.get(begun.run)) for begun in journal}
    try:
        engine = driver.children.project.engine(sweep.engine)
        seen: Mapping[RunId, Observation] = engine.observe(list(handles.values()))
    except (KeyError, TypeError):
        return {}
    found = {}
    for begun in journal:
        observation, known = seen.get(begun.run), recorded.get(begun.run)
        if observation is not None and observation.result is not None:
            request = driver.request_of(_waiting(begun, known))
            driver.children.begun(request, handles[begun.run], known=known, attempt=observation.attempt)
            found[begun.run] = driver.children.ended(begun.run, observation, pruned=driver.asked_to_stop(begun.run))
    return found


def _handle(driver: Driver, begun: files.Begun, known: Run | None) -> Handle:
    """Return the handle of a child; of one whose handle was never written its run directory says all."""
    if known is not None and known.handle is not None:
        return known.handle
    request = driver.request_of(_waiting(begun, known))
    data: dict[str, Json] = {"run_directory": request.run_directory, "generation": {}}
    return Handle(engine=request.engine, run=begun.run, data=data)
