"""What a real cluster said of the Jobs of `tests/integration/kube/scenarios.py`, as `record.py` there wrote it down."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mlrun_nb.kube.snapshot import Seen

DATA = Path(__file__).parent / "data"
NAMES = sorted(path.stem for path in DATA.glob("*.json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The arguments of `diagnose`, once."""

    job: Seen | None
    pods: tuple[Seen, ...]
    events: Sequence[Mapping[str, Any]]
    now: datetime


def record(name: str) -> Record:
    """Return what was recorded of the Job *name*."""
    told = json.loads((DATA / f"{name}.json").read_text())
    return Record(
        job=told["job"] and _seen(told["job"]),
        pods=tuple(_seen(pod) for pod in told["pods"]),
        events=told["events"],
        now=datetime.fromisoformat(told["now"]),
    )


def _seen(told: Mapping[str, Any]) -> Seen:
    return Seen(thing=told["thing"], gone=told["gone"] and datetime.fromisoformat(told["gone"]))
