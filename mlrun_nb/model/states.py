"""
The states of a run, the phases of waiting, and the whole table of transitions.

Only reconcile moves a run from one state to another, and only along this table; every store refuses anything else.
"""

from __future__ import annotations

from enum import StrEnum


class RunState(StrEnum):
    """Where a run stands. `cancelled` is an end; the wish to cancel is a time on the run, not a state."""

    PENDING = "pending"
    """Recorded, not executing: see its phase."""
    RUNNING = "running"
    """Cells are being executed."""
    SUCCEEDED = "succeeded"
    """A result record says that every cell ended well."""
    FAILED = "failed"
    """A result record, or the engine's proof, says that it did not."""
    CANCELLED = "cancelled"
    """Ended because somebody asked for it."""
    LOST = "lost"
    """There is proof that it cannot go on, and no result record."""
    CACHED = "cached"
    """Not executed: the outcome of an earlier, equal run stands for it."""

    @property
    def is_final(self) -> bool:
        """Whether nothing more is expected; a `lost` run can still be corrected by a late result record."""
        return self not in {RunState.PENDING, RunState.RUNNING}


class PendingPhase(StrEnum):
    """Why a pending run does not execute yet."""

    SUBMITTING = "submitting"
    QUEUED = "queued"
    UNSCHEDULABLE = "unschedulable"
    PULLING = "pulling"
    STARTING = "starting"
    BACKOFF = "backoff"


_ENDS = frozenset({RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED, RunState.LOST})

TRANSITIONS: dict[RunState, frozenset[RunState]] = {
    RunState.PENDING: _ENDS | {RunState.RUNNING, RunState.CACHED},
    RunState.RUNNING: _ENDS | {RunState.PENDING},
    RunState.LOST: frozenset({RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED}),
    RunState.SUCCEEDED: frozenset(),
    RunState.FAILED: frozenset(),
    RunState.CANCELLED: frozenset(),
    RunState.CACHED: frozenset(),
}
"""From each state, the states that may follow. `running → pending` is preemption, requeueing and retry."""

RESUMABLE = frozenset({RunState.FAILED, RunState.CANCELLED, RunState.LOST})
"""
Ends after which a sweep and its children, and nothing else, may be `pending` again: its driver begins what is left.
"""


def may_follow(before: RunState, after: RunState, *, of_sweep: bool = False) -> bool:
    """Tell whether a run, or one *of a sweep*, in state *before* may be in *after* next; staying always may be."""
    is_resumed = of_sweep and before in RESUMABLE and after is RunState.PENDING
    return before is after or is_resumed or after in TRANSITIONS[before]
