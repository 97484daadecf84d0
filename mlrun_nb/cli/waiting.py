"""Wait for a run under a person's hands: the first Ctrl-C ends the run, the second only the waiting."""

from __future__ import annotations

from mlrun_nb.cli.reporters import PlainReporter, QuietReporter, Reporter
from mlrun_nb.cli.screen import Screen
from mlrun_nb.commands.run import Watch
from mlrun_nb.commands.states import short_id


class LeftAloneError(KeyboardInterrupt):
    """The person pressed Ctrl-C twice: the run goes on, or ends, without us."""


def reporter_for(screen: Screen, watch: Watch, *, quiet: bool, verbose: bool) -> Reporter:
    """Return who tells of the run: nobody, a live display on a terminal, or plain lines."""
    if quiet:
        return QuietReporter(screen)
    if screen.is_live:
        from mlrun_nb.cli.live import LiveReporter  # rich takes 0.1 s; the run has begun meanwhile

        return LiveReporter(screen, watch.run, verbose=verbose)
    return PlainReporter(screen)


def wait(watch: Watch, reporter: Reporter) -> bool:
    """Follow the run to its end; returns whether the person interrupted it. Raises LeftAloneError."""
    try:
        _follow(watch, reporter)
        return False
    except KeyboardInterrupt:
        pass
    name = short_id(watch.run)
    try:
        reporter.say(f"cancelling run {name} and waiting for its end; Ctrl-C again leaves it")
        watch.cancel()
        _follow(watch, reporter)
    except KeyboardInterrupt as err:
        reporter.say(
            f"left run {name} alone; `mlrun-nb cancel {name}` asks for its end, `mlrun-nb show {name}` shows it"
        )
        raise LeftAloneError from err
    finally:
        reporter.close()
    return True


def _follow(watch: Watch, reporter: Reporter) -> None:
    for update in watch:
        reporter.update(update)
    reporter.close()
