"""
Two watches for any number of runs: the Jobs and the pods of one namespace, kept in memory.

Their threads live as long as somebody asks; they end by themselves some time after that, and start with the next
question.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from mlrun_nb.kube import snapshot
from mlrun_nb.kube.cache import ObjectCache
from mlrun_nb.kube.feed import Feed
from mlrun_nb.kube.objects import JOBS, MANAGED_BY, PODS, Resource
from mlrun_nb.kube.reflector import Pace, Reflector
from mlrun_nb.kube.snapshot import Snapshot
from mlrun_nb.kube.transport import Api


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    feed: Feed
    reflector: Reflector
    thread: threading.Thread


class Informer:
    """The Jobs and pods that *labels* choose in the namespace of *api*; may be used by any thread."""

    def __init__(
        self,
        api: Api,
        *,
        labels: str = MANAGED_BY,
        pace: Pace = Pace(),
        changed: Callable[[], None] | None = None,
    ) -> None:
        """*changed* is called from a thread of the informer after every change; it must return soon."""
        self._api, self._labels, self._pace = api, labels, pace
        self._also_told = changed
        self._condition = threading.Condition()
        self._asked = 0.0
        self._revision = 0
        self._caches: dict[Resource, ObjectCache] = {}
        self._watches: dict[Resource, _Watch] = {}
        self._made: tuple[int, Snapshot] | None = None

    def snapshot(self, *, timeout_s: float = 10.0) -> Snapshot:
        """
        Return what is known now; the first call starts the watches and waits for both lists.

        Raises EngineUnavailable when that takes longer than *timeout_s*, or when there has been no contact for so long
        that what is known may be wrong (twice `silence_s`); ApiProblem where we may not list.
        """
        namespace = self._api.namespace  # finds out who we are, which may take long, without the condition held
        with self._condition:
            self._start(namespace)
            feeds = [watch.feed for watch in self._watches.values()]
            self._condition.wait_for(lambda: all(feed.is_settled() for feed in feeds), timeout_s)
            for feed in feeds:
                feed.check(stale_s=2 * self._pace.silence_s)
            taken = self._api.now() - timedelta(seconds=max(feed.age_s() for feed in feeds))
            if self._made is None or self._made[0] != self._revision:  # many ask, and little changes
                jobs, pods = (feed.seen() for feed in feeds)
                self._made = self._revision, snapshot.make(jobs, pods, taken=taken)
            return replace(self._made[1], taken=taken)

    def wait(self, revision: int, *, timeout_s: float) -> int:
        """Wait until something has changed since *revision* (0 at first), at most *timeout_s*; return the revision."""
        with self._condition:
            self._asked = time.monotonic() + timeout_s
            self._condition.wait_for(lambda: self._revision != revision, timeout_s)
            return self._revision

    def close(self) -> None:
        """Stop the watches; a second time nothing happens. What is known is forgotten."""
        with self._condition:
            self._stop()
            self._caches.clear()
            self._made = None

    def is_running(self) -> bool:
        """Tell whether the threads are there."""
        return any(watch.thread.is_alive() for watch in self._watches.values())

    def _start(self, namespace: str) -> None:
        self._asked = time.monotonic()
        if self._watches and all(watch.thread.is_alive() for watch in self._watches.values()):
            return
        self._stop()  # after a fork the threads are gone
        for resource in (JOBS, PODS):
            self._watches[resource] = self._watch(resource, namespace)
        for watch in self._watches.values():
            watch.thread.start()

    def _watch(self, resource: Resource, namespace: str) -> _Watch:
        pace = self._pace
        cache = self._caches.setdefault(resource, ObjectCache(keep_s=pace.keep_s, keep_count=pace.keep_count))
        feed = Feed(self._api, cache, condition=self._condition, is_wanted=self._is_wanted, told=self._changed)
        reflector = Reflector(self._api, resource, labels=self._labels, pace=pace, sink=feed)
        name = f"watch {resource.plural} in {namespace}"
        return _Watch(
            feed=feed, reflector=reflector, thread=threading.Thread(target=reflector.run, name=name, daemon=True)
        )

    def _stop(self) -> None:
        for watch in self._watches.values():
            watch.feed.retire()
            watch.reflector.stop()
        self._watches.clear()

    def _is_wanted(self) -> bool:
        with self._condition:
            is_wanted = time.monotonic() < self._asked + self._pace.idle_s
            if not is_wanted:
                self._stop()
            return is_wanted

    def _changed(self) -> None:
        with self._condition:
            self._revision += 1
            self._condition.notify_all()
        if self._also_told is not None:
            self._also_told()
