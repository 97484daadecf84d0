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

from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.engines.kubernetes.delivery import Way
from mlrun_nb.engines.kubernetes.names import job_name
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import MemoryLimit

FILE = "kubernetes.json"
CANCEL = "cancel"
"""Left in the run directory by whoever cancelled the run: after that its Job is gone because we deleted it."""
CLOSED = "closed"
"""Left there when all that the run wrote is home and its result is final."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    `nonce` marks the run's own lines in its log. `url` and `shared` say how files come home; see `manifest.Way`.

    `context` and `namespace` are as asked for, empty where the kubeconfig decides. `memory` is the limit in force;
    `pending_timeout_s` is None where nobody set one.
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

    @property
    def way(self) -> Way:
        """How files come home."""
        return Way(url=self.url, shared=self.shared, fetch=self.fetch)


def order_for(request: RunRequest, *, grace_s: float) -> Order:
    """Return the order for *request*, the one in its run directory where there is one; writes nothing."""
    found = read_order(request.run_directory)
    return found or _new(request, grace_s=grace_s)


def write_order(request: RunRequest, order: Order) -> Order:
    """Write *order* into the run directory and return it, or the one that somebody else has written there first."""
    path = Path(request.run_directory, FILE)
    near = path.with_name(f".{FILE}.{secrets.token_hex(4)}")
    near.write_text(json.dumps(to_json(order)), encoding="utf-8")
    try:
        path.hardlink_to(near)
    except FileExistsError:
        return read_order(request.run_directory) or order
    finally:
        near.unlink()
    return order


def read_order(run_directory: str) -> Order | None:
    """Return the order in *run_directory*, None where there is none."""
    try:
        plain: Mapping[str, Json] = json.loads(Path(run_directory, FILE).read_bytes())
        return from_json(Order, plain)
    except (OSError, ValueError):
        return None


def _new(request: RunRequest, *, grace_s: float) -> Order:
    settings = request.settings
    remote = "" if local_path(request.artifacts) else f"{request.artifacts.rstrip('/')}/.run"
    shared = _shared(request)
    return Order(
        job=job_name(request.version.function, request.id),
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


def _shared(request: RunRequest) -> str:
    """Return the run directory where it lies in a volume that the pod has at the same path, else nothing."""
    shared = [v.path for v in request.settings.volumes if v.kind in {"pvc", "host"} and not v.read_only]

    def lies_in_one(path: str) -> bool:
        return any(PurePosixPath(path).is_relative_to(volume) for volume in shared)

    places = [request.run_directory, *filter(None, [request.working_directory])]
    return request.run_directory if all(map(lies_in_one, places)) else ""
