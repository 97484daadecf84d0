"""
What a supervisor keeps beside the run: its private files, by name and by form.

Paths are relative to the run directory, which is the supervisor's working directory. The engine `local` writes the
orders and reads the rest; nobody else knows these files.
"""

from __future__ import annotations

import json
import os
from typing import Any, Literal, TypedDict

from mlrun_nb._lib.processes import Identity

FOLDER = "supervisor"
LOCK = "supervisor/lock"
ORDERS = "supervisor/orders.json"
SUPERVISOR = "supervisor/supervisor.json"
STATE = "supervisor/state.json"
CANCEL = "supervisor/cancel"
"""Exists when the run's end is wished for; the signal that follows is only the bell."""
OUTPUT = "supervisor/runner.log"
"""What the runner itself says on stdout and stderr: nothing, unless it is broken."""
EVENTS = "events/000000.jsonl"
RESULT = "result.json"
OUTPUT_NOTEBOOK = "output.ipynb"

MARK = "MLRUN_NB_RUN"
"""Variable, with the run's id as value, of every process of a run: the last way to find one that fled."""
OUTSIDE = "MLRUN_NB_OUTSIDE"
"""Where a run has a cgroup of its own, the one that its supervisor is in: a run started inside it goes there."""
SUPERVISES = "MLRUN_NB_SUPERVISES"
"""The same for a supervisor: a run that was started inside a run does not end with it."""


HOST = "MLRUN_NB_HOSTED_BY"
"""Where a run has the place of another process, a Dask worker: who that is, as JSON. It ends with that process."""


class Orders(TypedDict):
    """
    What a supervisor has to do. No secret is ever in it: those are references that the runner resolves.

    `memory` is the limit as the option `memory_option` has it. `cgroup` is the folder in which attempts get cgroups of
    their own, empty where the limits are kept otherwise.
    """

    run: str
    notebook: str
    command: list[str]
    environment: dict[str, str]
    memory_bytes: int | None
    memory: str
    memory_option: str
    cores: float | None
    cgroup: str
    timeout_s: float | None
    retries: int
    backoff_s: float
    grace_s: float


class State(TypedDict):
    """
    Where a supervised run stands.

    `began` is the monotonic clock at the attempt's start (while it backs off, at the next one's start), comparable
    within a boot; `events_from` is where its events begin; `oom_kills` how many processes the machine had killed for
    memory by then; `cgroup` the attempt's own, or empty. A `broken` attempt's runner could not be started; `reason`
    says why, or why the run waits for its next attempt. After `ended` nothing changes any more.
    """

    attempt: int
    phase: Literal["attempt", "broken", "backoff", "ended"]
    runner: Identity | None
    began: float
    events_from: int
    oom_kills: int
    cgroup: str
    reason: str


def remove_sockets(run: str) -> None:
    """Remove the folders of kernel sockets that killed runners of *run* left in the folders for temporary files."""
    import shutil  # at the end of a run, not at its start
    import tempfile

    for place in {tempfile.gettempdir(), "/tmp"}:  # noqa: S108  # where a runner goes when the first is too long
        for name in os.listdir(place):
            if name.startswith(f"mlrun-nb-{run}-"):
                shutil.rmtree(os.path.join(place, name), ignore_errors=True)


def put_aside(folder: str) -> None:
    """Move what an ended run left for its supervisor, and its result, below `attempts`, so that it can start anew."""
    number = 1
    while os.path.exists(aside := os.path.join(folder, "attempts", f"before-{number}")):
        number += 1
    os.makedirs(aside, mode=0o700)
    for name in (RESULT, FOLDER):
        if os.path.exists(os.path.join(folder, name)):
            os.rename(os.path.join(folder, name), os.path.join(aside, name))


def write_json(path: str, value: object) -> None:
    """Replace the file *path*, so that a reader sees the old or the new one whole. It need not survive a power cut."""
    temporary = f"{path}.{os.urandom(4).hex()}"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(temporary, path)


def read_state(folder: str = ".") -> State | None:
    """Return the state in the run directory *folder*; None when no attempt was ever begun."""
    state: State | None = _read(os.path.join(folder, STATE))
    return state


def read_orders(folder: str = ".") -> Orders | None:
    """Return the orders in the run directory *folder*."""
    orders: Orders | None = _read(os.path.join(folder, ORDERS))
    return orders


def take_host() -> Identity | None:
    """Return in whose place the run of this supervisor is, if in anybody's; its runner does not inherit that."""
    host: Identity | None = json.loads(os.environ.pop(HOST, "null"))
    return host


def read_supervisor(folder: str = ".") -> Identity | None:
    """Return who supervised the run in *folder* last."""
    identity: Identity | None = _read(os.path.join(folder, SUPERVISOR))
    return identity


def _read(path: str) -> Any:  # noqa: ANN401  # each caller names the form that it wrote
    try:
        with open(path, "rb") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None
