"""
The engine `local`: a run is a child of a supervisor in a session of its own on this machine.

Starts and asks supervisors; holds no state. A supervisor that was killed is replaced by whoever looks at its run next:
the runner goes on meanwhile, and the new one adopts it. What a supervisor does stands in `engines.supervisor`.
"""

from __future__ import annotations

import math
import os
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb._lib.cores import usable_cores
from mlrun_nb._lib.files import nearest
from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.config import Config
from mlrun_nb.engines import overlay, run_directory, supervisor_orders, supervisor_start
from mlrun_nb.engines.enforcement import not_enforced
from mlrun_nb.engines.fork_pool import ForkPool, why_no_pool
from mlrun_nb.engines.local_sight import Sight
from mlrun_nb.engines.pooled import PooledSight
from mlrun_nb.engines.supervisor import files
from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.kernels import learned, warm
from mlrun_nb.model.events import Chunk
from mlrun_nb.model.function import FunctionSpec
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.quantities import cpu_cores
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.settings import Environment
from mlrun_nb.protocols.engine import EngineTraits
from mlrun_nb.protocols.pool import Pool
from mlrun_nb.runner.faults import AttemptFailed
from mlrun_nb.runner.kernel_choice import choose_kernel
from mlrun_nb.runner.kernelspec import find_kernel
from mlrun_nb.runner.stop import GRACE_S

RUNNER = (sys.executable, "-P", "-m", "mlrun_nb.runner")
"""The runner's command; `-P` keeps a stray `papermill.py` in a folder from being taken for the real one."""
DRIVER = (sys.executable, "-P", "-m", "mlrun_nb.services.sweep")
"""The command of a sweep's driver, which a supervisor stands over as over a runner."""

_ENFORCES = frozenset(
    {
        "requirement", "isolated", "env", "secret", "cpu", "memory", "memory-limit", "timeout", "retries", "backoff",
        "dask-workers", "dask-worker-cpu", "dask-worker-memory",
    }
)  # fmt: skip

_CLOSES_S = 2.0
"""How long a supervisor may take to go once its run has ended."""


class LocalEngine:
    """Runs on this machine, each under a supervisor that outlives whoever submitted it."""

    name = "local"

    def __init__(self, config: Config, *, runner_command: Sequence[str] = RUNNER, grace_s: float = GRACE_S) -> None:
        means = supervisor_orders.means()
        enforces = _ENFORCES | ({"cpu-limit"} if means.has_cpu_limit else frozenset())
        self.traits = EngineTraits(outlives_client=True, remote=False, enforces=enforces, limits=means.text)
        self._environments = config.environments
        self._warm = not warm.why_not(os.environ, config.warm.mode)
        self._notes = learned.file_for(str(config.home)) if self._warm else ""
        self._runner_command = tuple(runner_command)
        self._grace_s = grace_s

    def prepare(self, request: RunRequest) -> RunRequest:
        """
        Return *request* with the interpreter that has what it requires; makes that environment if there is none.

        Raises EngineRejected, leaving nothing behind, when the requirements cannot be met.
        """
        if request.python:
            return request
        python = overlay.python_for(request.settings.environment, self._environments)
        return replace(request, python=python)

    def check(self, request: RunRequest) -> list[Notice]:
        """Return what is not enforced, and how the rest is; raises EngineRejected for a kernel that is not here."""
        settings = request.settings
        if not _brings_kernel(settings.environment):
            _check_kernel(request.version.spec)
        return [
            *not_enforced(settings, enforces=self.traits.enforces, engine=self.name),
            *supervisor_orders.notices(settings.resources),
            *overlay.notices(settings.environment, self._environments),
            *_dask_notices(request),
        ]

    def render(self, request: RunRequest) -> str:
        """Return the command line with its variables and limits, as text for a shell."""
        orders = self._orders(request)
        limits = [
            f"# {name}: {value}"
            for name, value in (
                ("memory limit", orders["memory"]),
                ("timeout in seconds", orders["timeout_s"]),
                ("retries", orders["retries"]),
                ("working directory", request.working_directory),
            )
            if value
        ]
        variables = [f"{name}={shlex.quote(value)}" for name, value in sorted(orders["environment"].items())]
        command = shlex.join([*orders["command"], request.run_directory])
        return "\n".join([*limits, " ".join([*variables, command])]) + "\n"

    def distributions(self, request: RunRequest) -> str:
        """Return the digest of what the interpreter of the run's kernel finds installed."""
        from mlrun_nb.runner.distributions import ask_interpreter, digest_of

        spec = find_kernel(request.version.spec.kernel)
        own = request.python or self._runner_command[0]
        python = own if spec is None or spec.is_this_python else spec.argv[0]
        return digest_of(ask_interpreter(python).distributions())

    def submit(self, requests: Sequence[RunRequest]) -> Mapping[RunId, Handle]:
        """Start a supervisor for each run that has had none, and return once each stands on its own."""
        starts = [self._start(request) for request in requests]
        for start in starts:
            start.wait()
        return {request.id: _handle(request) for request in requests}

    def find(self, request: RunRequest) -> Handle | None:
        """Return the handle of a run that was begun, also of one whose supervisor is about to stand; see Findable."""
        folder = Path(request.run_directory)
        is_ordered = (folder / files.ORDERS).exists()
        return _handle(request) if is_ordered and supervisor_start.is_there(folder) else None

    def restart(self, request: RunRequest) -> Handle:
        """Start an ended run once more; see Restartable."""
        folder = Path(request.run_directory)
        sight = _sight(_handle(request), processes.place())
        if isinstance(sight, Sight) and not _closes(sight):
            raise EngineRejected(
                f"run {request.id} is at work", hint=f"Follow it: `mlrun-nb logs --follow {request.id[:6]}`."
            )
        files.put_aside(str(folder))
        return self.submit([request])[request.id]

    def slots(self, request: RunRequest) -> int:
        """Return how many children fit beside each other: one for each core, or for as many as each asks for."""
        resources = request.settings.resources
        wanted = resources.cpu_limit or resources.cpu
        each = max(1, math.ceil(cpu_cores(wanted))) if wanted else 1
        return max(1, usable_cores() // each)

    def pool(self, request: RunRequest, *, slots: int, is_adaptive: bool) -> Pool | str:  # noqa: ARG002  # none waits here
        """Return a pool of forks; see Pooling."""
        if reason := why_no_pool(request):
            return reason
        threads = max(1, usable_cores() // slots)
        pool = ForkPool(request, slots=slots, threads=threads, grace_s=self._grace_s)
        return pool.open() or pool

    def observe(self, handles: Sequence[Handle]) -> Mapping[RunId, Observation]:
        """Return what is known of each run; those of other machines and containers only once they have a result."""
        here = processes.place()
        seen = {handle.run: _sight(handle, here) for handle in handles}
        observations = {run: sight.observation() for run, sight in seen.items() if sight is not None}
        return {run: observation for run, observation in observations.items() if observation is not None}

    def read(self, handle: Handle, cursor: Json, *, log: bool = True) -> Chunk:
        """Return events and log since *cursor*, at most a mebibyte of each."""
        sight = _sight(handle, processes.place())
        if sight is None:
            return Chunk(cursor=cursor)
        return run_directory.read_chunk(sight.folder, cursor, log=log, closed=sight.is_closed())

    def cancel(self, handle: Handle) -> None:
        """Leave the wish in the run directory and wake the supervisor; one that was killed is replaced first."""
        sight = _sight(handle, processes.place())
        if sight is None or sight.is_closed():
            return
        sight.cancel()

    def _start(self, request: RunRequest) -> supervisor_start.Start:
        folder = Path(request.run_directory)
        if files.read_supervisor(str(folder)) is not None:
            return supervisor_start.Start(folder=folder, answer=None)
        try:
            supervisor_orders.write(folder, self._orders(request))
            return supervisor_start.start(folder, run=request.id, warm=self._warm)
        except OSError as err:
            place = quoted(nearest(folder))
            raise EngineUnavailable(
                f"run {request.id} cannot be started in `{folder}`: {err.strerror}",
                hint=f"See to it (`ls -la {place}; df -h {place}`); a look at the run then starts it: "
                f"`mlrun-nb show {request.id[:6]}`.",
            ) from err

    def _orders(self, request: RunRequest) -> files.Orders:
        if request.sweep is not None:
            return supervisor_orders.for_driver(request, DRIVER, grace_s=self._grace_s)
        command = [request.python or self._runner_command[0], *self._runner_command[1:]]
        notes = "" if request.python else self._notes  # of another interpreter nothing is to be learned
        return supervisor_orders.make(request, command, grace_s=self._grace_s, notes=notes)


def _handle(request: RunRequest) -> Handle:
    supervisor = files.read_supervisor(request.run_directory) or {}
    identity = {name: supervisor.get(name) for name in ("pid", "started")}
    reach = {name: str(supervisor[name]) for name in processes.place()}
    return Handle(
        engine="local", run=request.id, reach=reach, data={"run_directory": request.run_directory, **identity}
    )


def _closes(sight: Sight) -> bool:
    """Tell whether nothing is left of the run, after waiting for a supervisor that is about to go."""
    deadline = time.monotonic() + _CLOSES_S
    while not (is_closed := sight.is_closed()) and sight.is_over() and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_closed


def _sight(handle: Handle, here: Mapping[str, str]) -> Sight | PooledSight | None:
    """Return a look at the run of *handle*; None for one whose run directory is not to be seen from here."""
    folder = handle.data.get("run_directory")
    if not isinstance(folder, str) or not Path(folder).is_dir():
        return None
    if "generation" in handle.data:
        return PooledSight(handle, Path(folder))
    return Sight(handle, Path(folder), here)


def _dask_notices(request: RunRequest) -> list[Notice]:
    """Return what there is to know of a Dask cluster of the run's own; raises EngineRejected where none can be."""
    if not request.settings.own_workers:
        return []
    kernel = find_kernel(request.version.spec.kernel)
    if (
        (kernel is None or kernel.is_this_python)
        and not _brings_kernel(request.settings.environment)
        and not request.settings.environment.requirement
        and not find_spec("distributed")
    ):
        raise EngineRejected(
            "`--dask-workers` needs the library `distributed`, which is not installed here",
            hint="Run `pip install 'mlrun-nb[dask]'`.",
        )
    if not request.settings.resources.memory_in_force:
        return []
    return [Notice(text="the memory limit counts the workers of the run's Dask cluster too")]


def _check_kernel(spec: FunctionSpec) -> None:
    try:
        choose_kernel(spec.kernel, language=spec.language)
    except AttemptFailed as err:
        raise EngineRejected(err.error.summary, hint=err.error.hint) from err


def _brings_kernel(environment: Environment) -> bool:
    """Tell whether the run has a kernel of its own, so that what is installed here does not matter."""
    return environment.isolated or any(text.lower().startswith("ipykernel") for text in environment.requirement)
