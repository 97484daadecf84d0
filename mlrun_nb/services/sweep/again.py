"""A sweep that is to be repeated: what was asked of it, from its own records."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.domains import Values
from mlrun_nb.model.run import Run
from mlrun_nb.model.space import Dimension, GivenDimension, GivenPoint
from mlrun_nb.model.sweep import Sweep
from mlrun_nb.services.sweep import files
from mlrun_nb.services.sweep.asking import Asked


def asked_again(run: Run, sweep: Sweep) -> Asked:
    """Return what was asked of the *sweep* that *run* is, its seed too; raises NotFoundError where its plan is gone."""
    try:
        search = files.read_plan(Path(run.run_directory)).search
    except (OSError, ValueError) as err:
        raise NotFoundError(
            f"what sweep `{run.id[:6]}` was to try is gone: `{run.run_directory}`",
            hint="Name the parameters to vary: `--sweep lr=0.1,0.01`.",
        ) from err
    goal = search.goal
    return Asked(
        dimensions=tuple(map(_given, search.space.dimensions)),
        points=tuple(GivenPoint(values=point) for point in search.points),
        strategy=search.strategy,
        options=search.options,
        seed=search.seed,
        max_runs=search.max_runs,
        maximize=goal.result if goal is not None and goal.direction == "max" else "",
        minimize=goal.result if goal is not None and goal.direction == "min" else "",
        stop=sweep.stop,
        max_errors=sweep.max_errors,
        max_time_s=sweep.max_time_s,
        parallel=sweep.parallel,
        keep=sweep.keep,
    )


def _given(dimension: Dimension) -> GivenDimension:
    domain = dimension.domain
    if isinstance(domain, Values):
        return GivenDimension(name=dimension.name, values=domain.values)
    return GivenDimension(name=dimension.name, distribution=domain)
