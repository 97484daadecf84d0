"""`mlrun-nb diff OLD NEW`: what changed between two runs or two versions."""

from __future__ import annotations

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen


@click.command()
@click.argument("old", metavar="OLD", shell_complete=completing.runs_and_functions)
@click.argument("new", metavar="NEW", shell_complete=completing.runs_and_functions)
@click.pass_obj
def command(screen: Screen, /, old: str, new: str) -> ExitCode:
    """
    Show what changed between two runs or two versions: code, parameters, environment, resources, results.

    OLD and NEW are both runs (an id, its first 6 characters or more, or `last`) or both versions (`name`, `name:tag`,
    `name@hash`).
    """
    from mlrun_nb.commands.diff import diff_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        screen.out(diff_view(project, old, new, screen.width))
    return ExitCode.OK
