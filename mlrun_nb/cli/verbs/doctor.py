"""`mlrun-nb doctor`: check what is installed and reachable."""

from __future__ import annotations

import click

from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen


@click.command()
@click.pass_obj
def command(screen: Screen, /) -> ExitCode:
    """Check what is installed and reachable. Exit code 4 says that something needs repair."""
    from mlrun_nb.commands import upkeep
    from mlrun_nb.commands.views.upkeep import findings_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        findings = upkeep.findings(project)
    screen.out(findings_view(findings))
    return ExitCode.UNAVAILABLE if any(finding.ok is False for finding in findings) else ExitCode.OK
