"""`mlrun-nb cancel RUN`: ask for the end of a run."""

from __future__ import annotations

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", shell_complete=completing.runs)
@click.option("--wait", is_flag=True, help="Wait for the end of each.")
@click.pass_obj
def command(screen: Screen, /, runs: tuple[str, ...], *, wait: bool) -> ExitCode:
    """
    End runs.

    The cell at work is interrupted, what was written is kept, and the run is recorded as cancelled.

    RUN is a run's id, the first 6 characters of it or more, or `last`. An ended run stays as it is;
    children that go on after their sweep has ended, as when its driver was killed, are ended.
    """
    from mlrun_nb.commands import cancel
    from mlrun_nb.project import open_project

    with open_project() as project:
        for reference in runs:
            screen.out(cancel.cancel_view(cancel.cancel_run(project, reference, waiting=wait)))
    return ExitCode.OK
