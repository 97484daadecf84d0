"""
What user code says inside a run, on its way from the kernel's processes to the runner: a folder of JSON lines.

Every process of the run has a file of its own, so that threads and children need no lock between them. Written by
`inside`, read by the recorder.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing said; `monotonic` is the machine's monotonic clock when it was said."""

    type: str
    time: str
    monotonic: float
    data: Mapping[str, Any]


class Spool:
    """Reads each complete line of each file of the folder once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}

    def take(self) -> Iterator[Line]:
        """Return what was said since the last call, in order of time; lines that are no JSON are passed over."""
        lines = [line for path in self._folder.glob("*.jsonl") for line in self._new_lines(path)]
        return iter(sorted(lines, key=lambda line: line.monotonic))

    def remove(self) -> None:
        """Remove the folder: what was said there is not masked."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _new_lines(self, path: Path) -> Iterator[Line]:
        start = self._read.get(path, 0)
        with path.open("rb") as file:
            file.seek(start)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]  # the last line may be half written
        self._read[path] = start + len(whole)
        for line in whole.splitlines():
            if (said := _parse(line)) is not None:
                yield said


def _parse(line: bytes) -> Line | None:
    try:
        plain = json.loads(line)
        return Line(
            type=plain["type"], time=plain["time"], monotonic=float(plain["monotonic"]), data=dict(plain["data"])
        )
    except (ValueError, KeyError, TypeError):
        return None
