"""
A log by the numbers of its lines: any of them, at once, in a log of any length, and where a text stands in it.

A log is read through its engine and nothing else, along a chain of cursors. Here is kept which cursor leads to which
line; the text itself is not kept. What is kept grows with the log and is bounded: a log that nobody looked at for long
is indexed again.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from threading import Lock

from mlrun_nb._lib.recent import Recent
from mlrun_nb._lib.records import Json
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.model.events import Chunk
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.follow import executed
from mlrun_nb.services.log_text import holds, shown

LONGEST_BLOCK = 4 << 20
"""Bytes of one answer; a single line that is longer is cut."""
MOST_FOUND = 1000
SEARCH_S = 0.5
"""How long one search may take before it says where to go on."""
_MARK_BYTES = 256 << 10
"""Bytes between two places whose cursors are kept, or as many as the engine gives at once."""
_MOST_LOGS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLines:
    """Lines as a terminal would show them, colours kept, from number `first` on; `total` and `bytes` of the log now."""

    first: int
    lines: tuple[str, ...]
    total: int
    bytes: int
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Numbers of lines that hold a text, in order; `next` is the line to go on from, None where all was looked at."""

    lines: tuple[int, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A place in the log: the cursor that leads to it, and the ends of lines and the bytes before it."""

    cursor: Json
    ends: int
    bytes: int


class LogIndex:
    """The index of one run's log; may be used by several threads."""

    def __init__(self, project: Project, run: Run) -> None:
        self._project, self._run = project, run
        self._marks = [_Mark(cursor=None, ends=0, bytes=0)]
        self._end = self._marks[0]
        self._is_broken_off = False
        self._lock = Lock()

    def lines(self, run: Run, first: int, count: int) -> LogLines:
        """Return at most *count* lines from *first* on, a negative one counted from the end; *run* is read just now."""
        with self._lock:
            self._grow()
            total = self._total
            start = max(0, total + first) if first < 0 else min(first, total)
            texts = self._texts(start, min(total, start + count))
            return LogLines(
                first=start, lines=tuple(texts), total=total, bytes=self._end.bytes, ended=run.state.is_final
            )

    def search(self, text: str, start: int, *, backwards: bool = False, within_s: float = SEARCH_S) -> Found:
        """Return the lines from *start* on that hold *text*, large and small letters alike, as far as time allows."""
        with self._lock:
            self._grow()
            if not text:
                return Found(lines=(), next=None)
            until = time.monotonic() + within_s
            found: list[int] = []
            for first, end in self._blocks(start, backwards=backwards):
                hits = list(holds(self._block(first, end), text, first))
                found += reversed(hits) if backwards else hits
                if len(found) > MOST_FOUND:
                    return Found(lines=tuple(sorted(found[:MOST_FOUND])), next=found[MOST_FOUND])
                if time.monotonic() > until:
                    return Found(lines=tuple(sorted(found)), next=self._after(first, end, backwards=backwards))
            return Found(lines=tuple(sorted(found)), next=None)

    def is_of(self, run: Run) -> bool:
        """Tell whether the index was made for *run* as it was handed over; one that waited then has a handle now."""
        return self._run.handle == run.handle

    @property
    def _total(self) -> int:
        return self._end.ends + self._is_broken_off

    def _after(self, first: int, end: int, *, backwards: bool) -> int | None:
        if backwards:
            return first - 1 if first else None
        return end if end < self._total else None

    def _grow(self) -> None:
        """Take in what was printed since the last look."""
        while True:
            chunk = self._read(self._end.cursor)
            if not chunk.log:
                return
            end = _Mark(
                cursor=chunk.cursor,
                ends=self._end.ends + chunk.log.count(b"\n"),
                bytes=self._end.bytes + len(chunk.log),
            )
            self._end, self._is_broken_off = end, not chunk.log.endswith(b"\n")
            if end.bytes - self._marks[-1].bytes >= _MARK_BYTES:
                self._marks.append(end)

    def _without_events(self, mark: _Mark) -> _Mark:
        """Return *mark* with the events until now behind it, so that none of them is read again with the log."""
        cursor = mark.cursor
        while (chunk := self._read(cursor, log=False)).events:
            cursor = chunk.cursor
        return replace(mark, cursor=cursor)

    def _read(self, cursor: Json, *, log: bool = True) -> Chunk:
        if self._run.handle is None:
            return Chunk(cursor=cursor)
        try:
            return self._project.engine(self._run.engine).read(self._run.handle, cursor, log=log)
        except EngineUnavailable:
            return Chunk(cursor=cursor)

    def _texts(self, first: int, end: int) -> list[str]:
        if first >= end:
            return []
        block = self._block(first, end)
        pieces = block.split(b"\n")
        if len(block) >= LONGEST_BLOCK and len(pieces) > 1:
            pieces.pop()  # full before this line was whole
        return [shown(piece) for piece in pieces[: end - first]]

    def _block(self, first: int, end: int) -> bytes:
        """Return the bytes of the lines *first* up to *end*, at most `LONGEST_BLOCK`."""
        place = max(0, bisect_left(self._marks, first, key=lambda each: each.ends) - 1)
        mark = self._marks[place] = self._without_events(self._marks[place])
        skipped, taken, data = mark.ends, mark.bytes, b""
        cursor = mark.cursor
        while taken < self._end.bytes and len(data) < LONGEST_BLOCK and skipped + data.count(b"\n") < end:
            chunk = self._read(cursor)
            if not chunk.log:
                break
            cursor, taken = chunk.cursor, taken + len(chunk.log)
            if skipped < first:
                _, *rest = chunk.log.split(b"\n", first - skipped)
                skipped += len(rest)
                data = rest[-1] if skipped == first and rest else b""
            else:
                data += chunk.log
        parts = data.split(b"\n", end - first)
        return b"\n".join(parts[: end - first])[:LONGEST_BLOCK]

    def _blocks(self, start: int, *, backwards: bool) -> Iterator[tuple[int, int]]:
        """Yield ranges of lines that together are the log from *start* on, each about as long as from mark to mark."""
        edges = [0, *(mark.ends + 1 for mark in self._marks[1:]), self._total]
        pairs = [(first, end) for first, end in pairwise(edges) if first < end]
        if backwards:
            pairs = [(first, min(end, start + 1)) for first, end in reversed(pairs) if first <= start]
        else:
            pairs = [(max(first, start), end) for first, end in pairs if end > start]
        yield from pairs


class Logs:
    """The indexes of the logs that were looked at last."""

    def __init__(self, most: int = _MOST_LOGS) -> None:
        self._held = Recent[tuple[str, str], LogIndex](most)

    def of(self, project: Project, run: Run) -> LogIndex:
        """Return the index of the log of *run*; a cached one has that of its origin."""
        printed = executed(project, run)
        return self._held.get(
            (project.store.location, printed.id),
            lambda: LogIndex(project, printed),
            is_valid=lambda index: index.is_of(printed),
        )
