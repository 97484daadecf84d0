"""`mlrun-nb logs RUN`: what a run printed, byte by byte, with its colours where somebody sees them."""

from __future__ import annotations

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen

_PLAIN = b"\x1b[0m"
"""Ends a colour that the run has left on."""


@click.command()
@click.argument("run", metavar="RUN", shell_complete=completing.runs)
@click.option("-f", "--follow", is_flag=True, help="Go on until the run ends. Ctrl-C stops the following, not the run.")
@click.option("--rank", type=click.IntRange(0), default=0, metavar="N", help="Of this one of its replicas, from 0.")
@click.pass_obj
def command(screen: Screen, /, run: str, *, follow: bool, rank: int) -> ExitCode:
    """
    Print what a run printed; of one with replicas, what the first printed.

    RUN is a run's id, the first 6 characters of it or more, or `last`. Colours are shown on a terminal, and left out of
    what goes into a file or a pipe.
    """
    from mlrun_nb.commands import show
    from mlrun_nb.project import open_project
    from mlrun_nb.services.history import find_run
    from mlrun_nb.services.log_text import readable

    colours = screen.has_colour(screen.stdout)
    with open_project() as project:
        log = show.log_of(project, find_run(project, run), following=follow, rank=rank)
        try:
            for piece in readable(log, colours=colours):
                screen.write_bytes(piece)
        finally:
            if colours:
                screen.write_bytes(_PLAIN)
    return ExitCode.OK
