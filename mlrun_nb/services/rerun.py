"""Run again what ran before: same version, parameters, inputs and overrides, but for what is chosen anew."""

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


def plan_rerun(
    project: Project, run: Run, choice: Choice, *, inputs: Mapping[str, InputReference | Live] = MappingProxyType({})
) -> Plan:
    """
    Return what would be submitted to repeat *run*; what *choice* and *inputs* name is changed, everything else is kept.

    Raises NotFoundError when the version is gone, and the errors of `plan`.
    """
    version = project.store.get_version(run.project, run.function, run.version)
    request = read_request(run)
    before = {name: item for name, item in (request.inputs if request else {}).items() if name not in choice.inputs}
    changed = set(choice.parameters_text) | set(choice.parameters)
    kept = {name: value for name, value in run.parameters.items() if name not in changed}
    repeated = replace(
        choice,
        parameters={**kept, **choice.parameters},
        options={**run.overrides, **choice.options},
        on=choice.on or run.profile or run.engine,
        labels={**run.labels, **choice.labels},
    )
    return plan_version(project, version, repeated, inputs={**before, **inputs})
