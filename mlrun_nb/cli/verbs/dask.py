"""`mlrun-nb dask up|list|scale|down`: the Dask clusters that runs `--on dask` start by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.groups import VerbGroup
from mlrun_nb.cli.screen import Screen

if TYPE_CHECKING:
    from mlrun_nb.services.clusters import Standing

_AS_JSON = click.option("--json", "is_json", is_flag=True, help="Print JSON.")
_FORCE = click.option("--force", is_flag=True, help="Also while it has runs: they fail with their workers.")
_ON = click.option(
    "--on",
    metavar="ENGINE|PROFILE",
    default="dask",
    show_default=True,
    shell_complete=completing.engines,
    help="Whose cluster: that of runs on it.",
)


_NAME = click.option(
    "--name", metavar="NAME", default="", help="Another cluster in the same place, as `list` names it."
)


@click.group(cls=VerbGroup, options_metavar="", subcommand_metavar="VERB [ARGS]...")
def command() -> None:
    """
    Start, look at, change and end the Dask clusters of runs.

    A run `--on dask` starts one where there is none, and it ends by itself when it has been idle.
    """


@command.command()
@_ON
@click.option("--workers", metavar="N|MIN..MAX", help="Workers; without it what the profile says, or suits the cores.")
@click.option("--threads", type=click.IntRange(1), metavar="N", help="Slots of each worker.")
@click.option("--idle-timeout", metavar="TIME", help="Ends after so long idle; without it after 10 minutes.")
@_AS_JSON
@click.pass_obj
def up(
    screen: Screen,
    /,
    *,
    on: str,
    workers: str | None,
    threads: int | None,
    idle_timeout: str | None,
    is_json: bool,
) -> ExitCode:
    """Start the cluster, or find it."""
    from mlrun_nb.commands import clusters
    from mlrun_nb.project import open_project

    cpu = None if threads is None else str(threads)
    options = {"dask-workers": workers, "dask-worker-cpu": cpu, "dask-idle-timeout": idle_timeout}
    with open_project() as project:
        return _show(screen, [clusters.begin(project, on, options)], is_json=is_json)


@command.command(name="list")
@_AS_JSON
@click.pass_obj
def list_clusters(screen: Screen, /, *, is_json: bool) -> ExitCode:
    """Show all clusters: whose each is, its workers and runs, what they hold, and what it has cost."""
    from mlrun_nb.project import open_project
    from mlrun_nb.services import clusters

    with open_project() as project:
        return _show(screen, list(clusters.standings(project)), is_json=is_json)


@command.command()
@click.argument("workers", metavar="N|MIN..MAX")
@_ON
@_NAME
@_FORCE
@_AS_JSON
@click.pass_obj
def scale(screen: Screen, /, workers: str, *, on: str, name: str, force: bool, is_json: bool) -> ExitCode:
    """Give the cluster another number of workers."""
    from mlrun_nb.commands import clusters
    from mlrun_nb.project import open_project

    with open_project() as project:
        return _show(screen, [clusters.scale(project, on, workers, name=name, force=force)], is_json=is_json)


@command.command()
@_ON
@_NAME
@_FORCE
@click.pass_obj
def down(screen: Screen, /, *, on: str, name: str, force: bool) -> ExitCode:
    """End the cluster."""
    from mlrun_nb.commands.document import line
    from mlrun_nb.project import open_project
    from mlrun_nb.services import clusters

    with open_project() as project:
        was_there = clusters.end(project, on, name=name, force=force)
    screen.err([line("The cluster has ended." if was_there else "There was none.")])
    return ExitCode.OK


def _show(screen: Screen, standings: Sequence[Standing], *, is_json: bool) -> ExitCode:
    from mlrun_nb.commands import clusters, machine
    from mlrun_nb.commands.views.clusters import clusters_view

    if is_json:
        screen.write(machine.dumps(clusters.standings_json(standings)))
    else:
        screen.out(clusters_view(standings, screen.width))
    return ExitCode.UNAVAILABLE if any(each.error for each in standings) else ExitCode.OK
