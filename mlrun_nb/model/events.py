"""
Events: what a run says about itself while it runs, one JSON object a line.

The runner writes them, the engine's `read` returns them, reconcile ingests them. `time` is the writer's wall clock,
`elapsed_s` its monotonic clock since the attempt began; only the second is ever used for a duration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mlrun_nb._lib.records import ALWAYS_WRITTEN, Json
from mlrun_nb.model.run import FORMAT, CellState, check_format

EventType = Literal[
    "attempt_started",  # attempt, reason
    "attempt_ended",  # attempt, exit_code, reason, retry_in_s
    "run_started",  # kernel, python, host, distributions, cells: names of all cells, roles, origins, counts: for each
    "cell_started",  # index, name
    "cell_finished",  # index, name, duration_s, cpu_s, peak_memory_bytes, output_bytes
    "cell_failed",  # the same, and ename, evalue
    "cell_cancelled",  # as cell_finished
    "result",  # name, value
    "metric",  # name, value, step
    "artifact",  # an Artifact
    "children",  # of a sweep: done, total, states: how many are in each, best, and its value and parameters
    "dask_cluster",  # address, dashboard: of the run's own
    "span",  # name, duration_s: a nested function
    "notice",  # text, hint
    "run_ended",  # state
]


CELL_STATES: Mapping[EventType, CellState] = {
    "cell_started": "running",
    "cell_finished": "succeeded",
    "cell_failed": "failed",
    "cell_cancelled": "cancelled",
}
"""The state in which an event leaves its cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event; `data` holds what the type's line in `EventType` names."""

    format: int = field(default=FORMAT, metadata=ALWAYS_WRITTEN)
    type: EventType
    time: datetime
    elapsed_s: float = 0.0
    attempt: int = 1
    data: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_format(self.format)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One point of a series that a run logs: `mn.log_metric("loss", 0.3, step=4)`."""

    name: str
    value: float
    step: int | None = None
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """
    Events and log since a cursor. `cursor` is opaque JSON for the next call; `at_end` when nothing more can follow.
    """

    events: tuple[Event, ...] = ()
    log: bytes = b""
    cursor: Json = None
    at_end: bool = False
