"""
From a function and what was asked of a sweep to a recorded parent whose driver is at work.

`plan_chosen` checks everything and changes nothing; `submit_sweep` does as `services.submit` does for one run.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from mlrun_nb._lib.nearness import nearest
from mlrun_nb.errors import OptionError, ParameterError
from mlrun_nb.model.artifact import InputReference
from mlrun_nb.model.condition import parse_condition
from mlrun_nb.model.function import Version
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.search import Memory, Search, default_strategy
from mlrun_nb.model.selection import choose_goal
from mlrun_nb.model.space import Point
from mlrun_nb.model.sweep import Sweep
from mlrun_nb.notebook.spaces import typed_points, typed_space
from mlrun_nb.plugins import make_strategy
from mlrun_nb.project import Project
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.inputs import Live
from mlrun_nb.services.register import Prepared
from mlrun_nb.services.resubmit import hand_over
from mlrun_nb.services.submit import (
    Plan,
    Submitted,
    find,
    make_ready,
    plan_version,
    record_of,
    register,
    write_run_directory,
)
from mlrun_nb.services.sweep import files
from mlrun_nb.services.sweep.asking import Asked
from mlrun_nb.services.sweep.keeping import check_keep
from mlrun_nb.services.targets import Target

DRIVER_ENGINE = "local"
"""The engine whose supervisor stands over the driver, whatever engine the children are on."""

_SEEDS = 1 << 31


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPlan:
    """A sweep that could be submitted now. `first` is the plan of its first point's run, which stands for all."""

    first: Plan
    search: Search
    sweep: Sweep
    varied: frozenset[str]

    @property
    def request(self) -> RunRequest:
        """The request of its first point's run, which has the sweep's own id."""
        return self.first.request

    @property
    def prepared(self) -> Prepared | None:
        """What its version was made of; see `Plan`."""
        return self.first.prepared

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is to be noticed before it starts."""
        return self.first.notices

    @property
    def cache(self) -> bool:
        """Whether an earlier outcome may stand for it: never."""
        return False

    @property
    def explain_cache(self) -> bool:
        """Whether to say if one could: never."""
        return False


def plan_chosen(project: Project, target: Target, choice: Choice) -> Plan | SweepPlan:
    """
    Check that what *target* names can run as *choice* and its cell say, once or as a sweep; writes nothing.

    Raises what `plan` does, and for the points of a sweep.
    """
    version, choice, prepared = find(project, target, choice)
    if choice.sweep.is_sweep:
        return plan_sweep(project, version, choice, prepared=prepared)
    choice.sweep.refuse()
    return plan_version(project, version, choice, prepared=prepared)


def plan_sweep(
    project: Project,
    version: Version,
    choice: Choice,
    *,
    prepared: Prepared | None = None,
    inputs: Mapping[str, InputReference | Live] = MappingProxyType({}),
) -> SweepPlan:
    """Check that *version* can be swept as *choice* says; writes nothing. See `plan_chosen`, and `plan_version`."""
    if choice.cache or choice.explain_cache:
        raise OptionError("a sweep reuses no earlier runs", hint="Leave `--cache` out.")
    asked = choice.sweep.read()
    search = _search(version, asked)
    varied = _varied(search)
    _refuse_both(choice, varied)
    total, point = _first_point(search)
    first = plan_version(
        project,
        version,
        replace(choice, parameters={**choice.parameters, **point}),
        prepared=prepared,
        inputs=inputs,
    )
    _refuse_replicas(first)
    first = replace(first, notices=(*first.notices, *_notices(version, search)))
    return SweepPlan(first=first, search=search, sweep=_sweep(first, search, asked, total), varied=varied)


def submit_sweep(project: Project, plan: SweepPlan) -> Submitted:
    """Record the planned sweep and start its driver; raises what `submit` does."""
    request = make_ready(project, plan.first)
    fixed = {name: value for name, value in request.parameters.items() if name not in plan.varied}
    request = replace(request, engine=DRIVER_ENGINE, sweep=plan.sweep, parameters=fixed)
    registered = register(project, plan.first)
    write_run_directory(project, request)
    folder = Path(request.run_directory)
    files.write_plan(folder, files.SweepFile(search=plan.search, start=str(project.config.root or Path.cwd())))
    run = project.store.create_run(record_of(request))
    return Submitted(run=hand_over(project, project.engine(DRIVER_ENGINE), run, request), registered=registered)


def _notices(version: Version, search: Search) -> Iterator[Notice]:
    """Yield a notice where what is to be best may be no result at all."""
    outputs = version.spec.outputs
    if search.goal is None or not outputs or search.goal.result in outputs:
        return
    near = nearest(search.goal.result, outputs)
    means = f"Perhaps you mean `{near}`. " if near else ""
    yield Notice(
        text=f"`{search.goal.result}`, which makes a run the best, is no output of `{version.function}`",
        hint=f"{means}Without a result of that name, from an output or `log_result`, no run is the best.",
    )


def nothing_to_vary(function: str) -> OptionError:
    """Return what a sweep of *function* without points comes to."""
    return OptionError(
        f"the sweep of `{function}` was given nothing to vary",
        hint="Name parameters with their values: `--sweep lr=0.1,0.01`, in Python `lr=[0.1, 0.01]`; or give a file of "
        "points: `--params-file points.csv`, `points=`.",
    )


def _refuse_both(choice: Choice, varied: Collection[str]) -> None:
    both = next((name for name in (*choice.parameters, *choice.parameters_text) if name in varied), None)
    if both is not None:
        raise ParameterError(
            f"parameter `{both}` is to vary, and is given one value too", hint=f"Say one of the two of `{both}`."
        )


def _refuse_replicas(first: Plan) -> None:
    replicas = first.request.settings.placement.replicas or 1
    if replicas > 1:
        raise OptionError(
            f"`--replicas {replicas}` makes several processes of one run, and a child of a sweep is one",
            hint="Write `--replicas 1`; how many children work beside each other is said by `--parallel`.",
        )


def _search(version: Version, asked: Asked) -> Search:
    if asked.dimensions and asked.points:
        raise OptionError(
            f"the sweep of `{version.function}` was given both parameters to vary and a list of points",
            hint="Keep one of the two; a parameter with one value for all points is given with `-p`.",
        )
    if not asked.is_sweep:
        raise nothing_to_vary(version.function)
    parameters, name = version.spec.parameters, version.function
    space = typed_space(parameters, asked.dimensions, function=name)
    points = typed_points(parameters, asked.points, function=name)
    return Search(
        strategy=asked.strategy or default_strategy(space, points),
        space=space,
        points=points,
        seed=secrets.randbelow(_SEEDS) if asked.seed is None else asked.seed,
        max_runs=asked.max_runs,
        goal=choose_goal(maximize=asked.maximize, minimize=asked.minimize),
        options=asked.options,
    )


def _first_point(search: Search) -> tuple[int | None, Point]:
    """Return how many points there will be, and one of them; raises for a search that its strategy cannot do."""
    strategy = make_strategy(search, Memory())
    try:
        point = strategy.ask(0)
    finally:
        strategy.close()
    if point is None:
        raise OptionError("the sweep has no points", hint="Give each parameter at least one value.")
    return strategy.total, point


def _varied(search: Search) -> frozenset[str]:
    points = (name for point in search.points for name in point)
    return frozenset({*(dimension.name for dimension in search.space.dimensions), *points})


def _sweep(first: Plan, search: Search, asked: Asked, total: int | None) -> Sweep:
    if asked.stop:
        parse_condition(asked.stop, where="--stop")
    if asked.parallel < 0:
        raise OptionError(
            f"`--parallel {asked.parallel}` is less than 1", hint="Leave it out, or write `--parallel 4`."
        )
    return Sweep(
        strategy=search.strategy,
        seed=search.seed,
        engine=first.request.engine,
        profile=first.request.profile,
        selector=search.goal.text if search.goal is not None else "",
        stop=asked.stop,
        max_runs=search.max_runs,
        max_errors=asked.max_errors,
        max_time_s=asked.max_time_s,
        parallel=asked.parallel,
        keep=check_keep(asked.keep, has_goal=search.goal is not None),
        total=total,
    )
