"""
A pool for engines that have none: each child is submitted as a run of its own, and all are looked at together.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from mlrun_nb.errors import EngineError
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import Engine, Restartable
from mlrun_nb.protocols.pool import PoolTraits, Start
from mlrun_nb.services.submit import write_run_directory
from mlrun_nb.services.sweep.recovery import AGAIN

_LOOKS_EACH_S = 0.5
_BEGINS_EACH_S = 10.0
"""Children begun in a second at most: a server that many use is not flooded with them."""
_CANCELS = 16
"""Cancels under way at once: each may take as long as a child has to end."""


class SinglePool:
    """Children of a sweep as runs of *engine*, *slots* at once; see `protocols.pool.Pool`."""

    traits = PoolTraits(retries=True)

    def __init__(self, project: Project, engine: Engine, *, slots: int) -> None:
        self._project, self._engine, self._slots = project, engine, slots
        self._handles: dict[RunId, Handle] = {}
        self._allowance, self._asked_at = _BEGINS_EACH_S, time.monotonic()
        self._threads = ThreadPoolExecutor(_CANCELS, thread_name_prefix="cancel")
        self._cancels: dict[RunId, Future[None]] = {}

    def room(self) -> int:
        """Return how many more fit beside those under way, and so that no more are begun in a second than may be."""
        moment = time.monotonic()
        earned = (moment - self._asked_at) * _BEGINS_EACH_S
        self._allowance, self._asked_at = min(_BEGINS_EACH_S, self._allowance + earned), moment
        return min(self._slots - len(self._handles), int(self._allowance))

    def start(self, starts: Sequence[Start]) -> Mapping[RunId, Handle]:
        """Submit children; one that is there already, from before a death of ours, is found again."""
        begun: dict[RunId, Handle] = {}
        for start in starts:
            try:
                begun[start.request.id] = self._start(start.request, is_again=start.attempt > 1)
            except EngineError:
                if not begun:
                    raise
                break
        self._handles |= begun
        self._allowance -= len(begun)
        return begun

    def ended(self, wait_s: float) -> Mapping[RunId, Observation]:
        """Return the children that have ended; looks at all of them at once, twice a second."""
        deadline = time.monotonic() + wait_s
        while self._handles:
            seen = self._engine.observe(list(self._handles.values()))
            found = {run: each for run, each in seen.items() if each.state.is_final}
            for run in found:
                del self._handles[run]
            left_s = deadline - time.monotonic()
            if found or left_s <= 0:
                return found
            time.sleep(min(left_s, _LOOKS_EACH_S))
        return {}

    def cancel(self, run: RunId) -> None:
        """Ask the engine for the child's end, and again where it could not be told."""
        asked = self._cancels.get(run)
        if run in self._handles and (asked is None or (asked.done() and asked.exception() is not None)):
            self._cancels[run] = self._threads.submit(self._engine.cancel, self._handles[run])

    def close(self) -> None:
        """Let go of what is under way: it goes on, and is found again."""
        self._threads.shutdown(cancel_futures=True)
        self._handles.clear()

    def _start(self, request: RunRequest, *, is_again: bool) -> Handle:
        write_run_directory(self._project, request)
        handle = self._engine.submit([request])[request.id]
        if is_again and isinstance(self._engine, Restartable) and self._was_interrupted(handle):
            return self._engine.restart(request)
        return handle

    def _was_interrupted(self, handle: Handle) -> bool:
        """Tell whether the child has ended before, and not had its say: its sweep was cancelled then."""
        seen = self._engine.observe([handle]).get(handle.run)
        return seen is not None and seen.state in AGAIN
