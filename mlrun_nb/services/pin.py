"""Pin a run, so that retention keeps it, or let it go again."""

from __future__ import annotations

from dataclasses import replace

from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.history import find_run


def pin(project: Project, reference: str, *, pinned: bool) -> Run:
    """Return the run that *reference* names, now *pinned* or not, whatever its state; raises NotFoundError."""
    run = find_run(project, reference)
    while run.pinned != pinned:
        changed = project.store.advance(run, replace(run, pinned=pinned))
        run = changed or project.store.get_run(run.id)  # somebody else changed it meanwhile
    return run
