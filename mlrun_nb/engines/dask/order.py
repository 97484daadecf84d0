"""What was decided when a run was submitted, and is needed to find it again: a file in its run directory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb._lib.files import write_once
from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.engines.dask.target import Target
from mlrun_nb.model.run import Handle, RunRequest

FILE = "dask.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    Which cluster a run was given to, as which task, and what that takes of its workers.

    `scheduler` names the one life of a scheduler, or of the object that stands for it on Kubernetes; `reach` where the
    run can be judged from: there, or for clusters of ours on the machine or in the namespace. `pending_timeout_s` is
    None where nobody set one. Behind `url` lies what comes home through an object store, where workers do not see the
    run directory.
    """

    target: Target
    scheduler: str
    key: str
    resources: Mapping[str, float] = field(default_factory=dict)
    reach: Mapping[str, str]
    url: str = ""
    pending_timeout_s: float | None = None

    def handle(self, request: RunRequest) -> Handle:
        """Return the handle of the run."""
        data: dict[str, Json] = {"run_directory": request.run_directory, "key": self.key}
        return Handle(engine=request.engine, run=request.id, reach=self.reach, data=data)

    def is_reached(self, handle: Handle) -> bool:
        """Tell whether the run of *handle* can be judged from here."""
        if dict(handle.reach) != dict(self.reach):
            return False
        here = processes.place()
        is_restarted = here["boot_id"] != self.reach.get("boot_id")
        is_here = self.reach.get("machine") == here["machine"]
        return not self.target.is_own or dict(self.reach) == here or (is_here and is_restarted)


def key_of(request: RunRequest) -> str:
    """Return the key of the task of *request*: in Dask's dashboard what stands before the run's id groups tasks."""
    return f"{request.version.function}-{request.id}"


def write_order(request: RunRequest, order: Order) -> Order:
    """Write *order* into the run directory and return it, or the one that somebody else has written there first."""
    path = Path(request.run_directory, FILE)
    is_new = write_once(path, json.dumps(to_json(order)).encode())
    return order if is_new else read_order(request.run_directory) or order


def read_order(run_directory: str) -> Order | None:
    """Return the order in *run_directory*, None where there is none."""
    try:
        plain: Mapping[str, Json] = json.loads(Path(run_directory, FILE).read_bytes())
        return from_json(Order, plain)
    except (OSError, ValueError):
        return None
