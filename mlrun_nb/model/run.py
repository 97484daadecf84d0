"""
Runs: what was asked for, what is known of it, and how it ended.

`RunRequest` and `RunResult` travel as JSON files in the run directory (`format: 1`; readers take N and N-1); `Run` is
the record in the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType

from mlrun_nb._lib.records import ALWAYS_WRITTEN, Json, Scalar
from mlrun_nb.model.artifact import Artifact, InputReference
from mlrun_nb.model.function import CellRole, Version, VersionHash
from mlrun_nb.model.settings import Settings
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.model.sweep import Sweep

RunId = NewType("RunId", str)
"""12 random Crockford base32 characters; any unique prefix of at least 6 is accepted where a person types it."""

FORMAT = 1
"""
Number of the form of request, events and result; raised when a reader of the last release would misread a new one.
"""


def check_format(number: int) -> None:
    """Raise ValueError for a record written in a form that this release cannot know."""
    if number > FORMAT:
        raise ValueError(f"it was written in format {number}, and this release reads up to {FORMAT}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """
    Everything that a runner needs; written as `request.json` before an engine hears of the run.

    `parameters` holds every value in force in JSON form, defaults that are literals included; `overrides` the option
    values given for this run only, `settings` what all layers come to, `settings_digest` its digest, `sources` the
    layer of each option. `run_directory` and `artifacts` are URLs or absolute paths. `working_directory` is empty where
    the engine chooses one (`work/`). A request with a
    `sweep` is a parent's; a child has a `parent` and is its point `number`, from 0.
    """

    format: int = field(default=FORMAT, metadata=ALWAYS_WRITTEN)
    id: RunId
    version: Version
    engine: str
    profile: str = ""
    parameters: Mapping[str, Json] = field(default_factory=dict)
    inputs: Mapping[str, InputReference] = field(default_factory=dict)
    overrides: Mapping[str, Json] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    settings_digest: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    run_directory: str
    artifacts: str
    working_directory: str = ""
    python: str = ""
    parent: RunId | None = None
    number: int | None = None
    sweep: Sweep | None = None
    created: datetime

    def __post_init__(self) -> None:
        check_format(self.format)


Fault = Literal["user", "request", "product", "environment", "resources", "timeout", "cancelled"]
"""Whose move it is when a run did not succeed; the runner's exit code says the same (see `runner.exit_codes`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunError:
    """
    Why a run did not succeed.

    `cls` is a stable word such as `CellFailed`, `KernelDied`, `Timeout`, `OutOfMemory`; `summary` one line that names
    the object; `hint` the thing to do. `cell` is the index in the executed notebook, while `summary` and `traceback`,
    which has the user's frames only, name cells and lines of the original.
    """

    cls: str
    fault: Fault
    summary: str
    hint: str
    cell: int | None = None
    cell_name: str = ""
    ename: str = ""
    evalue: str = ""
    traceback: str = ""


CellState = Literal["pending", "running", "succeeded", "failed", "cancelled", "lost"]
"""A cell that was at work when its run was cancelled or lost is that too, and has not failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReport:
    """
    How one cell of the executed notebook went. Sizes in bytes; `peak_memory_bytes` covers the kernel and its children.

    `origin` is the index of the cell in the notebook that the function came from, `count` its number in the kernel that
    it came from; a generated cell has neither. Records of earlier releases have no `role` either, and call a cell
    `failed` that was at work when its run was cancelled.
    """

    index: int
    name: str
    role: CellRole | None = None
    origin: int | None = None
    count: int | None = None
    state: CellState
    duration_s: float = 0.0
    cpu_s: float = 0.0
    peak_memory_bytes: int = 0
    output_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """The truth about an ended attempt, written last as `result.json`. Durations come from a monotonic clock."""

    format: int = field(default=FORMAT, metadata=ALWAYS_WRITTEN)
    id: RunId
    attempt: int = 1
    state: Literal[RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED]
    error: RunError | None = None
    results: Mapping[str, Scalar] = field(default_factory=dict)
    artifacts: tuple[Artifact, ...] = ()
    cells: tuple[CellReport, ...] = ()
    started: datetime
    ended: datetime
    duration_s: float
    cpu_s: float = 0.0
    peak_memory_bytes: int = 0
    distributions: str = ""
    notices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_format(self.format)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an executing run is: cells done of all, and the name of the one at work."""

    done: int
    total: int
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """
    What an engine needs to find a submitted run again, from any process. JSON, so a restarted one can re-attach.

    `reach` names the place from which it can be judged (boot id and pid namespace, or a cluster's UID and namespace).
    """

    engine: str
    run: RunId
    reach: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What an engine saw of a run. `result` stands when the runner left one; `lost` only with `proof` in `reason`."""

    state: RunState
    phase: PendingPhase | None = None
    reason: str = ""
    attempt: int = 1
    result: RunResult | None = None
    error: RunError | None = None

    @classmethod
    def of(cls, result: RunResult) -> Observation:
        """Return what a runner's *result* says: the end of the run."""
        reason = result.error.summary if result.error else ""
        return cls(state=result.state, reason=reason, attempt=result.attempt, result=result, error=result.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """
    The record of one run. `sequence` orders runs of a store, `revision` counts its changes and guards each of them.

    `last_seen` is when an engine last said anything about it; `pinned` keeps it from retention. `origin` is the run
    whose outcome stands for a cached one, `saved_s` what that one took. `sweep` stands on a parent, of which `best` is
    the child whose outcome is its own; a child has its `parent` and its `number` there, from 0. One that has succeeded
    is `pruned` where the strategy asked it to end early. `notebook` is the place that its version's provenance names.
    """

    id: RunId
    sequence: int = 0
    revision: int = 0
    project: str
    function: str
    version: VersionHash
    code_hash: str
    engine: str
    profile: str = ""
    state: RunState = RunState.PENDING
    phase: PendingPhase | None = PendingPhase.SUBMITTING
    reason: str = ""
    parameters: Mapping[str, Json] = field(default_factory=dict)
    overrides: Mapping[str, Json] = field(default_factory=dict)
    results: Mapping[str, Scalar] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    error: RunError | None = None
    attempt: int = 1
    progress: Progress | None = None
    cpu_s: float = 0.0
    peak_memory_bytes: int = 0
    run_directory: str
    notebook: str = ""
    parent: RunId | None = None
    number: int | None = None
    sweep: Sweep | None = None
    best: RunId | None = None
    pruned: bool = False
    origin: RunId | None = None
    pinned: bool = False
    handle: Handle | None = None
    cursor: Json = None
    created: datetime
    started: datetime | None = None
    ended: datetime | None = None
    duration_s: float | None = None
    saved_s: float | None = None
    last_seen: datetime | None = None
    cancel_requested: datetime | None = None
