"""
The engine `inline`: the cells run in a fresh namespace of this very process, where the debugger is.

`submit` returns when the run has ended. It writes the same run directory as every engine; who looks from elsewhere sees
by a lock whether somebody still executes. Not here: limits of any kind, which one process cannot set for itself.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb._lib.files import locked
from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.config import Config
from mlrun_nb.engines import overlay, run_directory
from mlrun_nb.engines.enforcement import not_enforced
from mlrun_nb.errors import EngineRejected
from mlrun_nb.kernels import threads
from mlrun_nb.model.events import Chunk
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.engine import EngineTraits

_LOCK = "inline.lock"
_EXECUTOR = "inline.json"
"""Who executes, or executed, the run; made once, so that a run is never executed twice."""


class InlineEngine:
    """Runs in this process, one after the other."""

    name = "inline"
    traits = EngineTraits(outlives_client=False, remote=False, enforces=frozenset({"env", "secret"}))

    def __init__(self, config: Config) -> None:
        self._environments = config.environments

    def prepare(self, request: RunRequest) -> RunRequest:
        """Return *request* as it is: this process has the environment that it has."""
        return request

    def check(self, request: RunRequest) -> list[Notice]:
        """Return what has no effect; raises EngineRejected for requirements that this process does not meet."""
        environment = request.settings.environment
        missing = overlay.unmet(environment.requirement)
        if missing:
            wanted = ", ".join(f"`{text}`" for text in missing)
            raise EngineRejected(
                f"this process does not meet {wanted}, and engine `inline` cannot change that",
                hint=f"Run `pip install {quoted(*missing)}` first, or use `--on local`.",
            )
        return not_enforced(request.settings, enforces=self.traits.enforces | {"requirement"}, engine=self.name)

    def render(self, request: RunRequest) -> str:
        """Return what would be executed, where."""
        where = f"process {os.getpid()}, {sys.executable}"
        return f"# in this process ({where})\nexecute_in_process({request.run_directory!r})\n"

    def distributions(self, request: RunRequest) -> str:  # noqa: ARG002  # the same for every run
        """Return the digest of what this process finds installed."""
        from mlrun_nb.runner.distributions import digest_of, this_interpreter

        return digest_of(this_interpreter().distributions())

    def submit(self, requests: Sequence[RunRequest]) -> Mapping[RunId, Handle]:
        """Execute each run that nobody has executed yet, to its end."""
        return {request.id: _submit(Path(request.run_directory), request.id) for request in requests}

    def find(self, request: RunRequest) -> Handle | None:
        """Return the handle of a run that somebody executes, or has executed; see Findable."""
        folder = Path(request.run_directory)
        executor = _read_executor(folder)
        return None if executor is None else _handle(folder, request.id, executor)

    def observe(self, handles: Sequence[Handle]) -> Mapping[RunId, Observation]:
        """Return the results, and for runs without one whether somebody still executes them."""
        seen = {handle.run: _observe(handle) for handle in handles}
        return {run: observation for run, observation in seen.items() if observation is not None}

    def read(self, handle: Handle, cursor: Json, *, log: bool = True) -> Chunk:
        """Return events and log since *cursor*, at most a mebibyte of each."""
        folder = _folder(handle)
        if folder is None:
            return Chunk(cursor=cursor)
        return run_directory.read_chunk(folder, cursor, log=log, closed=not _is_executing(folder))

    def cancel(self, handle: Handle) -> None:
        """Interrupt the process that executes the run in its main thread, as Ctrl-C would; else do nothing."""
        folder = _folder(handle)
        if folder is None or not _is_executing(folder) or not handle.data.get("interruptible"):
            return
        processes.signal_process({**handle.reach, **handle.data}, signal.SIGINT)


def _submit(folder: Path, run: RunId) -> Handle:
    from mlrun_nb.runner.in_process import execute_in_process

    threads.limit(os.environ)  # where a helper's child is the process that cells run in

    with locked(folder / _LOCK):
        executor = _read_executor(folder)
        if executor is None:
            interruptible = threading.current_thread() is threading.main_thread()
            executor = {**processes.identify(), "interruptible": interruptible}
            (folder / _EXECUTOR).write_text(json.dumps(executor), encoding="utf-8")
            execute_in_process(folder)
    return _handle(folder, run, executor)


def _handle(folder: Path, run: RunId, executor: Mapping[str, Json]) -> Handle:
    reach = {name: str(executor[name]) for name in processes.place()}
    identity = {name: executor[name] for name in ("pid", "started", "interruptible")}
    return Handle(engine="inline", run=run, reach=reach, data={"run_directory": str(folder), **identity})


def _observe(handle: Handle) -> Observation | None:
    folder = _folder(handle)
    if folder is None:
        return None
    is_executing = _is_executing(folder)  # asked first: an executor writes the result before it lets go
    result = run_directory.read_result(folder)
    if result is not None:
        return Observation.of(result)
    if is_executing:
        return Observation(state=RunState.RUNNING)
    here = processes.place()
    if handle.reach.get("machine") != here["machine"]:
        return None
    return Observation(state=RunState.LOST, reason=f"process {handle.data.get('pid')} ended while it executed the run")


def _folder(handle: Handle) -> Path | None:
    folder = handle.data.get("run_directory")
    return Path(folder) if isinstance(folder, str) and Path(folder).is_dir() else None


def _read_executor(folder: Path) -> dict[str, Json] | None:
    path = folder / _EXECUTOR
    executor: dict[str, Json] | None = json.loads(path.read_bytes()) if path.exists() else None
    return executor


def _is_executing(folder: Path) -> bool:
    """Tell whether some process holds the run's lock; the system lets go of it when that process dies."""
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
