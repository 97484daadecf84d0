"""
How the progress of a run is told while it goes on: in plain lines, in place, or not at all.

All of them speak on stderr. `live` holds the one that draws; it is imported where there is a terminal to draw on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from mlrun_nb.cli.screen import Screen
from mlrun_nb.commands.document import Line, line
from mlrun_nb.commands.progress import LogLines, Progress
from mlrun_nb.services.follow import Update


class Reporter(Protocol):
    """Tells what happens to one run; `close` before anybody else prints."""

    def update(self, update: Update) -> None:
        """Take in what is new."""
        ...

    def say(self, text: str) -> None:
        """Tell the person something of our own, while the run goes on."""
        ...

    def close(self) -> None:
        """Leave the screen clean; a second time nothing happens."""
        ...


class QuietReporter:
    """Says nothing but what a person must know."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def update(self, update: Update) -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Print *text*."""
        self._screen.err([line(text)])

    def close(self) -> None:
        """Leave nothing behind."""


class PlainReporter:
    """A line when a cell begins, its log, a line when it ends: for CI and files, where nothing can be taken back."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._progress = Progress()
        self._log = LogLines()

    def update(self, update: Update) -> None:
        """Print what is new: the beginning of a cell before the log, its end after it."""
        events = list(update.events)
        while events and events[0].type in {"run_started", "attempt_started", "cell_started"}:
            self._show(self._progress.take(events.pop(0)))
        self._show(line(text) for text in self._log.feed(update.log))
        for event in events:
            self._show(self._progress.take(event))
        if not update.events:
            self._show(self._progress.waits(update.run))

    def say(self, text: str) -> None:
        """Print *text*."""
        self._screen.err([line(text)])

    def close(self) -> None:
        """Print the last line of the log, where it had no end."""
        self._show(line(text) for text in self._log.rest())

    def _show(self, lines: Iterable[Line]) -> None:
        self._screen.err(list(lines))
