"""
Kill random processes of short runs at random moments, and look whether the record tells the truth afterwards.

All chance comes from a seed. Needs an engine whose runs are supervised on this machine; used by `make test` with few
runs and by `make soak` with many.
"""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from typing import Literal

from mlrun_nb._lib import processes
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.engines.supervisor import files
from mlrun_nb.model.run import Handle, Observation, RunRequest
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for, wait_until_ended, wait_until_running, write_request

Victim = Literal["kernel", "runner", "supervisor"]

CELLS = (
    """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"], start_new_session=True)
""",
    "for i in range(20):\n    print(i, flush=True)\n    time.sleep(0.02)",
    "open('witness', 'w').close()",
)
"""A run of about two seconds with a child that flees; the last cell leaves a witness."""

ALLOWED: dict[frozenset[Victim], set[RunState]] = {
    frozenset({"kernel"}): {RunState.SUCCEEDED, RunState.FAILED},
    frozenset({"runner"}): {RunState.SUCCEEDED, RunState.FAILED},
    frozenset({"supervisor"}): {RunState.SUCCEEDED},  # the runner goes on
    frozenset({"kernel", "supervisor"}): {RunState.SUCCEEDED, RunState.FAILED},
    frozenset({"runner", "supervisor"}): {RunState.SUCCEEDED, RunState.FAILED, RunState.LOST},
    frozenset({"kernel", "runner"}): {RunState.SUCCEEDED, RunState.FAILED},
}
"""The states that can be true after the death of some; a run may always have been quicker than its murderer."""


@dataclass(frozen=True)
class Murder:
    """Who is to die, and when: a share of the time that the start, or the cells, of an undisturbed run take."""

    victims: tuple[Victim, ...]
    phase: Literal["start", "cells"]
    moment: float


@dataclass(frozen=True)
class Undisturbed:
    """How long a run takes that nobody kills."""

    start_s: float
    cells_s: float


def plan(count: int, seed: int) -> list[Murder]:
    """Return *count* murders, the same for the same *seed*."""
    chance = random.Random(seed)
    sets = sorted(map(sorted, ALLOWED))
    phases: tuple[Literal["start", "cells"], ...] = ("start", "cells", "cells")
    return [
        Murder(victims=tuple(chance.choice(sets)), phase=chance.choice(phases), moment=chance.uniform(0.0, 1.1))
        for _ in range(count)
    ]


def kill_runs(engine: LocalEngine, folder: Path, *, count: int, seed: int, at_once: int = 3) -> list[str]:
    """Return what is wrong after *count* runs, nothing when the record of each tells the truth."""
    times = _undisturbed(engine, folder)
    with ThreadPoolExecutor(at_once) as executor:
        complaints = executor.map(lambda murder: _kill_one(engine, folder, murder, times), plan(count, seed))
        return [f"seed {seed}: {complaint}" for each in complaints for complaint in each]


def _undisturbed(engine: LocalEngine, folder: Path) -> Undisturbed:
    began = time.monotonic()
    request = write_request(folder, *CELLS)
    handle = engine.submit([request])[request.id]
    wait_until_running(engine, handle)
    start_s = time.monotonic() - began
    wait_until_ended(engine, handle)
    return Undisturbed(start_s=start_s, cells_s=time.monotonic() - began - start_s)


def _kill_one(engine: LocalEngine, folder: Path, murder: Murder, times: Undisturbed) -> list[str]:
    request = write_request(folder, *CELLS)
    handle = engine.submit([request])[request.id]
    if murder.phase == "cells":
        wait_until_running(engine, handle)
    time.sleep(murder.moment * (times.start_s if murder.phase == "start" else times.cells_s))
    killed = frozenset(victim for victim in murder.victims if kill_process(Path(request.run_directory), victim))
    seen = wait_until_ended(engine, handle)
    return [f"{request.id}, {murder}: {text}" for text in _complaints(engine, handle, request, killed, seen)]


def kill_process(folder: Path, victim: Victim) -> bool:
    """Kill a process of the run in *folder*; returns whether there was one to kill."""
    state = files.read_state(str(folder))
    runner = state["runner"] if state else None
    if victim == "supervisor":
        supervisor = files.read_supervisor(str(folder))
        return supervisor is not None and processes.signal_process(supervisor, SIGKILL)
    if runner is None or victim == "runner":
        return runner is not None and processes.signal_process(runner, SIGKILL)
    children = processes.descendants(int(runner["pid"])) if processes.is_same_process(runner) else set()
    try:
        return bool(children) and processes.signal_process(processes.identify(min(children)), SIGKILL)
    except ProcessLookupError:  # it was quicker
        return False


def _complaints(
    engine: LocalEngine, handle: Handle, request: RunRequest, killed: frozenset[Victim], seen: Observation
) -> list[str]:
    directory = Path(request.run_directory)
    complaints = []
    if seen.state not in ALLOWED.get(killed, {RunState.SUCCEEDED}):
        complaints.append(f"{seen.state} after the death of {sorted(killed)}: {seen.reason}")
    if seen.state is RunState.SUCCEEDED and not (directory / "witness").exists():
        complaints.append("succeeded without having run its last cell")
    if seen.state is RunState.FAILED and (seen.error is None or not seen.error.hint):
        complaints.append("failed without a reason and a thing to do")
    try:
        wait_for(lambda: engine.read(handle, None).at_end, what="the end of its record", patience_s=20)
        wait_for(lambda: not processes.marked(files.MARK, handle.run), what="the end of its processes", patience_s=20)
    except TimeoutError as err:
        complaints.append(str(err))
    notebook = directory / "output.ipynb"
    if notebook.exists() and not json.loads(notebook.read_bytes())["cells"]:
        complaints.append("the notebook is empty")
    return complaints
