"""
The pool of engine `local`: children of a sweep as forks of one process that has done what they share.

A generation that dies takes its children with it; they are told as pending again, and the next start makes a new
generation. Limits of time and memory are kept for each child.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb._lib.clock import now
from mlrun_nb._lib.records import Json
from mlrun_nb.engines.generation_process import GenerationProcess, News
from mlrun_nb.engines.run_directory import read_events, read_result
from mlrun_nb.engines.unfinished import executing, placed, result_of, write_result
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.quantities import memory_bytes
from mlrun_nb.model.run import Handle, Observation, RunError, RunId, RunRequest, RunResult
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.pool import PoolTraits, Start
from mlrun_nb.runner import faults, layout
from mlrun_nb.runner.forked_child import Order
from mlrun_nb.runner.kernelspec import find_kernel

CANCEL = "cancel"
"""Exists in a child's run directory when its end is wished for."""
INTERRUPTED = "the process that executed it was killed"
_LOOKS_EACH_S = 0.25
_LATE_S = 10.0
"""How long after its limit, or the wish to cancel it, a child may take to end by itself."""
_MOST_DEATHS = 3
"""Generations that may die one after the other before any child has ended."""


@dataclass(slots=True, kw_only=True)
class _Child:
    """A child under way. At `kill_at` patience with it ends; `cause` is why it is ended, where we do that."""

    run: RunId
    folder: Path
    attempt: int
    began: float
    pid: int = 0
    kill_at: float | None = None
    cause: RunError | None = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and all that it has started; it may not have made its group yet."""
        for send in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                if self.pid:
                    send(self.pid, number)


class ForkPool:
    """Children by fork, *slots* at once. *request* is the sweep's own; a child's libraries may use *threads*."""

    traits = PoolTraits()

    def __init__(self, request: RunRequest, *, slots: int, threads: int, grace_s: float) -> None:
        self._request, self._slots, self._threads, self._grace_s = request, slots, threads, grace_s
        self._children: dict[RunId, _Child] = {}
        self._generation: GenerationProcess | None = None
        self._deaths, self._looked = 0, 0.0
        limit = request.settings.resources.memory_in_force
        self._limit, self._memory_bytes = limit, memory_bytes(limit.amount) if limit else None

    def open(self) -> str:
        """Start a generation; returns why it cannot have children, empty when it can. Raises EngineRejected."""
        generation = GenerationProcess(self._request.run_directory, threads=self._threads)
        first = generation.first_news()
        if first.get("news") == "ready":
            self._generation = generation
            return ""
        generation.end()
        if first.get("news") == "failed":
            raise EngineRejected(f"what all children share failed: {first['why']}", hint=str(first["hint"]))
        return str(first.get("why") or "it ended before its shared cells had")

    def room(self) -> int:
        """Return how many more children fit."""
        return self._slots - len(self._children)

    def start(self, starts: Sequence[Start]) -> Mapping[RunId, Handle]:
        """Begin children and return their handles; raises EngineRejected where generations only die."""
        return {start.request.id: self._start(start.request, attempt=start.attempt) for start in starts}

    def ended(self, wait_s: float) -> Mapping[RunId, Observation]:
        """Return the children that have ended, after *wait_s* seconds at most when none has."""
        deadline = time.monotonic() + wait_s
        while self._generation is not None:
            left_s = max(0.0, deadline - time.monotonic())
            news = self._generation.news(min(left_s, _LOOKS_EACH_S))
            found = self._died() if news is None else self._heard(news)
            self._keep_limits()
            if found or left_s == 0.0:
                return found
        return {}

    def cancel(self, run: RunId) -> None:
        """Interrupt a child; what does not end by itself is killed."""
        child = self._children.get(run)
        if child is not None and child.kill_at is None:
            child.kill_at = time.monotonic() + min(self._grace_s, _LATE_S)
            child.cause = faults.cancelled(None)
            child.signal(signal.SIGTERM)

    def close(self) -> None:
        """End the generation and whatever of its children is left."""
        generation, self._generation = self._generation, None
        if generation is not None:
            generation.end()

    def _start(self, request: RunRequest, *, attempt: int) -> Handle:
        generation = self._generation or self._next_generation()
        folder = Path(request.run_directory)
        for left in (layout.RESULT, CANCEL):  # of an attempt before
            (folder / left).unlink(missing_ok=True)
        order: Order = {
            "run": request.id,
            "number": request.number or 0,
            "attempt": attempt,
            "parameters": dict(request.parameters),
            "folder": request.run_directory,
            "artifacts": request.artifacts,
        }
        self._children[request.id] = _Child(run=request.id, folder=folder, attempt=attempt, began=time.monotonic())
        generation.order(order)
        identity: dict[str, Json] = {name: generation.identity[name] for name in ("pid", "started")}
        return Handle(
            engine="local",
            run=request.id,
            reach={name: str(generation.identity[name]) for name in processes.place()},
            data={"run_directory": request.run_directory, "generation": identity},
        )

    def _next_generation(self) -> GenerationProcess:
        if self._deaths < _MOST_DEATHS:
            self.open()
        if self._generation is None:
            raise EngineRejected(
                f"the process that executes the children was killed {self._deaths} times in a row",
                hint="Most likely memory ran out: give `--parallel` a smaller number, or each child less to do.",
            )
        return self._generation

    def _heard(self, news: Iterable[News]) -> dict[RunId, Observation]:
        found: dict[RunId, Observation] = {}
        for each in news:
            child = self._children.get(RunId(each.get("run", "")))
            if child is None:
                continue
            if each["news"] == "started":
                child.pid = each["pid"]
                if child.kill_at is not None:  # cancelled before it was there
                    child.signal(signal.SIGTERM)
            else:
                del self._children[child.run]
                found[child.run] = self._settled(child, each["status"])
        return found

    def _died(self) -> dict[RunId, Observation]:
        """Return all children as pending again, but for those that had left their result."""
        self.close()
        self._deaths += 1
        children, self._children = self._children, {}
        found = {}
        for child in children.values():
            result = read_result(child.folder)
            waits = Observation(state=RunState.PENDING, reason=INTERRUPTED, attempt=child.attempt)
            found[child.run] = Observation.of(result) if result is not None else waits
        return found

    def _settled(self, child: _Child, status: int) -> Observation:
        self._deaths = 0
        result = read_result(child.folder)
        if result is None:
            result = self._judged(child, status)
            child.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it may have ended before it made it
            write_result(child.folder / layout.RESULT, result)
        return Observation.of(result)

    def _judged(self, child: _Child, status: int) -> RunResult:
        events = [event for event in read_events(child.folder) if event.attempt == child.attempt]
        at = executing(events, self._request.version.provenance.title)
        error = placed(child.cause, at) if child.cause is not None else faults.kernel_died(at, status, ())
        started = events[0].time if events else now()
        return result_of(
            child.run,
            events,
            error,
            attempt=child.attempt,
            started=started,
            ended=max(now(), started),
            duration_s=time.monotonic() - child.began,
        )

    def _keep_limits(self) -> None:
        moment = time.monotonic()
        if moment - self._looked < _LOOKS_EACH_S:
            return
        self._looked = moment
        for child in self._children.values():
            if child.kill_at is None and moment - child.began > _LOOKS_EACH_S and (child.folder / CANCEL).exists():
                self.cancel(child.run)
            self._keep_time(child, moment)
            self._keep_memory(child)

    def _keep_time(self, child: _Child, moment: float) -> None:
        limit_s = self._request.settings.policy.timeout_s
        if limit_s is not None and child.kill_at is None and moment > child.began + limit_s + _LATE_S:
            child.cause, child.kill_at = faults.timed_out(None, limit_s), moment
        if child.kill_at is not None and moment >= child.kill_at:
            child.signal(signal.SIGKILL)

    def _keep_memory(self, child: _Child) -> None:
        if self._limit is None or self._memory_bytes is None or not child.pid or child.cause is not None:
            return
        held = processes.proportional_bytes({child.pid} | processes.descendants(child.pid))
        if held > self._memory_bytes:
            child.cause = RunError(
                cls="OutOfMemory",
                fault="resources",
                summary=f"the run held {held >> 20} MiB, its memory limit is `{self._limit.amount}`",
                hint=f"Give it more, `--{self._limit.option} {self._limit.raised(held)}`, or less to do.",
            )
            child.signal(signal.SIGKILL)


def why_no_pool(request: RunRequest) -> str:
    """Return why children of *request* cannot be forks of one process, empty when they can."""
    spec = find_kernel(request.version.spec.kernel)
    if sys.platform != "linux":
        return f"processes with libraries in them are not forked on {sys.platform}"
    if request.settings.own_workers:
        return "each of its children has a Dask cluster of its own"
    if request.python or request.settings.environment.isolated:
        return "it has an interpreter of its own"
    if spec is not None and not (spec.is_ipykernel and spec.is_this_python):
        return f"its kernel `{spec.name}` is not this Python's"
    return ""
