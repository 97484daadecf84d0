"""What can be said of a supervised run by the files in its run directory alone; nothing is changed."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb.engines.supervisor import files
from mlrun_nb.model.run import Observation
from mlrun_nb.model.states import PendingPhase, RunState

_STARTED = b'"run_started"'
_HEAD_BYTES = 4096
"""Enough of an attempt's events to hold its first two."""


def pending(phase: PendingPhase, reason: str, *, attempt: int = 1) -> Observation:
    """Return that the run waits, and for what."""
    return Observation(state=RunState.PENDING, phase=phase, reason=reason, attempt=attempt)


def under_way(folder: Path) -> Observation:
    """Return how far the run in *folder* has come, which has no result yet."""
    state = files.read_state(str(folder))
    if state is None:
        return pending(PendingPhase.STARTING, "the runner is starting")
    attempt = state["attempt"]
    if state["phase"] == "backoff":
        return pending(PendingPhase.BACKOFF, f"attempt {attempt} failed: {state['reason']}", attempt=attempt)
    if not _has_begun(folder, state["events_from"]):
        return pending(PendingPhase.STARTING, "the kernel is starting", attempt=attempt)
    return Observation(state=RunState.RUNNING, attempt=attempt)


def _has_begun(folder: Path, start: int) -> bool:
    try:
        with (folder / files.EVENTS).open("rb") as file:
            file.seek(start)
            return _STARTED in file.read(_HEAD_BYTES)
    except OSError:
        return False
