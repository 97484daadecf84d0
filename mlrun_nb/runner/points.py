"""
Which of many points of a sweep a container is for: the one at the index that its Job gave it.

The points travel as one file; the request that all of them have in common lies in the run directory already, or where
that is shared each has its own there.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.runner import layout

INDEX_VARIABLE = "JOB_COMPLETION_INDEX"
"""Source: Kubernetes Job API, `spec.completionMode`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PodPoint:
    """
    A point as its pod needs it.

    `url` is the folder that takes its files and `shared` its run directory, each where that is how they come home.
    """

    id: str
    number: int
    parameters: Mapping[str, Json] = field(default_factory=dict)
    artifacts: str = ""
    url: str = ""
    shared: str = ""


def write_points(points: Sequence[PodPoint]) -> bytes:
    """Return *points* as a file, the same bytes for the same points."""
    return gzip.compress(json.dumps([to_json(point) for point in points], ensure_ascii=False).encode(), 6, mtime=0)


def own_point(file: Path) -> PodPoint:
    """Return the point of *file* that this container is for."""
    points = json.loads(gzip.decompress(file.read_bytes()))
    return from_json(PodPoint, points[int(os.environ[INDEX_VARIABLE])])


def take_point(point: PodPoint, run: Path) -> Path:
    """Make the request in the run directory *run* that of *point*; returns the run directory that counts."""
    if point.shared:
        return Path(point.shared)
    path = run / layout.REQUEST
    request = json.loads(path.read_bytes())
    own = {"id": point.id, "number": point.number, "parameters": dict(point.parameters), "artifacts": point.artifacts}
    path.write_text(json.dumps({**request, **own}, ensure_ascii=False), encoding="utf-8")
    return run
