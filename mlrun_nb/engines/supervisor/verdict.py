"""
The result of an attempt whose runner cannot speak for itself, and the better reason for one whose kernel we ended.

Says only what is known: how the process ended, which cell was executing by the events, what had been logged by then.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.files import write_atomic
from mlrun_nb._lib.records import Json, from_json, scalar_from_json, to_json
from mlrun_nb.engines.supervisor import files
from mlrun_nb.engines.supervisor.files import Orders, State
from mlrun_nb.engines.supervisor.launch import oom_kills
from mlrun_nb.engines.supervisor.watch import Ended
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import CELL_STATES, Event
from mlrun_nb.model.run import CellReport, Fault, RunError, RunId, RunResult
from mlrun_nb.model.settings import MemoryLimit
from mlrun_nb.model.states import RunState
from mlrun_nb.runner import faults
from mlrun_nb.runner.exit_codes import EXIT_CODES

_FAULTS: dict[int, Fault] = {code: fault for fault, code in EXIT_CODES.items()}
_MEBIBYTE = 1 << 20


def read_result(path: Path) -> RunResult | None:
    """Return the result record in *path*; None when there is none, or none that can be read."""
    try:
        return from_json(RunResult, json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return None


def write_result(path: Path, result: RunResult) -> None:
    """Replace the result record in *path*; it survives a power cut."""
    write_atomic(path, json.dumps(to_json(result), allow_nan=False).encode())


def judge(orders: Orders, state: State, ended: Ended, events: Sequence[Event]) -> RunResult:
    """Return the result of an attempt that left none; *events* are the attempt's own."""
    cells = cell_reports(events)
    at = next((faults.Where.of(cell, orders["notebook"]) for cell in cells if cell.state == "running"), None)
    is_cancelled = ended.cause == "cancelled"
    error = faults.cancelled(at) if is_cancelled else _at(_error(orders, state, ended), at)
    started = events[0].time if events else now() - timedelta(seconds=ended.duration_s)
    return RunResult(
        id=RunId(orders["run"]),
        attempt=state["attempt"],
        state=RunState.CANCELLED if is_cancelled else RunState.FAILED,
        error=error,
        results={
            str(event.data["name"]): scalar_from_json(event.data.get("value"))
            for event in events
            if event.type == "result"
        },
        artifacts=tuple(from_json(Artifact, dict(event.data)) for event in events if event.type == "artifact"),
        cells=tuple(
            replace(cell, state=faults.cell_state(error)) if cell.state == "running" else cell for cell in cells
        ),
        started=started,
        ended=max(now(), started),
        duration_s=ended.duration_s,
        peak_memory_bytes=ended.peak_bytes,
    )


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
    """Return *result*, by a runner that saw its kernel die, with the reason that only we know: its memory limit."""
    if ended.cause != "memory" or result.error is None or result.state is not RunState.FAILED:
        return result
    peak_bytes = max(ended.peak_bytes, result.peak_memory_bytes)
    report = next((cell for cell in result.cells if cell.index == result.error.cell), None)
    where = None if report is None else faults.Where.of(report, orders["notebook"])
    error = replace(_at(out_of_memory(orders, peak_bytes), where), traceback=result.error.traceback)
    return replace(result, error=error, peak_memory_bytes=peak_bytes)


def never_started(orders: Orders, state: State) -> RunResult:
    """Return the result of an attempt whose runner could not even be started."""
    error = RunError(
        cls="RunnerNotStarted", fault="environment", summary=state["reason"], hint="Run `mlrun-nb doctor`."
    )
    return _without_runner(orders, error, attempt=state["attempt"])


def cancelled_before(orders: Orders, *, attempt: int = 1) -> RunResult:
    """Return the result of a run that was cancelled while none of its attempts was under way."""
    return _without_runner(orders, faults.cancelled(None), attempt=attempt)


def cell_reports(events: Sequence[Event]) -> tuple[CellReport, ...]:
    """Return how far each cell came, by an attempt's events."""
    cells: dict[int, CellReport] = {}
    for event in events:
        data = dict(event.data)
        index = data.get("index")
        if event.type == "run_started":
            cells = {cell.index: cell for cell in _announced(data) if cell.role not in {"markdown", "raw"}}
        elif isinstance(index, int) and event.type in CELL_STATES:
            known = cells.get(index, CellReport(index=index, name=str(data.get("name", "")), state="pending"))
            cells[index] = from_json(CellReport, {**_plain(known), **data, "state": CELL_STATES[event.type]})
    return tuple(cells[index] for index in sorted(cells))


_COLUMNS = {"name": "cells", "role": "roles", "origin": "origins", "count": "counts"}


def _announced(data: Mapping[str, Json]) -> list[CellReport]:
    """Return the cells of a `run_started` event, none of them executed yet."""
    columns = {field: data.get(name) for field, name in _COLUMNS.items()}
    rows = zip(*(column for column in columns.values() if isinstance(column, list)), strict=True)
    fields = [field for field, column in columns.items() if isinstance(column, list)]
    return [
        from_json(CellReport, {"index": index, "state": "pending", **dict(zip(fields, row, strict=True))})
        for index, row in enumerate(rows)
    ]


def _plain(cell: CellReport) -> dict[str, Json]:
    plain = to_json(cell)
    assert isinstance(plain, dict)
    return plain


def _error(orders: Orders, state: State, ended: Ended) -> RunError:
    if ended.cause == "memory":
        return out_of_memory(orders, ended.peak_bytes)
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


def _at(error: RunError, where: faults.Where | None) -> RunError:
    if where is None:
        return error
    summary = f"{error.summary}, while executing {where.text}"
    return replace(error, summary=summary, cell=where.index, cell_name=where.name)


def _without_runner(orders: Orders, error: RunError, *, attempt: int) -> RunResult:
    moment = now()
    return RunResult(
        id=RunId(orders["run"]),
        attempt=attempt,
        state=RunState.CANCELLED if error.fault == "cancelled" else RunState.FAILED,
        error=error,
        started=moment,
        ended=moment,
        duration_s=0.0,
    )
