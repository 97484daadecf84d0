"""
One watch: lists the objects of a kind, then takes their changes as they come; whatever goes wrong ends in another list.

Source: Kubernetes API concepts, "Efficient detection of changes". A watch that is too far behind gets an event of type
ERROR with code 410 under HTTP status 200; one from a version that the server never had gets nothing at all.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kube.backoff import Backoff
from mlrun_nb.kube.exchange import Query
from mlrun_nb.kube.objects import JsonObject, Resource
from mlrun_nb.kube.problems import ApiProblem, StreamCut
from mlrun_nb.kube.streams import Stream
from mlrun_nb.kube.transport import Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """
    Times of an informer, in seconds.

    A watch is asked to end after `watch_s` and taken for dead after `silence_s` without a byte, which has to be longer.
    `pause_s` is the longest pause after a failure, `keep_s` how long a deleted object is remembered (at most
    `keep_count` of each kind), `idle_s` after how long without a reader the threads stop; the next one starts them.
    """

    watch_s: int = 60
    silence_s: float = 75.0
    pause_s: float = 30.0
    keep_s: float = 900.0
    keep_count: int = 2000
    idle_s: float = 600.0


class Sink(Protocol):
    """Who is told; called from the thread of the watch, and to return soon."""

    def is_wanted(self) -> bool:
        """Tell whether to go on."""
        ...

    def listed(self, things: Sequence[JsonObject]) -> None:
        """Take *things* for all there are."""
        ...

    def changed(self, kind: str, thing: JsonObject) -> None:
        """Take *thing* as ADDED, MODIFIED or DELETED."""
        ...

    def heard(self) -> None:
        """Take note that the server is there, and has nothing new."""
        ...

    def failed(self, problem: ApiProblem | EngineUnavailable) -> None:
        """Hear that the server refused or was not there; it is tried again."""
        ...


class Reflector:
    """Tells *sink* what *labels* choose of *resource*, until it is stopped or not wanted any more."""

    def __init__(self, api: Api, resource: Resource, *, labels: str, pace: Pace, sink: Sink) -> None:
        self._api, self._resource, self._labels = api, resource, labels
        self._pace, self._sink = pace, sink
        self._stopped = threading.Event()
        self._stream: Stream | None = None
        self._version = ""
        self._has_heard = False

    def run(self) -> None:
        """Go on until stopped; meant for a thread of its own."""
        backoff = Backoff(most_s=self._pace.pause_s)
        while self._is_on():
            self._has_heard = False
            try:
                self._list()
                self._watch()
            except _Outdated:
                self._version = ""
            except ApiProblem as problem:
                self._version = ""
                self._sink.failed(problem)
            except EngineUnavailable as err:
                self._sink.failed(err)
            except StreamCut:
                pass  # the next watch goes on from the version of the last event
            if self._has_heard:
                backoff.reset()
            self._stopped.wait(backoff.pause_s())

    def stop(self) -> None:
        """End soon; may be called from any thread."""
        self._stopped.set()
        stream = self._stream
        if stream is not None:
            stream.shut()

    def _is_on(self) -> bool:
        return not self._stopped.is_set() and self._sink.is_wanted()

    def _list(self) -> None:
        if not self._version:
            listing = self._api.list(self._resource, labels=self._labels)
            self._sink.listed(listing.items)
            self._version = listing.version

    def _watch(self) -> None:
        query: Query = {
            "watch": True,
            "labelSelector": self._labels,
            "resourceVersion": self._version,
            "allowWatchBookmarks": True,
            "timeoutSeconds": self._pace.watch_s,
        }
        path = self._resource.path(self._api.namespace)
        try:
            with self._api.stream(path, query, silence_s=self._pace.silence_s) as stream:
                self._stream = stream
                self._sink.heard()
                for line in _lines(stream):
                    if not self._is_on():
                        return
                    self._take(line)
        except ApiProblem as problem:
            if problem.status == 403:
                raise
            raise _Outdated from problem  # whatever is wrong with the version
        if not self._has_heard:
            raise _Outdated  # not even a bookmark: the server may be waiting for a version that it never had

    def _take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
            kind, thing = event["type"], event["object"]
            version = thing["metadata"]["resourceVersion"]
        except (ValueError, TypeError, KeyError):  # an ERROR has no version: most often 410, too far behind
            raise _Outdated from None
        self._has_heard = True
        if kind == "BOOKMARK":
            self._sink.heard()
        else:
            self._sink.changed(kind, thing)
        self._version = version


class _Outdated(Exception):
    """What is known of the collection is not to be trusted any more: list it again."""


def _lines(stream: Stream) -> Iterator[bytes]:
    """Yield the whole lines of *stream*; what stands behind the last one was cut."""
    rest = b""
    for piece in stream:
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
