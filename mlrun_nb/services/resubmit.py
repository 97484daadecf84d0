"""
Hand a recorded run over to its engine: the second half of `submit`, and its repetition when the first was interrupted.

Engines' `submit` is idempotent per run id, so a repetition finds a run that is there already.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from mlrun_nb._lib.records import from_json
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.run import Handle, Run, RunError, RunRequest
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import Engine


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
    """Repeat an interrupted first submit of *run* from its run directory; a run cancelled meanwhile is just ended."""
    if run.cancel_requested is not None:
        now = project.clock()
        project.store.advance(run, replace(run, state=RunState.CANCELLED, phase=None, ended=now))
        return
    request = read_request(run)
    if request is None:
        reason = f"the run directory `{run.run_directory}` has no readable request, and the run was never started"
        now = project.clock()
        project.store.advance(run, replace(run, state=RunState.LOST, phase=None, reason=reason, ended=now))
        return
    hand_over(project, engine, run, request)


def read_request(run: Run) -> RunRequest | None:
    """Return the request of *run* as it was written, None where it cannot be read any more."""
    try:
        return from_json(RunRequest, json.loads(Path(run.run_directory, "request.json").read_bytes()))
    except (OSError, ValueError):
        return None
