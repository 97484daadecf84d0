"""The engine itself: each run a task of the cluster that its options name. A restart loses nothing of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb._lib.records import Json
from mlrun_nb.config import Config
from mlrun_nb.engines import overlay, run_directory
from mlrun_nb.engines.dask import away, examination
from mlrun_nb.engines.dask.asking import Asked
from mlrun_nb.engines.dask.clusters import Clusters
from mlrun_nb.engines.dask.handing import Hand
from mlrun_nb.engines.dask.homecoming import Homecoming
from mlrun_nb.engines.dask.kubernetes import examination as operated_examination
from mlrun_nb.engines.dask.kubernetes.runs import Runs
from mlrun_nb.engines.dask.kubernetes.shape import Owner, plan_for, rendered, target_for
from mlrun_nb.engines.dask.kubernetes.standing import OnKubernetes, standings
from mlrun_nb.engines.dask.order import Order, key_of, read_order, write_order
from mlrun_nb.engines.dask.ours import OfThisMachine, Ours
from mlrun_nb.engines.dask.pool import BatchPool, children_seen
from mlrun_nb.engines.dask.sight import Sight
from mlrun_nb.engines.dask.survey import resources_of, uncounted, why_singly
from mlrun_nb.engines.dask.target import OWN, Target, target_of
from mlrun_nb.engines.dask.unbegun import end_unbegun
from mlrun_nb.engines.enforcement import not_enforced
from mlrun_nb.engines.fork_pool import CANCEL
from mlrun_nb.engines.supervisor import files
from mlrun_nb.engines.supervisor.verdict import cancelled_before
from mlrun_nb.errors import ArtifactError, EngineError, EngineRejected, EngineUnavailable
from mlrun_nb.model.cluster import Cluster
from mlrun_nb.model.events import Chunk
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.settings import ON_KUBERNETES, Settings
from mlrun_nb.protocols.engine import EngineTraits
from mlrun_nb.protocols.pool import Pool

_ENFORCES = frozenset(
    {
        "env", "secret", "cpu", "memory", "memory-limit", "gpu", "timeout", "retries", "backoff", "dask-address",
        "dask-idle-timeout", "dask-tls-ca", "dask-tls-cert", "dask-tls-key",
    }
)  # fmt: skip
_OWN_ENFORCES = frozenset({"requirement", "isolated"})
"""What a cluster of this machine has beside it: environments are made here."""
_OPERATED_ENFORCES = frozenset(
    {
        "image", "dask-workers", "dask-worker-cpu", "dask-worker-memory", "gpu-type", "node-selector", "affinity",
        "toleration", "capacity", "priority-class", "service-account", "context", "namespace", "pull-secret", "volume",
        "pending-timeout",
    }
)  # fmt: skip
"""What one on Kubernetes has beside it: these say what its pods are like, and where."""


class DaskEngine:
    """Runs as tasks. A run can be judged wherever its run directory is and its scheduler is reached."""

    name = "dask"
    traits = EngineTraits(
        outlives_client=True,
        remote=False,
        enforces=_ENFORCES,
        limits="a supervisor on the machine of the worker keeps the limits of each run",
    )

    def __init__(self, config: Config) -> None:
        self._environments = config.environments
        self._home = config.home
        self._clusters, self._hand = Clusters(config.home), Hand(config.home)
        self._homecoming, self._owner = Homecoming(), Owner.of(config.home)
        self._runs = Runs(self._owner, self._clusters, self._hand, self._homecoming)

    def prepare(self, request: RunRequest) -> RunRequest:
        """Return *request* with an interpreter that has what it requires, where workers are on this machine."""
        if request.python or not target_of(request.settings.dask).is_own:
            return request
        return replace(request, python=overlay.python_for(request.settings.environment, self._environments))

    def distributions(self, request: RunRequest) -> str:  # noqa: ARG002  # a worker is known by what runs on it
        """Return nothing: what a worker has installed is known once something runs there."""
        return ""

    def check(self, request: RunRequest) -> list[Notice]:
        """Return what is not enforced or not counted; raises EngineRejected where no worker can execute it."""
        target = self._target(request.settings)
        enforces = self.traits.enforces | (_OWN_ENFORCES if target.is_own else frozenset())
        enforces |= _OPERATED_ENFORCES if target.is_operated else frozenset()
        found = not_enforced(request.settings, enforces=enforces, engine=self.name)
        found += _notices_of_secrets(request, kept={"file", "kubernetes"} if target.is_operated else {"file"})
        if target.is_operated:
            self._runs.check(request)
        if target.is_own:
            found += overlay.notices(request.settings.environment, self._environments)
        connection = self._clusters.reached(target)
        if connection is None:
            return found
        known = self._hand.survey(connection, request)
        known.refuse()
        return [*found, *known.notices(), *uncounted(request.settings.resources, known)]

    def render(self, request: RunRequest) -> str:
        """Return what the task is, and where it goes, as text."""
        target = self._target(request.settings)
        where = "a cluster of this machine, started where there is none" if target.is_own else target.address
        if target.is_operated:
            where = f"that of DaskCluster {target.cluster}, begun where there is none"
        text = f"# scheduler: {where}\n# task: {key_of(request)}\n{request.run_directory}\n"
        return text + (rendered(plan_for(request.settings, self._owner)) if target.is_operated else "")

    def submit(self, requests: Sequence[RunRequest]) -> Mapping[RunId, Handle]:
        """Give each run that has not begun to its cluster as a task, or find it."""
        return {request.id: self._submit(request) for request in requests}

    def observe(self, handles: Sequence[Handle]) -> Mapping[RunId, Observation]:
        """Return what is known of each run whose run directory is here; an open one out of reach is left out."""
        seen: dict[RunId, Observation] = {}
        asked: dict[Target, list[tuple[Sight, Order]]] = {}
        children: list[Handle] = []
        for handle in handles:
            if "batch" in handle.data:
                children.append(handle)
                continue
            sight, order = _home(handle)
            if sight is None or order is None:
                continue
            if order.url and order.is_reached(handle) and not sight.is_closed():
                self._homecoming.look(handle.run, sight.folder, order.url)
            known = sight.known()
            if known is not None and (known.state.is_final or order.is_reached(handle)):
                seen[handle.run] = known
            elif known is None and order.is_reached(handle):
                asked.setdefault(order.target, []).append((sight, order))
        for target, runs in asked.items():
            with suppress(EngineUnavailable):
                seen |= self._runs.observe(target, runs) if target.is_operated else self._ask(target, runs)
        return seen | children_seen(children, self._clusters.reached)

    def read(self, handle: Handle, cursor: Json, *, log: bool = True) -> Chunk:
        """Return events and log since *cursor*, at most a mebibyte of each."""
        sight, order = _home(handle)
        if sight is not None and "batch" in handle.data:
            closed = run_directory.read_result(sight.folder) is not None
            return run_directory.read_chunk(sight.folder, cursor, log=log, closed=closed)
        if sight is None or order is None:
            return Chunk(cursor=cursor)
        if not sight.is_closed():
            self._homecoming.look(handle.run, sight.folder, order.url)
        return run_directory.read_chunk(sight.folder, cursor, log=log, closed=sight.is_closed())

    def cancel(self, handle: Handle) -> None:
        """Leave the wish in the run directory, where the supervisor finds it; a run that no worker has ends at once."""
        sight, order = _home(handle)
        if sight is not None and "batch" in handle.data:
            (sight.folder / CANCEL).touch(exist_ok=True)
        if sight is None or order is None or sight.is_closed():
            return
        sight.wish_end()
        if order.url:
            away.wish_end(order.url)
            self._homecoming.look(handle.run, sight.folder, order.url, at_once=True)  # it may have begun
        if end_unbegun(sight.folder, cancelled_before(handle.run)):
            with suppress(EngineUnavailable):
                connection = self._clusters.reached(order.target)
                if connection is not None:
                    connection.cancel(order.key)

    def slots(self, request: RunRequest) -> int:
        """Return how many children fit beside each other on the workers that can execute them."""
        target = self._target(request.settings)
        if target.is_operated:  # it grows with its work
            return plan_for(request.settings, self._owner).slots
        connection = self._clusters.started(target)
        return max(1, sum(worker.slots for worker in self._hand.survey(connection, request).fit))

    def pool(self, request: RunRequest, *, slots: int, is_adaptive: bool) -> Pool | str:
        """Return a pool of batches; see Pooling."""
        target = self._target(request.settings)
        connection = self._runs.awaited(request) if target.is_operated else self._clusters.started(target)
        known = self._hand.survey(connection, request)
        known.refuse()
        if reason := why_singly(request, known, is_adaptive=is_adaptive):
            return reason
        return BatchPool(
            partial(self._clusters.connected, target),
            target,
            request,
            slots=slots,
            resources=resources_of(request.settings.resources, known.offered),
            workers=known.only,
        )

    def examine(self, request: RunRequest, *, probe: bool) -> Iterator[Finding]:
        """Yield what is found of the cluster and its workers; with *probe* also what a task comes to."""
        if self._target(request.settings).is_operated:
            return operated_examination.examine(self._clusters, self._runs, request, probe=probe)
        return examination.examine(self._clusters, request, probe=probe)

    def validate(self, request: RunRequest) -> Sequence[Notice]:
        """Ask the workers, and return what there is to know of them; raises EngineRejected."""
        return self.check(request)

    def cluster(self, settings: Settings) -> Cluster | None:
        """Return the cluster of ours as it stands; see Clustered."""
        ours = self._ours(settings)
        return ours.standing() if ours is not None else None

    def begin_cluster(self, settings: Settings) -> Cluster:
        """Begin the cluster of ours, or find it."""
        return self._changed(settings).begin()

    def clusters(self, settings: Settings) -> Sequence[Cluster]:
        """Return all clusters of ours at a place; a machine has one."""
        target = self._target(settings)
        if target.is_operated:
            return standings(self._clusters, self._owner, settings)
        found = self.cluster(settings)
        return [found] if found is not None else []

    def scale_cluster(self, settings: Settings, *, name: str = "", least: int, most: int, force: bool) -> Cluster:
        """Give the cluster of ours another number of workers; one of this machine has no range."""
        return self._changed(settings, name).scale(least=least, most=most, force=force)

    def end_cluster(self, settings: Settings, *, name: str = "", force: bool) -> bool:
        """End the cluster of ours."""
        return self._changed(settings, name).end(force=force)

    def close(self) -> None:
        """Let go of the schedulers; what they have goes on."""
        self._clusters.close()

    def _submit(self, request: RunRequest) -> Handle:
        folder = Path(request.run_directory)
        order = read_order(request.run_directory)
        if order is not None and files.read_state(request.run_directory) is not None:
            return order.handle(request)
        target = self._target(request.settings)
        if target.is_operated:
            return self._runs.submit(request)
        connection = self._clusters.started(target, idle_timeout_s=request.settings.dask.dask_idle_timeout_s)
        known = self._hand.survey(connection, request)
        wanted = Order(
            target=target,
            scheduler=connection.scheduler,
            key=key_of(request),
            resources=resources_of(request.settings.resources, known.offered),
            reach=processes.place() if target.is_own else {"scheduler": connection.scheduler},
            url=away.url_of(request.artifacts) if known.is_away else "",
        )
        order = write_order(request, wanted)
        if order.url:
            away.send(request, order.url)
        self._hand.give(connection, order, request.id, folder)
        return order.handle(request)

    def _resubmit(self, sight: Sight, order: Order, turn: int) -> None:
        """Give a run that is without a worker to another; *turn* is whose it was before."""
        with suppress(EngineError, ArtifactError):
            if order.url:
                away.next_turn(sight.folder, order.url, turn)
            self._hand.give(self._clusters.started(order.target), order, sight.run, sight.folder)

    def _ask(self, target: Target, runs: Sequence[tuple[Sight, Order]]) -> dict[RunId, Observation]:
        turns = [away.turn_of(sight.folder)[0] for sight, _ in runs]
        connection = self._clusters.reached(target)
        states = connection.states([order.key for _, order in runs]) if connection else {}
        scheduler = connection.scheduler if connection else ""
        said = connection.said if connection else lambda _: ""
        return {
            sight.run: Asked(sight, order, state=states.get(order.key), turn=turn).observation(
                self._homecoming, is_same=scheduler == order.scheduler, resubmit=self._resubmit, said=said
            )
            for (sight, order), turn in zip(runs, turns, strict=True)
        }

    def _target(self, settings: Settings) -> Target:
        on_kubernetes = settings.dask.dask_address == ON_KUBERNETES
        return target_for(settings, self._owner) if on_kubernetes else target_of(settings.dask)

    def _ours(self, settings: Settings, name: str = "") -> Ours | None:
        """Return the cluster of ours that *settings* mean, or *name* at their place; None where they mean another."""
        target = self._target(settings)
        if target.is_operated:
            return OnKubernetes(self._clusters, self._owner, settings, name)
        return OfThisMachine(home=self._home, settings=settings) if target.is_own else None

    def _changed(self, settings: Settings, name: str = "") -> Ours:
        ours = self._ours(settings, name)
        if isinstance(ours, OfThisMachine) and name not in {"", OWN}:
            raise EngineRejected(
                f"this machine has no Dask cluster `{name}`", hint="Those of yours are listed by `mlrun-nb dask list`."
            )
        if ours is None:
            raise EngineRejected(
                f"the cluster at `{target_of(settings.dask).address}` is not ours to begin, change or end",
                hint="Give `--on` a profile whose `dask-address` is `local` or `kubernetes`.",
            )
        return ours


def _home(handle: Handle) -> tuple[Sight | None, Order | None]:
    """Return a look at the run of *handle* and its order; None where its run directory is not here."""
    folder = handle.data.get("run_directory")
    if not isinstance(folder, str) or not Path(folder).is_dir():
        return None, None
    return Sight(handle.run, Path(folder)), read_order(folder)


def _notices_of_secrets(request: RunRequest, *, kept: Collection[str]) -> list[Notice]:
    """Return a notice for each secret whose reference is of another kind than those that workers have kept for it."""
    return [
        Notice(
            text=f"`--secret {name}={reference}` is looked up where the worker runs, not here",
            hint="Workers must have it, or give it as `file:PATH` on a file system that they share with you.",
        )
        for name, reference in request.settings.environment.secret.items()
        if reference.partition(":")[0] not in kept
    ]
