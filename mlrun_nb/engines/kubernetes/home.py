"""Bring home what the pods of a run have written so far: from their logs, or from the folder that they write to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.engines.mirror import Mirror
from mlrun_nb.engines.mirror_folder import from_folder
from mlrun_nb.engines.mirror_state import Sender
from mlrun_nb.kube import pods
from mlrun_nb.kube.logs import Piece, PodLog
from mlrun_nb.kube.objects import JsonObject, name_of, part, time_of
from mlrun_nb.kube.pods import INDEX, MAIN, completion_index, container_status
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.kube.transport import Api
from mlrun_nb.runner import layout

_SILENCE_S = 10.0
"""How long a node is waited for that says nothing: others are looked at meanwhile by nobody."""
_SETTLES = timedelta(seconds=5)
"""How long after its end the log of a container that left no result is read again, for what its node writes late."""


def bring(mirror: Mirror, api: Api, seen_pods: Sequence[Seen], order: Order) -> bool:
    """
    Bring home all that is there now; returns whether that is all of each pod that has ended.

    Raises EngineUnavailable and ArtifactError.
    """
    is_whole = True
    if order.shared:
        return is_whole
    for seen in filter(has_started, seen_pods):
        name, rank = name_of(seen.thing), completion_index(seen.thing)
        pod = mirror.sender(name, rank=rank)
        if pod.done:
            continue
        if order.url and rank == 0:
            from_folder(mirror, name, pod, open_folder(f"{order.url}/{name}"), is_over=has_ended(seen))
        else:
            pod = _from_log(mirror, api, seen, pod, order)
            is_whole = is_whole and (pod.done or not has_ended(seen))
    return is_whole


def follow(mirror: Mirror, api: Api, seen: Seen, order: Order, *, patience_s: float) -> None:
    """Bring home what a pod that was told to end still writes, until it has ended."""
    name, pod = name_of(seen.thing), mirror.sender(name_of(seen.thing), rank=completion_index(seen.thing))
    for piece in PodLog(api, name, MAIN, silence_s=_SILENCE_S).follow(_cursor(pod), patience_s=patience_s):
        pod = _take(mirror, name, pod, piece, order)


def is_alone(seen: Seen) -> bool:
    """Tell whether the pod is no replica among others."""
    return INDEX not in part(seen.thing, "metadata", "annotations")


def has_started(seen: Seen) -> bool:
    """Tell whether the container of the run has a log."""
    state = part(container_status(seen.thing), "state")
    return bool(state.get("running") or state.get("terminated"))


def started_at(seen: Seen) -> datetime | None:
    """Return since when the container of the run is at work; None where it is not."""
    return time_of(part(container_status(seen.thing), "state", "running").get("startedAt"))


def has_ended(seen: Seen) -> bool:
    """Tell whether the container of the run has ended, or its pod is gone."""
    return seen.gone is not None or pods.has_ended(seen.thing)


def terminated(seen: Seen) -> JsonObject:
    """Return how the container of the run ended, as its pod says; empty where it has not."""
    return part(container_status(seen.thing), "state", "terminated")


def _from_log(mirror: Mirror, api: Api, seen: Seen, pod: Sender, order: Order) -> Sender:
    name = name_of(seen.thing)
    log = PodLog(api, name, MAIN, has_ended=lambda: has_ended(seen), silence_s=_SILENCE_S)
    while True:
        piece = log.read(_cursor(pod))
        is_late = piece.at_end and not piece.is_gone and _awaits_result(pod) and _is_fresh(api, seen)
        pod = _take(mirror, name, pod, replace(piece, at_end=False) if is_late else piece, order)
        if is_late and not _awaits_result(pod):
            continue  # it had come with this very piece, and the next one is the end
        if piece.at_end or not piece.data:
            return pod


def _awaits_result(pod: Sender) -> bool:
    """Tell whether a pod has yet to send its result, which is the last that it writes; only the first replica does."""
    return pod.rank == 0 and layout.RESULT not in pod.files


def _is_fresh(api: Api, seen: Seen) -> bool:
    """Tell whether the container has ended so lately that its node may not have written all of its log yet."""
    ended = time_of(terminated(seen).get("finishedAt"))
    return ended is not None and api.now() - ended < _SETTLES


def _take(mirror: Mirror, name: str, pod: Sender, piece: Piece, order: Order) -> Sender:
    return mirror.take(
        name,
        pod,
        piece.data,
        nonce=order.nonce,
        cursor={"log": piece.cursor},
        at_end=piece.at_end,
        has_gap=piece.has_gap,
    )


def _cursor(pod: Sender) -> Json:
    return pod.cursor.get("log") if isinstance(pod.cursor, Mapping) else None
