"""The engine itself: each run a Job in the namespace that its options name. A restart loses nothing of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic

from mlrun_nb._lib.records import Json
from mlrun_nb.config import Config
from mlrun_nb.engines import run_directory
from mlrun_nb.engines.enforcement import not_enforced
from mlrun_nb.engines.kubernetes import examination, manifest, rendering, sight, validation
from mlrun_nb.engines.kubernetes.block_end import wish_end
from mlrun_nb.engines.kubernetes.block_pool import BlockPool, why_singly
from mlrun_nb.engines.kubernetes.cluster import Cluster
from mlrun_nb.engines.kubernetes.delivery import ARCHIVE, deliver
from mlrun_nb.engines.kubernetes.looks import Looks
from mlrun_nb.engines.kubernetes.order import CLOSED, Order, handle_for, order_for, put_aside, read_order, write_order
from mlrun_nb.engines.kubernetes.requirements import check_request
from mlrun_nb.engines.kubernetes.submission import send
from mlrun_nb.errors import EngineError, EngineRejected
from mlrun_nb.model.events import Chunk
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.protocols.engine import EngineTraits
from mlrun_nb.protocols.pool import Pool

_ENFORCES = frozenset(
    {
        "image", "requirement", "env", "secret", "cpu", "cpu-limit", "memory", "memory-limit", "gpu", "gpu-type",
        "ephemeral-storage", "replicas", "node-selector", "affinity", "toleration", "capacity", "priority-class",
        "queue", "service-account", "context", "namespace", "pull-secret", "topology-spread", "termination-grace",
        "pod-patch", "volume", "timeout", "pending-timeout", "retries", "dask-workers", "dask-worker-cpu",
        "dask-worker-memory",
    }
)  # fmt: skip
_BEAT_S = 1.0
"""How often what a run writes is brought home while somebody looks, of few runs; see `_is_due`."""
_QUIET_BEAT_S = 30.0
"""The same where a sweep waits and nobody reads: often enough that a node has not thrown away what was printed."""
_BESIDE_EACH_OTHER = 10
"""Children of a sweep at work at once, where nobody says how many."""
_TROUBLE_S = 15.0
"""How much later than that of a run whose log could not be read."""
_SHARE_S = 0.25
"""The same for each of many: so that all of them together cost four requests a second."""


class KubernetesEngine:
    """Runs as Jobs. A run can be judged wherever its run directory is and its cluster is reached."""

    name = "kubernetes"
    traits = EngineTraits(outlives_client=True, remote=True, batches=False, enforces=_ENFORCES)

    def __init__(self, config: Config) -> None:  # noqa: ARG002  # everything stands in the options of a run
        self._clusters: dict[tuple[str, str], Cluster] = {}
        self._brought: dict[RunId, float] = {}
        self._lock = threading.Lock()

    def check(self, request: RunRequest) -> list[Notice]:
        """Return what is not enforced or will be different in a pod; raises EngineRejected for what cannot work."""
        return [
            *not_enforced(request.settings, enforces=self.traits.enforces, engine=self.name),
            *check_request(request),
        ]

    def render(self, request: RunRequest) -> str:
        """Return the manifests as YAML for `kubectl create`, without the content of the ConfigMap."""
        return rendering.render(request, self._order(request))

    def prepare(self, request: RunRequest) -> RunRequest:
        """Return *request* as it is: an image has what it has, and requirements are installed in the pod."""
        return request

    def distributions(self, request: RunRequest) -> str:  # noqa: ARG002  # an image is known by what runs in it
        """Return nothing: what an image holds is known once something runs in it."""
        return ""

    def submit(self, requests: Sequence[RunRequest]) -> Mapping[RunId, Handle]:
        """Create the Job of each run and what it owns, or find it."""
        return {request.id: self._submit(request) for request in requests}

    def restart(self, request: RunRequest) -> Handle:
        """Submit an ended run once more, as another Job; see Restartable."""
        if not (Path(request.run_directory) / CLOSED).exists():
            raise EngineRejected(
                f"run {request.id} is at work", hint=f"Follow it: `mlrun-nb logs --follow {request.id[:6]}`."
            )
        put_aside(request.run_directory)
        return self._submit(request)

    def observe(self, handles: Sequence[Handle]) -> Mapping[RunId, Observation]:
        """Return what is known of each run whose run directory is here; an open one out of reach is left out."""
        return self._look(handles, is_quiet=False)

    def _look(self, handles: Sequence[Handle], *, is_quiet: bool) -> Mapping[RunId, Observation]:
        """Look for somebody who reads, or *quiet*ly for one who only waits."""
        seen: dict[RunId, Observation] = {}
        open_runs: dict[tuple[str, str], list[tuple[Handle, Path, Order]]] = {}
        for handle in handles:
            folder, order = _home(handle)
            if order is None:
                continue
            known = sight.closed(folder)
            if known is not None:
                seen[handle.run] = known
            else:
                open_runs.setdefault((order.context, order.namespace), []).append((handle, folder, order))
        for place, runs in open_runs.items():
            seen |= self._observe(self._cluster(*place), runs, is_quiet=is_quiet)
        return seen

    def read(self, handle: Handle, cursor: Json, *, log: bool = True) -> Chunk:
        """Return events and log since *cursor*; what is new is brought home at most once a second."""
        folder, order = _home(handle)
        if order is None:
            return Chunk(cursor=cursor)
        if not (folder / CLOSED).exists() and self._is_stale(handle.run):
            self.observe([handle])
        return run_directory.read_chunk(folder, cursor, log=log, closed=(folder / CLOSED).exists())

    def cancel(self, handle: Handle) -> None:
        """
        Delete the Job and bring home its last words, which may take as long as a pod has to end.

        Raises EngineRejected for a child of a sweep that shares its Job with others whose end nobody has wished.
        """
        folder, order = _home(handle)
        if order is None or (folder / CLOSED).exists():
            return
        cluster = self._cluster(order.context, order.namespace)
        if dict(handle.reach) != cluster.reach:
            return
        if order.block:
            wish_end(cluster, folder, order)
            return
        job, pods = cluster.of(cluster.look(), order.job)
        if job is not None:
            sight.Sight(handle.run, folder, order, cluster, job, pods).cancel()

    def slots(self, request: RunRequest) -> int:  # noqa: ARG002  # a cluster has a scheduler of its own
        """Return how many children are asked for at once where nobody says."""
        return _BESIDE_EACH_OTHER

    def pool(self, request: RunRequest, *, slots: int, is_adaptive: bool) -> Pool | str:
        """Return a pool of Indexed Jobs; see Pooling."""
        if reason := why_singly(request, is_adaptive=is_adaptive):
            return reason
        order = self._order(request)
        cluster = self._cluster(order.context, order.namespace)
        if not cluster.knows_indexes():
            return "its cluster is older than Kubernetes 1.29, and would count failures of all children together"
        return BlockPool(partial(self._look, is_quiet=True), cluster, request, slots=slots)

    def examine(self, request: RunRequest, *, probe: bool) -> Iterator[Finding]:
        """Yield what is found of the cluster and, with *probe*, by a pod in it; see `protocols.engine.Examinable`."""
        order = self._order(request)
        return examination.examine(self._cluster(order.context, order.namespace).api, request, order, probe=probe)

    def validate(self, request: RunRequest) -> Sequence[Notice]:
        """Have the API server check what would be sent, and return its warnings."""
        order = self._order(request)
        return validation.validate(self._cluster(order.context, order.namespace).api, request, order)

    def close(self) -> None:
        """Stop watching clusters."""
        with self._lock:
            clusters, self._clusters = self._clusters, {}
        for cluster in clusters.values():
            cluster.close()

    def _submit(self, request: RunRequest) -> Handle:
        order = self._order(request)
        cluster = self._cluster(order.context, order.namespace)
        if not (Path(request.run_directory) / CLOSED).exists():
            delivery = deliver(request, order.way)
            order = replace(order, fetch=f"{order.url}/{ARCHIVE}") if delivery.stored is not None else order
            order = write_order(request, order)
            send(cluster, request, order, delivery)
        return handle_for(request, order, cluster.reach)

    def _order(self, request: RunRequest) -> Order:
        return order_for(request, grace_s=manifest.grace_s(request))

    def _observe(
        self, cluster: Cluster, runs: Sequence[tuple[Handle, Path, Order]], *, is_quiet: bool
    ) -> dict[RunId, Observation]:
        try:
            here = cluster.reach
            snapshot = cluster.look()
        except EngineError:
            return {}  # a cluster that is away says nothing about its runs
        looks = Looks(cluster, snapshot)
        own = [run for run in runs if dict(run[0].reach) == here]
        seen = {handle.run: waiting for handle, folder, order in own if (waiting := looks.waits(folder, order))}
        left = [run for run in own if run[0].run not in seen]
        share_s = max(_QUIET_BEAT_S if is_quiet else _BEAT_S, _SHARE_S * len(left))
        for handle, folder, order in left:
            try:
                look = looks.sight(handle.run, folder, order)
                seen[handle.run] = look.observation(is_due=self._is_due(handle.run, share_s, is_quiet=is_quiet))
                if look.trouble:
                    self._put_off(handle.run)
            except EngineError:
                continue
        return seen

    def _is_stale(self, run: RunId) -> bool:
        with self._lock:
            return monotonic() - self._brought.get(run, -_BEAT_S) >= _BEAT_S

    def _is_due(self, run: RunId, share_s: float, *, is_quiet: bool) -> bool:
        """Tell whether it is time to bring home what *run* has written, and note that it will be done now."""
        with self._lock:
            first = monotonic() if is_quiet else -share_s
            is_due = monotonic() - self._brought.setdefault(run, first) >= share_s
            if is_due:
                self._brought[run] = monotonic()
            return is_due

    def _put_off(self, run: RunId) -> None:
        """Leave what *run* has written alone for a while: it costs others their turn."""
        with self._lock:
            self._brought[run] = monotonic() + _TROUBLE_S

    def _cluster(self, context: str, namespace: str) -> Cluster:
        with self._lock:
            place = (context, namespace)
            if place not in self._clusters:
                self._clusters[place] = Cluster(context, namespace)
            return self._clusters[place]


def _home(handle: Handle) -> tuple[Path, Order | None]:
    """Return the run directory of *handle* and its order; None where it is not here."""
    folder = handle.data.get("run_directory")
    return (Path(folder), read_order(folder)) if isinstance(folder, str) else (Path(), None)
