"""`/runs/{run}`: one run, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mlrun_nb.commands.following import Followed
from mlrun_nb.commands.run import plan_again
from mlrun_nb.model.option_values import check_values
from mlrun_nb.model.run import Run
from mlrun_nb.model.space_text import parse_space
from mlrun_nb.project import Project
from mlrun_nb.server.dashboards import is_of_this_user_here
from mlrun_nb.server.endpoints.detail import detail
from mlrun_nb.server.endpoints.found import recorded_run_of, run_of
from mlrun_nb.server.endpoints.rows import row
from mlrun_nb.server.endpoints.starting import start
from mlrun_nb.server.route import Call, NoBody, Where
from mlrun_nb.server.shapes.run import Card, Executed, RunDetail
from mlrun_nb.server.shapes.runs import Rerun, RunRow
from mlrun_nb.services import cancel as cancelling
from mlrun_nb.services import pin as pinning
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.deletion import delete_run
from mlrun_nb.services.executed import read_executed
from mlrun_nb.services.history import RunDetails
from mlrun_nb.services.sweep.asking import Asked


def run(call: Call[Where, NoBody]) -> RunDetail:
    """Return everything about a run."""
    followed, found = _followed(call)
    series = call.held.series.of(call.project, found.run)
    dashboard = _link(call, found.run)(followed.dashboard(found))
    return detail(found, followed.cells(found), series, root=call.root, dashboard=dashboard)


def delete(call: Call[Where, NoBody]) -> None:
    """Delete an ended run and its files."""
    delete_run(call.project, call.places["run"])


def cancel(call: Call[Where, NoBody]) -> RunRow:
    """Ask for the end of a run; one that has ended stays as it is."""
    return row(cancelling.cancel(call.project, recorded_run_of(call).id))


def pin(call: Call[Where, NoBody]) -> RunRow:
    """Keep a run from retention."""
    return row(pinning.pin(call.project, call.places["run"], pinned=True))


def unpin(call: Call[Where, NoBody]) -> RunRow:
    """Let retention have a run."""
    return row(pinning.pin(call.project, call.places["run"], pinned=False))


def rerun(call: Call[Where, Rerun]) -> RunRow:
    """Run it again, with what is to be different."""
    body = call.body
    choice = Choice(
        parameters=body.parameters,
        options=check_values(body.options, where="this request"),
        on=body.on or None,
        sweep=Asked(dimensions=parse_space(body.sweep, where="`sweep`") if body.sweep else (), max_runs=body.max_runs),
    )
    return row(_handed_over(call.project, recorded_run_of(call), choice))


def card(call: Call[Where, NoBody]) -> Card:
    """Return the card of a run, drawn now."""
    followed, found = _followed(call)
    bundle = followed.card(found, call.held.logs, call.project.clock().astimezone(), _link(call, found.run))
    return Card(
        id=found.run.id,
        state=found.run.state.value,
        cancelling=found.run.cancel_requested is not None and not found.run.state.is_final,
        has_best=found.run.best is not None,
        html=str(bundle["text/html"]),
        text=str(bundle["text/plain"]),
    )


def notebook(call: Call[Where, NoBody]) -> Executed:
    """Return the executed notebook, as it is now and not trusted."""
    run = recorded_run_of(call)
    found = read_executed(run)
    return Executed(
        name=f"{run.function}-{run.id[:6]}.ipynb", content=found.content, modified=found.modified, size=found.size
    )


def _followed(call: Call[Where, NoBody]) -> tuple[Followed, RunDetails]:
    return call.held.runs.of(call.project, run_of(call))


def _link(call: Call[Where, NoBody], run: Run) -> Callable[[str], str]:
    return partial(call.dashboards.of, is_here=is_of_this_user_here(run))


def _handed_over(project: Project, run: Run, choice: Choice) -> Run:
    return start(project, plan_again(project, run.id, choice))
