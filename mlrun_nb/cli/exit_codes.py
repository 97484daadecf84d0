"""What the process says by its exit code: the one table from families of errors to numbers."""

from __future__ import annotations

import errno
from enum import IntEnum

import click

from mlrun_nb.errors import MlrunNbError


class ExitCode(IntEnum):
    """Exit codes of every verb."""

    OK = 0
    """Done, and a run that was waited for went well."""
    FAILED = 1
    """The run failed, or a gate (`--fail-on`) closed."""
    INPUT = 2
    """The words or files given cannot be used as they are."""
    BUG = 3
    """The fault is ours; a report was written."""
    UNAVAILABLE = 4
    """An engine, the store or a file that we need cannot be used now."""
    INTERRUPTED = 130
    """Ctrl-C. As shells have it: 128 + SIGINT."""
    BROKEN_PIPE = 141
    """The reader of our output went away. As shells have it: 128 + SIGPIPE."""


def exit_code_of(error: BaseException) -> ExitCode:
    """Return the exit code that *error* leads to; the tree in `errors` knows the codes of its families."""
    if isinstance(error, MlrunNbError):
        return ExitCode(error.exit_code)
    table: tuple[tuple[tuple[type[BaseException], ...], ExitCode], ...] = (
        ((click.ClickException,), ExitCode.INPUT),
        ((KeyboardInterrupt, click.Abort), ExitCode.INTERRUPTED),
        ((BrokenPipeError,), ExitCode.BROKEN_PIPE),
    )
    is_of_the_machine = isinstance(error, OSError) and (error.errno == errno.ENOSPC or is_forbidden(error))
    if is_of_the_machine:
        return ExitCode.UNAVAILABLE
    return next((code for kinds, code in table if isinstance(error, kinds)), ExitCode.BUG)


def is_forbidden(error: BaseException) -> bool:
    """Tell whether *error* is that a file, which it names, may not be used."""
    return isinstance(error, PermissionError) and bool(error.filename)
