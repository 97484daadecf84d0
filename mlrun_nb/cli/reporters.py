"""
How the progress of a run is told while it goes on: in plain lines, in place, or not at all.

All of them speak on stderr. `live` holds the one that draws; it is imported where there is a terminal to draw on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Protocol

from mlrun_nb.cli.screen import Screen
from mlrun_nb.commands.document import Document, Line, line
from mlrun_nb.commands.progress import LogLines, Progress
from mlrun_nb.model.events import Event
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


PATIENCE_S = 1.0
"""A cell that is done within this time is told of in one line."""


class PlainReporter:
    """
    A line when a cell ends, its log before it: for CI and files, where nothing can be taken back.

    A cell at work for longer than *patience_s* has a line for its beginning too; until then its log is held back, so
    that the line still comes first.
    """

    def __init__(self, screen: Screen, *, patience_s: float = PATIENCE_S) -> None:
        self._screen = screen
        self._progress = Progress()
        self._log = LogLines()
        self._patience_s = patience_s
        self._lock = threading.RLock()
        self._held: Document = []
        """The beginning of the cell at work, and its log so far; empty once they are printed."""
        self._timer: threading.Timer | None = None

    def update(self, update: Update) -> None:
        """Print what is new: the beginning of a cell before the log, its end after it."""
        events = list(update.events)
        with self._lock:
            while events and events[0].type in {"run_started", "attempt_started", "cell_started"}:
                self._take(events.pop(0))
            self._tell(line(text) for text in self._log.feed(update.log))
            for event in events:
                self._take(event)
            if not update.events:
                self._tell(self._progress.waits(update.run))

    def say(self, text: str) -> None:
        """Print *text*."""
        with self._lock:
            self._show([line(text)])

    def close(self) -> None:
        """Print what was held back, and the last line of the log, where it had no end."""
        with self._lock:
            self._release(self._held)
            self._show(line(text) for text in self._log.rest())

    def _take(self, event: Event) -> None:
        told = self._progress.take(event)
        if event.type == "cell_started":
            self._begin(told)
            return
        if event.type in {"cell_finished", "cell_failed", "cell_cancelled"} and _duration_s(event) < self._patience_s:
            del self._held[:1]  # one line is enough
        if told:
            self._release(self._held)
        self._show(told)

    def _begin(self, told: Document) -> None:
        self._release(self._held)
        self._held = told
        self._timer = threading.Timer(self._patience_s, self._release, [told])
        self._timer.daemon = True
        self._timer.start()

    def _release(self, held: Document) -> None:
        """Print what is held back, if it is still *held*: a timer may come too late."""
        with self._lock:
            if held is not self._held:
                return
            if self._timer is not None:
                self._timer.cancel()
            self._held, self._timer = [], None
            self._show(held)

    def _tell(self, lines: Iterable[Line]) -> None:
        if self._held:
            self._held.extend(lines)
        else:
            self._show(lines)

    def _show(self, lines: Iterable[Line]) -> None:
        self._screen.err(list(lines))


def _duration_s(event: Event) -> float:
    value = event.data.get("duration_s")
    return float(value) if isinstance(value, int | float) else 0.0
