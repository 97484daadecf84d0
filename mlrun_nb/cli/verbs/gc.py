"""`mlrun-nb gc`: remove old runs; shows what would go and asks first."""

from __future__ import annotations

from datetime import datetime

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen
from mlrun_nb.model.quantities import parse_duration_s


@click.command()
@click.option("--keep", type=click.IntRange(0), metavar="N", help="Keep the newest N runs of each function.")
@click.option("--older-than", metavar="TIME", help="Keep runs that ended within this time: `30d`.")
@click.option("--function", metavar="NAME", shell_complete=completing.functions, help="Only runs of this function.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@click.pass_obj
def command(
    screen: Screen, /, *, keep: int | None, older_than: str | None, function: str | None, yes: bool
) -> ExitCode:
    """
    Remove old runs; shows what would go and asks first.

    With a run goes all that it left, and with the last run of a version without a tag that version.

    Always kept: runs that go on, pinned runs, the newest good run of each function, tagged versions.
    """
    from mlrun_nb.commands import upkeep
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.humane import size
    from mlrun_nb.commands.views.upkeep import gc_view
    from mlrun_nb.project import open_project

    age_s = None if older_than is None else parse_duration_s(older_than)
    with open_project() as project:
        plan = upkeep.plan_removal(project, keep=keep, older_than_s=age_s, function=function)
        screen.out(gc_view(plan, datetime.now().astimezone(), screen.width))
        if not plan.runs and not plan.versions:
            return ExitCode.OK
        if not yes and not (screen.is_interactive and click.confirm("Remove them?", err=True)):
            screen.err([line("Nothing was removed.")])
            screen.err([line(("hint:", "strong"), " `--yes` removes what is listed.")])
            return ExitCode.OK
        screen.out([line("Removed; ", (size(upkeep.remove(project, plan)), "strong"), " freed.")])
    return ExitCode.OK
