"""
What can be said of a Job: the records that `diagnose` gives, and how long each state may last.

The words in `cls` are what programs go by, and stay; `classes` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mlrun_nb._lib.records import Json
from mlrun_nb.model.run import Fault, RunError
from mlrun_nb.model.states import PendingPhase


class JobState(StrEnum):
    """Where a Job stands, without regard to what its runner recorded: a result record beats all of it."""

    PENDING = "pending"
    RUNNING = "running"
    """Also a pod that is being ended: its runner may still leave a result."""
    COMPLETE = "complete"
    """It ended well as far as Kubernetes knows; class and summary are for a run that left no result record."""
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
class Finding:
    """
    Something that is wrong: a stable word, whose move it is, one line that names the object, the thing to do.

    `evidence` is what was read, as JSON. An empty `cls` is no finding.
    """

    cls: str = ""
    fault: Fault = "environment"
    summary: str = ""
    hint: str = ""
    evidence: Mapping[str, Json] = field(default_factory=dict)

    def error(self) -> RunError:
        """Return the finding as the error of a run."""
        return RunError(cls=self.cls, fault=self.fault, summary=self.summary, hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(Finding):
    """
    What a Job, its pods and its events come to.

    `since` is when the state began, where known, and `is_overdue` whether its grace has passed: then the engine deletes
    the Job and fails the run with this. `pod` is the pod in question, `attempt` counts from 1, `exit_code` is that of
    its main container.
    """

    state: JobState
    phase: PendingPhase | None = None
    since: datetime | None = None
    is_overdue: bool = False
    pod: str = ""
    attempt: int = 1
    exit_code: int | None = None


def found(finding: Finding, like: Diagnosis) -> Diagnosis:
    """Return the diagnosis *like*, with what *finding* says."""
    return replace(
        like,
        cls=finding.cls,
        fault=finding.fault,
        summary=finding.summary,
        hint=finding.hint,
        evidence=finding.evidence,
    )


def is_over(since: datetime | None, grace_s: float | None, now: datetime) -> bool:
    """Tell whether what began at *since* has lasted longer than *grace_s*."""
    return since is not None and grace_s is not None and now > since + timedelta(seconds=grace_s)
