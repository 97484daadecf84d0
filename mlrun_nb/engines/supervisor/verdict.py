"""
The result of an attempt whose runner cannot speak for itself, and the better reason for one whose kernel we ended.

Says only what is known: how the process ended, which cell was executing by the events, what had been logged by then.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from mlrun_nb._lib.clock import now
from mlrun_nb.engines.supervisor import files
from mlrun_nb.engines.supervisor.files import Orders, State
from mlrun_nb.engines.supervisor.launch import oom_kills
from mlrun_nb.engines.supervisor.watch import Ended
from mlrun_nb.engines.unfinished import executing, placed, result_of
from mlrun_nb.model.events import Event
from mlrun_nb.model.run import Fault, RunError, RunId, RunResult
from mlrun_nb.model.settings import MemoryLimit
from mlrun_nb.model.states import RunState
from mlrun_nb.runner import faults
from mlrun_nb.runner.exit_codes import EXIT_CODES

_FAULTS: dict[int, Fault] = {code: fault for fault, code in EXIT_CODES.items()}
_MEBIBYTE = 1 << 20


def judge(orders: Orders, state: State, ended: Ended, events: Sequence[Event]) -> RunResult:
    """Return the result of an attempt that left none; *events* are the attempt's own."""
    at = executing(events, orders["notebook"])
    error = faults.cancelled(at) if ended.cause == "cancelled" else placed(_error(orders, state, ended), at)
    started = events[0].time if events else now() - timedelta(seconds=ended.duration_s)
    result = result_of(
        RunId(orders["run"]),
        events,
        error,
        attempt=state["attempt"],
        started=started,
        ended=max(now(), started),
        duration_s=ended.duration_s,
    )
    return replace(result, peak_memory_bytes=ended.peak_bytes)


def out_of_memory(orders: Orders, peak_bytes: int) -> RunError:
    """Return why an attempt was ended that held *peak_bytes*, more than it may."""
    limit = MemoryLimit(option=orders["memory_option"], amount=orders["memory"])
    held = f"the run held {peak_bytes // _MEBIBYTE} MiB" if peak_bytes else "the run held more"
    return RunError(
        cls="OutOfMemory",
        fault="resources",
        summary=f"{held}, its memory limit is `{limit.amount}`",
        hint=f"Give it more, `--{limit.option} {limit.raised(peak_bytes)}`, or less to do.",
    )


def with_reason(result: RunResult, orders: Orders, ended: Ended) -> RunResult:
    """Return *result*, by a runner that saw its kernel die, with the reason that only we know."""
    if ended.cause not in {"host", "memory"} or result.error is None or result.state is not RunState.FAILED:
        return result
    peak_bytes = max(ended.peak_bytes, result.peak_memory_bytes)
    report = next((cell for cell in result.cells if cell.index == result.error.cell), None)
    where = None if report is None else faults.Where.of(report, orders["notebook"])
    reason = out_of_memory(orders, peak_bytes) if ended.cause == "memory" else host_lost()
    error = replace(placed(reason, where), traceback=result.error.traceback)
    return replace(result, error=error, peak_memory_bytes=peak_bytes)


def host_lost() -> RunError:
    """Return why an attempt was ended whose place is gone."""
    return RunError(
        cls="WorkerLost",
        fault="resources",
        summary="the worker that executed the run has ended",
        hint="Its log may say why, most often memory; `--retries 2` tries again on another worker.",
    )


def never_started(orders: Orders, state: State) -> RunResult:
    """Return the result of an attempt whose runner could not even be started."""
    error = RunError(
        cls="RunnerNotStarted", fault="environment", summary=state["reason"], hint="Run `mlrun-nb doctor`."
    )
    return _without_runner(orders["run"], error, attempt=state["attempt"])


def cancelled_before(run: str, *, attempt: int = 1) -> RunResult:
    """Return the result of a *run* that was cancelled while none of its attempts was under way."""
    return _without_runner(run, faults.cancelled(None), attempt=attempt)


def _error(orders: Orders, state: State, ended: Ended) -> RunError:
    if ended.cause == "memory":
        return out_of_memory(orders, ended.peak_bytes)
    if ended.cause == "host":
        return host_lost()
    if ended.cause == "timeout":
        return RunError(
            cls="Timeout",
            fault="timeout",
            summary=f"the run had not ended after {orders['timeout_s']:g} s, nor when it was interrupted",
            hint="Give it more time with `--timeout`, or let it do less.",
        )
    if ended.exit_code is None or ended.exit_code < 0:
        return _killed(state, ended.exit_code)
    return _broken(ended.exit_code)


def _killed(state: State, exit_code: int | None) -> RunError:
    if exit_code == -signal.SIGKILL and oom_kills() > state["oom_kills"]:
        return RunError(
            cls="MachineOutOfMemory",
            fault="resources",
            summary="the machine ran out of memory and its kernel killed the runner",
            hint="Give the run less to do, or with `--memory` a limit below what the machine has.",
        )
    name = "" if exit_code is None else f" by {signal.Signals(-exit_code).name}"
    return RunError(
        cls="RunnerKilled",
        fault="resources",
        summary=f"the runner was killed{name}" if name else "the runner ended without leaving a result",
        hint="Run it again with `mlrun-nb rerun`; `dmesg` may say who ended the process.",
    )


def _broken(exit_code: int) -> RunError:
    said = _last_words()
    return RunError(
        cls="RunnerFailed",
        fault=_FAULTS.get(exit_code, "product"),
        summary=f"the runner ended with exit code {exit_code} and no result" + (f": {said[-1]}" if said else ""),
        hint=f"Read what it said in `{Path(files.OUTPUT).absolute()}`.",
        traceback="\n".join(said),
    )


def _last_words() -> list[str]:
    try:
        return Path(files.OUTPUT).read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
    except OSError:
        return []


def _without_runner(run: str, error: RunError, *, attempt: int) -> RunResult:
    moment = now()
    return RunResult(
        id=RunId(run),
        attempt=attempt,
        state=RunState.CANCELLED if error.fault == "cancelled" else RunState.FAILED,
        error=error,
        started=moment,
        ended=moment,
        duration_s=0.0,
    )
