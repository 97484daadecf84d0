"""`mlrun-nb gc`: remove old runs and environments; shows what would go and asks first. Also pins runs, which stay."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen
from mlrun_nb.model.quantities import parse_duration_s

if TYPE_CHECKING:
    from mlrun_nb.project import Project
    from mlrun_nb.services.retention import GcPlan


@click.command()
@click.option("--keep", type=click.IntRange(0), metavar="N", help="Keep the newest N runs of each function.")
@click.option("--older-than", metavar="TIME", help="Keep runs that ended within this time: `30d`.")
@click.option("--function", metavar="NAME", shell_complete=completing.functions, help="Only runs of this function.")
@click.option("--environments", metavar="TIME", help="Remove environments that no run used for this time: `30d`.")
@click.option("--pin", multiple=True, metavar="RUN", shell_complete=completing.runs, help="Never remove this run.")
@click.option("--unpin", multiple=True, metavar="RUN", shell_complete=completing.runs, help="Take its pin away.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@click.pass_obj
def command(
    screen: Screen,
    /,
    *,
    older_than: str | None,
    environments: str | None,
    pin: tuple[str, ...],
    unpin: tuple[str, ...],
    yes: bool,
    **runs: Any,  # noqa: ANN401  # what click collects
) -> ExitCode:
    """
    Remove old runs and environments; shows what would go and asks first.

    With a run goes all that it left, and with the last run of a version without a tag that version.

    Always kept: runs that go on, pinned runs, the newest good run of each function, tagged versions.

    Environments, made for what runs require, belong to all your projects; one that is wanted again is made again.

    RUN is a run's id, the first 6 characters of it or more, or `last`; `runs` marks pinned runs with ⚑.
    """
    from mlrun_nb.commands import upkeep
    from mlrun_nb.commands.views.upkeep import pins_view
    from mlrun_nb.project import open_project
    from mlrun_nb.services.retention import Rule

    age_s, unused_for_s = (None if text is None else parse_duration_s(text) for text in (older_than, environments))
    rule = Rule(older_than_s=age_s, unused_for_s=unused_for_s, **runs)
    with open_project() as project:
        for references, pinned in ((unpin, False), (pin, True)):
            screen.out(pins_view(upkeep.pin_runs(project, references, pinned=pinned)))
        if not (pin or unpin) or rule.is_for_runs or unused_for_s is not None:
            _remove(screen, project, upkeep.plan_removal(project, rule), yes=yes)
    return ExitCode.OK


def _remove(screen: Screen, project: Project, plan: GcPlan, *, yes: bool) -> None:
    from mlrun_nb.commands import upkeep
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.humane import size
    from mlrun_nb.commands.views.upkeep import gc_view

    screen.out(gc_view(plan, datetime.now().astimezone(), screen.width))
    if plan.is_empty:
        return
    if not yes and not (screen.is_interactive and click.confirm("Remove them?", err=True)):
        screen.err([line("Nothing was removed.")])
        screen.err([line(("hint:", "strong"), " `--yes` removes what is listed.")])
        return
    screen.out([line("Removed; ", (size(upkeep.remove(project, plan)), "strong"), " freed.")])
