"""
Runs on clusters on Kubernetes: given to the scheduler when it is there, which may be long after they were submitted.

Submitting begins the cluster and writes the order; whoever looks next hands the run over. A run that no worker has
begun is given again to the scheduler that its cluster has by then. It fails for what keeps the cluster from being
there, or any worker of it, once that has lasted for as long as it may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, sleep

from mlrun_nb._lib.clock import now
from mlrun_nb.engines import supervisor_view
from mlrun_nb.engines.dask import away
from mlrun_nb.engines.dask.asking import Asked
from mlrun_nb.engines.dask.clusters import Clusters
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.handing import Hand
from mlrun_nb.engines.dask.homecoming import Homecoming
from mlrun_nb.engines.dask.kubernetes.hindrance import hindrance
from mlrun_nb.engines.dask.kubernetes.place import Place
from mlrun_nb.engines.dask.kubernetes.shape import Owner, check_fits, offered_by, plan_for, target_for
from mlrun_nb.engines.dask.order import FILE, Order, key_of, write_order
from mlrun_nb.engines.dask.sight import Sight
from mlrun_nb.engines.dask.survey import resources_of
from mlrun_nb.engines.dask.target import Target
from mlrun_nb.engines.dask.unbegun import end_unbegun
from mlrun_nb.engines.kubernetes.order import shared_directory
from mlrun_nb.errors import ArtifactError, EngineRejected, EngineUnavailable
from mlrun_nb.kube.diagnosis import Diagnosis
from mlrun_nb.kube.objects import JsonObject, uid_of
from mlrun_nb.model.run import Handle, Observation, RunError, RunId, RunRequest, RunResult
from mlrun_nb.model.states import PendingPhase, RunState

_PATIENCE_S = 600.0
"""How long a run waits for a cluster that something hinders, where `--pending-timeout` does not say."""
_LOOKS_EACH_S = 1.0
_WAITED = ".waited"
"""Touched at each look, so that how long a run waits is told by the clock that stamped its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """
    A cluster at one time: the object `found`, its scheduler if it is reached, and what hinders it.

    `has_workers` is only known where something hinders another one.
    """

    found: JsonObject | None
    connection: Connection | None
    states: Mapping[str, str | None]
    trouble: Diagnosis | None
    has_workers: bool


class Runs:
    """Runs of *owner*, on clusters that *clusters* leads to, handed over by *hand*."""

    def __init__(self, owner: Owner, clusters: Clusters, hand: Hand, homecoming: Homecoming) -> None:
        self.owner = owner
        self._clusters, self._hand, self._homecoming = clusters, hand, homecoming

    def check(self, request: RunRequest) -> None:
        """Raise EngineRejected for a run that nobody there could execute, or bring home."""
        check_fits(request.settings)
        _way_home(request)

    def submit(self, request: RunRequest) -> Handle:
        """Begin the cluster, or find it, and give it the run where it is there already; raises EngineError."""
        check_fits(request.settings)
        url = _way_home(request)
        target = target_for(request.settings, self.owner)
        place = self._clusters.place(target)
        found = place.begin(plan_for(request.settings, self.owner))
        offered = offered_by(request.settings)
        wanted = Order(
            target=target,
            scheduler=uid_of(found),
            key=key_of(request),
            resources=resources_of(request.settings.resources, offered),
            reach=place.reach,
            url=url,
            pending_timeout_s=request.settings.policy.pending_timeout_s,
        )
        order = write_order(request, wanted)
        if order.url:
            away.send(request, order.url)
        with suppress(EngineUnavailable):
            connection = self._clusters.reached(target)
            if connection is not None:
                self._hand.give(connection, order, request.id, Path(request.run_directory))
        return order.handle(request)

    def awaited(self, request: RunRequest) -> Connection:
        """
        Return the connection to the cluster, begun where it is not there, once it has a worker.

        Raises EngineRejected for what hinders it for longer than it may.
        """
        settings, began = request.settings, monotonic()
        target = target_for(settings, self.owner)
        place = self._clusters.place(target)
        limit_s = _PATIENCE_S if settings.policy.pending_timeout_s is None else settings.policy.pending_timeout_s
        found = place.begin(plan_for(settings, self.owner))
        while True:
            with suppress(EngineUnavailable):
                connection = self._clusters.reached(target)
                if connection is not None and connection.has_workers():
                    return connection
            told = hindrance(place, found)
            if monotonic() - began > limit_s or (told is not None and told.is_overdue):
                summary = told.summary if told is not None else f"DaskCluster `{target.cluster}` has no worker"
                hint = told.hint if told is not None and told.hint else "See `mlrun-nb doctor --on PROFILE`."
                raise EngineRejected(summary, hint=hint, cls=told.cls if told is not None and told.cls else "NoWorkers")
            sleep(_LOOKS_EACH_S)

    def observe(self, target: Target, runs: Sequence[tuple[Sight, Order]]) -> dict[RunId, Observation]:
        """Return what is known of *runs*, none of which has ended by its files; raises EngineUnavailable."""
        place = self._clusters.place(target)
        here = [(sight, order) for sight, order in runs if dict(order.reach) == dict(place.reach)]
        if not here:
            return {}
        turns = [away.turn_of(sight.folder)[0] for sight, _ in here]  # before their tasks are asked for
        look = self._look(place, target, [order.key for _, order in here])
        return {
            sight.run: self._observe(look, sight, order, turn) for (sight, order), turn in zip(here, turns, strict=True)
        }

    def _look(self, place: Place, target: Target, keys: Sequence[str]) -> _Look:
        found = place.find(target.cluster)
        connection = self._clusters.reached(target) if found is not None else None
        trouble = None if found is None else hindrance(place, found)
        return _Look(
            found=found,
            connection=connection,
            states=connection.states(keys) if connection is not None else {},
            trouble=trouble,
            has_workers=connection is not None and trouble is not None and connection.has_workers(),
        )

    def _observe(self, look: _Look, sight: Sight, order: Order, turn: int) -> Observation:
        connection = look.connection
        seen = Asked(sight, order, state=look.states.get(order.key), turn=turn).observation(
            self._homecoming,
            is_same=look.found is not None and uid_of(look.found) == order.scheduler,
            resubmit=partial(self._give, connection) if connection is not None else _wait,
            said=connection.said if connection is not None else _nothing,
        )
        if seen.state is not RunState.PENDING or seen.phase not in {PendingPhase.QUEUED, PendingPhase.STARTING}:
            return seen
        return self._hindered(look, sight, order, seen)

    def _hindered(self, look: _Look, sight: Sight, order: Order, seen: Observation) -> Observation:
        """Return *seen*, of a run that waits, with what keeps its cluster or a worker from being there."""
        trouble = look.trouble
        if look.connection is not None and (trouble is None or look.has_workers):
            more = f"; for another worker {trouble.summary}" if trouble is not None and trouble.cls else ""
            return supervisor_view.pending(seen.phase or PendingPhase.QUEUED, f"{seen.reason}{more}")
        if trouble is None:
            return supervisor_view.pending(PendingPhase.STARTING, "the scheduler of its Dask cluster is starting")
        if trouble.cls and _is_too_long(sight.folder, order, trouble):
            self._end(look.connection, sight, order, trouble.error())
            if look.connection is None:
                self._clusters.place(order.target).give_up(order.target.cluster, uid=order.scheduler)
            return sight.known() or seen
        return supervisor_view.pending(trouble.phase or PendingPhase.STARTING, trouble.summary)

    def _give(self, connection: Connection, sight: Sight, order: Order, turn: int) -> None:
        """Give a run to its cluster whose scheduler does not know it; it ends where no worker can execute it."""
        try:
            if order.url:
                away.next_turn(sight.folder, order.url, turn)
            self._hand.give(connection, order, sight.run, sight.folder)
        except (EngineUnavailable, ArtifactError):
            return  # another look will do it
        except EngineRejected as err:
            error = RunError(cls=err.cls, fault="environment", summary=err.message, hint=err.hint)
            self._end(connection, sight, order, error)

    def _end(self, connection: Connection | None, sight: Sight, order: Order, error: RunError) -> None:
        moment = now()
        result = RunResult(
            id=sight.run, state=RunState.FAILED, error=error, started=moment, ended=moment, duration_s=0.0
        )
        if end_unbegun(sight.folder, result) and connection is not None:
            with suppress(EngineUnavailable):
                connection.cancel(order.key)


def _is_too_long(folder: Path, order: Order, trouble: Diagnosis) -> bool:
    """Tell whether the run in *folder* has waited for as long as it may; without a limit *trouble* has its own."""
    last = folder / f"{FILE}{_WAITED}"
    last.touch()
    waited_s = last.stat().st_mtime - (folder / FILE).stat().st_mtime
    if order.pending_timeout_s is None:
        return trouble.is_overdue or waited_s > _PATIENCE_S
    return waited_s > order.pending_timeout_s


def _way_home(request: RunRequest) -> str:
    """
    Return behind which URL the files of a run go, empty where pods have its directory at the same path.

    Raises EngineRejected where there is no way home.
    """
    if shared_directory(request):
        return ""
    url = away.url_of(request.artifacts)
    if not url:
        raise EngineRejected(
            f"no worker on Kubernetes would see `{request.run_directory}`, and there is no object store between",
            hint="Set `artifacts: s3://bucket/folder` in project.yaml, or keep runs in a volume that pods have at the "
            "same path: `volume: pvc:CLAIM:PATH` in the profile.",
            cls="WorkerSeesNothing",
        )
    return url


def _wait(sight: Sight, order: Order, turn: int) -> None:
    """Do nothing: there is nobody to give a run to."""


def _nothing(run: str) -> str:  # noqa: ARG001  # as of a scheduler that has heard nothing
    return ""
