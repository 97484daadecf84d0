"""`mlrun-nb hub`: functions that others have written, to be run as `hub://NAME`; here to find and to read them."""

from __future__ import annotations

import click

from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.groups import VerbGroup
from mlrun_nb.cli.screen import Screen
from mlrun_nb.cli.verbs import hub_changes, hub_import, hub_publish

_AS_JSON = click.option("--json", "is_json", is_flag=True, help="Print JSON.")


@click.group(cls=VerbGroup, options_metavar="", subcommand_metavar="VERB [ARGS]...")
def command() -> None:
    """
    Find, install and publish functions.

    `mlrun-nb run hub://NAME` runs one.
    """


@command.command()
@click.argument("words", nargs=-1)
@_AS_JSON
@click.pass_obj
def search(screen: Screen, /, words: tuple[str, ...], *, is_json: bool) -> ExitCode:
    """List items that have all WORDS, the best first."""
    from mlrun_nb.commands import hub, machine
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.views.hub import found_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        found = hub.search(project, " ".join(words))
    if is_json:
        screen.write(machine.dumps(hub.found_json(found)))
        return ExitCode.OK
    screen.out(found_view(found, screen.width))
    if not found:
        screen.err([line("No item has all of that."), line(("hint:", "strong"), " `mlrun-nb hub search` lists all.")])
    return ExitCode.OK


@command.command()
@click.argument("name")
@click.option("--code", "is_code", is_flag=True, help="Print its cells as a script, to read or to go on with.")
@_AS_JSON
@click.pass_obj
def show(screen: Screen, /, name: str, *, is_code: bool, is_json: bool) -> ExitCode:
    """
    Show an item: what it takes and leaves, its versions.

    NAME may be SOURCE/NAME or NAME@VERSION, too.
    """
    from mlrun_nb.commands import hub, machine
    from mlrun_nb.commands.hub_code import script_of
    from mlrun_nb.commands.views.hub import code_view, page_view
    from mlrun_nb.project import open_project

    with open_project() as project:
        page = hub.page(project, name)
    if is_json:
        screen.write(machine.dumps(hub.page_json(page)))
    else:
        screen.out(code_view(script_of(page)) if is_code else page_view(page, screen.width))
    return ExitCode.OK


for verb in (
    hub_changes.install,
    hub_changes.uninstall,
    hub_changes.update,
    hub_changes.verify,
    hub_publish.publish,
    hub_import.command,
    hub_changes.source,
    hub_changes.serve,
):
    command.add_command(verb)
