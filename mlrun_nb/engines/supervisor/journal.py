"""
What a supervisor adds to a run's events.

Appends only; what the events of an attempt mean is judged in `verdict`.
"""

from __future__ import annotations

import json
from pathlib import Path

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.files import append
from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.engines.supervisor import files
from mlrun_nb.model.events import Event, EventType


def write_event(kind: EventType, *, attempt: int, **data: Json) -> None:
    """Append one event to the run's; a line that the runner left unfinished is ended first."""
    path = Path(files.EVENTS)
    path.parent.mkdir(exist_ok=True)
    event = Event(type=kind, time=now(), attempt=attempt, data=data)
    line = json.dumps(to_json(event), allow_nan=False).encode() + b"\n"
    append(path, b"\n" + line if _is_torn(path) else line)


def _is_torn(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-1, 2)
            return file.read(1) != b"\n"
    except OSError:
        return False
