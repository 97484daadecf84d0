"""`mlrun-nb functions [NAME]`: the functions of a project, or the versions of one."""

from __future__ import annotations

from datetime import datetime

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen


@click.command()
@click.argument("name", default="", metavar="[NAME]", shell_complete=completing.functions)
@click.option(
    "-n", "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many versions."
)
@click.pass_obj
def command(screen: Screen, /, name: str, *, limit: int) -> ExitCode:
    """List the functions of the project, or the versions of one, with their tags."""
    from mlrun_nb.commands import functions
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.views.functions import functions_view, versions_view
    from mlrun_nb.project import open_project

    now = datetime.now().astimezone()
    with open_project() as project:
        if name:
            screen.out(versions_view(functions.versions(project, name, limit=limit), now, screen.width))
            return ExitCode.OK
        listed = functions.functions(project)
        screen.out(functions_view(listed, now, screen.width))
        if not listed:
            screen.err([line("No functions yet.")])
            screen.err([line(("hint:", "strong"), " Run a notebook: `mlrun-nb run notebook.ipynb`.")])
    return ExitCode.OK
