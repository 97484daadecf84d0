"""
Children of a sweep as tasks of many: a batch holds one slot and executes its children one after the other.

There are never more batches than slots, and of none is the result held: what a child came to stands in its run
directory, and is read there as soon as it is written.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.ids import new_id
from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.engines import supervisor_view
from mlrun_nb.engines.dask.batch import GIVEN, LEASE, Child, give, given, has_ended
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.target import Target
from mlrun_nb.engines.fork_pool import CANCEL
from mlrun_nb.engines.run_directory import read_result
from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.protocols.pool import PoolTraits, Start
from mlrun_nb.runner import layout

MOST = 50
"""Children of a batch: what they share is done once for so many."""
_INTERRUPTED = "the worker that had it is gone"
_LOOKS_EACH_S, _ASKS_EACH_S = 0.1, 1.0
_MOST_DEATHS = 3
"""Batches that may vanish one after the other before any child has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnderWay:
    """A child, and the batch that has it."""

    folder: Path
    attempt: int
    batch: str


class BatchPool:
    """
    Children of the sweep of *request*, *slots* at once, which take *resources* each, on *workers* if named.

    *connect* gives the connection to the scheduler that there is now.
    """

    traits = PoolTraits()

    def __init__(
        self,
        connect: Callable[[], Connection],
        target: Target,
        request: RunRequest,
        *,
        slots: int,
        resources: Mapping[str, float],
        workers: Sequence[str],
    ) -> None:
        self._connect, self._target, self._request = connect, target, request
        self._slots, self._resources, self._workers = slots, resources, workers
        self._children: dict[RunId, _UnderWay] = {}
        self._deaths, self._asked = 0, 0.0

    def room(self) -> int:
        """Return how many more fit: none while there are as many batches as slots, whose number is never exceeded."""
        return self._free() * MOST

    def start(self, starts: Sequence[Start]) -> Mapping[RunId, Handle]:
        """Give children to the cluster in batches; one that a batch of an earlier process has goes on there."""
        found = self._found(starts)
        new = [start for start in starts if start.request.id not in found]
        size = min(MOST, max(1, math.ceil(len(new) / max(1, self._free()))))
        for begin in range(0, len(new), size):
            batch = f"{self._request.version.function}-batch-{new_id()}"
            part = new[begin : begin + size]
            self._submit(batch, part)
            found |= {start.request.id: _under_way(start, batch) for start in part}
        self._children |= found
        return {run: self._handle(run, child) for run, child in found.items()}

    def ended(self, wait_s: float) -> Mapping[RunId, Observation]:
        """Return the children that have a result now, and those whose batch is gone without one as pending again."""
        deadline = time.monotonic() + wait_s
        while self._children:
            found = self._with_result() or self._without_batch()
            if found:
                return found
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return {}
            time.sleep(min(left_s, _LOOKS_EACH_S))
        return {}

    def cancel(self, run: RunId) -> None:
        """Leave the wish where the worker finds it, before it begins the child or while it executes it."""
        child = self._children.get(run)
        if child is not None:
            child.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (child.folder / CANCEL).touch(exist_ok=True)

    def close(self) -> None:
        """Let go of what is under way: it goes on, and is found again."""
        self._children.clear()

    def _free(self) -> int:
        """Return how many more batches there may be."""
        return self._slots - len({child.batch for child in self._children.values()})

    def _found(self, starts: Sequence[Start]) -> dict[RunId, _UnderWay]:
        """Return the children that a batch of an earlier process has, or has succeeded with."""
        noted, found = {}, {}
        for start in starts:
            folder = Path(start.request.run_directory)
            _renew(folder)
            batch, attempt = given(folder)
            child = _UnderWay(folder=folder, attempt=attempt, batch=batch)
            result = read_result(folder)
            if result is not None and result.state is RunState.SUCCEEDED:
                found[start.request.id] = child
            elif batch and not has_ended(folder, attempt):
                noted[start.request.id] = child
        states = self._connect().states(sorted({child.batch for child in noted.values()})) if noted else {}
        return found | {run: child for run, child in noted.items() if states.get(child.batch) is not None}

    def _submit(self, batch: str, starts: Sequence[Start]) -> None:
        children: list[Child] = [
            {
                "run": start.request.id,
                "number": start.request.number,
                "attempt": start.attempt,
                "parameters": dict(start.request.parameters),
                "folder": start.request.run_directory,
                "artifacts": start.request.artifacts,
            }
            for start in starts
        ]
        for child in children:
            give(Path(child["folder"]), batch, child["attempt"])
        first = Path(children[0]["folder"])
        self._connect().submit(
            batch,
            "batch",
            [self._request.run_directory, batch, children],
            resources=self._resources,
            workers=self._workers,
            is_there=lambda: (first / LEASE).exists() or (first / layout.RESULT).exists(),
        )

    def _with_result(self) -> dict[RunId, Observation]:
        found = {}
        for run, child in list(self._children.items()):
            result = read_result(child.folder)
            if result is not None and result.attempt >= child.attempt:
                found[run] = Observation.of(result)
                del self._children[run]
                self._deaths = 0
        return found

    def _without_batch(self) -> dict[RunId, Observation]:
        if time.monotonic() - self._asked < _ASKS_EACH_S:
            return {}
        self._asked = time.monotonic()
        states = self._connect().states(sorted({child.batch for child in self._children.values()}))
        gone = {run: child for run, child in self._children.items() if states.get(child.batch) is None}
        ended = self._with_result()  # a batch ends after its last child has
        left = {run: child for run, child in gone.items() if run not in ended}
        if left:
            self._count_death(next(iter(left.values())).batch)
        for run, child in left.items():
            del self._children[run]
            ended[run] = Observation(state=RunState.PENDING, reason=_INTERRUPTED, attempt=child.attempt)
        return ended

    def _count_death(self, batch: str) -> None:
        self._deaths += 1
        if self._deaths >= _MOST_DEATHS:
            said = self._connect().said(batch) or "their workers were lost"
            raise EngineRejected(
                f"{self._deaths} batches of children ended one after the other before any child had: {said}",
                hint="Most likely memory ran out: give `--parallel` a smaller number, or each child less to do.",
            )

    def _handle(self, run: RunId, child: _UnderWay) -> Handle:
        data: dict[str, Json] = {
            "run_directory": str(child.folder),
            "batch": child.batch,
            "attempt": child.attempt,
            "target": to_json(self._target),
        }
        return Handle(engine="dask", run=run, reach={"scheduler": self._connect().scheduler}, data=data)


def children_seen(
    handles: Sequence[Handle], reached: Callable[[Target], Connection | None]
) -> dict[RunId, Observation]:
    """
    Return what is known of children that are, or were, in a batch; *reached* gives the connection to their cluster.
    """
    seen = {handle.run: _child_seen(handle, None, asked=False) for handle in handles}
    asked: dict[Target, list[Handle]] = {}
    for handle in handles:
        if seen[handle.run] is None:
            asked.setdefault(from_json(Target, handle.data["target"]), []).append(handle)
    for target, left in asked.items():
        with suppress(EngineUnavailable):
            connection = reached(target)
            states = connection.states([str(handle.data["batch"]) for handle in left]) if connection else {}
            for handle in left:
                seen[handle.run] = _child_seen(handle, states.get(str(handle.data["batch"])), asked=True)
    return {run: each for run, each in seen.items() if each is not None}


def _child_seen(handle: Handle, state: str | None, *, asked: bool) -> Observation | None:
    """
    Return what is known of a child by its *handle* and the *state* of its batch; None where nobody could be *asked*.
    """
    result, attempt = read_result(Path(str(handle.data["run_directory"]))), handle.data["attempt"]
    if result is not None and isinstance(attempt, int) and result.attempt >= attempt:
        return Observation.of(result)
    if not asked:
        return None
    if state == "processing":
        return Observation(state=RunState.RUNNING)
    why = "it waits for a slot" if state else "its sweep was interrupted, and goes on with it when it is resumed"
    return supervisor_view.pending(PendingPhase.QUEUED, why)


def _renew(folder: Path) -> None:
    """Take away what a child left that was cancelled, and is to be begun again: its sweep was resumed."""
    result = read_result(folder)
    if result is None or result.state is RunState.CANCELLED:
        (folder / CANCEL).unlink(missing_ok=True)
    if result is not None and result.state is RunState.CANCELLED:
        (folder / GIVEN).unlink(missing_ok=True)
        (folder / layout.RESULT).unlink()


def _under_way(start: Start, batch: str) -> _UnderWay:
    return _UnderWay(folder=Path(start.request.run_directory), attempt=start.attempt, batch=batch)
