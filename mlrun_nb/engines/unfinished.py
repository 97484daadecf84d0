"""
What the events of an attempt come to where its runner left no result: the record that is written in its place.

Every engine says in its own words why the attempt ended; which cell was executing, and what had been logged by then,
is read here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mlrun_nb._lib.files import write_atomic
from mlrun_nb._lib.records import Json, from_json, scalar_from_json, to_json
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import CELL_STATES, Event
from mlrun_nb.model.run import CellReport, RunError, RunId, RunResult
from mlrun_nb.model.states import RunState
from mlrun_nb.runner import faults

_COLUMNS = {"name": "cells", "role": "roles", "origin": "origins", "count": "counts"}


def result_of(
    run: RunId,
    events: Sequence[Event],
    error: RunError,
    *,
    attempt: int,
    started: datetime,
    ended: datetime,
    duration_s: float,
) -> RunResult:
    """Return the result of an *attempt* that ended for the reason of *error*; *events* are its own."""
    error = _said_how_far(error, run, events)
    state = faults.cell_state(error)
    return RunResult(
        id=run,
        attempt=attempt,
        state=RunState.CANCELLED if error.fault == "cancelled" else RunState.FAILED,
        error=error,
        results={
            str(event.data["name"]): scalar_from_json(event.data.get("value"))
            for event in events
            if event.type == "result"
        },
        artifacts=tuple(from_json(Artifact, dict(event.data)) for event in events if event.type == "artifact"),
        cells=tuple(replace(cell, state=state) if cell.state == "running" else cell for cell in cell_reports(events)),
        started=started,
        ended=ended,
        duration_s=duration_s,
    )


def _said_how_far(error: RunError, run: RunId, events: Sequence[Event]) -> RunError:
    """Return *error*; a cancellation while no cell was at work says how far the run had come."""
    if error != faults.cancelled(None):
        return error
    for event in reversed(events):
        done, total = event.data.get("done"), event.data.get("total")
        if event.type == "children" and isinstance(done, int):
            return faults.sweep_cancelled(run, done=done, total=total if isinstance(total, int) else None)
    if any(event.type in CELL_STATES for event in events):
        return replace(error, summary="the run was cancelled between two cells")
    return error


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


def executing(events: Sequence[Event], notebook: str) -> faults.Where | None:
    """Return the cell that was at work after *events*; *notebook* is what messages call the original."""
    running = (cell for cell in cell_reports(events) if cell.state == "running")
    return next((faults.Where.of(cell, notebook) for cell in running), None)


def placed(error: RunError, where: faults.Where | None) -> RunError:
    """Return *error* with the cell that was at work."""
    if where is None:
        return error
    if error == faults.cancelled(None):  # which knows the words for a cell by itself
        return faults.cancelled(where)
    summary = f"{error.summary}, while executing {where.text}"
    return replace(error, summary=summary, cell=where.index, cell_name=where.name)


def write_result(path: Path, result: RunResult) -> None:
    """Replace the result record in *path*; it survives a power cut."""
    data = json.dumps(to_json(result), ensure_ascii=False, allow_nan=False, indent=1)
    write_atomic(path, data.encode("utf-8", "replace"))


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
