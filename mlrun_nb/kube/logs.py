"""
The log of a container, each byte once along a chain of cursors, whatever cuts the connection.

The API resumes only at whole seconds. A cursor therefore says how many lines since a second, and how many bytes of the
next line, have been read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event

from mlrun_nb._lib.records import Json
from mlrun_nb.kube.transport import Api

LIMIT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """
    What followed a cursor: `data` as the container wrote it, and the cursor after it.

    `at_end` when nothing can follow: the container had ended and all was read, or its pod is gone (`is_gone`).
    `has_gap` when the node had rotated the file meanwhile, so that lines before `data` may be missing.
    """

    data: bytes
    cursor: Json
    at_end: bool = False
    is_gone: bool = False
    has_gap: bool = False


class PodLog:
    """
    The log of one container of one pod.

    *has_ended* tells whether the container has terminated: an informer's knowledge; without it the pod is read.
    """

    def __init__(
        self, api: Api, pod: str, container: str = "main", *, has_ended: Callable[[], bool] | None = None
    ) -> None:
        raise NotImplementedError

    def read(self, cursor: Json = None, *, limit: int = LIMIT_BYTES) -> Piece:
        """
        Return what was written since *cursor* (None: from the beginning), about *limit* bytes of it at the most.

        Returns at once, empty where the container has not started. Raises EngineUnavailable.
        """
        raise NotImplementedError

    def follow(self, cursor: Json = None, *, stop: Event | None = None, patience_s: float = 60.0) -> Iterator[Piece]:
        """
        Yield pieces as they are written, the last one `at_end`; ends early when *stop* is set.

        Raises EngineUnavailable after *patience_s* without contact; the cursor of the last piece is where to go on.
        """
        raise NotImplementedError
