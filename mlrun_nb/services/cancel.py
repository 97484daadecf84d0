"""Ask for the end of a run: the wish is recorded first, so that it outlives whoever wished it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from mlrun_nb.errors import EngineRejected, NotFoundError
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.children import children_of
from mlrun_nb.services.reconcile import reconcile
from mlrun_nb.services.resubmit import withdraw


def cancel(project: Project, reference: str) -> Run:
    """
    Record the wish to cancel the run that *reference* names and pass it to its engine; an ended run stays as it is.

    Of a sweep that has ended, as one whose driver was killed, the children under way are cancelled. Returns the run as
    it stands then, which may still be running. Raises NotFoundError, EngineRejected for a run that cannot be ended by
    itself, and EngineUnavailable when the engine cannot be told now (reconcile will tell it).
    """
    run = _cancel(project, project.store.get_run(reference))
    if run.state.is_final and run.sweep is not None:
        _cancel_children(project, run)
    return run


def cancel_submission(project: Project, run_id: RunId) -> Run | None:
    """
    Cancel a run that this process was interrupted in submitting; None where nothing was recorded of it yet.

    Returns the run as it stands then, as `cancel` does, and raises EngineUnavailable as that does.
    """
    try:
        run = _wish(project, project.store.get_run(run_id))
    except NotFoundError:
        return None
    if run.handle is None and not run.state.is_final:
        withdraw(project, project.engine(run.engine), run)
    return cancel(project, run_id)


def _cancel(project: Project, run: Run) -> Run:
    run = _wish(project, run)
    if run.state.is_final:
        return run
    if run.handle is not None:
        project.engine(run.engine).cancel(run.handle)
    reconcile(project, [run])
    return project.store.get_run(run.id)


def _wish(project: Project, run: Run) -> Run:
    """Record the wish, and return the run with it; one that has ended as it is."""
    while not run.state.is_final and run.cancel_requested is None:
        wished = project.store.advance(run, replace(run, cancel_requested=project.clock()))
        run = wished or project.store.get_run(run.id)
    return run


def _cancel_children(project: Project, sweep: Run) -> None:
    """Cancel what goes on of *sweep* without a driver; it is the last of those that end together that ends them all."""
    open_children = RunQuery(states=(RunState.PENDING, RunState.RUNNING))
    for child in [_wish(project, child) for child in children_of(project, sweep, open_children)]:
        with suppress(EngineRejected):
            _cancel(project, child)
