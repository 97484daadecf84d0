"""
How a run's state looks: a shape, a word and a style, always the word beside the shape.

The only place that knows the shapes; the transitions stand in `model.states`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlrun_nb.commands import humane
from mlrun_nb.commands.document import Span, Style
from mlrun_nb.model.run import CellState, Run
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.services.children import may_go_on

_LOOKS: dict[RunState, tuple[str, Style]] = {
    RunState.PENDING: ("◌", "dim"),
    RunState.RUNNING: ("◐", "accent"),
    RunState.SUCCEEDED: ("✓", "good"),
    RunState.FAILED: ("✗", "bad"),
    RunState.CANCELLED: ("⊘", "dim"),
    RunState.LOST: ("◇", "warn"),
    RunState.CACHED: ("↻", "good"),
}

PRUNED = "pruned"
"""What a child is called that has succeeded and was ended early by its strategy."""
_PRUNED_LOOK: tuple[str, Style] = ("▽", "dim")

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


def word_of(run: Run) -> str:
    """Return how *run* stands in a word: its state, or `pruned`."""
    return PRUNED if run.pruned else str(run.state)


def look_of(run: Run) -> tuple[Span, Style]:
    """Return the shape of how *run* stands, and the style of what is said about it."""
    shape, style = _PRUNED_LOOK if run.pruned else _LOOKS[run.state]
    return Span(shape, style), style


def tally(counts: Mapping[RunState, int], pruned: int, told: Iterable[RunState]) -> Iterator[tuple[Span, Style, str]]:
    """Yield shape, style and words, `27 succeeded`, for each of the states *told* that there are children in."""
    for state in told:
        own = counts.get(state, 0) - (pruned if state is RunState.SUCCEEDED else 0)
        if own:
            yield symbol(state), style_of(state), f"{own:,} {state}"
        if state is RunState.SUCCEEDED and pruned:
            shape, style = _PRUNED_LOOK
            yield Span(shape, style), style, f"{pruned:,} {PRUNED}"


def short_id(run: Run, length: int = 6) -> str:
    """Return the beginning of the run's id, as a person would type it."""
    return run.id[:length]


def number_of(run: Run) -> str:
    """Return which child of its sweep *run* is: `#12`."""
    return "#?" if run.number is None else f"#{run.number}"


def children_of(run: Run) -> str:
    """Return how many children of a sweep have ended, of how many: `37 of 100 children`, `100 children`."""
    done, total = done_of(run)
    return f"{f'{done:,} of ' if done < total else ''}{humane.count(total, 'child', 'children')}"


def how_many_of(run: Run) -> str:
    """Return the same in few words, to stand behind the result of the best child: `37 of 100`, `all 100`."""
    done, total = done_of(run)
    return f"{done:,} of {total:,}" if done < total else f"all {total:,}"


def done_of(run: Run) -> tuple[int, int]:
    """Return how many children of a sweep have ended and how many there will be, as far as that is known."""
    done = run.progress.done if run.progress else 0
    return done, (run.progress.total if run.progress else 0) or (run.sweep.total if run.sweep else None) or done


def reason_of(run: Run) -> str:
    """Return in a line why *run* is where it is; empty where there is nothing to say."""
    if run.sweep is not None and run.phase is PendingPhase.STARTING:
        return "the sweep is starting"  # it has no kernel of its own
    if run.error is not None:
        return run.error.summary
    if run.state is RunState.PENDING and run.phase is not None:
        return run.reason or str(run.phase)
    if run.state is RunState.RUNNING:
        wish = "asked to end" if run.cancel_requested else ""
        return "; ".join(filter(None, [wish, run.reason, _place(run)]))
    return run.reason


def hint_of(run: Run) -> str:
    """Return what to do about an ended *run*, with commands as they are typed; empty where there is nothing to say."""
    again, resume = f"mlrun-nb rerun {short_id(run)}", f"mlrun-nb sweep resume {short_id(run)}"
    if run.error is None:
        way = f"Let it go on: `{resume}`." if run.sweep is not None else f"Run it again: `{again}`."
        return way if run.state is RunState.LOST else ""
    hint = run.error.hint  # whoever wrote it may not have known the run
    if may_go_on(run):
        hint = hint.replace("Run it again with `mlrun-nb rerun`", f"Let it go on with `{resume}`")
    return hint.replace("`mlrun-nb rerun`", f"`{again}`")


def _place(run: Run) -> str:
    """Return at which cell *run* is, or how its children stand; empty where that is not known."""
    progress = run.progress
    if run.sweep is not None:
        return children_of(run)
    if progress is None:
        return ""
    where = f"cell {min(progress.done + 1, progress.total)} of {progress.total}"
    return f"{where}: {progress.cell}" if progress.cell else where
