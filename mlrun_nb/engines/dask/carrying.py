"""
The side of the worker: carry one run, from the moment that it has a slot until its supervisor has gone.

Dask may execute a task again whenever a worker was lost, at any time and beside itself: that is harmless here. Each
attempt has a lease, a file that one process can make; a supervisor goes on where the one before it stopped; and a run
that has ended is left alone.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb._lib.processes import Identity
from mlrun_nb._lib.records import from_json
from mlrun_nb.engines import supervisor_orders, supervisor_start
from mlrun_nb.engines.supervisor import files
from mlrun_nb.kernels import kindle, warm
from mlrun_nb.kernels.key import THREADS
from mlrun_nb.model.run import RunRequest
from mlrun_nb.runner import layout
from mlrun_nb.runner.stop import GRACE_S

_RUNNER = ("-P", "-m", "mlrun_nb.runner")
_LOOKS_EACH_S = 1.0


def main() -> None:
    """Carry the run of the command line for another process, a worker without our package."""
    folder, worker, pid = sys.argv[1:]
    sys.stdout.write(carry(folder, worker=worker, host=processes.identify(int(pid))))


def carry(folder: str, *, worker: str, host: Identity | None = None) -> str:
    """
    Carry the run in *folder* for the *worker* of this address, by default this process; returns what became of it.

    It ends with the process *host*.
    """
    host = host or processes.identify()
    while not _is_over(state := files.read_state(folder)):
        attempt = 1 if state is None else state["attempt"] + (state["phase"] == "backoff")
        if not take_lease(Path(folder), attempt, {**host, "worker": worker}):
            return "held elsewhere"
        _supervise(Path(folder), host)
        if files.read_state(folder) is None:
            return "cancelled"
    return "ended"


def _is_over(state: files.State | None) -> bool:
    return state is not None and state["phase"] == "ended"


def _supervise(folder: Path, host: Identity) -> None:
    """Return once no supervisor looks after the run any more."""
    request = from_json(RunRequest, json.loads((folder / layout.REQUEST).read_bytes()))
    command = [request.python or sys.executable, *_RUNNER]
    supervisor_orders.write(folder, supervisor_orders.make(request, command, grace_s=GRACE_S))
    is_warm = not warm.why_not(os.environ)
    resources = request.settings.resources
    apart = THREADS if resources.cpu or resources.cpu_limit else ()  # a nanny sets them to 1, for all workers alike
    supervisor_start.start(folder, run=request.id, warm=is_warm, host=host, apart=apart).wait()
    if is_warm:
        kindle.kindle(os.environ)
    wait_for(files.read_supervisor(str(folder)))


def take_lease(folder: Path, attempt: int, holder: Mapping[str, object]) -> bool:
    """Return whether *attempt* is ours to make, now or already: nobody of another place has, or had, its lease."""
    (folder / files.FOLDER).mkdir(mode=0o700, exist_ok=True)
    path = folder / files.FOLDER / f"lease-{attempt}"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        held = read_lease(path)
        return all(held.get(name) == value for name, value in processes.place().items())
    with os.fdopen(descriptor, "w") as file:
        json.dump(holder, file)
    return True


def read_lease(path: Path) -> Mapping[str, object]:
    """Return who holds the lease *path*; nothing where that is not written yet."""
    try:
        held: Mapping[str, object] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return held


def wait_for(supervisor: Identity | None) -> None:
    """Return once the process *supervisor* has gone."""
    if supervisor is None or not processes.is_same_process(supervisor):
        return
    if not hasattr(os, "pidfd_open"):
        while processes.is_same_process(supervisor):
            time.sleep(0.05)
        return
    try:
        descriptor = os.pidfd_open(int(supervisor["pid"]))
    except ProcessLookupError:
        return
    try:
        while processes.is_same_process(supervisor):
            select.select([descriptor], [], [], _LOOKS_EACH_S)
    finally:
        os.close(descriptor)
