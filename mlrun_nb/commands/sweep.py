"""The verb `sweep`: a run for each of many points, planned and followed as one run is; see `commands.run`."""

from __future__ import annotations

from mlrun_nb._lib.records import Json
from mlrun_nb.commands.run import plan_run
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.follow import written
from mlrun_nb.services.history import find_run
from mlrun_nb.services.sweep.planning import SweepPlan, nothing_to_vary
from mlrun_nb.services.sweep.resuming import resume_sweep
from mlrun_nb.services.targets import Target

__all__ = ["plan_sweep_of", "resume_from", "resume_sweep"]


def plan_sweep_of(project: Project, target: str | Target, choice: Choice) -> SweepPlan:
    """Return what a sweep of *target* would submit; writes nothing. Raises OptionError where nothing is to vary."""
    planned = plan_run(project, target, choice)
    if isinstance(planned, SweepPlan):
        return planned
    raise nothing_to_vary(planned.request.version.function)


def resume_from(project: Project, reference: str) -> tuple[Run, Json]:
    """Let a sweep go on as `resume_sweep` does; returns also the cursor behind what it had written before."""
    run = find_run(project, reference)
    since = written(project, run)
    return resume_sweep(project, run.id), since
