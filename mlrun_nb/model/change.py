"""What is recorded of a run at a time: its record as it was and will be, and what one look adds beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """What one look at a run adds to the store beside the run's own record; all of it may be sent twice."""

    artifacts: Sequence[Artifact] = ()
    metrics: Sequence[Metric] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChange:
    """One change of many: *to* is recorded with *ingest* in the place of *before*, or as new where that is None."""

    before: Run | None = None
    to: Run
    ingest: Ingest = Ingest()
