"""
What was decided when a run was submitted, and is needed to find and read it again: a file in its run directory.

Written once, before anything is sent; whoever submits the same run again finds it and sends the same.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mlrun_nb._lib.files import write_once
from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.engines.kubernetes.delivery import Way
from mlrun_nb.engines.kubernetes.names import dask_cluster, job_name
from mlrun_nb.model.run import Handle, RunRequest
from mlrun_nb.model.settings import MemoryLimit
from mlrun_nb.runner import layout

FILE = "kubernetes.json"
CANCEL = "cancel"
"""Left in the run directory by whoever cancelled the run: after that its Job is gone because we deleted it."""
WISHED = "cancel-wished"
"""Left there by whoever wished the end of a child that can only end together with others."""
CLOSED = "closed"
"""Left there when all that the run wrote is home and its result is final."""

_ASIDE = "attempts"
_STAYS = (layout.REQUEST, layout.INPUT, layout.SOURCE, _ASIDE)
_LAST = (CLOSED, FILE)
"""Moved in this order: whoever finds the run half put aside finds a run whose Job is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    `nonce` marks the run's own lines in its log. `url` and `shared` say how files come home; see `manifest.Way`.

    `context` and `namespace` are as asked for, empty where the kubeconfig decides. `memory` is the limit in force;
    `pending_timeout_s` is None where nobody set one. A child that shares its Job with others is at `index` of the block
    in the file `block`. `dask_cluster` is the name of the cluster of the run's own, if it has one.
    """

    job: str
    nonce: str
    image: str
    context: str = ""
    namespace: str = ""
    url: str = ""
    shared: str = ""
    fetch: str = ""
    notebook: str = ""
    memory: MemoryLimit | None = None
    grace_s: float = 30.0
    pending_timeout_s: float | None = None
    index: int = 0
    block: str = ""
    dask_cluster: str = ""

    @property
    def way(self) -> Way:
        """How files come home."""
        return Way(url=self.url, shared=self.shared, fetch=self.fetch)


def order_for(request: RunRequest, *, grace_s: float) -> Order:
    """Return the order for *request*, the one in its run directory where there is one; writes nothing."""
    found = read_order(request.run_directory)
    return found or _new(request, grace_s=grace_s)


def handle_for(request: RunRequest, order: Order, reach: Mapping[str, str]) -> Handle:
    """Return the handle of a run that was sent as *order* says, to where *reach* says."""
    data: dict[str, Json] = {"run_directory": request.run_directory, "job": order.job}
    if order.block:
        data["index"] = order.index
    return Handle(engine=request.engine, run=request.id, reach=reach, data=data)


def write_order(request: RunRequest, order: Order) -> Order:
    """Write *order* into the run directory and return it, or the one that somebody else has written there first."""
    path = Path(request.run_directory, FILE)
    is_new = write_once(path, json.dumps(to_json(order)).encode())
    return order if is_new else read_order(request.run_directory) or order


def put_aside(run_directory: str) -> None:
    """Move all that an ended run has left below `attempts`, so that it can be submitted once more, as another Job."""
    folder = Path(run_directory)
    aside = folder / _ASIDE / f"before-{_times_aside(folder) + 1}"
    aside.mkdir(mode=0o700, parents=True)
    left = [path for path in folder.iterdir() if path.name not in _STAYS]
    for path in sorted(left, key=lambda path: _LAST.index(path.name) if path.name in _LAST else -1):
        path.rename(aside / path.name)


def read_order(run_directory: str) -> Order | None:
    """Return the order in *run_directory*, None where there is none."""
    try:
        plain: Mapping[str, Json] = json.loads(Path(run_directory, FILE).read_bytes())
        return from_json(Order, plain)
    except (OSError, ValueError):
        return None


def _times_aside(folder: Path) -> int:
    return len(list(folder.glob(f"{_ASIDE}/before-*")))


def _new(request: RunRequest, *, grace_s: float) -> Order:
    settings = request.settings
    remote = "" if local_path(request.artifacts) else f"{request.artifacts.rstrip('/')}/.run"
    shared = shared_directory(request)
    job = job_name(request.version.function, request.id, _times_aside(Path(request.run_directory)))
    return Order(
        job=job,
        dask_cluster=dask_cluster(job) if settings.own_workers else "",
        nonce=secrets.token_hex(8),
        image=settings.environment.image or "",
        context=settings.kubernetes.context or "",
        namespace=settings.kubernetes.namespace or "",
        url="" if shared else remote,
        shared=shared,
        notebook=request.version.provenance.title,
        memory=settings.resources.memory_in_force,
        grace_s=grace_s,
        pending_timeout_s=settings.policy.pending_timeout_s,
    )


def shared_directory(request: RunRequest) -> str:
    """Return the run directory where it lies in a volume that the pod has at the same path, else nothing."""
    shared = [v.path for v in request.settings.volumes if v.kind in {"pvc", "host"} and not v.read_only]

    def lies_in_one(path: str) -> bool:
        return any(PurePosixPath(path).is_relative_to(volume) for volume in shared)

    places = [request.run_directory, *filter(None, [request.working_directory])]
    return request.run_directory if all(map(lies_in_one, places)) else ""
