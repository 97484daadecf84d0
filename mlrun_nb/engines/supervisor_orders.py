"""
What a request comes to on this machine: the orders for its supervisor, and by which means each limit is kept.

Pure but for a look at what the machine can do. Not here: starting anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb.engines.supervisor import cgroup, files
from mlrun_nb.engines.supervisor.files import Orders
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.quantities import cpu_cores, memory_bytes
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Resources
from mlrun_nb.runner.learning import VARIABLE as LEARN_VARIABLE
from mlrun_nb.runner.stop import GRACE_VARIABLE

THREADS = "OMP_NUM_THREADS"
"""Read by OpenMP, OpenBLAS and MKL; whoever has set it knows better than `--cpu`."""
PATIENCE = 1.5
"""How many times its own grace the runner gets to save notebook and result, before it is killed."""


BY_KERNEL = "by the kernel (cgroup v2), for all processes of the run"
BY_WATCHDOG = "by a watchdog over all processes of the run, which may come a moment late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """How limits are kept here."""

    memory: str
    has_cpu_limit: bool

    @property
    def text(self) -> str:
        """One sentence for whoever asks what this machine can do."""
        cpu = "CPU limits too" if self.has_cpu_limit else "CPU limits are not enforced"
        return f"memory limits are kept {self.memory}; {cpu}"


def make(request: RunRequest, command: Sequence[str], *, grace_s: float, notes: str = "") -> Orders:
    """
    Return the orders for *request*; *command* starts the runner, which gets *grace_s* seconds to end.

    In the file *notes*, if given, it notes the modules that the run has used.
    """
    resources, policy = request.settings.resources, request.settings.policy
    limit = resources.memory_in_force
    return {
        "run": request.id,
        "notebook": request.version.provenance.title,
        "command": list(command),
        "environment": {
            GRACE_VARIABLE: f"{grace_s:g}",
            **({LEARN_VARIABLE: notes} if notes else {}),
            **_threads(resources),
        },
        "memory_bytes": memory_bytes(limit.amount) if limit else None,
        "memory": limit.amount if limit else "",
        "memory_option": limit.option if limit else "",
        "cores": float(cpu_cores(resources.cpu_limit)) if resources.cpu_limit else None,
        "cgroup": cgroup.parent(cpu=bool(resources.cpu_limit)) if limit or resources.cpu_limit else "",
        "timeout_s": policy.timeout_s,
        "retries": policy.retries,
        "backoff_s": policy.backoff_s,
        "grace_s": grace_s * PATIENCE,
    }


def for_driver(request: RunRequest, command: Sequence[str], *, grace_s: float) -> Orders:
    """
    Return the orders for the driver of a sweep, which *command* starts; limits are those of its children, not its own.
    """
    return {
        "run": request.id,
        "notebook": request.version.provenance.title,
        "command": list(command),
        "environment": {GRACE_VARIABLE: f"{grace_s:g}"},
        "memory_bytes": None,
        "memory": "",
        "memory_option": "",
        "cores": None,
        "cgroup": "",
        "timeout_s": None,
        "retries": 0,
        "backoff_s": 0.0,
        "grace_s": 2 * grace_s * PATIENCE,  # its children have a grace of their own
    }


def write(folder: Path, orders: Orders) -> None:
    """Leave *orders* in the run directory *folder*."""
    (folder / files.FOLDER).mkdir(mode=0o700, exist_ok=True)
    files.write_json(str(folder / files.ORDERS), orders)


def means() -> Means:
    """Return how limits are kept here."""
    above = cgroup.parent(cpu=True)
    return Means(memory=BY_KERNEL if above else BY_WATCHDOG, has_cpu_limit=cgroup.can_limit_cpu(above))


def notices(resources: Resources) -> list[Notice]:
    """Return what there is to know of the limits of *resources* here."""
    found = []
    if resources.memory_in_force:
        found.append(Notice(text=f"the memory limit is kept {means().memory}"))
    if resources.cpu:
        found.append(Notice(text=f"`--cpu {resources.cpu}` sets `{THREADS}` and reserves nothing on this machine"))
    return found


def _threads(resources: Resources) -> dict[str, str]:
    cores = resources.cpu_limit or resources.cpu
    return {THREADS: str(max(1, math.ceil(cpu_cores(cores))))} if cores else {}
