"""
Builders of valid records: every field has a value, a test states only those that it is about.

For tests of stores, services and renderers. Nothing here is random but the ids, and nothing reads a clock.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TypedDict, Unpack

from mlrun_nb._lib.ids import new_id
from mlrun_nb._lib.records import Json, Scalar
from mlrun_nb.model.function import FunctionSpec, Provenance, SourceCell, Version, VersionHash
from mlrun_nb.model.run import Handle, Progress, Run, RunError, RunId
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.model.sweep import Sweep

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
"""When records are made, unless a test says otherwise."""


class RunFields(TypedDict, total=False):
    """What a test may state of a run; see `model.run.Run`."""

    id: RunId
    project: str
    function: str
    version: VersionHash
    state: RunState
    labels: dict[str, str]
    parameters: dict[str, Json]
    results: dict[str, Scalar]
    error: RunError
    parent: RunId
    number: int
    sweep: Sweep
    best: RunId
    progress: Progress
    pinned: bool
    created: datetime
    ended: datetime


def make_hash(text: str) -> VersionHash:
    """Return a hash as a version has it, the same for the same *text*."""
    return VersionHash(hashlib.sha256(text.encode()).hexdigest())


def make_version(
    source: str = "x = 1", *, function: str = "train", project: str = "demo", description: str = ""
) -> Version:
    """Return a version of *function* whose body is *source*."""
    return Version(
        project=project,
        function=function,
        hash=make_hash(source),
        code_hash=make_hash(f"code of {source}"),
        cell_digest=f"sha256:{make_hash(f'cell of {source}')}",
        spec=FunctionSpec(form="cell", cells=(SourceCell(role="body", source=source),)),
        description=description,
        provenance=Provenance(notebook="train.ipynb"),
        created=NOON,
    )


def make_run(**fields: Unpack[RunFields]) -> Run:
    """Return a pending run of function `train` in project `demo`, as `create_run` takes it."""
    run_id = fields.get("id", RunId(new_id()))
    state = fields.get("state", RunState.PENDING)
    run = Run(
        id=run_id,
        project="demo",
        function="train",
        version=make_hash("x = 1"),
        code_hash=make_hash("code of x = 1"),
        engine="local",
        phase=PendingPhase.SUBMITTING if state is RunState.PENDING else None,
        run_directory=f"/runs/{run_id}",
        created=NOON,
    )
    return replace(run, **fields)


def make_sweep(*, selector: str = "max.accuracy", total: int | None = None) -> Sweep:
    """Return what the parent of a random search has."""
    return Sweep(strategy="random", seed=1, engine="local", selector=selector, total=total)


def make_full_run() -> Run:
    """Return a run in which no field, but those that a store sets, has its default."""
    run_id = RunId(new_id())
    return replace(
        make_run(id=run_id, state=RunState.RUNNING, labels={"team": "risk"}, pinned=True, parent=RunId(new_id())),
        profile="gpu",
        phase=PendingPhase.BACKOFF,
        reason="node lost",
        parameters={"lr": 0.1, "deep": {"a": [1, None, True]}},
        overrides={"memory": "4Gi"},
        results={"accuracy": 0.9},
        error=RunError(cls="CellFailed", fault="user", summary="`train` failed", hint="See the cell.", cell=3),
        attempt=2,
        progress=Progress(done=1, total=4, cell="fit"),
        cpu_s=1.5,
        peak_memory_bytes=2**40,
        notebook="train.ipynb",
        number=12,
        sweep=make_sweep(total=100),
        best=RunId(new_id()),
        pruned=True,
        origin=RunId(new_id()),
        handle=Handle(engine="local", run=run_id, reach={"boot": "x"}, data={"pid": 1}),
        cursor={"events": [0, 10]},
        started=NOON + timedelta(microseconds=1),
        ended=NOON.astimezone(timezone(timedelta(hours=5, minutes=30))),
        duration_s=2.0,
        saved_s=60.0,
        last_seen=NOON,
        cancel_requested=NOON,
    )


class ToldClock:
    """A clock that moves on by a second with each look."""

    def __init__(self, start: datetime = NOON) -> None:
        self._time = start

    def __call__(self) -> datetime:
        """Return a time one second after the last."""
        self._time += timedelta(seconds=1)
        return self._time
