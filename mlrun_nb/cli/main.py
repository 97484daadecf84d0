"""
The command `mlrun-nb`: finds the verb, loads its module, runs it, and ends the process with its exit code.

Starts in milliseconds: a verb's module, and what it needs, is imported when the verb is typed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from mlrun_nb._lib.streams import flush
from mlrun_nb.cli.groups import VerbGroup

PROGRAM = "mlrun-nb"
COMPLETION_VARIABLE = "_MLRUN_NB_COMPLETE"

VERBS = {
    "run": "Run a notebook, a function in it, or a recorded function.",
    "rerun": "Run again what ran before.",
    "sweep": "Run a function for each of many points, and find the best.",
    "runs": "List the history, newest first.",
    "show": "Show everything about a run, or about a function.",
    "logs": "Print what a run printed.",
    "diff": "Show what changed between two runs or two versions.",
    "cancel": "End runs.",
    "functions": "List the functions of the project, or the versions of one.",
    "hub": "Find, install and publish functions.",
    "artifacts": "List what a run left, or copy a part of it.",
    "image": "Make a container image from what a function requires.",
    "dask": "Start, look at, change and end the Dask clusters of runs.",
    "k8s": "Prepare a Kubernetes cluster for runs.",
    "doctor": "Check what is installed and reachable.",
    "gc": "Remove old runs and environments; shows what would go and asks first.",
    "completion": "Print the completion script for a shell.",
}
"""Every verb with its line in the help, so that the help imports none of them."""


class Verbs(VerbGroup):
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

    def verb_meant(self, ctx: click.Context, name: str) -> str:
        """Return what to type instead of *name*, which may be a notebook's."""
        from mlrun_nb._lib.shell import quoted

        if name.partition("::")[0].endswith((".ipynb", ".py", ".md")):
            return f"Did you mean `{PROGRAM} run {quoted(name)}`?"
        return super().verb_meant(ctx, name)

    def line_of(self, ctx: click.Context, name: str) -> str:  # noqa: ARG002  # click's signature
        """Return the verb's line from the table, without importing it."""
        return VERBS[name]


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
    """Serve the shell in this process, see that the next start is a warm one, and end the process."""
    _open_closed_streams()
    code = serve()
    flush()
    if COMPLETION_VARIABLE not in os.environ and sys.argv[1:2] != ["doctor"]:  # which looks, or ends a helper
        _keep_warm()
    os._exit(code)  # a look at an engine that hangs goes on in a thread; taking a hundred modules apart takes time too


def serve() -> int:
    """Serve the shell: one command line, or one request of its completion; returns the exit code."""
    if COMPLETION_VARIABLE in os.environ:
        from click.shell_completion import shell_complete

        return shell_complete(group, {}, PROGRAM, COMPLETION_VARIABLE, os.environ[COMPLETION_VARIABLE])
    return run(sys.argv[1:])


def serve_warm() -> int:
    """Serve the shell in a process that a helper has given; a helper that is not wanted any more is told to end."""
    code = serve()
    flush()
    with suppress(Exception):  # the command is done; this is no part of it
        from mlrun_nb.project import open_project
        from mlrun_nb.services import warm

        if open_project(Path.home()).config.warm.mode == "off":
            warm.stop(os.environ)
    return code


def _keep_warm() -> None:
    with suppress(Exception):  # the command is done; this is no part of it
        from mlrun_nb.project import open_project
        from mlrun_nb.services import warm

        warm.keep_warm(open_project().config, os.environ)


def _open_closed_streams() -> None:
    """Put the null device where the shell closed a stream (`>&-`), so that no file of ours gets its number."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))
