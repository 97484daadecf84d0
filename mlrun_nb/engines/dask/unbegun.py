"""End a run that no supervisor has begun, so that none can begin it after: it is cancelled, lost, or refused."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlrun_nb.engines.supervisor import files
from mlrun_nb.engines.unfinished import write_result
from mlrun_nb.model.run import RunResult
from mlrun_nb.runner import layout


def end_unbegun(folder: Path, result: RunResult | None, reason: str = "") -> bool:
    """End the run in *folder* with *result*, or without one for *reason*; returns False where somebody has begun it."""
    with _turn(folder) as is_ours:
        if not is_ours or files.read_state(str(folder)) is not None:
            return False
        if result is not None:
            write_result(folder / layout.RESULT, result)
        ended: files.State = {
            "attempt": 1, "phase": "ended", "runner": None, "began": 0.0, "events_from": 0, "oom_kills": 0,
            "cgroup": "", "reason": reason,
        }  # fmt: skip
        files.write_json(str(folder / files.STATE), ended)
        return True


@contextmanager
def _turn(folder: Path) -> Iterator[bool]:
    """Hold the supervisor's lock: nobody begins the run meanwhile. False where somebody else has it."""
    (folder / files.FOLDER).mkdir(mode=0o700, exist_ok=True)
    lock = os.open(folder / files.LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)
