"""
Progress drawn in place on a terminal: state, cell, a bar, the running time, and the last line of the log.

The only module of the command line that imports rich.
"""

from __future__ import annotations

import time

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mlrun_nb.cli.screen import Screen
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import cut, text_of
from mlrun_nb.commands.progress import Children, LogLines, Progress
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.services.children import goal_of
from mlrun_nb.services.follow import Update

_REFRESH_PER_SECOND = 8
_ECHO = 4
"""Cells left free at the end of lines: a terminal echoes `^C` there, which must not begin a line."""


class LiveReporter:
    """Draws the run as it stands; with `verbose`, its log runs by above."""

    def __init__(self, screen: Screen, run: Run, *, verbose: bool) -> None:
        self._screen, self._run, self._verbose = screen, run, verbose
        self._progress = Progress()
        self._log = LogLines()
        self._last = self._said = ""
        self._begun = time.monotonic()
        self._console = Console(file=screen.stderr, no_color=not screen.has_colour(screen.stderr), highlight=False)
        self._live = Live(
            console=self._console,
            get_renderable=self._draw,
            refresh_per_second=_REFRESH_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()

    def update(self, update: Update) -> None:
        """Take in what is new; it is drawn with the next frame."""
        self._run = update.run
        for event in update.events:
            for item in self._progress.take(event):
                if event.type in {"notice", "attempt_ended"}:
                    self._print(text_of(item))
        for text in self._log.feed(update.log):
            self._last = text if text.strip() else self._last
            if self._verbose:
                self._print(text)

    def say(self, text: str) -> None:
        """Show *text* below the bar until the end, or print it where nothing is drawn any more."""
        self._said = text
        if not self._live.is_started:
            self._screen.stderr.write(f"{self._screen.readable(text)}\n")

    def close(self) -> None:
        """Take the drawing away."""
        self._live.stop()

    def _print(self, text: str) -> None:
        self._console.print(Text(self._screen.readable(text)))

    def _draw(self) -> RenderableType:
        run = self._run
        symbol = self._screen.readable(states.symbol(run.state).text)
        head = Table.grid(padding=(0, 1), expand=True)
        head.add_column(no_wrap=True)
        head.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        head.add_column(justify="right", no_wrap=True)
        running = humane.clock_time(time.monotonic() - self._begun)
        name = Text.assemble((f"{symbol} ", "cyan"), (run.function, "bold"), (f" {states.short_id(run)}", "dim"))
        head.add_row(name, Text(self._where()), Text(running, "dim"))
        room = self._console.width - _ECHO
        lines: list[RenderableType] = [head, Padding(self._bar(), (0, _ECHO, 0, 0))]
        lines.append(Text(self._screen.readable(cut(f"  {self._best() or self._last}", room)), "dim", no_wrap=True))
        if self._said:
            lines.append(Text(cut(self._said, room), "yellow", no_wrap=True))
        return Group(*lines)

    def _how_many(self, children: Children) -> str:
        of = f"{children.done:,} of {children.total:,}" if children.total is not None else f"{children.done:,}"
        told = (RunState.FAILED, RunState.LOST, RunState.RUNNING)
        counts = [(states.symbol(state).text, children.states.get(state, 0), state) for state in told]
        left_s = self._progress.pace.left_s()
        words = [of, *(f"{symbol} {number:,} {state}" for symbol, number, state in counts if number)]
        return " · ".join([*words, *([f"about {humane.roughly(left_s)} left"] if left_s else [])])

    def _best(self) -> str:
        """Return the best child of a sweep so far: `best so far accuracy 0.983 · lr=0.05 depth=8`."""
        children, goal = self._progress.children, goal_of(self._run)
        if children is None or goal is None or children.value is None:
            return ""
        fixed = self._run.parameters
        own = {name: value for name, value in children.parameters.items() if fixed.get(name, children) != value}
        point = " ".join(f"{name}={humane.exact(value)}" for name, value in own.items())
        return f"best so far {goal.result} {humane.rounded(children.value)} · {point}"

    def _bar(self) -> ProgressBar:
        total, done = self._progress.total, self._progress.done
        if self._run.sweep is not None:
            done, total = states.done_of(self._run)
        return ProgressBar(
            total=max(1, total),
            completed=done,
            pulse=not total,
            complete_style="cyan",
            finished_style="cyan",
            pulse_style="cyan",
        )

    def _where(self) -> str:
        progress = self._progress
        if progress.children is not None:
            return self._screen.readable(self._how_many(progress.children))
        if not progress.total:
            return self._screen.readable(states.reason_of(self._run))
        return f"cell {min(progress.done + 1, progress.total)} of {progress.total}: {progress.cell}"
