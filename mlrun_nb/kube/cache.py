"""The objects of one kind as last seen, deleted ones for a while: a deleted pod's last state is seen nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from mlrun_nb.kube.objects import JsonObject, uid_of
from mlrun_nb.kube.snapshot import Seen


class ObjectCache:
    """Objects by UID; those gone stay for *keep_s* seconds and are *keep_count* at the most. No lock of its own."""

    def __init__(self, *, keep_s: float, keep_count: int) -> None:
        self._keep = timedelta(seconds=keep_s)
        self._keep_count = keep_count
        self._alive: dict[str, Seen] = {}
        self._gone: dict[str, Seen] = {}  # in the order in which they went

    def all(self, now: datetime) -> list[Seen]:
        """Return everything that is known at *now*."""
        self._forget(now)
        return [*self._alive.values(), *self._gone.values()]

    def replace(self, things: Iterable[JsonObject], now: datetime) -> None:
        """Take *things* for all there are; what was there and is not among them went meanwhile."""
        before, self._alive = self._alive, {}
        for thing in things:
            self.put(thing)
        for uid, seen in before.items():
            if uid not in self._alive:
                self.remove(seen.thing, now)

    def put(self, thing: JsonObject) -> None:
        """Take *thing* for the present state of an object."""
        self._alive[uid_of(thing)] = Seen(thing=_slim(thing))

    def remove(self, thing: JsonObject, now: datetime) -> None:
        """Take *thing* for the last state of an object that is gone."""
        self._alive.pop(uid_of(thing), None)
        self._gone[uid_of(thing)] = Seen(thing=_slim(thing), gone=now)
        self._forget(now)

    def _forget(self, now: datetime) -> None:
        surplus = len(self._gone) - self._keep_count
        for index, (uid, seen) in enumerate(list(self._gone.items())):
            if index >= surplus and seen.gone is not None and seen.gone > now - self._keep:
                return
            del self._gone[uid]


def _slim(thing: JsonObject) -> JsonObject:
    """Return *thing* without the record of who set which field: half of its size, and read by nobody."""
    return {**thing, "metadata": {key: value for key, value in thing["metadata"].items() if key != "managedFields"}}
