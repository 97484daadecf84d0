"""`mlrun-nb hub import`: a function of MLRun as a notebook."""

from __future__ import annotations

import click

from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen


@click.command("import")
@click.argument("place")
@click.option("--to", metavar="PATH", default="", help="Where the notebook is written: .ipynb, .py or .md.")
@click.option("--handler", metavar="NAME", default="", help="The function that is run, where it is not the stated one.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(screen: Screen, /, place: str, *, to: str, handler: str, force: bool, is_json: bool) -> ExitCode:
    """
    Make a notebook of a function of MLRun.

    What became of each thing that it states is said line by line.

    PLACE is a `function.yaml`, the `item.yaml` of an item of MLRun's hub, or the folder of either: a path, a URL, or a
    repository, `git+https://HOST/REPOSITORY.git@BRANCH#subdirectory=FOLDER`. Nothing of it is executed.
    """
    from mlrun_nb.commands import hub_import, machine
    from mlrun_nb.commands.views.hub_import import done_view

    done = hub_import.run(place, to=to, handler=handler, force=force)
    if is_json:
        screen.write(machine.dumps(hub_import.done_json(done)))
    else:
        screen.out(done_view(done, screen.width))
    return ExitCode.OK
