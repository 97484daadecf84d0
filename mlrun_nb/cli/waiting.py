"""Wait for a run under a person's hands: the first Ctrl-C ends the run, the second only the waiting."""

from __future__ import annotations

from mlrun_nb.cli.reporters import PlainReporter, QuietReporter, Reporter
from mlrun_nb.cli.screen import Screen
from mlrun_nb.commands.document import Document, line
from mlrun_nb.commands.run import Watch
from mlrun_nb.commands.states import short_id


class LeftAloneError(KeyboardInterrupt):
    """The person pressed Ctrl-C twice: the run goes on, or ends, without us."""


class Waiting:
    """The waiting for one run, and who tells of it: nobody, a live display on a terminal, or plain lines."""

    def __init__(self, screen: Screen, watch: Watch, *, quiet: bool, verbose: bool) -> None:
        self._screen, self._watch = screen, watch
        self._quiet, self._verbose = quiet, verbose
        self._reporter: Reporter = QuietReporter(screen)

    def until_end(self) -> bool:
        """Follow the run to its end; returns whether the person interrupted it. Raises LeftAloneError."""
        name = short_id(self._watch.run)
        interrupted = False
        try:
            try:
                self._reporter = self._make_reporter()
                self._follow()
            except KeyboardInterrupt:
                interrupted = True
                self._reporter.say(f"cancelling run {name} and waiting for its end; Ctrl-C again leaves it")
                self._watch.cancel()
                self._follow()
        except KeyboardInterrupt as err:
            self._reporter.close()
            self._screen.err(_left(name))
            raise LeftAloneError from err
        finally:
            self._reporter.close()
        return interrupted

    def _make_reporter(self) -> Reporter:
        if self._quiet:
            return QuietReporter(self._screen)
        if self._screen.is_live:
            from mlrun_nb.cli.live import LiveReporter  # rich takes 0.1 s; the run has begun meanwhile

            return LiveReporter(self._screen, self._watch.run, verbose=self._verbose)
        return PlainReporter(self._screen)

    def _follow(self) -> None:
        for update in self._watch:
            self._reporter.update(update)


def _left(name: str) -> Document:
    return [
        line(f"Left run {name} alone."),
        line(("hint:", "strong"), f" `mlrun-nb cancel {name}` asks for its end, `mlrun-nb show {name}` shows it."),
    ]
