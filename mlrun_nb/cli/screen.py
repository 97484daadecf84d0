"""
Where text goes and how it looks there: stdout for what was asked for, stderr for everything else.

Knows terminals, widths, encodings and colours, and nothing of what is said. Colours only where a person looks on and
does not mind (`NO_COLOR`); symbols only where the encoding has them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from typing import TextIO

import click

from mlrun_nb.commands.document import UNLIMITED, Line, Span, Style, clean

_LOOKS: dict[Style, dict[str, object]] = {
    "strong": {"bold": True},
    "dim": {"dim": True},
    "good": {"fg": "green"},
    "bad": {"fg": "red", "bold": True},
    "warn": {"fg": "yellow"},
    "accent": {"fg": "cyan"},
    "heading": {"bold": True},
}
_ASCII = str.maketrans("✓✗◐◌⊘◇↻⚑·…—→█░▏▎▍▌▋▊▉━╸", "+x>.-?=*-~->#.||||###=-")
_PIPED_WIDTH = 100


class Screen:
    """The two streams of a process, as its environment wants them used."""

    def __init__(self, stdout: TextIO, stderr: TextIO, environment: Mapping[str, str]) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self._environment = environment
        for stream in (stdout, stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")

    def out(self, lines: Iterable[Line]) -> None:
        """Print *lines* on stdout."""
        self._print(self.stdout, lines)

    def err(self, lines: Iterable[Line]) -> None:
        """Print *lines* on stderr."""
        self._print(self.stderr, lines)

    def write(self, text: str) -> None:
        """Print *text* on stdout as it is."""
        self.stdout.write(text)
        self.stdout.flush()

    def write_bytes(self, data: bytes) -> None:
        """Print *data* on stdout byte by byte: a log keeps the encoding in which it was written."""
        self.stdout.flush()
        self.stdout.buffer.write(data)
        self.stdout.buffer.flush()

    @property
    def width(self) -> int:
        """Cells in a line of stdout: the terminal's, or `COLUMNS`, or enough for a file."""
        fallback = (_PIPED_WIDTH, 24)
        if self.stdout.isatty() or self.stderr.isatty() or "COLUMNS" in self._environment:
            return max(40, shutil.get_terminal_size(fallback).columns)
        return _PIPED_WIDTH

    @property
    def prose_width(self) -> int:
        """The same for sentences; in a file their lines are not broken, so that they can be searched."""
        return self.width if self.stdout.isatty() or "COLUMNS" in self._environment else UNLIMITED

    @property
    def err_width(self) -> int:
        """Cells in a line of stderr; in a file or a CI's log lines are not broken."""
        return shutil.get_terminal_size((80, 24)).columns if self.stderr.isatty() else UNLIMITED

    @property
    def is_live(self) -> bool:
        """Whether progress can be drawn in place: stderr is a terminal that moves its cursor, and not a CI's."""
        return self.stderr.isatty() and self._environment.get("TERM") != "dumb" and not self._environment.get("CI")

    @property
    def is_interactive(self) -> bool:
        """Whether a person can be asked something."""
        return os.isatty(0) and self.stderr.isatty()

    def has_colour(self, stream: TextIO) -> bool:
        """Tell whether *stream* is to be coloured. Source: no-color.org, force-color.org."""
        if self._environment.get("NO_COLOR"):
            return False
        if self._environment.get("FORCE_COLOR"):
            return True
        return stream.isatty() and self._environment.get("TERM") != "dumb"

    def readable(self, text: str) -> str:
        """Return *text* with our symbols replaced where the terminal's encoding lacks them."""
        encoding = (self.stdout.encoding or "ascii").lower().replace("-", "")
        return text if encoding.startswith("utf") else text.translate(_ASCII)

    def _print(self, stream: TextIO, lines: Iterable[Line]) -> None:
        colour = self.has_colour(stream)
        text = "".join(f"{''.join(_styled(span, colour=colour) for span in line)}\n" for line in lines)
        stream.write(self.readable(text))
        stream.flush()


def _styled(span: Span, *, colour: bool) -> str:
    text = clean(span.text.replace("\n", " "))  # a label, a path: whatever was forgotten steers no terminal
    looks = _LOOKS.get(span.style)
    if not colour or looks is None or not text.strip():
        return text
    return click.style(text, **looks)  # type: ignore[arg-type]  # the table above holds what style() takes
