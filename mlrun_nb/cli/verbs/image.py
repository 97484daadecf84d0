"""`mlrun-nb image VERB`: a container image with what a function requires."""

from __future__ import annotations

from pathlib import Path

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.groups import VerbGroup
from mlrun_nb.cli.screen import Screen

_TARGET = click.argument("target", metavar="TARGET", shell_complete=completing.targets)
_BASE = click.option(
    "--base", default="python:3.12-slim", show_default=True, metavar="IMAGE", help="What it stands on."
)


@click.group(cls=VerbGroup, options_metavar="", subcommand_metavar="VERB [ARGS]...")
def command() -> None:
    """Make a container image from what a function requires."""


@command.command("dockerfile")
@_TARGET
@_BASE
@click.pass_obj
def dockerfile(screen: Screen, /, target: str, *, base: str) -> ExitCode:
    """
    Print a Dockerfile with what a function requires.

    TARGET is `notebook.ipynb`, `notebook.ipynb::name`, or what is recorded: `name`, `name:tag`, `name@hash`. Its code
    is not in the image: it travels with each run.
    """
    from mlrun_nb.project import open_project
    from mlrun_nb.services import image

    with open_project() as project:
        version = image.version_for(project, target)
        screen.write(image.dockerfile(version, base=base, driver=image.driver_for(project)))
    return ExitCode.OK


@command.command("build")
@_TARGET
@click.option("-t", "--tag", "name", required=True, metavar="NAME", help="What the image is called.")
@_BASE
@click.option("--push", is_flag=True, help="Send it to the registry in its name.")
@click.option(
    "--with", "tool", type=click.Choice(["buildah", "podman", "docker"]), help="Instead of the first there is."
)
@click.option(
    "--pip-config",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    metavar="FILE",
    help="A `pip.conf` for the build alone, for an index of your own; the image does not keep it.",
)
@click.pass_obj
def build(
    screen: Screen, /, target: str, *, name: str, base: str, push: bool, tool: str | None, pip_config: Path | None
) -> ExitCode:
    """
    Build the image of a function with buildah, podman or docker, whichever is there.

    TARGET is as for `dockerfile`. What the tool says goes to stderr; the last line, on stdout, is what to run with.
    """
    from mlrun_nb._lib.shell import quoted
    from mlrun_nb.project import open_project
    from mlrun_nb.services import image

    chosen = image.find_tool(tool)
    with open_project() as project:
        version, driver = image.version_for(project, target), image.driver_for(project)
    text = image.dockerfile(version, base=base, driver=driver, has_pip_config=pip_config is not None)
    image.build(text, name, tool=chosen, push=push, pip_config=pip_config, said=screen.stderr)
    screen.write(f"{quoted('--image', name)}\n")
    return ExitCode.OK
