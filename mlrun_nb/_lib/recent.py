"""What was used last, up to a number: the oldest goes when a new one comes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def _always(_: object) -> bool:
    return True


class Recent(Generic[K, V]):
    """At most *most* values by key; may be used by several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, make: Callable[[], V], *, is_valid: Callable[[V], bool] = _always) -> V:
        """Return the value of *key*; one that is not there, or not valid any more, is made while others wait."""
        with self._lock:
            if key not in self._held or not is_valid(self._held[key]):
                self._held[key] = make()
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
            return self._held[key]
