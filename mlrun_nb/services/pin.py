"""Pin a run, so that retention keeps it, or let it go again; a sweep with all its children."""

from __future__ import annotations

from dataclasses import replace

from mlrun_nb.errors import OptionError
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.history import find_run


def pin(project: Project, reference: str, *, pinned: bool) -> Run:
    """
    Return the run that *reference* names, now *pinned* or not, whatever its state.

    Raises NotFoundError, and OptionError for a child, which stays and goes with its sweep.
    """
    run = find_run(project, reference)
    if run.parent is not None and pinned:
        raise OptionError(
            f"run `{run.id[:6]}` is a child of the sweep `{run.parent[:6]}`, and stays and goes with it",
            hint="Pin the sweep.",
        )
    while run.pinned != pinned:
        changed = project.store.advance(run, replace(run, pinned=pinned))
        run = changed or project.store.get_run(run.id)  # somebody else changed it meanwhile
    return run
