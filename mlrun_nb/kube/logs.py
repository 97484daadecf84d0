"""
The log of a container, each byte once along a chain of cursors, whatever cuts the connection.

This is the live view: a node keeps its log files only as long as the pod is there, and of a rotated one the newest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kube.backoff import Backoff
from mlrun_nb.kube.exchange import Query
from mlrun_nb.kube.log_decoder import LogDecoder
from mlrun_nb.kube.log_position import position_of
from mlrun_nb.kube.objects import PODS
from mlrun_nb.kube.pods import MAIN, has_ended
from mlrun_nb.kube.problems import ApiProblem, StreamCut
from mlrun_nb.kube.streams import Stream
from mlrun_nb.kube.transport import Api

LIMIT_BYTES = 1 << 20
_LONGEST_PAUSE_S = 3.0
_FILE_IS_GONE = b"unable to retrieve container logs for "
"""What a node answers, with HTTP status 200, when the log is removed. Source: kubelet, `GetContainerLogs`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """
    What followed a cursor: `data` as the container wrote it, and the cursor after it.

    `at_end` when nothing can follow: the container had ended and all was read, or its log is gone (`is_gone`).
    `has_gap` when the node had rotated the file meanwhile, so that lines before `data` may be missing.
    """

    data: bytes
    cursor: Json
    at_end: bool = False
    is_gone: bool = False
    has_gap: bool = False


class PodLog:
    """
    The log of one container of one pod; for one thread but `stop`.

    *has_ended* tells whether the container has terminated: an informer's knowledge; without it the pod is read. After
    *silence_s* without a line a connection is made anew, because it may be dead.
    """

    def __init__(
        self,
        api: Api,
        pod: str,
        container: str = MAIN,
        *,
        has_ended: Callable[[], bool] | None = None,
        silence_s: float = 60.0,
    ) -> None:
        self._api, self._pod, self._container = api, pod, container
        self._has_ended = has_ended or self._ask_whether_ended
        self._silence_s = silence_s
        self._stopped = threading.Event()
        self._stream: Stream | None = None

    def read(self, cursor: Json = None, *, limit: int = LIMIT_BYTES) -> Piece:
        """
        Return what was written since *cursor* (None: from the beginning), about *limit* bytes of it at the most.

        Returns at once, empty where the container has not started. Raises EngineUnavailable, for a node that says
        nothing after *silence_s*, and ApiProblem where we may not read.
        """
        data, has_gap = bytearray(), False
        last = Piece(data=b"", cursor=cursor)
        for last in self._answer(cursor, follow=False):
            data += last.data
            has_gap = has_gap or last.has_gap
            if len(data) >= limit:
                break
        return replace(last, data=bytes(data), has_gap=has_gap)

    def follow(self, cursor: Json = None, *, patience_s: float = 60.0) -> Iterator[Piece]:
        """
        Yield pieces as they are written, the last one `at_end`; ends early after `stop`.

        Raises EngineUnavailable after *patience_s* without contact; the cursor of the last piece is where to go on.
        """
        backoff = Backoff(most_s=_LONGEST_PAUSE_S)
        contact = time.monotonic()
        while not self._stopped.is_set():
            try:
                for piece in self._answer(cursor, follow=True):
                    backoff.reset()
                    cursor = piece.cursor
                    yield piece
                    if piece.at_end:
                        return
                contact = time.monotonic()
            except EngineUnavailable:
                if time.monotonic() > contact + patience_s:
                    raise
            self._stopped.wait(backoff.pause_s())

    def stop(self) -> None:
        """End `follow`, from any thread."""
        self._stopped.set()
        stream = self._stream
        if stream is not None:
            stream.shut()

    def _answer(self, cursor: Json, *, follow: bool) -> Iterator[Piece]:
        """Yield what one request brings; the last piece is `at_end` if it came to its end after the container's."""
        has_ended = self._has_ended()  # asked before: what it wrote is in the file then
        decoder = LogDecoder(position_of(cursor))
        try:
            with self._open(decoder.position.since, follow=follow and not has_ended) as stream:
                for received in stream:
                    if data := decoder.feed(received):
                        yield Piece(data=data, cursor=decoder.position.to_json(), has_gap=decoder.has_gap)
                        decoder.has_gap = False
        except StreamCut:
            return
        except ApiProblem as problem:
            is_gone = problem.status == 404
            if not is_gone and not _has_not_started(problem):
                raise
            if is_gone or has_ended:
                yield Piece(data=b"", cursor=cursor, at_end=True, is_gone=is_gone)
            return
        if has_ended:
            is_gone = decoder.notice.startswith(_FILE_IS_GONE)
            yield Piece(data=b"", cursor=decoder.position.to_json(), at_end=True, is_gone=is_gone)

    @contextmanager
    def _open(self, since: str, *, follow: bool) -> Iterator[Stream]:
        query: Query = {
            "container": self._container,
            "timestamps": True,
            "follow": follow,
            **({"sinceTime": since} if since else {}),
        }
        path = PODS.path(self._api.namespace, self._pod, subresource="log")
        with self._api.stream(path, query, silence_s=self._silence_s) as stream:
            self._stream = stream
            yield stream

    def _ask_whether_ended(self) -> bool:
        try:
            return has_ended(self._api.get(PODS, self._pod), self._container)
        except ApiProblem as problem:
            if problem.status == 404:
                return True
            raise


def _has_not_started(problem: ApiProblem) -> bool:
    """Tell whether a log was refused because there is none yet. Source: kubelet, `validateContainerLogStatus`."""
    return problem.status == 400 and "is not valid for pod" not in problem.message
