"""`mlrun-nb rerun RUN`: the same version with the same parameters, inputs and options, but for what is given anew."""

from __future__ import annotations

from pathlib import Path

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.options import SectionedCommand, choice_from, file_of_parameters, table_options
from mlrun_nb.cli.output_options import output_options
from mlrun_nb.cli.screen import Screen


@click.command(cls=SectionedCommand)
@click.argument("run", metavar="RUN", shell_complete=completing.runs)
@file_of_parameters
@table_options(without=("define", "with-setup"))
@output_options
@click.pass_obj
def command(screen: Screen, /, run: str, parameters_file: Path | None, **words: object) -> ExitCode:
    """
    Run again what ran before: the same version, parameters, inputs and options, but for what is given here.

    RUN is a run's id, the first 6 characters of it or more, or `last`.
    """
    from mlrun_nb.cli import running
    from mlrun_nb.commands import run as commands
    from mlrun_nb.project import open_project

    wanted = running.wanted_from(words)
    choice = choice_from(words, commands.read_parameters(parameters_file) if parameters_file else {})
    with open_project() as project:
        return running.perform(screen, project, commands.plan_again(project, run, choice), wanted)
