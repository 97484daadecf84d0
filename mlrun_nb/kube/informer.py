"""
Two watches for any number of runs: the Jobs and the pods of one namespace, kept in memory.

Each lists, then watches from there; whatever goes wrong ends in another list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mlrun_nb.kube.objects import MANAGED_BY
from mlrun_nb.kube.snapshot import Snapshot
from mlrun_nb.kube.transport import Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """
    Times of an informer, in seconds.

    A watch is asked to end after `watch_s` and taken for dead after `silence_s` without a byte, which has to be longer.
    `keep_s` is how long a deleted object is remembered (at most `keep_count` of each kind), `idle_s` after how long
    without a reader the threads stop; the next `snapshot` starts them again.
    """

    watch_s: int = 60
    silence_s: float = 75.0
    pause_s: float = 30.0
    keep_s: float = 900.0
    keep_count: int = 2000
    idle_s: float = 600.0


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
        raise NotImplementedError

    def snapshot(self, *, timeout_s: float = 10.0) -> Snapshot:
        """
        Return what is known now; the first call starts the watches and waits for both lists.

        Raises EngineUnavailable when that takes longer than *timeout_s*, or when there has been no contact for so long
        that what is known may be wrong (twice `silence_s`); ApiProblem where we may not list.
        """
        raise NotImplementedError

    def wait(self, revision: int, *, timeout_s: float) -> int:
        """Wait until something has changed since *revision* (0 at first), at most *timeout_s*; return the revision."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop the watches; a second time nothing happens. What is known is forgotten."""
        raise NotImplementedError
