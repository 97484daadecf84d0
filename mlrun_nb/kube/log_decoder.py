"""
Take a log with timestamps apart: pass over what was read before, return the rest as the container wrote it.

Pure: bytes go in as they arrive, in pieces of any size.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from mlrun_nb.kube.log_position import SECOND, Position

_STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)")
_LONGEST_STAMP = 40
_NOTICE = 200
"""As much of a notice as is kept, in bytes."""


class LogDecoder:
    """
    Reads one answer of a node from its beginning, asked for from *position* on, which moves on with what is fed.

    `has_gap` when the answer does not begin where it should, because the file was rotated meanwhile: then what is newer
    than anything read is taken. `notice` is the last line without a time: the container did not write it. It is a word
    of the node, or the end of a line that began before what was asked for.
    """

    def __init__(self, position: Position) -> None:
        self.position = position
        self.has_gap = False
        self.notice = b""
        self._resume = _Resume(position) if position.second else None
        self._time = 0  # of the present line; 0: it has none
        self._head = b""  # of the present line, as long as its time has not arrived whole
        self._is_in_line = False
        self._is_taken = False
        self._pass = 0  # so many bytes of the present line were read before

    def feed(self, piece: bytes) -> bytes:
        """Return what is new in *piece*, the next of the answer."""
        *lines, last = piece.split(b"\n")
        data = [self._take(line, is_whole=True) for line in lines]
        if last:
            data.append(self._take(last, is_whole=False))
        return b"".join(data)

    def _take(self, text: bytes, *, is_whole: bool) -> bytes:
        """Return what is new in *text*, the present line or a part of it; its end only if it *is_whole*."""
        if not self._is_in_line:
            text = self._head + text
            stamp, blank, rest = text.partition(b" ")
            if not blank and not is_whole and len(text) < _LONGEST_STAMP:
                self._head = text
                return b""
            self._head, self._is_in_line = b"", True
            self._begin(_nanoseconds(stamp))
            text = rest if self._time else text
        if is_whole:
            self._is_in_line = False
            text += b"\n"
        return self._text(text, is_whole=is_whole)

    def _begin(self, time: int) -> None:
        self._time, self._pass = time, 0
        if not time:
            self.notice = b""
            return
        self._is_taken = self._resume is None or self._is_beyond(self._resume, time)
        if self._is_taken and not self._pass:
            self.position.begin_line(time)

    def _is_beyond(self, resume: _Resume, time: int) -> bool:
        if not resume.is_beyond(time):
            return False
        self._resume, self._pass, self.has_gap = None, resume.into, resume.is_rotated
        if resume.is_rotated:
            self.position = resume.rotated
        return True

    def _text(self, text: bytes, *, is_whole: bool) -> bytes:
        if not self._time:
            self.notice = (self.notice + text)[:_NOTICE]
            return b""
        if not self._is_taken:
            return b""
        passed = min(self._pass, len(text))
        self._pass -= passed
        if is_whole:
            self.position.end_line(self._time)
        elif self.position.counts(self._time):
            self.position.into += len(text) - passed
        return text[passed:]


class _Resume:
    """Finds in an answer where the reading, which stood at *start*, goes on."""

    def __init__(self, start: Position) -> None:
        self._start = start.copy()
        self._passed = 0
        self.into = start.into
        self.is_rotated = False
        self.rotated = Position()  # where the reading stands in the file that took the place of the old one

    def is_beyond(self, time: int) -> bool:
        """Tell whether the next line, logged at *time*, has not been read; no more lines are asked for then."""
        if not self._start.counts(time):  # a node that sends more than it was asked for
            return False
        if self._passed == 0 and time != self._start.first:
            self.is_rotated, self.into = True, 0
        self._passed += 1
        if not self.is_rotated:
            return self._passed > self._start.lines
        is_beyond = time > self._start.newest
        if not is_beyond:
            self.rotated.begin_line(time)
            self.rotated.end_line(time)
        return is_beyond


def _nanoseconds(stamp: bytes) -> int:
    """Return the time that *stamp* says, in nanoseconds since 1970; 0 where it is no timestamp."""
    match = _STAMP.fullmatch(stamp)
    if match is None:
        return 0
    second, fraction, zone = match.groups()
    return _seconds(second + zone) * SECOND + int((fraction or b"").ljust(9, b"0"))


@lru_cache(maxsize=16)
def _seconds(text: bytes) -> int:
    try:
        return int(datetime.fromisoformat(text.decode()).timestamp())
    except ValueError:  # 61 seconds, or month 13
        return 0
