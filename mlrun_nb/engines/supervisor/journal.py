"""
What a supervisor adds to a run's events, and reads there about an attempt whose runner cannot tell any more.

Appends and reads; what the events mean is judged in `verdict`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.files import append
from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.engines.supervisor import files
from mlrun_nb.model.events import Event, EventType


def write_event(kind: EventType, *, attempt: int, **data: Json) -> None:
    """Append one event to the run's; a line that the runner left unfinished is ended first."""
    path = Path(files.EVENTS)
    path.parent.mkdir(exist_ok=True)
    event = Event(type=kind, time=now(), attempt=attempt, data=data)
    line = json.dumps(to_json(event), allow_nan=False).encode() + b"\n"
    append(path, b"\n" + line if _is_torn(path) else line)


def read_events(start: int) -> Sequence[Event]:
    """Return the whole events from byte *start* on; what cannot be read is passed over."""
    try:
        with Path(files.EVENTS).open("rb") as file:
            file.seek(start)
            lines = file.read().splitlines()
    except OSError:
        return []
    return parse_events(lines)


def parse_events(lines: Sequence[bytes]) -> list[Event]:
    """Return the events that *lines* hold; a line that was torn by the death of its writer holds none."""
    events = []
    for line in lines:
        try:
            events.append(from_json(Event, json.loads(line)))
        except ValueError:
            continue
    return events


def _is_torn(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-1, 2)
            return file.read(1) != b"\n"
    except OSError:
        return False
