"""
What a run writes about itself: events, log and the result, in the run directory, as they happen.

One recorder per attempt, used from the runner's threads. Everything that passes is masked; the log keeps its colours,
and no other order to a terminal. It holds what the result will need: results, artifacts, notices. Knows nothing of
kernels; the in-process execution uses the same one.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import cast, get_args

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.records import Json, Scalar, from_json, scalar_from_json, to_json
from mlrun_nb._lib.terminal import WithoutOrders, without_orders
from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.artifacts.growing import growing
from mlrun_nb.errors import ArtifactError
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import CELL_STATES, Event, EventType
from mlrun_nb.model.run import CellReport, CellState, RunError, RunResult
from mlrun_nb.runner import layout
from mlrun_nb.runner.masking import Mask
from mlrun_nb.runner.spool import Line, Spool

_RESERVE_BYTES = 256 * 1024
"""Kept free while the run lasts, so that a full disk still takes the result."""
_REPORTED = ("index", "name", "duration_s", "cpu_s", "peak_memory_bytes", "output_bytes")
_ENDINGS: Mapping[CellState, EventType] = {state: kind for kind, state in CELL_STATES.items()}


class Recorder:
    """
    Events, log and result of one attempt. `started` and durations have one origin, the monotonic time `origin`.

    With *reserves* it keeps some space of a local disk for the result.
    """

    def __init__(
        self, folder: Folder, *, attempt: int, spool: Path, mask: Mask, origin: float, reserves: bool = True
    ) -> None:
        self._origin = origin
        self.started = now() - timedelta(seconds=self.elapsed_s)
        self.results: dict[str, Scalar] = {}
        self.artifacts: dict[str, Artifact] = {}
        self.notices: list[str] = []
        self._folder, self._attempt, self._mask = folder, attempt, mask
        self._lock = threading.RLock()
        self._spool = Spool(spool)
        self._streams = {name: (WithoutOrders(colours=True), mask.stream()) for name in ("stdout", "stderr")}
        self._events = growing(folder, layout.EVENTS, "jsonl")
        self._log = growing(folder, layout.LOG, "log")
        self._reserve = _reserve(folder) if reserves else None

    @property
    def elapsed_s(self) -> float:
        """Seconds since the attempt began."""
        return monotonic() - self._origin

    def event(self, kind: EventType, data: Mapping[str, Json]) -> None:
        """Write an event that happens now; raises ArtifactError."""
        self._write(kind, data, time=now(), elapsed_s=self.elapsed_s)

    def cell_ended(self, report: CellReport, error: RunError | None) -> None:
        """Write how a cell went."""
        data = cast("dict[str, Json]", {name: getattr(report, name) for name in _REPORTED})
        if report.state == "failed" and error is not None:
            data |= {"ename": error.ename or error.cls, "evalue": error.evalue or error.summary}
        self.event(_ENDINGS[report.state], data)

    def notice(self, text: str, *, hint: str = "") -> None:
        """Write a notice, once, and keep it for the result."""
        with self._lock:
            if text not in self.notices:
                self.notices.append(text)
                self.event("notice", {"text": text, "hint": hint})

    def log(self, text: str, *, stream: str = "stdout") -> None:
        """Add text that user code printed; a secret cut in two by chance is still masked."""
        with self._lock:
            orders, masked = self._streams[stream]
            self._to_log(masked.feed(orders.feed(text)))

    def line(self, text: str) -> None:
        """Add one finished line, after what the streams held back."""
        with self._lock:
            self.end_of_streams()
            self._to_log(f"{self._mask.text(without_orders(text, colours=True))}\n")

    def end_of_streams(self) -> None:
        """Write what the streams held back: a cell has ended."""
        with self._lock:
            for orders, masked in self._streams.values():
                orders.end()
                self._to_log(masked.flush())

    def collect(self) -> None:
        """Take over what user code logged since the last time."""
        with self._lock:
            for line in self._spool.take():
                self._said(line)

    def flush(self, *, due: bool = False) -> None:
        """Write what is held back for an object store; with *due* only what has waited for a second."""
        self._events.flush(due=due)
        self._log.flush(due=due)

    def finish(self, result: RunResult, *, durable: bool = True) -> None:
        """Write the result, the last thing of an attempt; *durable* means against power cuts. Raises ArtifactError."""
        if self._reserve is not None:
            self._reserve.unlink(missing_ok=True)
        with suppress(ArtifactError):  # the result matters most, and it has space of its own
            self.event("run_ended", {"state": result.state.value})
            self.end_of_streams()
            self.flush()
            self._spool.remove()  # not before all that was said there is written
        plain = self._mask.json(to_json(result))
        data = json.dumps(plain, ensure_ascii=False, allow_nan=False, indent=1)
        self._folder.write(layout.RESULT, data.encode("utf-8", "replace"), sync=durable)

    def _to_log(self, text: str) -> None:
        if text:
            self._log.add(text.encode("utf-8", "replace"))

    def _said(self, line: Line) -> None:
        data = self._mask.json(cast("dict[str, Json]", to_json(line.data)))
        if line.type == "result":
            self.results[str(data["name"])] = scalar_from_json(data.get("value"))
        elif line.type == "artifact":
            artifact = from_json(Artifact, data)
            self.artifacts[artifact.name] = artifact
        elif line.type == "notice":
            self.notices.append(str(data.get("text", "")))
        if line.type in get_args(EventType):
            elapsed = max(0.0, line.monotonic - self._origin)
            self._write(cast("EventType", line.type), data, time=datetime.fromisoformat(line.time), elapsed_s=elapsed)

    def _write(self, kind: EventType, data: Mapping[str, Json], *, time: datetime, elapsed_s: float) -> None:
        event = Event(
            type=kind,
            time=time,
            elapsed_s=round(elapsed_s, 6),
            attempt=self._attempt,
            data=self._mask.json(dict(data)),
        )
        with self._lock:
            self._events.add(json.dumps(to_json(event), ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def ended(self) -> datetime:
        """Return the wall clock's time of now, as far from `started` as the monotonic clock says."""
        return self.started + timedelta(seconds=self.elapsed_s)


def _reserve(folder: Folder) -> Path | None:
    if folder.path is None:
        return None
    path = folder.path / layout.RESERVE
    try:
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, _RESERVE_BYTES)
    except (OSError, AttributeError):  # no space even now, or a system without it
        path.unlink(missing_ok=True)
        return None
    return path
