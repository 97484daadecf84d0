"""What an address names: the run, the function."""

from __future__ import annotations

from typing import Any

from mlrun_nb.commands.runs import FRESHNESS_BUDGET_S
from mlrun_nb.model.run import Run
from mlrun_nb.server.route import Call
from mlrun_nb.services.history import find_run
from mlrun_nb.services.reconcile import reconcile_within


def run_of(call: Call[Any, Any]) -> Run:
    """Return the run that the address names, an open one brought up to date as far as that is quick."""
    project = call.project
    run = find_run(project, call.places["run"])
    if run.state.is_final:
        return run
    reconcile_within(project, FRESHNESS_BUDGET_S, [run])
    return project.store.get_run(run.id)


def recorded_run_of(call: Call[Any, Any]) -> Run:
    """Return the run that the address names, as it is recorded."""
    return find_run(call.project, call.places["run"])
