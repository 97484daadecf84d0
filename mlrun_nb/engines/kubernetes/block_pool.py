"""
The pool of engine `kubernetes`: children of a sweep as indexes of few Indexed Jobs.

All of it lies in files and in the cluster: a Job goes on without us, and whoever has a pool of the same sweep next
finds its children in it.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from mlrun_nb._lib.records import to_json
from mlrun_nb.engines.kubernetes import blocks, manifest
from mlrun_nb.engines.kubernetes.block_end import end_block
from mlrun_nb.engines.kubernetes.blocks import Block, Member
from mlrun_nb.engines.kubernetes.cluster import Cluster
from mlrun_nb.engines.kubernetes.delivery import ARCHIVE, deliver
from mlrun_nb.engines.kubernetes.names import job_name
from mlrun_nb.engines.kubernetes.order import CLOSED, Order, handle_for, order_for, put_aside, read_order, write_order
from mlrun_nb.engines.kubernetes.sight import closed
from mlrun_nb.engines.kubernetes.submission import send
from mlrun_nb.errors import EngineError
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.pool import PoolTraits, Start
from mlrun_nb.runner import layout
from mlrun_nb.runner.points import write_points

LARGEST = 500
"""Points of one Job: its status, its ConfigMap and what a look at it costs stay small."""
FEWEST = 10
"""Of fewer points each is a Job, and can be ended by itself."""
_POINTS_BYTES = 200_000
"""What the points may take of the ConfigMap."""
_LOOKS_EACH_S = 1.0
_HAD_ITS_SAY = frozenset({RunState.SUCCEEDED, RunState.FAILED})

Observe = Callable[[Sequence[Handle]], Mapping[RunId, Observation]]


class BlockPool:
    """Children of the sweep of *request* in blocks of which *slots* are executed at once, as *observe* sees them."""

    traits = PoolTraits(retries=True, whole=True)

    def __init__(self, observe: Observe, cluster: Cluster, request: RunRequest, *, slots: int) -> None:
        sweep = request.sweep
        assert sweep is not None
        self._observe, self._cluster, self._slots = observe, cluster, slots
        self._request = replace(request, engine=sweep.engine, profile=sweep.profile, sweep=None, parent=request.id)
        self._handles: dict[RunId, Handle] = {}
        self._blocks: dict[RunId, str] = {}
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="cancel")
        self._cancels: dict[str, Future[None]] = {}
        self._looked_at = -_LOOKS_EACH_S

    def room(self) -> int:
        """Return the size of a block once few of the one before are left, so that hardly a slot waits for them."""
        return LARGEST if 4 * len(self._handles) <= self._slots else 0

    def start(self, starts: Sequence[Start]) -> Mapping[RunId, Handle]:
        """Find the children that lie in a block, send again what was not sent, and make a block of the others."""
        found = {start.request.id: order for start in starts if (order := _found(start.request)) is not None}
        self._send_again({order.block for order in found.values() if order.block})
        begun = {start.request.id: self._begun(start.request, found) for start in starts if start.request.id in found}
        new = [start.request for start in starts if start.request.id not in found]
        if not new or not self.room():
            return begun
        try:
            return begun | self._begin(new)
        except EngineError:
            if not begun:
                raise
            return begun

    def ended(self, wait_s: float) -> Mapping[RunId, Observation]:
        """Return the children that have ended; looks at all of them at once, each second."""
        deadline = time.monotonic() + wait_s
        while self._handles:
            left_s = deadline - time.monotonic()
            if (due_s := self._looked_at + _LOOKS_EACH_S - time.monotonic()) > 0:
                time.sleep(max(0.0, min(due_s, left_s)))
                if due_s > left_s:
                    break
            self._looked_at = time.monotonic()
            seen = self._observe(list(self._handles.values()))
            if ended := {run: each for run, each in seen.items() if each.state.is_final}:
                for run in ended:
                    del self._handles[run]
                return ended
        return {}

    def cancel(self, run: RunId) -> None:
        """End the block of a child, once; again where the cluster could not be told."""
        path = self._blocks.get(run, "")
        asked = self._cancels.get(path)
        block = blocks.read_block(path) if run in self._handles else None
        if block is not None and (asked is None or (asked.done() and asked.exception() is not None)):
            self._cancels[path] = self._threads.submit(end_block, self._cluster, block)

    def close(self) -> None:
        """Let go of what is under way: it goes on, and is found again."""
        self._threads.shutdown(cancel_futures=True)
        self._handles.clear()

    def _send_again(self, paths: set[str]) -> None:
        for path in sorted(paths):
            block = blocks.read_block(path)
            if block is not None and not blocks.is_sent(block):
                self._send(block)

    def _begin(self, new: Sequence[RunRequest]) -> dict[RunId, Handle]:
        block, orders = self._block(new), dict[RunId, Order]()
        for index, request in enumerate(new[: len(block.members)]):
            _make_directory(request, self._request, is_whole=bool(block.order.shared))
            orders[request.id] = write_order(request, block.order_of(index, self._order(request)))
        blocks.write_block(block)
        self._send(block)
        return {request.id: self._begun(request, orders) for request in new if request.id in orders}

    def _block(self, new: Sequence[RunRequest]) -> Block:
        """Return a block of as many of *new* as fit, the first ones."""
        path, number = blocks.next_place(self._request.run_directory)
        common = self._order(self._request)
        name = job_name(self._request.version.function, self._request.id, number)
        block = Block(
            order=replace(common, job=name, block=str(path)),
            at_once=max(1, self._slots - len(self._handles)),
            members=tuple(map(_member, new[:LARGEST])),
        )
        while len(block.members) > 1 and len(write_points(block.points())) > _POINTS_BYTES:
            block = replace(block, members=block.members[: len(block.members) // 2])
        return block

    def _send(self, block: Block) -> None:
        delivery = deliver(self._request, block.order.way, block.points())
        order = block.order
        if delivery.stored is not None:
            order = replace(order, fetch=f"{order.url}/{ARCHIVE}")
        points = manifest.Points(number=len(block.members), at_once=block.at_once)
        send(self._cluster, self._request, order, delivery, points)
        blocks.note_sent(block)

    def _begun(self, request: RunRequest, orders: Mapping[RunId, Order]) -> Handle:
        order = orders[request.id]
        self._blocks[request.id] = order.block
        self._handles[request.id] = handle_for(request, order, self._cluster.reach)
        return self._handles[request.id]

    def _order(self, request: RunRequest) -> Order:
        return order_for(request, grace_s=manifest.grace_s(request))


def why_singly(request: RunRequest, *, is_adaptive: bool) -> str:
    """Return why children of the sweep *request* are better Jobs of their own, empty where they are not."""
    sweep = request.sweep
    assert sweep is not None
    if is_adaptive or sweep.total is None:
        return "its points are not known ahead"
    if sweep.total < FEWEST:
        return "it has few points"
    if request.settings.own_workers:
        return "each of its children has a Dask cluster of its own"
    if sweep.stop or sweep.max_time_s is not None:
        return "it may end before all points have had their turn"
    return ""


def _found(request: RunRequest) -> Order | None:
    """
    Return the order of a child that was sent, or would have been; None for one that begins afresh.

    One that has had its say stays as it is: somebody else who looked at it may have written down its end after the
    driver that goes on had last asked.
    """
    order = read_order(request.run_directory)
    if order is None:
        return None
    folder = Path(request.run_directory)
    end = closed(folder)
    if end is not None and end.state in _HAD_ITS_SAY:
        return order
    if not (folder / CLOSED).exists() and (not order.block or blocks.read_block(order.block) is not None):
        return order
    put_aside(request.run_directory)
    return None


def _member(request: RunRequest) -> Member:
    return Member(
        run=request.id,
        number=request.number or 0,
        parameters=request.parameters,
        run_directory=request.run_directory,
        artifacts=request.artifacts,
    )


def _make_directory(request: RunRequest, sweep: RunRequest, *, is_whole: bool) -> None:
    """Make the run directory of a child; where its pod works in it, with all that its pod needs of the *sweep*'s."""
    folder = Path(request.run_directory)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if is_whole:
        shutil.copyfile(Path(sweep.run_directory, layout.INPUT), folder / layout.INPUT)
        if (source := Path(sweep.run_directory, layout.SOURCE)).is_dir():
            shutil.copytree(source, folder / layout.SOURCE, dirs_exist_ok=True)
        (folder / layout.REQUEST).write_text(json.dumps(to_json(request), ensure_ascii=False), encoding="utf-8")
