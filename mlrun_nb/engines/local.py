"""
The engine `local`: a run is a child of a supervisor in a session of its own on this machine.

Starts and asks supervisors; holds no state. A supervisor that was killed is replaced by whoever looks at its run next:
the runner goes on meanwhile, and the new one adopts it. What a supervisor does stands in `engines.supervisor`.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb._lib.files import nearest
from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.config import Config
from mlrun_nb.engines import local_orders, local_start, overlay, run_directory
from mlrun_nb.engines.enforcement import not_enforced
from mlrun_nb.engines.local_sight import Sight
from mlrun_nb.engines.supervisor import files
from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.kernels import learned, warm
from mlrun_nb.model.events import Chunk
from mlrun_nb.model.function import FunctionSpec
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.settings import Environment
from mlrun_nb.protocols import EngineTraits
from mlrun_nb.runner.faults import AttemptFailed
from mlrun_nb.runner.kernel_choice import choose_kernel
from mlrun_nb.runner.kernelspec import find_kernel
from mlrun_nb.runner.stop import GRACE_S

RUNNER = (sys.executable, "-P", "-m", "mlrun_nb.runner")
"""The runner's command; `-P` keeps a stray `papermill.py` in a folder from being taken for the real one."""

_ENFORCES = frozenset(
    {"requirement", "isolated", "env", "secret", "cpu", "memory", "memory-limit", "timeout", "retries", "backoff"}
)


class LocalEngine:
    """Runs on this machine, each under a supervisor that outlives whoever submitted it."""

    name = "local"

    def __init__(self, config: Config, *, runner_command: Sequence[str] = RUNNER, grace_s: float = GRACE_S) -> None:
        means = local_orders.means()
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
            *local_orders.notices(settings.resources),
            *overlay.notices(settings.environment, self._environments),
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
        (sight.folder / files.CANCEL).touch(exist_ok=True)
        sight.wake()

    def _start(self, request: RunRequest) -> local_start.Start:
        folder = Path(request.run_directory)
        if files.read_supervisor(str(folder)) is not None:
            return local_start.Start(folder=folder, answer=None)
        try:
            local_orders.write(folder, self._orders(request))
            return local_start.start(folder, run=request.id, warm=self._warm)
        except OSError as err:
            place = quoted(nearest(folder))
            raise EngineUnavailable(
                f"run {request.id} cannot be started in `{folder}`: {err.strerror}",
                hint=f"See to it (`ls -la {place}; df -h {place}`); a look at the run then starts it: "
                f"`mlrun-nb show {request.id[:6]}`.",
            ) from err

    def _orders(self, request: RunRequest) -> files.Orders:
        command = [request.python or self._runner_command[0], *self._runner_command[1:]]
        notes = "" if request.python else self._notes  # of another interpreter nothing is to be learned
        return local_orders.make(request, command, grace_s=self._grace_s, notes=notes)


def _handle(request: RunRequest) -> Handle:
    supervisor = files.read_supervisor(request.run_directory) or {}
    identity = {name: supervisor.get(name) for name in ("pid", "started")}
    reach = {name: str(supervisor[name]) for name in processes.place()}
    return Handle(
        engine="local", run=request.id, reach=reach, data={"run_directory": request.run_directory, **identity}
    )


def _sight(handle: Handle, here: Mapping[str, str]) -> Sight | None:
    """Return a look at the run of *handle*; None for one whose run directory is not to be seen from here."""
    folder = handle.data.get("run_directory")
    return Sight(handle, Path(folder), here) if isinstance(folder, str) and Path(folder).is_dir() else None


def _check_kernel(spec: FunctionSpec) -> None:
    try:
        choose_kernel(spec.kernel, language=spec.language)
    except AttemptFailed as err:
        raise EngineRejected(err.error.summary, hint=err.error.hint) from err


def _brings_kernel(environment: Environment) -> bool:
    """Tell whether the run has a kernel of its own, so that what is installed here does not matter."""
    return environment.isolated or any(text.lower().startswith("ipykernel") for text in environment.requirement)
