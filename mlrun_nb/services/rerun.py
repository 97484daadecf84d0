"""
Run again what ran before: same version, parameters, inputs and overrides, but for what is chosen anew.

A sweep is swept again; a run for which something is chosen to vary becomes a sweep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from mlrun_nb.model.artifact import InputReference
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.inputs import Live
from mlrun_nb.services.resubmit import read_request
from mlrun_nb.services.submit import Plan, plan_version
from mlrun_nb.services.sweep.again import asked_again
from mlrun_nb.services.sweep.planning import SweepPlan, plan_sweep


def plan_rerun(
    project: Project, run: Run, choice: Choice, *, inputs: Mapping[str, InputReference | Live] = MappingProxyType({})
) -> Plan | SweepPlan:
    """
    Return what would be submitted to repeat *run*; what *choice* and *inputs* name is changed, everything else is kept.

    Raises NotFoundError when the version is gone, and the errors of `plan`.
    """
    version = project.store.get_version(run.project, run.function, run.version)
    request = read_request(run)
    before = {name: item for name, item in (request.inputs if request else {}).items() if name not in choice.inputs}
    given = {*choice.parameters_text, *choice.parameters}
    asked = (choice.sweep.over(asked_again(run, run.sweep).without(given)) if run.sweep else choice.sweep).read()
    kept = {name: value for name, value in run.parameters.items() if name not in {*given, *asked.names}}
    place = run.sweep or run
    repeated = replace(
        choice,
        parameters={**kept, **choice.parameters},
        options={**run.overrides, **choice.options},
        on=choice.on or place.profile or place.engine,
        labels={**run.labels, **choice.labels},
        sweep=asked,
    )
    if asked.is_sweep:
        return plan_sweep(project, version, repeated, inputs={**before, **inputs})
    asked.refuse()
    return plan_version(project, version, repeated, inputs={**before, **inputs})
