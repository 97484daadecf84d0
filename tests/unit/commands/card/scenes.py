"""
Cards in every state that a run can be in, made the way they are made for users: from updates as they come.

The unit tests read them, the browser shows them, and the pictures in the documentation are taken of them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from mlrun_nb.commands.card.live import Card
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Event, EventType
from mlrun_nb.model.function import VersionHash
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import CellReport, Progress, Run, RunError, RunId
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.model.sweep import Sweep
from mlrun_nb.services.children import goal_of
from mlrun_nb.services.follow import Update
from mlrun_nb.services.history import RunDetails
from mlrun_nb.services.standings import Fold, Standings
from tests.unit.commands.records import NOW, make_details, make_run

CELLS = ("imports, definitions", "load inputs", "train", "evaluate", "save outputs")
VERSION = VersionHash("7f3a91c" + "0" * 57)
GIB = 1 << 30
LOG = "".join(f"epoch {epoch:>2}  loss {0.62 / (1 + epoch / 3):.4f}\n" for epoch in range(1, 15)).encode()
TRACEBACK = """\
---------------------------------------------------------------------------
KeyError                                  Traceback (most recent call last)
Cell In[3], line 4
      2 epochs: int = 10
      3 holdout = holdout.dropna()
----> 4 model = fit(data, lr=lr, epochs=epochs)

Cell In[1], line 18, in fit(data, lr, epochs)
     16 def fit(data, *, lr, epochs):
     17     features = data.drop(columns=["target"])
---> 18     weights = data["weight"] / data["weight"].sum()
     19     return Model(lr).train(features, data["target"], weights, epochs)

KeyError: 'weight'"""
ERROR = RunError(
    cls="CellFailed",
    fault="user",
    summary="cell 3 (`train`) raised `KeyError`: 'weight'",
    hint="Read the traceback, correct cell 3 (`train`) and run it again.",
    cell=2,
    cell_name="train",
    ename="KeyError",
    evalue="'weight'",
    traceback=TRACEBACK,
)
MODEL = Artifact(
    name="model", kind="skops", uri="s3://bucket/4k7q2mabcdef/model.skops", size=1_258_291, digest="sha256:ab"
)
CURVE = Artifact(
    name="roc_curve", kind="figure", uri="https://example.org/runs/4k7q2m/roc.png", size=48_211, digest="sha256:cd"
)
SEED = Notice(
    text="`np.random.seed(0)` is not part of the function, so its effect is missed",
    hint="Tag that cell `mlrun-setup` to take it whole.",
    cell=1,
    line=3,
)


def happened(kind: EventType, elapsed_s: float = 0.0, attempt: int = 1, **data: object) -> Event:
    """Return an event."""
    return Event(type=kind, time=NOW, elapsed_s=elapsed_s, attempt=attempt, data=data)  # type: ignore[arg-type]  # JSON


def started(cells: tuple[str, ...] = CELLS) -> Event:
    """Return the beginning of a run of *cells*."""
    return happened("run_started", cells=list(cells))


def cell_events(index: int, name: str, duration_s: float, memory: float = 0.0) -> list[Event]:
    """Return a cell that went well."""
    return [
        happened("cell_started", index=index, name=name),
        happened("cell_finished", index=index, name=name, duration_s=duration_s, peak_memory_bytes=int(memory * GIB)),
    ]


def losses(count: int) -> list[Event]:
    """Return a metric that falls as metrics should."""
    return [
        happened("metric", name="loss", step=step, value=0.1 + 0.52 * math.exp(-step / 6) + 0.01 * math.sin(step * 2))
        for step in range(count)
    ]


def under_way() -> list[Event]:
    """Return the events of a run that trains in its third cell of five."""
    return [
        started(),
        *cell_events(0, CELLS[0], 1.1, 0.4),
        *cell_events(1, CELLS[1], 13.4, 3.1),
        happened("cell_started", index=2, name=CELLS[2]),
        *losses(40),
        happened("metric", 42.0, name="accuracy", value=0.91),
        happened("metric", 42.0, name="accuracy", value=0.94),
        happened("metric", 42.0, name="accuracy", value=0.951),
    ]


def a_run(**fields: object) -> Run:
    """Return a run of `train` on Kubernetes, as the mock-up has it."""
    usual: dict[str, object] = {"engine": "local", "version": VERSION, "id": RunId("4k7q2mabcdef")}
    if fields.get("state") in {RunState.PENDING, RunState.RUNNING}:
        usual |= {"ended": None, "duration_s": None}
    return make_run(**(usual | fields))


def last_good() -> Run:
    """Return the good run before."""
    before = timedelta(hours=3)
    return a_run(
        id=RunId("2xw9ph000000"),
        results={"accuracy": 0.958, "f1": 0.951},
        parameters={"lr": 0.1, "epochs": 10},
        created=NOW - before,
        duration_s=68.0,
    )


def known(run: Run, *, good: Run | None = None, artifacts: tuple[Artifact, ...] = ()) -> RunDetails:
    """Return all that is known of *run*; without a result as long as it goes on."""
    found = make_details(run, last_good=good)
    return replace(found, result=None, artifacts=artifacts)


def a_card(run: Run, events: list[Event] | None = None, log: bytes = b"", **options: object) -> Card:
    """Return the card of *run* after *events* and *log*."""
    good = options.pop("good", None)
    artifacts = options.pop("artifacts", ())
    found = known(run, good=good, artifacts=artifacts)  # type: ignore[arg-type]  # as the scenes below give them
    card = Card(found, **options)  # type: ignore[arg-type]  # the same
    card.take(Update(run=run, events=tuple(events or ()), log=log))
    return card


def pending(phase: PendingPhase, reason: str = "", **fields: object) -> Card:
    """Return the card of a run that waits."""
    run = a_run(state=RunState.PENDING, phase=phase, reason=reason, started=None, **fields)
    return a_card(replace(run, created=NOW - timedelta(seconds=72)))


def backing_off() -> Card:
    """Return the card of a run between two attempts."""
    run = a_run(
        state=RunState.PENDING, phase=PendingPhase.BACKOFF, reason="attempt 1 failed: the node was drained", attempt=2
    )
    return a_card(run, [happened("attempt_ended", exit_code=137, retry_in_s=10.0)])


def running(**options: object) -> Card:
    """Return the card of a run at work."""
    run = a_run(state=RunState.RUNNING, parameters={"lr": 0.2, "epochs": 10})
    return a_card(run, under_way(), LOG, **options)


def many_cells() -> Card:
    """Return the card of a notebook of 200 cells."""
    names = tuple(f"cell {index}" for index in range(200))
    events = [started(names)]
    for index in range(120):
        events += cell_events(index, names[index], 0.2, 1.0)
    return a_card(a_run(state=RunState.RUNNING), [*events, happened("cell_started", 95.0, index=120, name=names[120])])


def succeeded(*, short: bool = False) -> Card:
    """Return the card of a run that went well; a *short* one left one result and nothing else."""
    results = {"accuracy": 0.962} if short else {"accuracy": 0.962, "f1": 0.9481, "train_rows": 1_920_000}
    run = a_run(results=results, parameters={"lr": 0.2, "epochs": 10})
    if short:
        return a_card(run, [started()], good=replace(last_good(), parameters=run.parameters))
    return a_card(run, under_way(), LOG, good=last_good(), artifacts=(MODEL, CURVE))


def failed(error: RunError = ERROR, **options: object) -> Card:
    """Return the card of a run that failed in its third cell."""
    run = a_run(state=RunState.FAILED, error=error, duration_s=62.7, parameters={"lr": 0.2, "epochs": 10})
    broken = happened("cell_failed", 60.0, index=2, name=CELLS[2], duration_s=48.2, ename="KeyError", evalue="'weight'")
    log = LOG + b"reading 1,920,000 rows\n" + TRACEBACK.encode() + b"\n"
    return a_card(run, [*under_way(), broken], log, good=last_good(), **options)


def out_of_memory() -> Card:
    """Return the card of a run that needed more memory than it asked for."""
    error = RunError(
        cls="OutOfMemory",
        fault="resources",
        summary="the kernel died while executing cell 3 (`train`): SIGKILL (most likely out of memory)",
        hint="Most likely memory ran out: ask for more with `--memory`, or let the cell hold less at a time.",
        cell=2,
        cell_name="train",
    )
    run = a_run(state=RunState.FAILED, error=error, duration_s=62.7)
    return a_card(run, under_way(), LOG)


def cancelled() -> Card:
    """Return the card of a run that somebody ended."""
    error = RunError(
        cls="Cancelled",
        fault="cancelled",
        summary="the run was cancelled in cell 3 (`train`)",
        hint="Run it again with `mlrun-nb rerun` when it is wanted.",
        cell=2,
        cell_name="train",
    )
    return a_card(a_run(state=RunState.CANCELLED, error=error, duration_s=41.0), under_way(), LOG)


def lost() -> Card:
    """Return the card of a run whose machine went away."""
    run = a_run(
        state=RunState.LOST,
        reason="the machine `gpu-3` was restarted while the run was in cell 3",
        last_seen=NOW,
        duration_s=None,
    )
    return a_card(run, under_way(), LOG)


def cached() -> Card:
    """Return the card of a run that an earlier one stands for."""
    run = a_run(
        state=RunState.CACHED, origin=RunId("2xw9ph000000"), results={"accuracy": 0.958}, duration_s=0.0, started=None
    )
    return a_card(run, artifacts=(MODEL,))


def from_history() -> Card:
    """Return the card of a run that nobody watched: all that is known is its record."""
    run = a_run(results={"accuracy": 0.962})
    reports = tuple(CellReport(index=i, name=name, state="succeeded", duration_s=1.0) for i, name in enumerate(CELLS))
    found = make_details(run)
    assert found.result is not None
    return Card(replace(found, result=replace(found.result, cells=reports), artifacts=(MODEL,)))


def swept(  # all that makes one sweep another
    *,
    ended: int = 37,
    total: int = 100,
    state: RunState = RunState.RUNNING,
    goal: str = "max.accuracy",
    prunes: bool = False,
    **fields: object,
) -> Card:
    """Return the card of a sweep by random search of which *ended* children have ended, the worst of them early."""
    is_over = state.is_final
    best = max(range(ended), key=lambda number: _accuracy(number) if number % 13 != 5 else 0, default=0)
    sweep = Sweep(strategy="random", seed=7, engine="local", selector=goal, total=total)
    run = a_run(
        state=state,
        sweep=sweep,
        progress=Progress(done=ended, total=total),
        results={"accuracy": _accuracy(best), "loss": 1 - _accuracy(best)} if is_over and ended else {},
        **fields,
    )
    under_way = 0 if is_over else min(4, total - ended)
    children = [_swept_child(run, number, is_open=number >= ended) for number in range(ended + under_way)]
    if prunes:
        children = [replace(child, pruned=0 < _accuracy_of(child) < 0.85) for child in children]
    events = [happened("children", 0.5, done=0, total=total, states={}, best=None)]
    events += [happened("children", 63.0, done=ended, total=total, states={}, best=None)]
    card = Card(replace(known(run), standings=lambda: standings_of(run, children)))
    card.take(Update(run=run, events=tuple(events)))
    return card


def standings_of(run: Run, children: list[Run]) -> Standings:
    """Return how *children* of *run* stand."""
    fold = Fold(goal_of(run))
    for child in children:
        fold.add(child)
    return fold.result()


def _accuracy(number: int) -> float:
    spread = random.Random(number).random()
    return 0.985 - 0.25 * spread**2 - 0.1 * math.exp(-number / 12)


def _accuracy_of(child: Run) -> float:
    value = child.results.get("accuracy")
    return value if isinstance(value, float) else 0.0


def _swept_child(parent: Run, number: int, *, is_open: bool) -> Run:
    draw = random.Random(number + 1000)
    has_failed = number % 13 == 5 and not is_open
    error = replace(ERROR, summary="cell 3 (`train`) raised `ValueError`: the loss is NaN", ename="ValueError")
    return a_run(
        id=RunId(f"c{number:05}abcdef"),
        parent=parent.id,
        number=number,
        state=RunState.RUNNING if is_open else RunState.FAILED if has_failed else RunState.SUCCEEDED,
        error=error if has_failed else None,
        parameters={
            "lr": 10 ** -(1 + 3 * draw.random()),
            "depth": draw.randint(2, 12),
            "kind": draw.choice(["gini", "entropy"]),
        },
        results={} if is_open or has_failed else {"accuracy": _accuracy(number), "loss": 1 - _accuracy(number)},
        duration_s=None if is_open else 4 + 3 * draw.random(),
    )


SCENES: dict[str, Callable[[], Card]] = {
    "submitting": lambda: pending(PendingPhase.SUBMITTING),
    "queued": lambda: pending(PendingPhase.QUEUED, "3 runs are before it in `team-a`"),
    "unschedulable": lambda: pending(PendingPhase.UNSCHEDULABLE, "0 of 3 have 1 GPU free"),
    "pulling": lambda: pending(PendingPhase.PULLING, "registry.example/train:1"),
    "starting": lambda: pending(PendingPhase.STARTING, "the kernel is starting"),
    "backoff": backing_off,
    "running": running,
    "running with notice": lambda: running(notices=(SEED,), good=last_good()),
    "running early": lambda: a_card(
        a_run(state=RunState.RUNNING, progress=Progress(done=0, total=5)), [started()], good=last_good()
    ),
    "second attempt": lambda: a_card(a_run(state=RunState.RUNNING, attempt=2), under_way()[:3], b"warming up\n"),
    "cancelling": lambda: a_card(a_run(state=RunState.RUNNING, cancel_requested=NOW), under_way(), LOG),
    "unheard": lambda: a_card(a_run(state=RunState.RUNNING, reason="node `a` is not heard of"), under_way(), LOG),
    "many cells": many_cells,
    "detached": lambda: running(detached=True),
    "succeeded short": lambda: succeeded(short=True),
    "succeeded": succeeded,
    "failed": failed,
    "out of memory": out_of_memory,
    "cancelled": cancelled,
    "lost": lost,
    "cached": cached,
    "from history": from_history,
    "sweep starting": lambda: swept(ended=0),
    "sweep running": swept,
    "sweep of thousands": lambda: swept(ended=1400, total=5000),
    "sweep succeeded": lambda: swept(ended=100, duration_s=171.0, state=RunState.SUCCEEDED),
    "sweep with pruning": lambda: swept(ended=100, duration_s=94.0, state=RunState.SUCCEEDED, prunes=True),
    "sweep cancelled": lambda: swept(state=RunState.CANCELLED, duration_s=64.0),
    "sweep without a goal": lambda: swept(ended=12, total=12, state=RunState.SUCCEEDED, goal="", duration_s=20.0),
}
"""A card for each state, with what is worth looking at in it."""
