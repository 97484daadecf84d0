"""Bring home what the pods of a run have written so far: from their logs, or from the folder that they write to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.folder import Folder, open_folder
from mlrun_nb.engines.kubernetes.mirror import Mirror, PodState
from mlrun_nb.engines.kubernetes.names import CONTAINER
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.kube.logs import Piece, PodLog
from mlrun_nb.kube.objects import metadata, name_of, parts
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.kube.transport import Api
from mlrun_nb.runner import layout

_INDEX = "batch.kubernetes.io/job-completion-index"
_WHOLE = (layout.DISTRIBUTIONS, layout.OUTPUT, layout.RESULT)


def bring(mirror: Mirror, api: Api, pods: Sequence[Seen], order: Order) -> None:
    """Bring home all that is there now; raises EngineUnavailable and ArtifactError."""
    if order.shared:
        return
    for seen in filter(has_started, pods):
        pod = mirror.pod(name_of(seen.thing), rank=rank_of(seen))
        if pod.done:
            continue
        if order.url and pod.rank == 0:
            _from_folder(mirror, name_of(seen.thing), pod, order, is_over=has_ended(seen))
        else:
            _from_log(mirror, api, seen, pod, order)


def follow(mirror: Mirror, api: Api, seen: Seen, order: Order, *, patience_s: float) -> None:
    """Bring home what a pod that was told to end still writes, until it has ended."""
    name, pod = name_of(seen.thing), mirror.pod(name_of(seen.thing), rank=rank_of(seen))
    for piece in PodLog(api, name, CONTAINER).follow(_cursor(pod), patience_s=patience_s):
        pod = _take(mirror, name, pod, piece, order)


def rank_of(seen: Seen) -> int:
    """Return the number of a replica, 0 for a run that is alone."""
    return int(metadata(seen.thing).get("annotations", {}).get(_INDEX, 0))


def is_alone(seen: Seen) -> bool:
    """Tell whether the pod is no replica among others."""
    return _INDEX not in metadata(seen.thing).get("annotations", {})


def has_started(seen: Seen) -> bool:
    """Tell whether the container of the run has a log."""
    return any(state for state in ("running", "terminated") if _container_state(seen).get(state))


def has_ended(seen: Seen) -> bool:
    """Tell whether the container of the run has ended, or its pod is gone."""
    phase = cast("Mapping[str, object]", seen.thing.get("status", {})).get("phase")
    return seen.gone is not None or bool(_container_state(seen).get("terminated")) or phase in {"Succeeded", "Failed"}


def terminated(seen: Seen) -> Mapping[str, Json]:
    """Return how the container of the run ended, as its pod says; empty where it has not."""
    found = _container_state(seen).get("terminated")
    return found if isinstance(found, Mapping) else {}


def _container_state(seen: Seen) -> Mapping[str, Json]:
    statuses = (each for each in parts(seen.thing, "status", "containerStatuses") if each.get("name") == CONTAINER)
    return cast("Mapping[str, Json]", next(statuses, {}).get("state") or {})


def _from_log(mirror: Mirror, api: Api, seen: Seen, pod: PodState, order: Order) -> None:
    name = name_of(seen.thing)
    log = PodLog(api, name, CONTAINER, has_ended=lambda: has_ended(seen))
    while True:
        piece = log.read(_cursor(pod))
        pod = _take(mirror, name, pod, piece, order)
        if piece.at_end or not piece.data:
            return


def _take(mirror: Mirror, name: str, pod: PodState, piece: Piece, order: Order) -> PodState:
    return mirror.take(name, pod, piece.data, nonce=order.nonce, cursor={"log": piece.cursor}, at_end=piece.at_end)


def _cursor(pod: PodState) -> Json:
    return pod.cursor.get("log") if isinstance(pod.cursor, Mapping) else None


def _from_folder(mirror: Mirror, name: str, pod: PodState, order: Order, *, is_over: bool) -> None:
    folder = open_folder(f"{order.url}/{name}")
    counts = {kind: _count(pod, kind) for kind in (layout.EVENTS, layout.LOG)}
    new: dict[str, bytes] = {}
    for kind, suffix in ((layout.EVENTS, "jsonl"), (layout.LOG, "log")):
        new[kind], counts[kind] = _segments(folder, kind, suffix, counts[kind])
    names = set(folder.names()) if new[layout.EVENTS] or is_over else set[str]()
    for file in _WHOLE:
        if file in names:
            mirror.put(pod, file, folder.read(file))
    mirror.add(name, pod, log=new[layout.LOG], events=new[layout.EVENTS], cursor=cast("Json", counts), done=is_over)


def _segments(folder: Folder, kind: str, suffix: str, count: int) -> tuple[bytes, int]:
    names = [name for name in folder.names(kind) if name.endswith(f".{suffix}")][count:]
    return b"".join(map(folder.read, names)), count + len(names)


def _count(pod: PodState, kind: str) -> int:
    count = pod.cursor.get(kind) if isinstance(pod.cursor, Mapping) else None
    return count if isinstance(count, int) else 0
