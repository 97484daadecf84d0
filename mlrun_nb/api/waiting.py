"""
Start a planned run and wait for it under a person's hands: Ctrl-C cancels it, and a second one only stops the waiting.

Works on records; what an ended run comes to for the caller is said by `Run.check`.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from mlrun_nb.commands.document import UNLIMITED, plain
from mlrun_nb.commands.run import Planned, Watch, hand_over
from mlrun_nb.commands.states import short_id
from mlrun_nb.commands.views.cache import cache_view
from mlrun_nb.commands.views.notices import notices_view
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Run as RunRecord
from mlrun_nb.project import Project
from mlrun_nb.services.cancel import cancel_submission
from mlrun_nb.services.follow import Update
from mlrun_nb.services.submit import Submitted
from mlrun_nb.services.warm import keep_warm

_said: set[Notice] = set()


class Interrupted(KeyboardInterrupt):
    """The person pressed Ctrl-C while a run was waited for; the text says what became of the run."""

    def _render_traceback_(self) -> list[str]:
        return [f"KeyboardInterrupt: {self}"]


@contextmanager
def interruptible() -> Iterator[None]:
    """Say in a line what Ctrl-C meant before anything was started."""
    try:
        yield
    except Interrupted:
        raise
    except KeyboardInterrupt:
        raise Interrupted("no run was started") from None


def start(project: Project, planned: Planned) -> RunRecord:
    """Say what is to be noticed, each notice once in a process, then record the run and hand it to its engine."""
    news = [notice for notice in planned.notices if notice not in _said]
    _said.update(news)
    say_notices(news)
    return submit(project, planned).run


def say_notices(notices: Iterable[Notice]) -> None:
    """Say what is to be noticed."""
    sys.stderr.write(plain(notices_view(notices, UNLIMITED)))


def submit(project: Project, planned: Planned) -> Submitted:
    """Record the run and hand it to its engine; raises Interrupted."""
    try:
        submitted = hand_over(project, planned)
    except KeyboardInterrupt:
        run = cancel_submission(project, planned.request.id)
        raise Interrupted(f"run {short_id(run)}: being cancelled" if run else "no run was started") from None
    if planned.explain_cache and submitted.cache is not None:
        sys.stderr.write(plain(cache_view(submitted.cache, reused=planned.cache, width=UNLIMITED)))
    return submitted


def until_end(
    project: Project, run: RunRecord, see: Callable[[Update], object] = lambda _: None, *, beat_s: float = math.inf
) -> RunRecord:
    """
    Return the record of *run* when it has ended, however it did; raises Interrupted.

    *see* is called with all that is new, and every *beat_s* seconds.
    """
    watch, name = Watch(project, run, beat_s=beat_s), short_id(run)
    try:
        _follow(watch, see)
    except KeyboardInterrupt:
        sys.stderr.write(f"cancelling run {name} and waiting for its end; Ctrl-C again leaves it\n")
        _cancel(watch, name, see)
        raise Interrupted(f"run {name}: {watch.run.state}") from None
    keep_warm(project.config, os.environ)  # not before: it would take time from the run
    return watch.run


def _cancel(watch: Watch, name: str, see: Callable[[Update], object]) -> None:
    try:
        watch.cancel()
        _follow(watch, see)
    except KeyboardInterrupt:
        raise Interrupted(f"left run {name} alone; `get_run({name!r}).cancel()` asks for its end") from None


def _follow(watch: Watch, see: Callable[[Update], object]) -> None:
    for update in watch:
        see(update)
