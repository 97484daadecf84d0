"""`mlrun-nb sweep TARGET`: a run for each of many points; `mlrun-nb sweep resume RUN` lets one go on."""

from __future__ import annotations

from pathlib import Path

import click

from mlrun_nb.cli import completing
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.options import SectionedCommand, TableOption, choice_from, file_of_parameters, table_options
from mlrun_nb.cli.output_options import output_options
from mlrun_nb.cli.screen import Screen

_DEFAULT = "start"


class _SweepGroup(click.Group):
    """A group whose first word is a verb or, as for most, the target of a sweep."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what does not begin with a verb for a sweep to start."""
        if not args or args[0] not in self.commands:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Leave the word out that nobody typed."""
        name, command, rest = super().resolve_command(ctx, args)
        return ("" if name == _DEFAULT else name), command, rest


class _Unnamed(click.Context):
    """The context of a verb that nobody types."""

    @property
    def command_path(self) -> str:
        """What is typed before the words of the verb."""
        return super().command_path.rstrip()


class _StartCommand(SectionedCommand):
    """The verb that starts a sweep."""

    context_class = _Unnamed


@click.group(cls=_SweepGroup)
def command() -> None:
    """Run a function for each of many points, and find the best."""


@command.command(_DEFAULT, cls=_StartCommand)
@click.argument("target", metavar="TARGET", shell_complete=completing.targets)
@click.option(
    "--param-grid",
    "param_grid",
    cls=TableOption,
    section="sweep",
    multiple=True,
    metavar="NAME=VALUES",
    help="As `--sweep`; repeated for each parameter.",
)
@file_of_parameters
@table_options(without=("define", "cache", "explain-cache"))
@output_options
@click.pass_obj
def start(
    screen: Screen, /, target: str, param_grid: tuple[str, ...], parameters_file: Path | None, **words: object
) -> ExitCode:
    """
    Run a function for each of many points, wait for the end, and show the best.

    TARGET is as for `mlrun-nb run`. `mlrun-nb sweep resume RUN` lets a sweep go on that was cancelled or killed.
    """
    from mlrun_nb.cli import running
    from mlrun_nb.commands import run
    from mlrun_nb.project import open_project

    given = words["sweep"]
    words = {**words, "define": False, "cache": False, "explain_cache": False}
    words["sweep"] = (*(given if isinstance(given, tuple) else ()), *param_grid)
    wanted = running.wanted_from(words)
    choice = choice_from(words, run.read_parameters(parameters_file) if parameters_file else {})
    with open_project() as project:
        return running.start(screen, project, target, choice, wanted, is_sweep=True)


@command.command(cls=SectionedCommand)
@click.argument("run", metavar="RUN", shell_complete=completing.runs)
@click.option("--detach", is_flag=True, help="Return as soon as it goes on.")
@output_options
@click.pass_obj
def resume(screen: Screen, /, run: str, *, detach: bool, **words: object) -> ExitCode:
    """
    Let a sweep go on that was cancelled, failed or lost; no finished point is repeated.

    RUN is the sweep's id, the first 6 characters of it or more, or `last`.
    """
    from mlrun_nb.cli import running
    from mlrun_nb.commands.sweep import resume_from
    from mlrun_nb.project import open_project

    words = {**words, "detach": detach, "wait": False, "dry_run": False, "validate": False}
    with open_project() as project:
        wanted = running.wanted_from(words)
        resumed, since = resume_from(project, run)
        return running.watch(screen, project, resumed, wanted, since=since)
