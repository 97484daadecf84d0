"""
Start the runner for one attempt, in a session of its own, and write down who it is.

Imports little: it runs before everything else in a supervisor. Not here: waiting for the runner, judging how it ended.
"""

from __future__ import annotations

import os
import signal
import time

from mlrun_nb._lib import processes
from mlrun_nb.engines.supervisor import cgroup, files
from mlrun_nb.engines.supervisor.files import Orders, State
from mlrun_nb.kernels import lineage

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
        "cgroup": _planned(orders, attempt),
        "reason": "",
    }
    files.write_json(files.STATE, state)
    try:
        _prepare(state, orders)
        pid = _spawn([*orders["command"], os.getcwd(), "--attempt", str(attempt)], _environment(state, orders))
        state["runner"] = processes.identify(pid)
        _confine(state, pid)
    except OSError as err:
        _set_free(state)
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


def _environment(state: State, orders: Orders) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != files.SUPERVISES}
    outside = {files.OUTSIDE: cgroup.here()} if state["cgroup"] else {}
    return {**orders["environment"], **inherited, **outside, files.MARK: orders["run"]}


def _planned(orders: Orders, attempt: int) -> str:
    """Return the folder of the attempt's cgroup, so that it is on disk before there is anything to clear away."""
    above = orders["cgroup"]
    return os.path.join(above, f"{cgroup.NAME}{orders['run']}.{attempt}") if above else ""


def _prepare(state: State, orders: Orders) -> None:
    folder = state["cgroup"]
    if folder and not cgroup.make(folder, memory_bytes=orders["memory_bytes"], cores=orders["cores"]):
        _set_free(state)


def _confine(state: State, pid: int) -> None:
    if state["cgroup"] and not cgroup.enter(state["cgroup"], pid):
        _set_free(state)


def _set_free(state: State) -> None:
    if state["cgroup"]:
        cgroup.end(state["cgroup"])
        state["cgroup"] = ""


def _spawn(command: list[str], environment: dict[str, str]) -> int:
    if not lineage.why_no_fork(command[0], environment) and (arguments := _own_runner(command)):
        return _fork(arguments, environment)
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, files.OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(
        command[0], command, environment, file_actions=actions, setsid=True, setsigmask=(), setsigdef=_RESET
    )


def _own_runner(command: list[str]) -> list[str]:
    """Return the arguments of the runner where *command* starts ours, with all that it has after the module's name."""
    module = ["-P", "-m", "mlrun_nb.runner"]
    return command[4:] if command[1:4] == module else []


def _fork(arguments: list[str], environment: dict[str, str]) -> int:
    from mlrun_nb.kernels.birth import Birth  # loaded already: we come from a helper
    from mlrun_nb.kernels.fork import fork

    output = os.open(files.OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    try:
        return fork(
            Birth(
                entry="mlrun_nb.runner.__main__:program",
                argv=["mlrun_nb.runner", *arguments],
                environment=environment,
                files=[nothing, output, output],
                session="session",
                ends_at_once=lambda _: None,  # as where it is started in the ordinary way
            )
        )
    finally:
        os.close(nothing)
        os.close(output)
