"""`mlrun-nb runs [TEXT]`: the history, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen
from mlrun_nb.errors import OptionError
from mlrun_nb.model.quantities import parse_duration_s
from mlrun_nb.model.states import RunState

_PRUNED = "pruned"
_STATES = [*(str(state) for state in RunState), _PRUNED]


@click.command()
@click.argument("text", default="", metavar="[TEXT]", shell_complete=completing.functions)
@click.option("--state", multiple=True, type=click.Choice(_STATES), help="In this state; children may be `pruned` too.")
@click.option("--function", metavar="NAME", shell_complete=completing.functions, help="Of this function.")
@click.option("--label", multiple=True, metavar="KEY=VALUE", help="With this label.")
@click.option("--parent", metavar="RUN", shell_complete=completing.runs, help="Children of this sweep, the best first.")
@click.option("--since", metavar="TIME", help="Created at most this long ago: `2d`, `1h30m`.")
@click.option("-n", "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many.")
@click.option("--all-projects", is_flag=True, help="Of all projects in the store.")
@click.option("--json", "as_json", is_flag=True, help="Print the runs as one JSON array.")
@click.pass_obj
def command(
    screen: Screen,
    /,
    *,
    as_json: bool,
    since: str | None,
    label: tuple[str, ...],
    parent: str | None,
    **words: Any,  # noqa: ANN401  # what click collects
) -> ExitCode:
    """
    List the history, newest first.

    TEXT is the beginning of a function's name, of a run's id or of a label's value. Options narrow; several of one
    kind widen. A sweep is one line, and `--parent` lists its children.
    """
    from mlrun_nb.commands import machine, runs
    from mlrun_nb.commands.children import list_children
    from mlrun_nb.commands.views.children import children_view
    from mlrun_nb.commands.views.runs import runs_view
    from mlrun_nb.project import open_project

    given = words.pop("state")
    if _PRUNED in given and parent is None:
        raise OptionError("only children of sweeps are pruned", hint="Name their sweep: `--parent RUN`.")
    words |= {"states": tuple(RunState(name) for name in given if name != _PRUNED), "pruned": _PRUNED in given}
    since_s = None if since is None else parse_duration_s(since)
    asked = runs.RunFilter(since_s=since_s, labels=runs.parse_labels(label), **words)
    with open_project() as project:
        children = None if parent is None else list_children(project, parent, asked)
        listed = runs.list_runs(project, asked) if children is None else children.listed
        if as_json:
            screen.write(machine.dumps(runs.runs_json(project, listed.runs)))
            return ExitCode.OK
        now = datetime.now().astimezone()
        if children is not None:
            screen.out(children_view(children, now, screen.width))
        else:
            shown = runs.to_show(project, listed.runs)
            screen.out(runs_view(shown, now, screen.width, with_project=asked.all_projects))
        screen.err(runs.remarks(asked, listed))
    return ExitCode.OK
