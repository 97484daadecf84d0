"""
The command `mlrun-nb`: finds the verb, loads its module, runs it, and ends the process with its exit code.

Starts in milliseconds: a verb's module, and what it needs, is imported when the verb is typed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from typing import NoReturn

import click

PROGRAM = "mlrun-nb"
COMPLETION_VARIABLE = "_MLRUN_NB_COMPLETE"

VERBS = {
    "run": "Run a notebook, a function in it, or a recorded function.",
    "rerun": "Run again what ran before.",
    "runs": "List the history, newest first.",
    "show": "Show everything about a run, or about a function.",
    "logs": "Print what a run printed.",
    "diff": "Show what changed between two runs or two versions.",
    "cancel": "End runs.",
    "functions": "List the functions of the project, or the versions of one.",
    "artifacts": "List what a run left, or copy a part of it.",
    "doctor": "Check what is installed and reachable.",
    "gc": "Remove old runs; shows what would go and asks first.",
    "completion": "Print the completion script for a shell.",
}
"""Every verb with its line in the help, so that the help imports none of them."""


class Verbs(click.Group):
    """The group of all verbs; each is imported when it is typed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the verbs in the order of the help."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        """Import the verb's module."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"mlrun_nb.cli.verbs.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Answer a verb that does not exist with the nearest, or with what a notebook's name was probably meant for."""
        name = args[0]
        if name not in VERBS and not name.startswith("-"):
            error = click.UsageError(f"there is no verb `{name}`", ctx)
            near = get_close_matches(name, VERBS, n=1)
            meant = f"{PROGRAM} run {name}" if name.partition("::")[0].endswith((".ipynb", ".py", ".md")) else ""
            error.hint = f"Did you mean `{meant or PROGRAM + ' ' + near[0]}`?" if meant or near else ""  # type: ignore[attr-defined]  # read by `faults`
            raise error
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's
        """Write the verbs from the table, without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="",
    subcommand_metavar="VERB [ARGS]...",
)
@click.version_option(package_name="mlrun-nb", prog_name=PROGRAM, message="%(prog)s %(version)s")
def group() -> None:
    """
    Run notebooks and the functions in them, anywhere, and keep the record.

    Start with `mlrun-nb run notebook.ipynb`; `mlrun-nb VERB --help` explains a verb.
    """


def run(arguments: Sequence[str]) -> int:
    """Run the command line *arguments* and return its exit code; every error ends here."""
    from mlrun_nb.cli.screen import Screen

    screen = Screen(sys.stdout, sys.stderr, os.environ)
    try:
        with group.make_context(PROGRAM, list(arguments), obj=screen) as context:
            code = group.invoke(context)
            sys.stdout.flush()
            return int(code or 0)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the outermost renderer
        from mlrun_nb.cli.faults import report

        return int(report(error, screen, arguments))


def main() -> NoReturn:
    """Serve the shell: one command line, or one request of its completion."""
    if COMPLETION_VARIABLE in os.environ:
        from click.shell_completion import shell_complete

        sys.exit(shell_complete(group, {}, PROGRAM, COMPLETION_VARIABLE, os.environ[COMPLETION_VARIABLE]))
    _leave(run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """
    End the process at once: all is written, and nothing is waited for.

    A look at an engine that hangs goes on in a thread, and taking a hundred modules apart takes time that nobody has.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # a reader that went away
            stream.flush()
    os._exit(code)
