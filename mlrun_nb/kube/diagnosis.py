"""What can be said of a Job: the record that `diagnose` gives, the classes it may name, and how long each may last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mlrun_nb._lib.records import Json
from mlrun_nb.model.run import Fault
from mlrun_nb.model.states import PendingPhase


class JobState(StrEnum):
    """Where a Job stands, without regard to what its runner recorded: a result record beats all of it."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETE = "complete"
    """It ended well as far as Kubernetes knows. Without a result record, `cls` and `summary` say that."""
    FAILED = "failed"
    LOST = "lost"
    """There is proof that it cannot go on, and nothing says how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grace:
    """
    How long, in seconds, a state may last before the run is given up; None for ever.

    `unschedulable_s` counts from the scheduler's first refusal, `image_s`, `config_s` and `mount_s` from when the pod
    was given a node, `no_pod_s` from the creation of a Job for which no pod can be made, `node_s` from when the node
    was last heard of. What cannot mend itself (a name that is no image's name) has no grace.
    """

    unschedulable_s: float | None = 600.0
    image_s: float | None = 180.0
    config_s: float | None = 60.0
    mount_s: float | None = 180.0
    no_pod_s: float | None = 60.0
    node_s: float | None = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """
    What a Job, its pods and its events come to.

    `cls` is a stable word of `docs/reference`, empty where nothing is wrong; `summary` one line naming the object,
    `hint` the thing to do; `fault` whose move it is. `evidence` is what was read, as JSON. `since` is when this state
    began, where known, and `is_overdue` whether its grace has passed: then the engine deletes the Job and fails the run
    with this. `pod` is the pod in question, `attempt` counts from 1. `exit_code` is that of the main container.
    """

    state: JobState
    phase: PendingPhase | None = None
    cls: str = ""
    fault: Fault = "environment"
    summary: str = ""
    hint: str = ""
    evidence: Mapping[str, Json] = field(default_factory=dict)
    since: datetime | None = None
    is_overdue: bool = False
    pod: str = ""
    attempt: int = 1
    exit_code: int | None = None
