"""A sweep as its driver would have left it in a store: nothing was executed, and there are no files."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.ids import ALPHABET
from mlrun_nb.model.change import RunChange
from mlrun_nb.model.run import Handle, Progress, Run, RunError, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.testing.records import make_run, make_sweep

PARENT = RunId("aaaaaaaaaaaa")
BEST = 12
"""The number of the best child."""
FAILED = (3, 5, 8)
"""Those that failed: the first and the last of them in the same way."""
PRUNED = (4, 6)
"""Those that the strategy ended early."""
_ELSEWHERE = {"machine": "another one"}  # so that nobody finds out that there is no process
_BATCH = 500


def record_sweep(store: RunStore, project: str, *, children: int = 30, ended: int | None = None) -> list[Run]:
    """Record a sweep by random search that maximises `accuracy`, *ended* children of which have; all by default."""
    ended = children if ended is None else ended
    begun = now() - timedelta(minutes=5)
    parent = store.create_run(_parent(project, begun, children=children, ended=ended))
    made = [_child(number, parent, is_open=number >= ended) for number in range(min(children, ended + 4))]
    for start in range(0, len(made), _BATCH):
        store.write_runs([RunChange(to=run) for run in made[start : start + _BATCH]])
    return made


def end_child(store: RunStore, run: Run) -> None:
    """End a child that was at work, worse than all others."""
    now_there = store.get_run(run.id)
    ended = replace(now_there, state=RunState.SUCCEEDED, progress=None, results={"accuracy": 0.1, "loss": 0.9})
    assert store.advance(now_there, replace(ended, ended=now(), duration_s=1.0)) is not None


def _parent(project: str, begun: datetime, *, children: int, ended: int) -> Run:
    is_over = ended >= children
    return replace(
        make_run(
            id=PARENT,
            project=project,
            state=RunState.SUCCEEDED if is_over else RunState.RUNNING,
            sweep=make_sweep(total=children),
            progress=Progress(done=ended, total=children),
            best=RunId(_id(BEST)),
            results=_results(BEST) if is_over else {},
            parameters={"epochs": 10},
            created=begun,
        ),
        handle=Handle(engine="local", run=PARENT, reach=_ELSEWHERE),
        started=begun,
        duration_s=120.0 if is_over else None,
        ended=begun + timedelta(minutes=2) if is_over else None,
    )


def _child(number: int, parent: Run, *, is_open: bool) -> Run:
    has_failed = number in FAILED
    state = RunState.RUNNING if is_open else RunState.FAILED if has_failed else RunState.SUCCEEDED
    run = replace(
        parent,
        id=RunId(_id(number)),
        parent=parent.id,
        number=number,
        sweep=None,
        best=None,
        state=state,
        handle=Handle(engine="local", run=RunId(_id(number)), reach=_ELSEWHERE),
        progress=Progress(done=1, total=3, cell="train") if is_open else None,
        parameters={"epochs": 10, "lr": (number + 1) / 1000, "kind": ("adam", "sgd")[number % 2]},
        results={} if is_open or has_failed else _results(number),
        pruned=number in PRUNED and not is_open,
        error=_error(number) if has_failed and not is_open else None,
        duration_s=None if is_open else 1 + number % 7,
        run_directory=f"{parent.run_directory}/children/{_id(number)}",
    )
    return run if is_open else replace(run, ended=parent.created)


def _results(number: int) -> dict[str, bool | int | float | str | None]:
    accuracy = 0.99 - 0.4 * abs(number - BEST) / (100 + abs(number - BEST))
    return {"loss": 1 - accuracy, "accuracy": accuracy}


def _error(number: int) -> RunError:
    name = "MemoryError" if number == FAILED[1] else "ValueError"
    return RunError(
        cls="CellFailed",
        fault="user",
        summary=f"cell 2 (`train`) raised `{name}`: child {number}",
        hint="Read the traceback.",
        cell=1,
        cell_name="train",
        ename=name,
        evalue=f"child {number}",
    )


def _id(number: int) -> str:
    """Return an id that six characters tell from all others, the same for the same *number*."""
    return f"c{number:05}{''.join(random.Random(number).choices(ALPHABET, k=6))}"
