"""
How far the senders of a run, pods or workers, were read: a file in its run directory, from which the next look goes on.

Written after what it tells of, so that it never says too much.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from mlrun_nb._lib.files import write_atomic
from mlrun_nb._lib.records import Json
from mlrun_nb.runner.frames import ReaderState

_FILE = "mirror.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """
    How far one place was read in which the run writes: a pod, or the turn of a worker.

    `cursor` is that of its log and `reader` stands there; `events` counts bytes of its own events, `files` are those
    that it has sent (name → how often frames had been missed by then), `left` those that it could not (name → size);
    `done` when nothing more can come.
    """

    attempt: int = 1
    rank: int = 0
    cursor: Json = None
    reader: ReaderState = field(default_factory=ReaderState)
    events: int = 0
    files: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Senders by name, in the order of their attempts, and the bytes of each growing file that are certain."""

    senders: Mapping[str, Sender] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)


def read_state(folder: Path) -> State:
    """Return how far the run in *folder* was brought home; an empty state where nothing was."""
    try:
        plain = json.loads((folder / _FILE).read_bytes())
    except (OSError, ValueError):
        return State()
    senders = {name: _sender(each) for name, each in plain["senders"].items()}
    return State(senders=senders, sizes=plain["sizes"])


def write_state(folder: Path, state: State) -> None:
    """Write how far the run in *folder* was brought home."""
    write_atomic(folder / _FILE, json.dumps(_plain(state)).encode())


def _plain(state: State) -> dict[str, object]:
    return {
        "senders": {
            name: {
                "attempt": each.attempt,
                "rank": each.rank,
                "cursor": each.cursor,
                "reader": _plain_reader(each.reader),
                "events": each.events,
                "files": dict(each.files),
                "left": dict(each.left),
                "done": each.done,
            }
            for name, each in state.senders.items()
        },
        "sizes": dict(state.sizes),
    }


def _plain_reader(state: ReaderState) -> dict[str, object]:
    return {
        "line": b64encode(state.line).decode(),
        "pending": b64encode(state.pending).decode(),
        "newline": state.newline,
        "number": state.number,
        "missed": state.missed,
        "broken": state.broken,
    }


def _sender(plain: Mapping[str, Json]) -> Sender:
    fields = dict(plain)
    reader = cast("dict[str, Json]", fields["reader"])
    line, pending = (b64decode(str(reader[name])) for name in ("line", "pending"))
    return replace(
        Sender(),
        attempt=cast("int", fields["attempt"]),
        rank=cast("int", fields["rank"]),
        cursor=fields["cursor"],
        reader=ReaderState(
            line=line,
            pending=pending,
            newline=bool(reader["newline"]),
            number=cast("int", reader["number"]),
            missed=cast("int", reader["missed"]),
            broken=bool(reader["broken"]),
        ),
        events=cast("int", fields["events"]),
        files=cast("dict[str, int]", fields["files"]),
        left=cast("dict[str, int]", fields["left"]),
        done=bool(fields["done"]),
    )
