"""
The one place that turns an error into words on stderr: what happened, and a line that says what to do.

Users' errors, click's usage errors and our own bugs look the same; of a bug the traceback goes into a file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from mlrun_nb._lib.files import nearest as nearest_place
from mlrun_nb._lib.nearness import nearest
from mlrun_nb._lib.shell import quoted
from mlrun_nb.cli.exit_codes import ExitCode, exit_code_of, is_forbidden
from mlrun_nb.cli.screen import Screen
from mlrun_nb.commands.document import Document, labelled, line
from mlrun_nb.errors import MlrunNbError

_READ = 200
_NO_VERB: tuple[type[click.UsageError], ...] = tuple(
    kind for kind in [getattr(click.exceptions, "NoArgsIsHelpError", None)] if kind is not None
)
"""What a group of verbs raises where none is typed: of click 8.2; before that it printed its help and ended."""
_ENDLESS = re.compile(r"[^\s`]{1000,}")


def report(error: BaseException, screen: Screen, arguments: Sequence[str]) -> ExitCode:
    """Say what *error* means on stderr and return the exit code that it leads to."""
    code = exit_code_of(error)
    if code is not ExitCode.BROKEN_PIPE:
        with suppress(OSError):  # stderr may be what is full
            _tell(error, code, screen, arguments)
    return code


def _tell(error: BaseException, code: ExitCode, screen: Screen, arguments: Sequence[str]) -> None:
    if code is ExitCode.INTERRUPTED:
        screen.err([(), line(("interrupted", "warn"))])
    elif isinstance(error, MlrunNbError):
        screen.err(error_lines(error.message, error.hint, screen.err_width))
    elif isinstance(error, _NO_VERB) and error.ctx is not None:
        screen.stderr.write(f"{error.ctx.get_help()}\n")
    elif isinstance(error, click.ClickException):
        screen.err(error_lines(*usage_words(error), screen.err_width))
    elif isinstance(error, OSError) and is_forbidden(error):
        place = nearest_place(Path(os.fsdecode(error.filename)))
        hint = f"Make it yours (`ls -lad {quoted(place)}` shows whose it is), or set HOME to a folder of yours."
        screen.err(error_lines(f"`{place}` may not be used: {error.strerror}", hint, screen.err_width))
    elif code is ExitCode.UNAVAILABLE:
        hint = "Free space, or send the output elsewhere."
        screen.err(error_lines("no space is left where the output goes", hint, screen.err_width))
    else:
        from mlrun_nb.commands.bug_report import bug_words

        screen.err(error_lines(*bug_words(error, "mlrun-nb", arguments), screen.err_width))


def error_lines(message: str, hint: str, width: int) -> Document:
    """Return an error as it is shown: `error:` and `hint:`."""
    return [*labelled(("error:", "bad"), _cut(message), width), *labelled(("hint:", "strong"), _cut(hint), width)]


def _cut(text: str) -> str:
    """Return *text* with words shortened that nobody reads to their end, such as a file's content given as a value."""
    return _ENDLESS.sub(lambda match: f"{match[0][:_READ]}…", text)


def usage_words(error: click.ClickException) -> tuple[str, str]:
    """Return message and hint for words that click could not use."""
    context = getattr(error, "ctx", None)
    help_command = f"`{context.command_path} --help`" if context else "`mlrun-nb --help`"
    see = f"See {help_command}."
    if isinstance(error, click.NoSuchOption):
        near = nearest(error.option_name, _options_of(context))
        return f"unknown option `{error.option_name}`", f"Did you mean `{near}`? {see}" if near else see
    if isinstance(error, click.MissingParameter) and error.param is not None:
        is_option = isinstance(error.param, click.Option)
        name = error.param.opts[-1] if is_option else error.param.metavar or (error.param.name or "").upper()
        return f"`{name}` is missing", see
    if isinstance(error, click.BadOptionUsage) and error.option_name == "--dry-run":  # as kubectl has it
        return "`--dry-run` takes no value", f"Write `--validate` to have the server check it. {see}"
    extra = re.fullmatch(r"Got unexpected extra arguments? \((.+)\)", error.format_message().rstrip("."))
    if extra is not None:
        return f"more words than the verb takes: `{extra[1]}`", see
    message = error.format_message().rstrip(".").replace("'", "`")
    return message[:1].lower() + message[1:], getattr(error, "hint", "") or see


def _options_of(context: click.Context | None) -> list[str]:
    params = context.command.get_params(context) if context else []
    return [name for param in params for name in param.opts if name.startswith("--")]
