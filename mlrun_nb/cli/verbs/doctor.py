"""`mlrun-nb doctor`: check what is installed and reachable, here or where an engine runs; migrate the store if told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen
from mlrun_nb.model.options import OPTIONS

if TYPE_CHECKING:
    from mlrun_nb.project import Project


@click.command()
@click.option(
    "--on",
    metavar="ENGINE|PROFILE",
    shell_complete=completing.engines,
    help="Check the place where its runs go: access, permissions, what a server says to a run.",
)
@click.option("--probe", is_flag=True, help="With `--on`: also start a pod there that says what the image has.")
@click.option("--context", metavar="NAME", help=OPTIONS["context"].help)
@click.option("--namespace", metavar="NAME", help=OPTIONS["namespace"].help)
@click.option("--image", metavar="NAME", help=OPTIONS["image"].help)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON array.")
@click.option("--migrate-store", is_flag=True, help="Bring a team store to the schema of this release; asks first.")
@click.option("--yes", is_flag=True, help="Migrate without asking.")
@click.option("--stop-helper", is_flag=True, help="End the helper that warm starts come from.")
@click.pass_obj
def command(
    screen: Screen,
    /,
    *,
    on: str | None,
    probe: bool,
    as_json: bool,
    migrate_store: bool,
    yes: bool,
    stop_helper: bool,
    **there: str | None,
) -> ExitCode:
    """Check what is installed and reachable. Exit code 4 says that something needs repair."""
    from mlrun_nb.commands import upkeep
    from mlrun_nb.commands.document import line
    from mlrun_nb.project import open_project

    with open_project() as project:
        if stop_helper:
            screen.out([line(upkeep.stop_helper())])
            return ExitCode.OK
        if migrate_store:
            return _migrate(screen, project, yes=yes)
        return _examine(screen, project, on, there, probe=probe, as_json=as_json)


def _examine(
    screen: Screen, project: Project, on: str | None, there: dict[str, str | None], *, probe: bool, as_json: bool
) -> ExitCode:
    from mlrun_nb.commands import machine, upkeep
    from mlrun_nb.commands.views.upkeep import findings_view
    from mlrun_nb.errors import OptionError

    options = {name: value for name, value in there.items() if value is not None}
    if on is None and (probe or options):
        name = "probe" if probe else next(iter(options))
        raise OptionError(f"`--{name}` is about the place of an engine", hint=f"Name it: `--on kubernetes --{name}`.")
    found = upkeep.findings(project) if on is None else upkeep.findings_there(project, on, options, probe=probe)
    if as_json:
        screen.write(machine.dumps(upkeep.findings_json(found)))
    else:
        screen.out(findings_view(found, screen.prose_width))
    return ExitCode.UNAVAILABLE if any(finding.ok is False for finding in found) else ExitCode.OK


def _migrate(screen: Screen, project: Project, *, yes: bool) -> ExitCode:
    from mlrun_nb.commands import upkeep
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.views.upkeep import migration_view

    news = upkeep.news_of_migration(project)
    if news:
        screen.err(migration_view(news, screen.err_width))
        if not yes and not (screen.is_interactive and click.confirm("Migrate it now?", err=True)):
            screen.err([line("Nothing was migrated.")])
            screen.err([line(("hint:", "strong"), " `mlrun-nb doctor --migrate-store --yes` migrates it.")])
            return ExitCode.UNAVAILABLE
    screen.out([line(upkeep.migrate(project))])
    return ExitCode.OK
