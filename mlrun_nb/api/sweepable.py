"""
What can be swept: a function, of which many runs are made by one call.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mlrun_nb.api.arguments import find_inputs, take_arguments
from mlrun_nb.api.future import SweepFuture
from mlrun_nb.api.options import choose
from mlrun_nb.api.shown import Shown
from mlrun_nb.api.sweep import Sweep
from mlrun_nb.api.sweeping import read_call
from mlrun_nb.api.waiting import interruptible, start, until_end
from mlrun_nb.model.function import Version
from mlrun_nb.model.run import Run as RunRecord
from mlrun_nb.project import Project
from mlrun_nb.services.choice import Choice, laid_over_cell
from mlrun_nb.services.register import Prepared
from mlrun_nb.services.sweep.planning import SweepPlan, plan_sweep

if TYPE_CHECKING:
    from mlrun_nb.api.sweeping import Points


class Sweepable(Shown):
    """A function as far as sweeps are concerned; see `Function`."""

    _choice: Choice

    @property
    @abstractmethod
    def project(self) -> Project:
        """The project that it belongs to."""

    def sweep(
        self,
        space: Mapping[str, object] | None = None,
        /,
        *,
        maximize: str | None = None,
        minimize: str | None = None,
        max_runs: int | None = None,
        points: Points | None = None,
        strategy: str | None = None,
        seed: int | None = None,
        **arguments: object,
    ) -> Sweep:
        """
        Run it for each of many points, wait for the end, and return the sweep.

        Of *arguments* those vary that are lists or distributions, `train.sweep(lr=[0.1, 0.01], depth=uniform(2, 12))`;
        other parameters and inputs are the same for all. Any other option of sweeps and runs may be among them too:
        `parallel=4`, `keep="all"`, `on="local"`. *space* holds arguments whose names are options. *points* are the
        points themselves: a list of mappings, a data frame, or a file. Errors are those of `run`; Ctrl-C cancels, and
        `resume` goes on.
        """
        given = {
            "maximize": maximize,
            "minimize": minimize,
            "max_runs": max_runs,
            "points": points,
            "strategy": strategy,
            "seed": seed,
        }
        return sweep_of(self, space, {**given, **arguments})

    def submit_sweep(self, space: Mapping[str, object] | None = None, /, **given: object) -> SweepFuture:
        """Begin a sweep and return at once; see `sweep`."""
        return SweepFuture(Sweep(self.project, self._start_sweep(space, given)))

    @abstractmethod
    def _now(self) -> tuple[Version, Prepared | None]:
        """Return the version that stands for this function now, and what it was made of."""

    @abstractmethod
    def _stays_recorded(self) -> bool:
        """Tell whether a run is not to record the version."""

    def _start_sweep(self, space: Mapping[str, object] | None, given: Mapping[str, object]) -> RunRecord:
        with interruptible():
            return start(self.project, self._plan_sweep(space, given))

    def _plan_sweep(self, space: Mapping[str, object] | None, given: Mapping[str, object]) -> SweepPlan:
        version, prepared = self._now()
        call, stated = read_call(version, space, given), prepared.run_options if prepared else {}
        chosen = choose(self._choice, call.options)
        chosen = replace(chosen, parameters=call.plain, sweep=call.asked.over(chosen.sweep))
        choice = laid_over_cell(chosen, stated)
        asked = choice.sweep.read()
        settled = {*stated_parameters(prepared), *asked.names}
        arguments = take_arguments(version, call.arguments, settled=settled)
        inputs = {**arguments.inputs, **find_inputs(self.project, version, arguments, prepared)}
        choice = replace(choice, parameters=arguments.parameters, sweep=asked)
        planned = plan_sweep(self.project, version, choice, prepared=prepared, inputs=inputs)
        return replace(planned, first=replace(planned.first, prepared=None)) if self._stays_recorded() else planned


def sweep_of(function: Sweepable, space: Mapping[str, object] | None, given: Mapping[str, object]) -> Sweep:
    """Return what `function.sweep(space, **given)` returns."""
    record = function._start_sweep(space, given)  # noqa: SLF001  # one of us
    return Sweep(function.project, until_end(function.project, record)).check()


def stated_parameters(prepared: Prepared | None) -> Collection[str]:
    """Return the parameters that the cell itself gives a value for its runs."""
    stated = prepared.run_options.get("param") if prepared else None
    return stated.keys() if isinstance(stated, Mapping) else ()
