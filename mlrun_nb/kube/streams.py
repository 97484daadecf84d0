"""The body of an answer that does not end soon: watches, logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from urllib3.exceptions import HTTPError

from mlrun_nb.kube.problems import StreamCut

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_PIECE = 1 << 16


class Stream:
    """
    The open body of an answer. Iterating gives pieces as they arrive.

    Raises StreamCut when it breaks or stays silent for too long; a clean end just ends.
    """

    def __init__(self, response: BaseHTTPResponse) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._read():
            yield piece

    def shut(self) -> None:
        """End the stream from another thread: whoever waits for its next piece sees StreamCut, at once."""
        with suppress(OSError, ValueError, RuntimeError):  # it has ended by itself
            self._response.shutdown()

    def close(self) -> None:
        """Drop the connection, whatever is still under way on it."""
        self._response.close()

    def _read(self) -> bytes:
        try:
            return self._response.read1(_PIECE)
        except (HTTPError, OSError, ValueError) as err:
            raise StreamCut(f"{type(err).__name__}: {err}") from err
