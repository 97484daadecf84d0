"""
A runner in a few lines, started as the real one is: it does what `script.py` in the run directory says.

So a test states in its own words what a runner does to its supervisor, in milliseconds and with the standard library.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

os.chdir(sys.argv[1])
ATTEMPT = int(sys.argv[3])
STARTED = datetime.now(UTC).isoformat()


def event(kind: str, **data: object) -> None:
    """Append one event."""
    line = {"type": kind, "time": datetime.now(UTC).isoformat(), "attempt": ATTEMPT, "data": data}
    Path("events").mkdir(exist_ok=True)
    with Path("events/000000.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")


def result(state: str, *, fault: str = "", cls: str = "CellFailed", code: int = 0) -> None:
    """Leave a result record and end with exit code *code*."""
    error = {"cls": cls, "fault": fault, "summary": "it failed", "hint": "Mend it."} if fault else None
    record = {"id": Path.cwd().name, "attempt": ATTEMPT, "state": state, "error": error, "started": STARTED}
    record |= {"ended": datetime.now(UTC).isoformat(), "duration_s": 0.1}
    Path(".result").write_text(json.dumps(record))
    Path(".result").replace("result.json")
    os._exit(code)


exec(compile(Path("script.py").read_text(), "script.py", "exec"))
