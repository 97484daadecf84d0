"""
From attempt to attempt until the run has ended: judges each, decides on the next, keeps the record honest.

A result record in the run directory is final once this has returned. Called by `start`, in the main thread.
"""

from __future__ import annotations

import time
from pathlib import Path

from mlrun_nb._lib.processes import Identity
from mlrun_nb.engines.run_directory import read_events, read_result
from mlrun_nb.engines.supervisor import files, verdict
from mlrun_nb.engines.supervisor.bell import Bell
from mlrun_nb.engines.supervisor.files import Orders, State
from mlrun_nb.engines.supervisor.journal import write_event
from mlrun_nb.engines.supervisor.launch import begin
from mlrun_nb.engines.supervisor.watch import Ended, Watch, cancel_is_wished, host_is_gone
from mlrun_nb.engines.unfinished import write_result
from mlrun_nb.model.run import RunResult
from mlrun_nb.model.states import RunState
from mlrun_nb.runner.exit_codes import EXIT_CODES, RETRIED

LONGEST_BACKOFF_S = 3600.0
REFUSED = "the system refused the run a cgroup: a watchdog keeps its memory limit, and nothing a CPU limit"
_RESULT = Path(files.RESULT)


class Supervisor:
    """Carries out the orders for one run, as long as the *host* lives in whose place it is, if in anybody's."""

    def __init__(self, bell: Bell, orders: Orders, host: Identity | None = None) -> None:
        self._bell, self._orders, self._host = bell, orders, host

    def run(self, state: State | None, *, own: bool) -> None:
        """Go on from *state*, None when the run was cancelled before it began; *own*: its runner is our child."""
        if state is None:
            write_result(_RESULT, verdict.cancelled_before(self._orders["run"]))
            return
        while state["phase"] != "ended":
            if state["phase"] == "backoff":
                if host_is_gone(self._host) and not cancel_is_wished(self._bell):
                    return  # the next attempt takes its place elsewhere
                state, own = self._next(state), True
            else:
                state = self._after(state, own=own)

    def _after(self, state: State, *, own: bool) -> State:
        """Return what follows the attempt of *state*, once it has ended."""
        if state["phase"] == "broken":
            ended = Ended(exit_code=EXIT_CODES["environment"])
        else:
            if own and self._orders["cgroup"] and not state["cgroup"]:
                write_event("notice", attempt=state["attempt"], text=REFUSED, hint="")
            ended = Watch(self._bell, self._orders, state, own=own, host=self._host).until_ended()
        result = self._settle(state, ended)
        return self._back_off(state, result, ended) if self._tries_again(state, result) else self._end(state)

    def _settle(self, state: State, ended: Ended) -> RunResult:
        """Return the result of an ended attempt; the record on disk says the same."""
        left = read_result(Path())
        if state["phase"] == "broken":
            result = verdict.never_started(self._orders, state)
        elif left is None:
            result = verdict.judge(self._orders, state, ended, read_events(Path(), state["events_from"]))
        else:
            result = verdict.with_reason(left, self._orders, ended)
        if result != left:
            write_result(_RESULT, result)
        return result

    def _tries_again(self, state: State, result: RunResult) -> bool:
        if result.state is not RunState.FAILED or result.error is None or cancel_is_wished(self._bell):
            return False
        return state["attempt"] <= self._orders["retries"] and EXIT_CODES[result.error.fault] in RETRIED

    def _back_off(self, state: State, result: RunResult, ended: Ended) -> State:
        retry_in_s = self._longest_s(state["attempt"])
        reason = result.error.summary if result.error else ""
        write_event(
            "attempt_ended", attempt=state["attempt"], exit_code=ended.exit_code, reason=reason, retry_in_s=retry_in_s
        )
        waiting: State = {**state, "phase": "backoff", "began": time.monotonic() + retry_in_s, "reason": reason}
        files.write_json(files.STATE, waiting)
        return waiting

    def _longest_s(self, attempt: int) -> float:
        """Return how long to wait after *attempt*, also where its time was noted by the clock of another boot."""
        longest_s: float = min(self._orders["backoff_s"] * 2 ** (attempt - 1), LONGEST_BACKOFF_S)
        return longest_s

    def _wait(self, state: State) -> bool:
        """Wait for the next attempt's time; returns whether it may begin."""
        until = min(state["began"], time.monotonic() + self._longest_s(state["attempt"]))
        while not cancel_is_wished(self._bell):
            left_s = until - time.monotonic()
            if left_s <= 0:
                return True
            self._bell.wait(min(left_s, 1.0))
        return False

    def _next(self, state: State) -> State:
        """Return the state after the wait for the next attempt: it has begun, or the run is cancelled."""
        may_begin = self._wait(state)
        self._put_aside(state["attempt"])
        if not may_begin:
            write_result(_RESULT, verdict.cancelled_before(self._orders["run"], attempt=state["attempt"]))
            return self._end(state)
        write_event("attempt_started", attempt=state["attempt"] + 1, reason=state["reason"])
        return begin(self._orders, attempt=state["attempt"] + 1)

    def _end(self, state: State) -> State:
        ended: State = {**state, "phase": "ended"}
        files.write_json(files.STATE, ended)
        return ended

    def _put_aside(self, attempt: int) -> None:
        """Move what the ended attempt left out of the way of the next, the result last."""
        folder = Path("attempts", str(attempt))
        folder.mkdir(parents=True, exist_ok=True)
        for name in (files.OUTPUT_NOTEBOOK, files.RESULT):
            if Path(name).exists():
                Path(name).replace(folder / name)
