"""
The side of the worker for children of a sweep: execute a batch of them one after the other, as forks of one process.

What they share is done once for the batch. Executed a second time, after a worker was lost, it leaves alone what has a
result, and what another process has the lease of.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from mlrun_nb._lib import processes
from mlrun_nb._lib.files import write_atomic
from mlrun_nb._lib.records import Json, from_json
from mlrun_nb.engines.fork_pool import CANCEL, ForkPool
from mlrun_nb.engines.run_directory import read_result
from mlrun_nb.engines.supervisor.verdict import cancelled_before
from mlrun_nb.engines.unfinished import write_result
from mlrun_nb.model.run import RunId, RunRequest
from mlrun_nb.protocols.pool import Start
from mlrun_nb.runner import layout
from mlrun_nb.runner.stop import GRACE_S

GIVEN = ".batch"
"""In a child's folder: which batch has it. One that is of another batch by now is not executed."""
LEASE = ".lease"
"""There while a child is executed: who does it, which one process can be."""
_WAIT_S = 1.0


class Child(TypedDict):
    """What a child differs in from its sweep's request."""

    run: str
    number: int | None
    attempt: int
    parameters: dict[str, Json]
    folder: str
    artifacts: str


def execute_batch(sweep: str, batch: str, children: Sequence[Child]) -> int:
    """Execute *children* of the sweep in the folder *sweep*; returns how many were executed here."""
    request = from_json(RunRequest, json.loads(Path(sweep, layout.REQUEST).read_bytes()))
    pool = ForkPool(request, slots=1, threads=1, grace_s=GRACE_S)
    waiting = [child for child in children if not has_ended(Path(child["folder"]), child["attempt"])]
    if not waiting:
        return 0
    if why := pool.open():
        raise RuntimeError(why)
    try:
        return sum(_execute(pool, request, child, batch) for child in waiting)
    finally:
        pool.close()


def has_ended(folder: Path, attempt: int) -> bool:
    """Tell whether the child in *folder* has a result of *attempt*."""
    result = read_result(folder)
    return result is not None and result.attempt >= attempt


def give(folder: Path, batch: str, attempt: int) -> None:
    """Note that *attempt* of the child in *folder* is in *batch*, and in no other any more."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomic(folder / GIVEN, json.dumps({"batch": batch, "attempt": attempt}).encode(), sync=False)


def given(folder: Path) -> tuple[str, int]:
    """Return the batch that has the child in *folder*, and which attempt is made there; empty where none has."""
    noted = _read(folder / GIVEN)
    return str(noted.get("batch", "")), int(str(noted.get("attempt", 0)))


def _execute(pool: ForkPool, request: RunRequest, child: Child, batch: str) -> bool:
    folder = Path(child["folder"])
    if given(folder)[0] != batch or not _take_lease(folder):
        return False
    try:
        return not has_ended(folder, child["attempt"]) and _make(pool, request, child)
    finally:
        (folder / LEASE).unlink(missing_ok=True)


def _make(pool: ForkPool, request: RunRequest, child: Child) -> bool:
    """Make the attempt; returns False for a child whose end was wished for before."""
    folder = Path(child["folder"])
    if (folder / CANCEL).exists():
        write_result(folder / layout.RESULT, cancelled_before(child["run"], attempt=child["attempt"]))
        return False
    of_child = replace(
        request,
        id=RunId(child["run"]),
        number=child["number"],
        parent=request.id,
        sweep=None,
        parameters=child["parameters"],
        run_directory=child["folder"],
        artifacts=child["artifacts"],
    )
    pool.start([Start(request=of_child, attempt=child["attempt"])])
    while not pool.ended(_WAIT_S):
        pass
    return True


def _take_lease(folder: Path) -> bool:
    """Return whether the child is ours to execute: nobody does, or who did was of this place, and is dead."""
    path, here = folder / LEASE, processes.identify()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        holder = _read(path)
        is_here = all(holder.get(name) == value for name, value in processes.place().items())
        if not is_here or processes.is_same_process(holder):
            return False
        descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(descriptor, "w") as file:
        json.dump(here, file)
    return True


def _read(path: Path) -> Mapping[str, object]:
    try:
        noted: Mapping[str, object] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return noted
