# ruff: noqa: PTH
# pathlib costs 10 ms that the start of every run would wait for
"""
Start the runner for one attempt, in a session of its own, and write down who it is.

Imports little: it runs before everything else in a supervisor. Not here: waiting for the runner, judging how it ended.
"""

from __future__ import annotations

import os
import signal
import time

from mlrun_nb._lib import processes
from mlrun_nb.engines.supervisor import files
from mlrun_nb.engines.supervisor.files import Orders, State

_RESET = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)
"""Signals that must mean to the runner what they mean to any program, whatever its ancestors ignore."""


def begin(orders: Orders, *, attempt: int) -> State:
    """Start attempt number *attempt*; the returned state is on disk then, and says so when it could not start."""
    state: State = {
        "attempt": attempt,
        "phase": "attempt",
        "runner": None,
        "began": time.monotonic(),
        "events_from": os.path.getsize(files.EVENTS) if os.path.exists(files.EVENTS) else 0,
        "oom_kills": oom_kills(),
        "cgroup": _confinement(orders),
        "reason": "",
    }
    files.write_json(files.STATE, state)
    try:
        pid = _spawn([*orders["command"], os.getcwd(), "--attempt", str(attempt)], _environment(orders))
        state["runner"] = processes.identify(pid)
        _confine(state, pid)
    except OSError as err:
        state["phase"], state["reason"] = "broken", f"`{orders['command'][0]}` cannot be started: {err.strerror}"
    files.write_json(files.STATE, state)
    return state


def oom_kills() -> int:
    """Return how many processes this machine has killed because memory ran out; 0 where it does not say."""
    try:
        with open("/proc/vmstat", encoding="ascii") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("oom_kill ")), 0)
    except OSError:
        return 0


def _environment(orders: Orders) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != files.SUPERVISES}
    return {**orders["environment"], **inherited, files.MARK: orders["run"]}


def _confinement(orders: Orders) -> str:
    if orders["memory_bytes"] is None and orders["cores"] is None:
        return ""
    from mlrun_nb.engines.supervisor import cgroup

    return cgroup.make(orders["run"], memory_bytes=orders["memory_bytes"], cores=orders["cores"])


def _confine(state: State, pid: int) -> None:
    if state["cgroup"]:
        from mlrun_nb.engines.supervisor import cgroup

        state["cgroup"] = cgroup.enter(state["cgroup"], pid)


def _spawn(command: list[str], environment: dict[str, str]) -> int:
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, files.OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(
        command[0], command, environment, file_actions=actions, setsid=True, setsigmask=(), setsigdef=_RESET
    )
