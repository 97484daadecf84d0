"""`mlrun-nb doctor`: check what is installed and reachable; migrate the store when told to."""

from __future__ import annotations

import click

from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen


@click.command()
@click.option("--migrate-store", is_flag=True, help="Bring a team store to the schema of this release; asks first.")
@click.option("--yes", is_flag=True, help="Migrate without asking.")
@click.option("--stop-helper", is_flag=True, help="End the helper that warm starts come from.")
@click.pass_obj
def command(screen: Screen, /, *, migrate_store: bool, yes: bool, stop_helper: bool) -> ExitCode:
    """Check what is installed and reachable. Exit code 4 says that something needs repair."""
    from mlrun_nb.commands import upkeep
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.views.upkeep import findings_view, migration_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        if stop_helper:
            screen.out([line(upkeep.stop_helper())])
            return ExitCode.OK
        if not migrate_store:
            findings = upkeep.findings(project)
            screen.out(findings_view(findings))
            return ExitCode.UNAVAILABLE if any(finding.ok is False for finding in findings) else ExitCode.OK
        news = upkeep.news_of_migration(project)
        if news:
            screen.err(migration_view(news, screen.err_width))
            if not yes and not (screen.is_interactive and click.confirm("Migrate it now?", err=True)):
                screen.err([line("Nothing was migrated.")])
                screen.err([line(("hint:", "strong"), " `mlrun-nb doctor --migrate-store --yes` migrates it.")])
                return ExitCode.UNAVAILABLE
        screen.out([line(upkeep.migrate(project))])
    return ExitCode.OK
