"""What the cluster of this machine is doing, and how it is made larger, smaller, or ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGUSR1

from mlrun_nb._lib import processes
from mlrun_nb._lib.files import write_atomic
from mlrun_nb.engines.dask import own_cluster
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.own_process import WANTED
from mlrun_nb.engines.dask.target import OWN, Target
from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.model.cluster import Cluster

_PATIENCE_S = 60.0


def standing(home: Path) -> Cluster | None:
    """Return how the cluster of *home* stands, None where there is none; raises EngineUnavailable."""
    about = own_cluster.find(home)
    if about is None:
        return None
    connection = Connection(Target(address=OWN), about.address)
    try:
        workers = connection.identity()["workers"].values()
        runs = connection.tasks()
    finally:
        connection.close()
    slots = sum(int(worker["nthreads"]) for worker in workers)
    up_s = max(0.0, time.time() - about.started)
    return Cluster(
        name=OWN,
        place="this machine",
        address=about.address,
        dashboard=about.dashboard,
        owner=about.owner,
        workers=len(workers),
        least=len(workers),
        most=len(workers),
        slots=slots,
        runs=runs,
        memory_bytes=sum(int(worker["metrics"]["memory"]) for worker in workers),
        up_s=round(up_s, 1),
        idle_timeout_s=about.idle_timeout_s,
        core_hours=round(slots * up_s / 3600, 3),
    )


def scale(home: Path, workers: int, *, force: bool) -> Cluster:
    """Have the cluster of *home* so many *workers*, and return how it stands then; see `down`."""
    about, now = _there(home)
    if workers < now.workers:
        _refuse_busy(now, force=force)
    write_atomic(home / own_cluster.FOLDER / WANTED, json.dumps(workers).encode())
    processes.signal_process(about.process, SIGUSR1)
    return _awaited(lambda: standing(home), lambda now: now.workers == workers, f"{workers} workers")


def down(home: Path, *, force: bool) -> bool:
    """
    End the cluster of *home*, and return once it is gone whether there was one.

    Raises EngineRejected while it has runs, unless *force*: they would fail.
    """
    about = own_cluster.find(home)
    if about is None:
        return False
    if not force:
        _refuse_busy(_there(home)[1], force=False)
    own_cluster.end(about)
    deadline = time.monotonic() + _PATIENCE_S
    while processes.is_same_process(about.process) and time.monotonic() < deadline:
        time.sleep(0.05)
    return True


def _there(home: Path) -> tuple[own_cluster.About, Cluster]:
    about, now = own_cluster.find(home), standing(home)
    if about is None or now is None:
        raise EngineRejected("this machine has no Dask cluster of yours", hint="Start one: `mlrun-nb dask up`.")
    return about, now


def _refuse_busy(now: Cluster, *, force: bool) -> None:
    if now.runs and not force:
        raise EngineRejected(
            f"the cluster has {now.runs} runs, which would fail with their workers",
            hint="Wait for their end (`mlrun-nb runs`), or end them with `--force`.",
        )


def _awaited(look: Callable[[], Cluster | None], holds: Callable[[Cluster], bool], what: str) -> Cluster:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        now = look()
        if now is not None and holds(now):
            return now
        time.sleep(0.1)
    raise EngineUnavailable(f"the cluster did not come to {what}", hint="Look again: `mlrun-nb dask list`.")
