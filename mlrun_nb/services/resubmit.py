"""
Hand a recorded run over to its engine: the second half of `submit`, and its repetition when the first was interrupted.

Engines' `submit` is idempotent per run id, so a repetition finds a run that is there already.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlrun_nb._lib.records import from_json
from mlrun_nb.errors import EngineError, EngineRejected
from mlrun_nb.model.run import Handle, Run, RunError, RunRequest
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import Engine, Findable


def hand_over(project: Project, engine: Engine, run: Run, request: RunRequest) -> Run:
    """
    Submit *request* and record its handle.

    Raises EngineUnavailable (the run stays pending, reconcile tries again) and EngineRejected (the run has failed).
    """
    try:
        handle = engine.submit([request])[run.id]
    except EngineRejected as err:
        failed = RunError(cls=err.cls, fault="request", summary=err.message, hint=err.hint)
        now = project.clock()
        project.store.advance(
            run, replace(run, state=RunState.FAILED, phase=None, reason=err.message, error=failed, ended=now)
        )
        raise
    return keep_handle(project, run, handle)


def keep_handle(project: Project, run: Run, handle: Handle) -> Run:
    """Record the *handle* of *run*, whatever others have recorded of it meanwhile, such as the wish to cancel it."""
    while run.handle is None and not run.state.is_final:
        kept = project.store.advance(run, replace(run, handle=handle))
        if kept is not None:
            return kept
        run = project.store.get_run(run.id)
    return run


def resubmit(project: Project, engine: Engine, run: Run) -> None:
    """Repeat an interrupted first submit of *run* from its run directory; one that was cancelled meanwhile is ended."""
    if run.cancel_requested is not None:
        withdraw(project, engine, run)
        return
    request = read_request(run)
    if request is None:
        reason = f"the run directory `{run.run_directory}` has no readable request, and the run was never started"
        now = project.clock()
        project.store.advance(run, replace(run, state=RunState.LOST, phase=None, reason=reason, ended=now))
        return
    hand_over(project, engine, run, request)


def withdraw(project: Project, engine: Engine, run: Run) -> None:
    """
    End *run*, whose first submit was interrupted: cancel what was begun of it, else record that it was cancelled.

    Raises EngineUnavailable when the engine cannot be told now; what was begun is known then.
    """
    request = read_request(run)
    handle = _begun(engine, request) if request is not None else None
    if handle is None:
        now = project.clock()
        project.store.advance(run, replace(run, state=RunState.CANCELLED, phase=None, ended=now))
        return
    keep_handle(project, run, handle)
    with suppress(EngineRejected):  # it has ended already
        engine.cancel(handle)


def _begun(engine: Engine, request: RunRequest) -> Handle | None:
    if isinstance(engine, Findable):
        return engine.find(request)
    with suppress(EngineError):  # it takes nothing, or is as far away as it was when the run was submitted
        return engine.submit([request])[request.id]
    return None


def read_request(run: Run) -> RunRequest | None:
    """Return the request of *run* as it was written, None where it cannot be read any more."""
    try:
        return from_json(RunRequest, json.loads(Path(run.run_directory, "request.json").read_bytes()))
    except (OSError, ValueError):
        return None
