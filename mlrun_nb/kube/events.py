"""Events of single objects: asked for only where they alone can say why nothing goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlrun_nb.kube.objects import EVENTS, JsonObject, part, time_of, uid_of
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.transport import Api


def events_of(api: Api, things: Iterable[JsonObject]) -> Sequence[JsonObject]:
    """Return the events that name one of *things*, oldest first; one request for each, and empty where forbidden."""
    found: list[JsonObject] = []
    for thing in things:
        try:
            found += api.list(EVENTS, fields=f"involvedObject.uid={uid_of(thing)}").items
        except ApiProblem as problem:
            if problem.status != 403:
                raise
    return sorted(found, key=happened)


def happened(event: JsonObject) -> float:
    """
    Return when *event* last happened, in seconds since 1970; 0 where it does not say.

    Events of the newer kind have a series or one time, and no count. Source: Kubernetes API, `events.k8s.io/v1`.
    """
    series = part(event, "series").get("lastObservedTime")
    times = (series, event.get("lastTimestamp"), event.get("eventTime"), event.get("firstTimestamp"))
    said = next((time for each in times if (time := time_of(each))), None)
    return said.timestamp() if said else 0.0
