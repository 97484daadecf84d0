"""Where to sweep again: the space of a sweep, narrowed around its best child."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from mlrun_nb.errors import NotFoundError, OptionError
from mlrun_nb.model.narrowing import narrowed
from mlrun_nb.model.run import Run
from mlrun_nb.model.space import Space
from mlrun_nb.model.space_text import space_text
from mlrun_nb.project import Project
from mlrun_nb.services.children import best_of
from mlrun_nb.services.sweep import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The narrower `space`, as `--sweep` takes it, and the child that it is around."""

    space: str
    child: Run


def around_best(project: Project, run: Run) -> Around:
    """
    Return the space around the best child of the sweep *run*.

    Raises OptionError where it has none, or no space to narrow, and NotFoundError where its plan is gone.
    """
    best = best_of(project, run) if run.sweep is not None else None
    name = run.id[:6]
    if best is None:
        raise OptionError(f"run `{name}` has no best child", hint="Sweep with `--maximize NAME` or `--minimize NAME`.")
    try:
        space = files.read_plan(Path(run.run_directory)).search.space
    except (OSError, ValueError) as err:
        raise NotFoundError(
            f"what sweep `{name}` was to try is gone: `{run.run_directory}`",
            hint="Name the parameters to vary: `--sweep lr=0.1,0.01`.",
        ) from err
    if not space.dimensions:
        raise OptionError(
            f"the points of sweep `{name}` were listed one by one, so that nothing lies between them",
            hint=f"Say what varies: `mlrun-nb rerun {name} --sweep lr=0.1,0.01`.",
        )
    return Around(space=space_text(_narrowed(space, best)), child=best)


def _narrowed(space: Space, best: Run) -> Space:
    """Return *space* around *best*; where a single point would be left, as it is."""
    around = Space(
        dimensions=tuple(
            replace(each, domain=narrowed(each.domain, best.parameters.get(each.name))) for each in space.dimensions
        )
    )
    return space if around.count == 1 else around
