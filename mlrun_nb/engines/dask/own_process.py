"""
`python -m mlrun_nb.engines.dask.own_process FOLDER`: a Dask cluster of this machine, until it has been idle for long.

Scheduler and workers listen on the loopback interface alone. What it is, is written to FOLDER once it can be used; a
lock there says that there is one. SIGTERM ends it, and runs that are at work fail as by the loss of their worker.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import getpass
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mlrun_nb._lib import processes
from mlrun_nb._lib.cores import usable_cores
from mlrun_nb._lib.files import write_atomic
from mlrun_nb.engines.dask.connection import TASKS
from mlrun_nb.engines.dask.survey import MEMORY

if TYPE_CHECKING:
    from distributed import LocalCluster

WANTED = "wanted.json"
"""How many workers somebody wants it to have; SIGUSR1 says that there is news in it."""
_LOOPBACK = "127.0.0.1"
_LOOKS_EACH_S = 0.5
_CORES_EACH = 4
"""Threads of a worker: each has one run, and what a worker weighs is shared by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a cluster is to be like: workers, the threads of each, and how long it lives without work."""

    workers: int
    threads: int
    idle_timeout_s: float

    @classmethod
    def usual(cls, *, idle_timeout_s: float) -> Wish:
        """Return the wish for as many slots as there are cores."""
        cores = usable_cores()
        workers = max(1, cores // _CORES_EACH)
        return cls(workers=workers, threads=max(1, cores // workers), idle_timeout_s=idle_timeout_s)

    def words(self) -> list[str]:
        """Return the words for the command line."""
        return [
            f"--workers={self.workers}",
            f"--threads={self.threads}",
            f"--idle-timeout={self.idle_timeout_s:g}",
        ]


def main(arguments: list[str]) -> int:
    """Be the cluster of the folder that *arguments* name, unless there is one; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m mlrun_nb.engines.dask.own_process")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--idle-timeout", type=float, required=True)
    options = parser.parse_args(arguments)
    lock = os.open(options.folder / "cluster.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)  # where two start one at once, the second waits to hear that the first stands
    if _stands(options.folder):
        return 0
    wish = Wish(workers=options.workers, threads=options.threads, idle_timeout_s=options.idle_timeout)
    asyncio.run(_live(options.folder, wish, lock))
    return 0


def _stands(folder: Path) -> bool:
    try:
        return processes.is_same_process(json.loads((folder / "cluster.json").read_bytes())["process"])
    except (OSError, ValueError):
        return False


async def _live(folder: Path, wish: Wish, lock: int) -> None:
    import dask
    from distributed import LocalCluster

    dask.config.set(
        {
            "distributed.scheduler.allowed-failures": 1000,  # a task that is executed again goes on with its run
            "distributed.worker.memory.terminate": False,  # a worker holds next to nothing: runs are processes
        }
    )
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    async with LocalCluster(
        n_workers=wish.workers,
        threads_per_worker=wish.threads,
        processes=True,
        resources={MEMORY: _memory_bytes() // wish.workers},
        host=_LOOPBACK,
        dashboard_address=f"{_LOOPBACK}:0" if find_spec("bokeh") else None,
        asynchronous=True,
        silence_logs=False,
    ) as cluster:
        cluster.scheduler.handlers[TASKS] = lambda: len(cluster.scheduler.tasks)
        loop.add_signal_handler(signal.SIGTERM, ended.set)  # until now it ended at once, and its workers with it
        loop.add_signal_handler(signal.SIGUSR1, lambda: cluster.scale(json.loads((folder / WANTED).read_bytes())))
        _write(folder, cluster, wish)
        os.close(lock)
        _say_so()
        await _until_idle(lambda: len(cluster.scheduler.tasks), wish.idle_timeout_s, ended)
        (folder / "cluster.json").unlink(missing_ok=True)  # nobody is to find what ends


async def _until_idle(tasks: Callable[[], int], timeout_s: float, ended: asyncio.Event) -> None:
    """Return once there have been no *tasks* for *timeout_s*, or somebody has told it to end."""
    since = time.monotonic()
    while not ended.is_set() and time.monotonic() - since < timeout_s:
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), min(timeout_s, _LOOKS_EACH_S))
        if tasks():
            since = time.monotonic()


def _write(folder: Path, cluster: LocalCluster, wish: Wish) -> None:
    about = {
        "address": cluster.scheduler_address,
        "dashboard": _dashboard(cluster),
        "process": processes.identify(),
        "owner": getpass.getuser(),
        "threads": wish.threads,
        "idle_timeout_s": wish.idle_timeout_s,
        "started": time.time(),
    }
    write_atomic(folder / "cluster.json", json.dumps(about).encode())


def _dashboard(cluster: LocalCluster) -> str:
    """Return where its dashboard is, empty where it has none; Dask's own link may be somebody's template of one."""
    port = cluster.scheduler_info["services"].get("dashboard") if find_spec("bokeh") else None
    return f"http://{_LOOPBACK}:{port}/status" if port else ""


def _memory_bytes() -> int:
    """Return what runs may hold together, where they say how much they hold."""
    import psutil

    return int(psutil.virtual_memory().total)


def _say_so() -> None:
    sys.stdout.write("stands\n")
    sys.stdout.flush()
    os.dup2(2, 1)  # whoever asked has what it waited for, and reads no further


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
