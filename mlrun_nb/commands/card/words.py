"""Where a run stands, in the words of its card, and what may be typed next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.card.snapshot import List, Snapshot
from mlrun_nb.commands.document import clean
from mlrun_nb.commands.views import headline
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import PendingPhase, RunState

_WAITS: Mapping[PendingPhase, str] = {
    PendingPhase.SUBMITTING: "is being submitted",
    PendingPhase.QUEUED: "waits in the queue",
    PendingPhase.UNSCHEDULABLE: "waits for a node",
    PendingPhase.PULLING: "pulls its image",
    PendingPhase.STARTING: "is starting",
    PendingPhase.BACKOFF: "waits before it tries again",
}
_SAYS_ALL = frozenset({PendingPhase.STARTING, PendingPhase.BACKOFF})
"""Phases whose reason needs no other words before it."""


def standing(run: Run, *, done: int, total: int, retry_in_s: float | None) -> str:
    """Return where *run* stands, without its function and state's name in front: `cell 3 of 5`, `failed after 48 s`."""
    if run.state is RunState.PENDING:
        words = waiting(run, retry_in_s)
    elif run.state is RunState.RUNNING:
        words = _at_work(run, done, total)
        words += f" · {clean(run.reason)}" if run.reason else ""
    elif run.state is RunState.SUCCEEDED and run.duration_s is not None:
        words = f"in {humane.duration(run.duration_s)}"
        words += f" · {states.children_of(run)}" if run.sweep is not None else ""
    elif run.state is RunState.CACHED:
        words = f"same as run {run.origin[:6]}, not executed again" if run.origin else "not executed again"
    elif run.state is RunState.LOST:
        words = "lost"
    else:
        words = headline.outcome(run) + _place(run)
    if run.cancel_requested and not run.state.is_final:
        return f"cancelling · {words}"
    return words


def _at_work(run: Run, done: int, total: int) -> str:
    if run.sweep is not None:
        return states.children_of(run)
    return f"cell {min(done + 1, total)} of {total}" if total else "running"


def _place(run: Run) -> str:
    """Return where a cancelled run was; why another one ended is told below."""
    if run.sweep is not None:
        return f" · {states.children_of(run)}"
    if run.state is not RunState.CANCELLED or run.error is None or run.error.cell is None:
        return ""
    return f" in cell {run.error.cell + 1} (`{run.error.cell_name}`)"


def waiting(run: Run, retry_in_s: float | None) -> str:
    """Return what a pending run waits for: `waits for a node: 0 of 3 have 1 GPU free`."""
    reason, phase = clean(run.reason).strip(), run.phase
    if phase is None:
        return reason or "waits"
    if run.sweep is not None and phase is PendingPhase.STARTING:  # there is no kernel of its own
        return _WAITS[phase]
    words = _WAITS[phase]
    if reason and (phase in _SAYS_ALL or reason.startswith(words)):
        words = reason
    elif reason:
        words = f"{words}: {reason}"
    if phase is PendingPhase.BACKOFF and retry_in_s is not None:
        return f"{words}; next attempt after {humane.duration(retry_in_s).replace('.0 s', ' s')}"
    return words


def reason(run: Run, now: datetime) -> str:
    """Return why an ended run is where it is, in a sentence; empty for one that went well or was cancelled."""
    if run.state not in {RunState.FAILED, RunState.LOST}:
        return ""
    said = clean(states.reason_of(run))
    if run.state is RunState.LOST and run.last_seen is not None:
        seen = run.last_seen.astimezone(now.tzinfo)
        return f"{said or 'it cannot go on, and left no result'} (last seen {seen:%H:%M})"
    return said


def lacks_state(snapshot: Snapshot) -> bool:
    """Tell whether the words of *snapshot* leave the state to its shape."""
    return not snapshot.words.startswith(str(snapshot.state))


def sentence(snapshot: Snapshot) -> str:
    """Return the state and where the run stands in one piece: `succeeded in 1 min 12 s`, `running, cell 3 of 5`."""
    link = " " if snapshot.state is RunState.SUCCEEDED else ", "
    return f"{snapshot.state}{link}{snapshot.words}" if lacks_state(snapshot) else snapshot.words


def standing_parts(snapshot: Snapshot) -> Iterator[str]:
    """Yield where the run stands, and while it goes on how long it has taken and how long the last good one took."""
    yield snapshot.words
    if snapshot.state.is_final:
        return
    if snapshot.elapsed_s is not None:
        yield humane.clock_time(snapshot.elapsed_s)
    if snapshot.sweep is not None and snapshot.sweep.left_s is not None:
        yield f"about {humane.roughly(snapshot.sweep.left_s)} left"
    if snapshot.usual_s is not None and snapshot.state is RunState.RUNNING:
        yield f"last time {humane.duration(snapshot.usual_s)}"


def as_of(snapshot: Snapshot) -> str:
    """
    Return when the run stood so, empty for one that stays as it is.

    A notebook may be saved at any moment and read on another day, where nothing changes the card.
    """
    return "" if snapshot.state.is_final else f"as of {snapshot.at:%Y-%m-%d %H:%M}"


def rest(snapshot: Snapshot, name: List, noun: str, plural: str = "") -> str:
    """Return how many more there are than the card shows, such as `and 3 more artifacts`; nothing where that is all."""
    count = snapshot.more.get(name, 0)
    return f"and {humane.count(count, f'more {noun}', plural and f'more {plural}')}" if count else ""
