"""Ask for the end of a run: the wish is recorded first, so that it outlives whoever wished it."""

from __future__ import annotations

from dataclasses import replace

from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.reconcile import reconcile


def cancel(project: Project, reference: str) -> Run:
    """
    Record the wish to cancel the run that *reference* names and pass it to its engine; an ended run stays as it is.

    Returns the run as it stands then, which may still be running. Raises NotFoundError, and EngineUnavailable when the
    engine cannot be told now (reconcile will tell it).
    """
    run = project.store.get_run(reference)
    while not run.state.is_final and run.cancel_requested is None:
        wished = project.store.advance(run, replace(run, cancel_requested=project.clock()))
        run = wished or project.store.get_run(run.id)
    if run.state.is_final:
        return run
    if run.handle is not None:
        project.engine(run.engine).cancel(run.handle)
    reconcile(project, [run])
    return project.store.get_run(run.id)
