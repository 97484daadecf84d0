"""
The one place that turns an error into words on stderr: what happened, and a line that says what to do.

Users' errors, click's usage errors and our own bugs look the same; of a bug the traceback goes into a file.
"""

from __future__ import annotations

import platform
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from time import strftime

import click

from mlrun_nb.cli.exit_codes import ExitCode, exit_code_of
from mlrun_nb.cli.screen import Screen
from mlrun_nb.commands.document import Document, labelled, line
from mlrun_nb.errors import MlrunNbError


def report(error: BaseException, screen: Screen, arguments: Sequence[str]) -> ExitCode:
    """Say what *error* means on stderr and return the exit code that it leads to."""
    code = exit_code_of(error)
    if code is ExitCode.BROKEN_PIPE:
        return code
    if code is ExitCode.INTERRUPTED:
        screen.err([(), line(("interrupted", "warn"))])
    elif isinstance(error, MlrunNbError):
        screen.err(error_lines(error.message, error.hint, screen.err_width))
    elif isinstance(error, click.ClickException):
        screen.err(error_lines(*usage_words(error), screen.err_width))
    elif code is ExitCode.UNAVAILABLE:
        hint = "Free space, or send the output elsewhere."
        screen.err(error_lines("no space is left where the output goes", hint, screen.err_width))
    else:
        screen.err(error_lines(*_bug_words(error, arguments), screen.err_width))
    return code


def error_lines(message: str, hint: str, width: int) -> Document:
    """Return an error as it is shown: `error:` and `hint:`."""
    return [*labelled(("error:", "bad"), message, width), *labelled(("hint:", "strong"), hint, width)]


def usage_words(error: click.ClickException) -> tuple[str, str]:
    """Return message and hint for words that click could not use."""
    context = getattr(error, "ctx", None)
    help_command = f"`{context.command_path} --help`" if context else "`mlrun-nb --help`"
    see = f"See {help_command}."
    if isinstance(error, click.NoSuchOption):
        near = [name for name in error.possibilities or () if name.startswith("--")]
        hint = f"Did you mean {' or '.join(f'`{name}`' for name in near[:2])}? {see}" if near else see
        return f"unknown option `{error.option_name}`", hint
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.metavar or (error.param.name or "").upper()
        return f"`{name}` is missing", see
    extra = re.fullmatch(r"Got unexpected extra arguments? \((.+)\)", error.format_message().rstrip("."))
    if extra is not None:
        return f"more words than the verb takes: `{extra[1]}`", see
    message = error.format_message().rstrip(".").replace("'", "`")
    return message[:1].lower() + message[1:], getattr(error, "hint", "") or see


def _bug_words(error: BaseException, arguments: Sequence[str]) -> tuple[str, str]:
    what = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    try:
        path = _write_report(error, arguments)
    except OSError as err:
        return f"something in mlrun-nb is broken ({what}), and the report could not be written: {err}", (
            "Run it again with MLRUN_NB_HOME set to a folder that can be written, and file an issue with the report."
        )
    return f"something in mlrun-nb is broken ({what}); this is not your fault", (
        f"Please file an issue and attach `{path}`; read it first, it may name your files."
    )


def _write_report(error: BaseException, arguments: Sequence[str]) -> Path:
    from importlib.metadata import version

    folder = _home() / "reports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / strftime("%Y%m%d-%H%M%S.txt")
    words = " ".join(word if word.startswith("-") and "=" not in word else "…" for word in arguments)
    head = f"mlrun-nb {version('mlrun-nb')}, Python {sys.version.split()[0]}, {platform.platform()}"
    trace = "".join(traceback.format_exception(error))
    path.write_text(f"{head}\nmlrun-nb {words}\n\n{trace}", encoding="utf-8")
    return path


def _home() -> Path:
    import tempfile

    from mlrun_nb.project import open_project

    try:
        return open_project().config.home
    except MlrunNbError:  # the configuration itself may be what broke
        return Path(tempfile.gettempdir()) / "mlrun-nb"
