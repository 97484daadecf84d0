"""Looks at many runs of one namespace at once: what they share, such as a Job of many children, is read once."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb.engines.kubernetes.cluster import Cluster
from mlrun_nb.engines.kubernetes.dask_sight import pods_of
from mlrun_nb.engines.kubernetes.order import CANCEL, Order
from mlrun_nb.engines.kubernetes.sight import Sight
from mlrun_nb.errors import EngineError
from mlrun_nb.kube.attempts import completions, wanted_pods
from mlrun_nb.kube.indexes import Indexed
from mlrun_nb.kube.snapshot import Snapshot
from mlrun_nb.model.run import Observation, RunId
from mlrun_nb.model.states import PendingPhase, RunState


class Looks:
    """Looks at what *cluster* held when *snapshot* was taken."""

    def __init__(self, cluster: Cluster, snapshot: Snapshot) -> None:
        self._cluster, self._snapshot = cluster, snapshot
        self._jobs: dict[str, Indexed | EngineError] = {}

    def sight(self, run: RunId, folder: Path, order: Order) -> Sight:
        """Return a look at one run; raises EngineError where its Job cannot be asked for."""
        job = self._job(order.job)
        if order.block:
            return Sight(run, folder, order, self._cluster, *job.of(order.index), beside=job.pods)
        beside = pods_of(self._snapshot, order.dask_cluster)
        return Sight(run, folder, order, self._cluster, job.job, job.pods, beside=beside)

    def waits(self, folder: Path, order: Order) -> Observation | None:
        """Return that a run waits for others of its Job to end; None for one that does not."""
        if not order.block or (folder / CANCEL).exists():
            return None
        try:
            job = self._job(order.job)
        except EngineError:
            return None
        if job.job is None or not job.waits(order.index):
            return None
        at_once, all_of_it = wanted_pods(job.job.thing), completions(job.job.thing)
        reason = f"Job `{order.job}` executes {at_once} of its {all_of_it} children at a time"
        return Observation(state=RunState.PENDING, phase=PendingPhase.QUEUED, reason=reason)

    def _job(self, name: str) -> Indexed:
        if name not in self._jobs:
            try:
                self._jobs[name] = Indexed(*self._cluster.of(self._snapshot, name))
            except EngineError as err:
                self._jobs[name] = err
        found = self._jobs[name]
        if isinstance(found, EngineError):
            raise found
        return found
