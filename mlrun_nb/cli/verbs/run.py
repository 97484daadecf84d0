"""`mlrun-nb run TARGET`: run a notebook, a function in it, or a recorded function, and wait for its end."""

from __future__ import annotations

from pathlib import Path

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.options import SectionedCommand, choice_from, file_of_parameters, table_options
from mlrun_nb.cli.output_options import output_options
from mlrun_nb.cli.screen import Screen


@click.command(cls=SectionedCommand)
@click.argument("target", metavar="TARGET", shell_complete=completing.targets)
@file_of_parameters
@table_options()
@output_options
@click.pass_obj
def command(screen: Screen, /, target: str, parameters_file: Path | None, **words: object) -> ExitCode:
    """
    Run a notebook, a function in it, or a recorded function, and wait for its end.

    TARGET is `notebook.ipynb` (the whole notebook), `notebook.ipynb::name` (a %%mlrun cell), or what is recorded:
    `name`, `name:tag`, `name@hash`.
    """
    from mlrun_nb.cli import running
    from mlrun_nb.commands import run
    from mlrun_nb.project import open_project

    wanted = running.wanted_from(words)
    choice = choice_from(words, run.read_parameters(parameters_file) if parameters_file else {})
    with open_project() as project:
        if words["define"]:
            return running.define(screen, project, target, choice)
        return running.start(screen, project, target, choice, wanted)
