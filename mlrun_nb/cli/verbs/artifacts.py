"""`mlrun-nb artifacts RUN [NAME]`: what a run left; copies it with `--to`."""

from __future__ import annotations

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen


@click.command()
@click.argument("run", metavar="RUN", shell_complete=completing.runs)
@click.argument("name", default="", metavar="[NAME]")
@click.option("--to", type=click.Path(), metavar="PATH", help="Copy the artifact to this file or folder.")
@click.pass_obj
def command(screen: Screen, /, run: str, name: str, *, to: str | None) -> ExitCode:
    """
    List what a run left, or copy a part of it.

    With NAME prints where that artifact lies; with `--to` copies it and prints where the copy is.

    RUN is a run's id, the first 6 characters of it or more, or `last`.
    """
    from mlrun_nb._lib.shell import quoted
    from mlrun_nb.commands import artifacts
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.views.fields import artifact_rows
    from mlrun_nb.errors import OptionError
    from mlrun_nb.project import open_project
    from mlrun_nb.services.history import find_run

    if to is not None and not name:
        raise OptionError(
            "`--to` copies one artifact", hint=f"Name it: `mlrun-nb artifacts {run} NAME --to {quoted(to)}`."
        )
    with open_project() as project:
        found = find_run(project, run)
        if name:
            artifact = artifacts.one_artifact(project, found, name)
            screen.write(f"{artifacts.copy(artifact, to) if to is not None else artifact.uri}\n")
            return ExitCode.OK
        listed = artifacts.list_artifacts(project, found)
        screen.out(artifact_rows(listed))
        if not listed:
            screen.err([line(f"Run {found.id[:6]} left no artifacts.")])
            screen.err([line(("hint:", "strong"), " Declare one with `--output NAME`, or call `mn.log_artifact`.")])
    return ExitCode.OK
