"""`mlrun-nb logs RUN`: what a run printed, byte by byte."""

from __future__ import annotations

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen


@click.command()
@click.argument("run", metavar="RUN", shell_complete=completing.runs)
@click.option("-f", "--follow", is_flag=True, help="Go on until the run ends. Ctrl-C stops the following, not the run.")
@click.pass_obj
def command(screen: Screen, /, run: str, *, follow: bool) -> ExitCode:
    """
    Print what a run printed.

    RUN is a run's id, the first 6 characters of it or more, or `last`.
    """
    from mlrun_nb.commands import show
    from mlrun_nb.project import open_project
    from mlrun_nb.services.history import find_run

    with open_project() as project:
        for piece in show.log_of(project, find_run(project, run), following=follow):
            screen.write_bytes(piece)
    return ExitCode.OK
