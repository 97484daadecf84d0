"""`mlrun-nb hub install|uninstall|update|verify|source|serve`: what a project uses of hubs, and from where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.groups import VerbGroup
from mlrun_nb.cli.screen import Screen

if TYPE_CHECKING:
    from mlrun_nb.project import Project
    from mlrun_nb.services.hub_lock import Update

_AS_JSON = click.option("--json", "is_json", is_flag=True, help="Print JSON.")
_PORT = 8765


@click.command()
@click.argument("names", nargs=-1)
@_AS_JSON
@click.pass_obj
def install(screen: Screen, /, names: tuple[str, ...], *, is_json: bool) -> ExitCode:
    """
    Bring items here and lock them in project.yaml.

    A name is NAME, SOURCE/NAME or NAME@VERSION. Without NAMES all that is locked is brought here. What is locked is
    what `hub://NAME` means, and no other content.
    """
    from mlrun_nb.commands import hub_changes, machine
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.views.hub_changes import installed_view
    from mlrun_nb.project import open_project

    done = []
    with open_project() as project:
        for each in hub_changes.install(project, names):
            done.append(each)
            if not is_json:
                screen.out(installed_view(each, screen.width))
    if is_json:
        screen.write(machine.dumps(hub_changes.installed_json(done)))
    elif not done:
        screen.err(
            [line("Nothing is locked."), line(("hint:", "strong"), " `mlrun-nb hub install NAME` locks an item.")]
        )
    return ExitCode.OK


@click.command()
@click.argument("names", nargs=-1, required=True)
@click.pass_obj
def uninstall(screen: Screen, /, names: tuple[str, ...]) -> ExitCode:
    """Take the locks of items out of project.yaml."""
    from mlrun_nb.commands import hub_changes
    from mlrun_nb.commands.views.hub_changes import uninstalled_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        screen.out(uninstalled_view(hub_changes.uninstall(project, names)))
    return ExitCode.OK


@click.command()
@click.argument("names", nargs=-1)
@click.option("--yes", is_flag=True, help="Lock the newest without asking.")
@_AS_JSON
@click.pass_obj
def update(screen: Screen, /, names: tuple[str, ...], *, yes: bool, is_json: bool) -> ExitCode:
    """
    Show what newer versions change, and lock them.

    All sources are asked anew, and you before anything is locked. Without NAMES all that is locked is looked at.
    """
    from mlrun_nb.commands import hub_changes, machine
    from mlrun_nb.commands.views.hub_changes import sources_view, updates_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        asked = () if names else hub_changes.refresh(project)
        found = hub_changes.updates(project, names)
        if is_json:
            screen.write(machine.dumps(hub_changes.updates_json(found)))
        else:
            screen.out(sources_view(asked, screen.width) if asked else [])
            screen.out(updates_view(found, screen.width))
        newer = [each for each in found if each.item is not None]
        if newer:
            _apply(screen, project, newer, yes=yes, is_silent=is_json)
    is_failed = any(each.error for each in asked) or any(each.error for each in found)
    return ExitCode.UNAVAILABLE if is_failed else ExitCode.OK


@click.command()
@click.argument("names", nargs=-1)
@_AS_JSON
@click.pass_obj
def verify(screen: Screen, /, names: tuple[str, ...], *, is_json: bool) -> ExitCode:
    """Compare what is locked with what is here and there."""
    from mlrun_nb.commands import hub_changes, machine, upkeep
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.views.upkeep import findings_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        found = hub_changes.verify(project, names)
    if is_json:
        screen.write(machine.dumps(upkeep.findings_json(found)))
    elif found:
        screen.out(findings_view(found, screen.prose_width))
    else:
        screen.err(
            [line("Nothing is locked."), line(("hint:", "strong"), " `mlrun-nb hub install NAME` locks an item.")]
        )
    return ExitCode.UNAVAILABLE if any(each.ok is False for each in found) else ExitCode.OK


@click.group(cls=VerbGroup, options_metavar="", subcommand_metavar="VERB [ARGS]...")
def source() -> None:
    """List, add and remove the places that functions come from."""


@source.command("list")
@_AS_JSON
@click.pass_obj
def list_sources(screen: Screen, /, *, is_json: bool) -> ExitCode:
    """List all sources in the order in which they are asked."""
    from mlrun_nb.commands import hub_changes, machine
    from mlrun_nb.commands.views.hub_changes import sources_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        found = hub_changes.sources(project)
    if is_json:
        screen.write(machine.dumps(hub_changes.sources_json(found)))
    else:
        screen.out(sources_view(found, screen.width))
    return ExitCode.OK


@source.command()
@click.argument("name")
@click.argument("place")
@click.option("--user", "for_user", is_flag=True, help="For all projects of yours, instead of in project.yaml.")
@click.pass_obj
def add(screen: Screen, /, name: str, place: str, *, for_user: bool) -> ExitCode:
    """
    Ask the source at PLACE, and write it down as NAME.

    PLACE is a folder, `git+https://HOST/REPOSITORY.git@BRANCH#subdirectory=FOLDER`, or the address of a catalog.
    """
    from mlrun_nb.commands import hub_changes
    from mlrun_nb.commands.views.hub_changes import sources_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        screen.out(sources_view([hub_changes.add_source(project, name, place, for_user=for_user)], screen.width))
    return ExitCode.OK


@source.command()
@click.argument("name")
@click.pass_obj
def remove(screen: Screen, /, name: str) -> ExitCode:
    """Forget the source NAME, and what it had; what is locked of it has to be uninstalled before."""
    from mlrun_nb.commands import hub_changes
    from mlrun_nb.commands.document import line
    from mlrun_nb.project import open_project

    with open_project() as project:
        place = hub_changes.remove_source(project, name)
    screen.out([line((name, "strong"), f" is no longer asked: {place}")])
    return ExitCode.OK


@click.command()
@click.argument("source")
@click.option(
    "--to", type=click.Path(path_type=Path), metavar="FOLDER", help="Write the files there, and serve nothing."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=_PORT, show_default=True, type=click.IntRange(0, 65535), help="Port to listen at.")
@click.pass_obj
def serve(screen: Screen, /, source: str, *, to: Path | None, host: str, port: int) -> ExitCode:
    """
    Offer all that SOURCE has as a catalog behind http.

    With `--to` it is written as static files instead, for any web server. Anybody who reaches the address can read all
    of it. `mlrun-nb hub source add NAME http://…` uses it.
    """
    from mlrun_nb.cli.serving import serve_folder
    from mlrun_nb.commands import hub_changes
    from mlrun_nb.commands.views.hub_changes import catalog_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        if to is not None:
            screen.out(catalog_view(hub_changes.write_catalog(project, source, to), to))
            return ExitCode.OK
        return serve_folder(screen, host, port, lambda folder: hub_changes.write_catalog(project, source, folder))


def _apply(screen: Screen, project: Project, newer: list[Update], *, yes: bool, is_silent: bool) -> None:
    from mlrun_nb.commands import hub_changes
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.views.hub_changes import installed_view

    if not yes and not (screen.is_interactive and click.confirm("Lock the newer ones?", err=True)):
        screen.err([line("Nothing was changed."), line(("hint:", "strong"), " `--yes` locks the newer ones.")])
        return
    for each in hub_changes.apply(project, newer):
        if not is_silent:
            screen.out(installed_view(each, screen.width))
