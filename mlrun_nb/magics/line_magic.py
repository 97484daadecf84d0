"""
`%mlrun VERB …`: the command line itself, as a child process whose output appears below the cell as it comes.

Same parser, same words, same output. The interrupt button reaches the child; a verb that fails fails the cell.
"""

from __future__ import annotations

import codecs
import locale
import os
import selectors
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Any

from mlrun_nb.errors import OptionError

_PROGRAM = "from mlrun_nb.cli.program import main; main()"
COMMAND = (sys.executable, "-c", _PROGRAM)
WIDTH = 100
"""Cells in a line of a notebook's output; `COLUMNS` says otherwise."""


class CommandFailed(Exception):
    """A verb ended with another exit code than 0; what it said stands above."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def run(line: str, *, terminal: bool) -> None:
    """Run the verb and its words in *line*; raises CommandFailed, and OptionError for a line that is no words."""
    try:
        words = shlex.split(line)
    except ValueError as err:
        raise OptionError(
            f"`%mlrun {line}` cannot be split into words: {str(err).lower()}", hint="Close the quotation mark."
        ) from err
    words = words or ["--help"]
    code = _in_terminal(words) if terminal else _streamed(words)
    if code == 130:
        raise CommandFailed("interrupted")
    if code:
        raise CommandFailed(f"`mlrun-nb {line}` ended with exit code {code}")


def child_environment() -> dict[str, str]:
    """Return the environment in which the command line writes for a notebook: colours, and lines that fit."""
    own = {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
    if locale.getencoding().lower() != "utf-8":  # else it goes without saying; no helper starts with this variable
        own["PYTHONIOENCODING"] = "utf-8"
    return {**own, **os.environ}


def _in_terminal(words: Sequence[str]) -> int:
    """Let the child have the terminal; Ctrl-C reaches both, and the child decides."""
    with subprocess.Popen([*COMMAND, *words]) as child:
        while True:
            with suppress(KeyboardInterrupt):
                return child.wait()


def _streamed(words: Sequence[str]) -> int:
    with subprocess.Popen(
        [*COMMAND, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=child_environment(),
        start_new_session=True,  # a front end may signal the whole group: the child shall be asked once, by us
    ) as child:
        while True:
            try:
                _copy(child)
                return child.wait()
            except KeyboardInterrupt:
                child.send_signal(signal.SIGINT)
            except BaseException:
                child.kill()
                raise


def _copy(child: subprocess.Popen[bytes]) -> None:
    """Write what the child says to the streams of this process until it has said all."""
    with selectors.DefaultSelector() as selector:
        for pipe, stream in ((child.stdout, sys.stdout), (child.stderr, sys.stderr)):
            if pipe is not None and not pipe.closed:
                decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
                selector.register(pipe, selectors.EVENT_READ, (stream, decoder))
        while selector.get_map():
            for key, _ in selector.select():
                _take(selector, key)


def _take(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    stream, decoder = key.data
    pipe: IO[Any] = key.fileobj  # type: ignore[assignment]  # a pipe was registered
    data = os.read(pipe.fileno(), 65536)
    stream.write(decoder.decode(data, final=not data))
    stream.flush()
    if not data:
        selector.unregister(pipe)
        pipe.close()
