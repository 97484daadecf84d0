"""
Files that grow while somebody reads them: events and log of a run.

A local folder appends to one file; a place behind a URL cannot append, so there each second or 64 KiB becomes a new
numbered segment. A reader sees the same in both cases: `NNNNNN.SUFFIX`, in order.
"""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic
from typing import Protocol

from mlrun_nb._lib.files import append
from mlrun_nb._lib.shell import quoted
from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.errors import ArtifactError

SEGMENT_BYTES = 64 * 1024
SEGMENT_S = 1.0


class Growing(Protocol):
    """Something that bytes are added to, from any thread."""

    def add(self, data: bytes) -> None:
        """Add *data*, whole; it can be read from now on, or at the latest after the next `flush`."""
        ...

    def flush(self, *, due: bool = False) -> None:
        """Write what is held back; with *due* only if it has waited for its time."""
        ...


def growing(folder: Folder, name: str, suffix: str) -> Growing:
    """Return the growing file *name* (`events`, `log`) of *folder*, going on where an earlier attempt ended."""
    if folder.path is not None:
        return _Appended(folder.path / name, suffix)
    return _Segments(folder, name, suffix)


class _Appended:
    def __init__(self, directory: Path, suffix: str) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = directory / f"000000.{suffix}"
        self._path.touch(mode=0o600)

    def add(self, data: bytes) -> None:
        try:
            append(self._path, data)
        except OSError as err:
            raise ArtifactError(
                f"cannot append to `{self._path}`: {err.strerror or err}",
                hint=f"Look at it: `df -h {quoted(self._path.parent)}`.",
            ) from err

    def flush(self, *, due: bool = False) -> None:
        """Nothing is held back."""


class _Segments:
    def __init__(self, folder: Folder, name: str, suffix: str) -> None:
        self._folder, self._name, self._suffix = folder, name, suffix
        self._next = len(folder.names(name))
        self._held = bytearray()
        self._since = 0.0
        self._lock = threading.Lock()

    def add(self, data: bytes) -> None:
        with self._lock:
            if not self._held:
                self._since = monotonic()
            self._held += data
            if len(self._held) >= SEGMENT_BYTES:
                self._put()

    def flush(self, *, due: bool = False) -> None:
        with self._lock:
            if self._held and (not due or monotonic() - self._since >= SEGMENT_S):
                self._put()

    def _put(self) -> None:
        self._folder.write(f"{self._name}/{self._next:06d}.{self._suffix}", bytes(self._held))
        self._next += 1
        self._held.clear()
