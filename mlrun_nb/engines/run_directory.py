"""
Read a run directory that lies on a local file system: its result, and events and log since a cursor.

The runner writes these files while they are read, and may die in the middle of a line. Used by the engines whose runs
write where we can read; nothing is ever changed here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.records import Json, from_json
from mlrun_nb.model.events import Chunk, Event
from mlrun_nb.model.run import RunResult
from mlrun_nb.runner import layout

CHUNK_BYTES = 1 << 20
"""The most that one call returns of the events and of the log."""


def read_result(folder: Path) -> RunResult | None:
    """Return the result record in *folder*; None when there is none yet, or none that can be read."""
    try:
        return from_json(RunResult, json.loads((folder / layout.RESULT).read_bytes()))
    except (OSError, ValueError):
        return None


def read_events(folder: Path, start: int = 0) -> Sequence[Event]:
    """Return the events in *folder* from byte *start* on."""
    try:
        with (folder / layout.EVENTS / "000000.jsonl").open("rb") as file:
            file.seek(start)
            return parse_events(file.read())
    except OSError:
        return ()


def parse_events(lines: bytes) -> tuple[Event, ...]:
    """Return the events that *lines* hold; one torn by the death of its writer, or of a form unknown, is left out."""
    events = []
    for line in lines.splitlines():
        try:
            events.append(from_json(Event, json.loads(line)))
        except ValueError:
            continue
    return tuple(events)


def read_chunk(folder: Path, cursor: Json, *, log: bool, closed: bool) -> Chunk:
    """
    Return what *folder* holds since *cursor*, each byte once along a chain of cursors.

    Of events only whole lines are returned, unless the folder is *closed*: nobody writes there any more, so a last line
    without an end stays torn and the rest is all there is.
    """
    events = _read(folder / layout.EVENTS, ".jsonl", _position(cursor, "events"))
    complete = events.data.rfind(b"\n") + 1
    lines = events.data if events.reaches_end and (closed or not events.is_last) else events.data[:complete]
    piece = _read(folder / layout.LOG, ".log", _position(cursor, "log")) if log else None
    at = {
        "events": events.after(len(lines)),
        "log": piece.after(len(piece.data)) if piece else _position(cursor, "log"),
    }
    return Chunk(
        events=parse_events(lines),
        log=piece.data if piece else b"",
        cursor={name: list(position) for name, position in at.items()},
        at_end=closed and all(each.is_last and each.reaches_end for each in (events, piece) if each is not None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Bytes of a segment: `is_last` when no segment follows now, `reaches_end` when no bytes follow in it now."""

    segment: int
    byte: int
    data: bytes
    is_last: bool
    reaches_end: bool

    def after(self, count: int) -> tuple[int, int]:
        """Return the position *count* bytes further."""
        return self.segment, self.byte + count


def _read(folder: Path, suffix: str, position: tuple[int, int]) -> _Piece:
    """Return what follows *position*; goes on to the next segment only where the present one is read to its end."""
    segment, byte = position
    while True:
        is_last = not (folder / f"{segment + 1:06d}{suffix}").exists()  # asked first: what comes later is not missed
        data, reaches_end = _bytes(folder / f"{segment:06d}{suffix}", byte)
        if data or is_last:
            return _Piece(segment=segment, byte=byte, data=data, is_last=is_last, reaches_end=reaches_end)
        segment, byte = segment + 1, 0


def _bytes(path: Path, start: int) -> tuple[bytes, bool]:
    """Return a bounded piece, with at least one whole line if there is one, and whether it reaches the file's end."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(CHUNK_BYTES)
            reaches_end = len(data) < CHUNK_BYTES
            if not reaches_end and path.suffix == ".jsonl" and b"\n" not in data:
                data += file.readline()
            return data, reaches_end
    except FileNotFoundError:
        return b"", True


def _position(cursor: Json, name: str) -> tuple[int, int]:
    value = cursor.get(name) if isinstance(cursor, Mapping) else None
    match value:
        case [int(segment), int(byte)]:
            return segment, byte
        case _:
            return 0, 0
