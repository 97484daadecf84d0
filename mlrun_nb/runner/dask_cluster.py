"""
The Dask cluster of a run's own, there before its first cell and gone after its last.

It is a program beside the kernel, in the kernel's Python, because workers need what the kernel has. Where the engine
has made a cluster for the run, that program waits for it; elsewhere it is the cluster.
"""

from __future__ import annotations

import json
import math
import os
import select
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from time import monotonic

from mlrun_nb._lib.cores import usable_cores
from mlrun_nb._lib.death import LINUX, die_with
from mlrun_nb.model.quantities import cpu_cores, memory_bytes
from mlrun_nb.model.run import RunError
from mlrun_nb.model.settings import Settings
from mlrun_nb.runner import faults
from mlrun_nb.runner.attempt import Attempt
from mlrun_nb.runner.faults import AttemptFailed
from mlrun_nb.runner.kernelspec import KernelSpec
from mlrun_nb.runner.stop import Stop

VARIABLE = "MLRUN_NB_DASK_SCHEDULER"
"""Address of the cluster that an engine has made for this run."""
FOR_CELLS = "DASK_SCHEDULER_ADDRESS"
"""Where `distributed.Client()` finds the address of a scheduler. Source: Dask, `Configuration`."""
PATIENCE_S = 300.0
"""How long a cluster may take to come where the run has no pending timeout."""

_PROGRAM = "mlrun_nb.engines.dask.run_cluster"
"""Named, not imported: whatever it loads is none of this process's business."""
_POLL_S = 0.1
_FAREWELL_S = 20.0
"""How long the report may take that it writes at its end."""


@contextmanager
def own_cluster(
    attempt: Attempt, spec: KernelSpec, environment: Mapping[str, str], stop: Stop
) -> Iterator[Mapping[str, str]]:
    """Give *environment* with what leads cells to the run's cluster; raises AttemptFailed."""
    settings = attempt.request.settings
    if spec.language != "python":
        raise AttemptFailed(_not_python(spec))
    python = sys.executable if spec.is_this_python else spec.argv[0]
    program = _Program([python, "-P", "-m", _PROGRAM, *_words(settings)], environment, log=attempt.recorder.log)
    try:
        about = program.wait(stop)
        attempt.recorder.event("dask_cluster", {"address": about["address"], "dashboard": about["dashboard"]})
        if about["notice"]:
            attempt.recorder.notice(about["notice"], hint="Add `--requirement bokeh`, or install it.")
        yield {**environment, FOR_CELLS: about["address"]}
    finally:
        program.close()


def _words(settings: Settings) -> list[str]:
    least, most = settings.dask_workers[0], settings.dask_workers[-1]
    each = settings.dask_worker_cpu
    threads = math.ceil(cpu_cores(each)) if each else max(1, usable_cores() // most)
    words = [f"--least={least}", f"--most={most}", f"--threads={threads}"]
    if settings.dask_worker_memory:
        words.append(f"--memory={memory_bytes(settings.dask_worker_memory)}")
    if address := os.environ.get(VARIABLE):
        words.append(f"--address={address}")
    return [*words, f"--patience={settings.policy.pending_timeout_s or PATIENCE_S:g}"]


class _Program:
    """The program; what it and the cluster's tasks print goes to *log*."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], *, log: Callable[[str], None]) -> None:
        self._tail: deque[str] = deque(maxlen=5)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
            process_group=0,
            preexec_fn=partial(die_with, os.getpid()) if LINUX else None,  # noqa: PLW1509  # no other thread runs yet
        )
        self._reader = threading.Thread(target=self._read, args=(log,), daemon=True)
        self._reader.start()

    def wait(self, stop: Stop) -> dict[str, str]:
        """Return what it says once the cluster can be used."""
        assert self._process.stdout is not None
        while not select.select([self._process.stdout], [], [], _POLL_S)[0]:
            if stop.reason:
                limit_s = stop.time_limit_s or 0.0
                raise AttemptFailed(
                    faults.timed_out(None, limit_s) if stop.reason == "timeout" else faults.cancelled(None)
                )
        said = json.loads(self._process.stdout.readline() or b"{}")
        if "address" not in said:
            raise AttemptFailed(self._failure(said))
        return {name: str(value) for name, value in said.items()}

    def close(self) -> None:
        """Let it end, or end it, and all that it has started."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        deadline = monotonic() + _FAREWELL_S
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - monotonic()))
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(0.2)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _failure(self, said: Mapping[str, str]) -> RunError:
        self._reader.join(1.0)
        last = self._tail[-1] if self._tail else "it said nothing"
        summary = said.get("error") or f"the run's Dask cluster did not start: {last}"
        return RunError(
            cls="DaskClusterNotReady",
            fault="environment",
            summary=summary,
            hint=said.get("hint") or "Read the run's log; `pip install --upgrade distributed` may help.",
        )

    def _read(self, log: Callable[[str], None]) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            text = line.decode("utf-8", "replace")
            self._tail.append(text.rstrip("\n"))
            log(text)


def _not_python(spec: KernelSpec) -> RunError:
    return RunError(
        cls="DaskClusterNotReady",
        fault="user",
        summary=f"`--dask-workers` is for Python, and kernel `{spec.name}` is not",
        hint="Leave `--dask-workers` out.",
    )
