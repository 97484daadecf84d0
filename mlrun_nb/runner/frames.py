"""
Files on their way through a log: frames, lines that a reader can tell from everything else that a run prints.

Where a run directory lies in a container and nothing else is shared with it, its log is the one way out. The writer
puts changes of files between the lines of the log; the reader takes them out again and is left with the log as it was,
byte for byte. A frame is one line:

    RS NONCE NUMBER FLAGS NAME START REMOVED BASE64

RS is the record separator (0x1e) and NONCE a word that user code does not know. Of the file NAME the bytes from START
on, REMOVED of them, are replaced by the content, which is compressed. FLAGS: `j`, the newline before the frame is not
the log's; `m`, the change goes on in the next frame; `c`, it began in an earlier one; `x`, the file is left out, and
REMOVED is its size; `-`, none.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

RS = b"\x1e"
WHOLE = 1 << 50
"""As the bytes that a change removes: all that there may be."""
_PIECE = 11 * 1024
"""Bytes of content in a frame: its line stays below the 16 KiB that a node keeps in one piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Bytes `start` to `start + removed` of the file `name` become `data`; with `left_out` only its size is known."""

    name: str
    start: int = 0
    removed: int = 0
    data: bytes = b""
    left_out: bool = False


def change_of(name: str, before: bytes, after: bytes) -> Change:
    """Return what makes *before* into *after*: what both begin and end with is left alone."""
    start = _same_length(before, after)
    rest = min(len(before), len(after)) - start
    tail = _same_length(before[::-1][:rest], after[::-1][:rest])
    return Change(name=name, start=start, removed=len(before) - start - tail, data=after[start : len(after) - tail])


def applied(before: bytes, change: Change) -> bytes:
    """Return what *change* makes of *before*."""
    return before[: change.start] + change.data + before[change.start + change.removed :]


def printed_size(change: Change) -> int:
    """Return about how many bytes of the log *change* takes."""
    return len(zlib.compress(change.data)) * 4 // 3


class Writer:
    """Mixes log and changes into one stream of bytes."""

    def __init__(self, nonce: str) -> None:
        self._nonce = nonce.encode()
        self._number = 0
        self._at_line_start = True

    def log(self, data: bytes) -> bytes:
        """Return what is to be printed for *data* of the log."""
        if data:
            self._at_line_start = data.endswith(b"\n")
        return data

    def frames(self, change: Change) -> bytes:
        """Return what is to be printed for *change*."""
        pieces = [change.data[at : at + _PIECE] for at in range(0, len(change.data), _PIECE)] or [b""]
        lines = []
        for index, piece in enumerate(pieces):
            flags = "" if self._at_line_start else "j"
            flags += "m" if index < len(pieces) - 1 else ""
            flags += "c" if index else ""
            flags += "x" if change.left_out else ""
            lines.append((b"" if self._at_line_start else b"\n") + self._line(flags or "-", change, piece))
            self._at_line_start = True
        return b"".join(lines)

    def _line(self, flags: str, change: Change, piece: bytes) -> bytes:
        self._number += 1
        head = f"{self._number} {flags} {quote(change.name)} {change.start} {change.removed} ".encode()
        return RS + self._nonce + b" " + head + b64encode(zlib.compress(piece)) + b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderState:
    """
    Where a reader stands, between two pieces of the stream.

    `line` is the beginning of a line that is not complete, `newline` whether the newline of the last log line is held
    back, `number` that of the last frame, `missed` how often frames were lost, `pending` the parts of a change so far,
    and `broken` whether one of them was lost.
    """

    line: bytes = b""
    newline: bool = False
    number: int = 0
    missed: int = 0
    pending: bytes = b""
    broken: bool = False


class Reader:
    """Takes the stream apart again; `state` can be kept and given to another reader."""

    def __init__(self, nonce: str, state: ReaderState = ReaderState()) -> None:
        self._start = RS + nonce.encode() + b" "
        self.state = state

    def feed(self, data: bytes, *, at_end: bool = False) -> Iterator[bytes | Change]:
        """Yield pieces of the log, and the changes between them, of the next *data* of the stream."""
        lines = (self.state.line + data).split(b"\n")
        rest = lines.pop()
        for line in lines:
            yield from self._line(line)
        may_be_frame = self._start.startswith(rest[: len(self._start)]) or rest.startswith(self._start)
        if rest and not at_end and may_be_frame:
            self.state = replace(self.state, line=rest)
            return
        self.state = replace(self.state, line=b"")
        if rest:
            yield from self._text(rest)
        if at_end and self.state.newline:
            self.state = replace(self.state, newline=False)
            yield b"\n"

    def _line(self, line: bytes) -> Iterator[bytes | Change]:
        if not line.startswith(self._start):
            yield from self._text(line)
            self.state = replace(self.state, newline=True)
            return
        try:
            yield from self._frame(line)
        except (ValueError, zlib.error):  # cut short by the end of its writer
            self.state = replace(self.state, missed=self.state.missed + 1, pending=b"", broken=True)

    def _text(self, text: bytes) -> Iterator[bytes]:
        if self.state.newline:
            self.state = replace(self.state, newline=False)
            yield b"\n"
        if text:
            yield text

    def _frame(self, line: bytes) -> Iterator[bytes | Change]:
        _, number, flags, name, start, removed, content = line.split(b" ")
        if self.state.newline:
            self.state = replace(self.state, newline=False)
            if b"j" not in flags:
                yield b"\n"
        is_next, goes_on = int(number) == self.state.number + 1, b"c" in flags
        broken = goes_on and (self.state.broken or not is_next)
        data = self.state.pending if goes_on else b""
        data += zlib.decompress(b64decode(content, validate=True))
        self.state = replace(
            self.state,
            number=int(number),
            missed=self.state.missed + (not is_next),
            pending=data if b"m" in flags else b"",
            broken=broken,
        )
        if b"m" not in flags and not broken:
            yield Change(
                name=unquote(name.decode()), start=int(start), removed=int(removed), data=data, left_out=b"x" in flags
            )


def _same_length(one: bytes, other: bytes) -> int:
    """Return how many bytes *one* and *other* begin with alike."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
