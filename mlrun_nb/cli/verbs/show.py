"""`mlrun-nb show NAME`: everything about a run, or about a function."""

from __future__ import annotations

from datetime import datetime

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen


@click.command()
@click.argument("name", metavar="RUN|FUNCTION", shell_complete=completing.runs_and_functions)
@click.option("--code", is_flag=True, help="Print the captured source, and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print a run as one JSON object.")
@click.pass_obj
def command(screen: Screen, /, name: str, *, code: bool, as_json: bool) -> ExitCode:
    """
    Show everything about a run, or about a function.

    RUN is a run's id, the first 6 characters of it or more, or `last`; FUNCTION is `name`, `name:tag` or `name@hash`.
    """
    from mlrun_nb.commands import machine, runs, show
    from mlrun_nb.commands.views.functions import function_view
    from mlrun_nb.commands.views.run import run_view
    from mlrun_nb.errors import OptionError
    from mlrun_nb.model.function import Version
    from mlrun_nb.project import open_project

    now = datetime.now().astimezone()
    with open_project() as project:
        found = show.find(project, name)
        if code:
            version = found if isinstance(found, Version) else show.version_of_run(project, found)
            screen.write(show.code_of(version))
        elif isinstance(found, Version):
            if as_json:
                raise OptionError(f"`{name}` is a function, and `--json` prints runs", hint="Name a run.")
            screen.out(function_view(show.function_page(project, found), now, screen.width))
        else:
            page = show.run_page(project, found)
            if as_json:
                screen.write(machine.dumps(runs.runs_json(project, [page.found.run])[0]))
            else:
                screen.out(run_view(page.found, page.log_end, now, screen.width))
    return ExitCode.OK
