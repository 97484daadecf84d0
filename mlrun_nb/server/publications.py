"""
Functions that are being published: tried by their example and given to a source, which takes minutes.

No request waits for that. A publication goes on in a thread, and whoever asks hears how far it is; a server that ends
meanwhile publishes nothing.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Literal

from mlrun_nb.errors import EngineRejected, MlrunNbError, NotFoundError
from mlrun_nb.protocols.hub import Publication

Stage = Literal["trying", "giving", "published", "refused", "broken"]
_MOST = 32


@dataclass(slots=True)
class Progress:
    """How far a publication of an item is; `done` is what came of it, `error` why nothing did."""

    source: str
    name: str
    version: str
    stage: Stage = "trying"
    begun: float = field(default_factory=time.monotonic)
    ended: float | None = None
    done: Publication | None = None
    error: str = ""
    hint: str = ""

    @property
    def seconds(self) -> float:
        """For how long it has been going on, or went on."""
        return (self.ended or time.monotonic()) - self.begun

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.ended is None


class Publications:
    """One at a time for each function of a project; may be used by several threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], Progress] = OrderedDict()
        self._lock = Lock()

    def begin(self, key: tuple[str, str], progress: Progress, work: Callable[[Progress], Publication]) -> Progress:
        """
        Do *work*, which says how far it is, in a thread; returns at once.

        Raises EngineRejected where one of the same function goes on.
        """
        with self._lock:
            known = self._known.get(key)
            if known is not None and known.is_open:
                raise EngineRejected(
                    f"`{key[1]}` is being published as `{known.name}@{known.version}`", hint="Wait for its end."
                )
            self._known[key] = progress
            self._known.move_to_end(key)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        Thread(target=_go, args=(progress, work), daemon=True, name=f"publish {progress.name}").start()
        return progress

    def of(self, key: tuple[str, str]) -> Progress:
        """Return how far it is, or what came of the last one; raises NotFoundError where there was none."""
        with self._lock:
            known = self._known.get(key)
        if known is None:
            raise NotFoundError(f"`{key[1]}` was not published from here", hint="Publish it.")
        return known


def _go(progress: Progress, work: Callable[[Progress], Publication]) -> None:
    stage: Stage = "broken"  # what is no error of ours ends the thread, and stands in the server's log
    try:
        progress.done = work(progress)
        stage = "published"
    except MlrunNbError as err:
        progress.error, progress.hint = err.message, err.hint
        stage = "refused"
    finally:
        progress.stage, progress.ended = stage, time.monotonic()
