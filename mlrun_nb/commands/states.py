"""
How a run's state looks: a shape, a word and a style, always the word beside the shape.

The only place that knows the shapes; the transitions stand in `model.states`.
"""

from __future__ import annotations

from mlrun_nb.commands.document import Span, Style
from mlrun_nb.model.run import CellState, Run
from mlrun_nb.model.states import RunState

_LOOKS: dict[RunState, tuple[str, Style]] = {
    RunState.PENDING: ("◌", "dim"),
    RunState.RUNNING: ("◐", "accent"),
    RunState.SUCCEEDED: ("✓", "good"),
    RunState.FAILED: ("✗", "bad"),
    RunState.CANCELLED: ("⊘", "dim"),
    RunState.LOST: ("◇", "warn"),
    RunState.CACHED: ("↻", "good"),
}

PIN = "⚑"
"""The mark of a pinned run."""

_CELL_STATES: dict[CellState, RunState] = {
    "pending": RunState.PENDING,
    "running": RunState.RUNNING,
    "succeeded": RunState.SUCCEEDED,
    "failed": RunState.FAILED,
    "cancelled": RunState.CANCELLED,
    "lost": RunState.LOST,
}


def symbol(state: RunState) -> Span:
    """Return the shape of *state*."""
    return Span(*_LOOKS[state])


def cell_symbol(state: CellState) -> Span:
    """Return the shape of a cell's state."""
    return symbol(_CELL_STATES[state])


def style_of(state: RunState) -> Style:
    """Return the style of what is said about *state*."""
    return _LOOKS[state][1]


def short_id(run: Run, length: int = 6) -> str:
    """Return the beginning of the run's id, as a person would type it."""
    return run.id[:length]


def reason_of(run: Run) -> str:
    """Return in a line why *run* is where it is; empty where there is nothing to say."""
    if run.error is not None:
        return run.error.summary
    if run.state is RunState.PENDING and run.phase is not None:
        return run.reason or str(run.phase)
    if run.state is RunState.RUNNING:
        wish = "asked to end; " if run.cancel_requested else ""
        progress = run.progress
        if progress is None:
            return wish + run.reason
        where = f"cell {min(progress.done + 1, progress.total)} of {progress.total}"
        return wish + (f"{where}: {progress.cell}" if progress.cell else where)
    return run.reason
