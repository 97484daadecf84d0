"""What would be sent, as YAML that a person can read and `kubectl create` takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from mlrun_nb.engines.kubernetes import dask_cluster, manifest
from mlrun_nb.engines.kubernetes.names import labels
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.model.run import RunRequest

_TOLD = "# The Job owns a ConfigMap `{name}` with the notebook, {files}; it is made after it.\n"


class _Plain(yaml.SafeDumper):
    """Writes out whatever stands there twice."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002  # as the parent has it
        return True


def render(request: RunRequest, order: Order) -> str:
    """Return the manifests for *request*; what is decided at random at submit is left open."""
    job = manifest.job(request, name=order.job, image=order.image, nonce="chosen-at-submit", way=order.way)
    owner = {"metadata": {"name": order.job, "uid": ""}}
    documents: list[dict[str, Any]] = [job]
    if (request.settings.placement.replicas or 1) > 1:
        documents.append(manifest.service(request, owner=owner))
    if request.settings.own_workers:
        documents += [thing for _, thing in dask_cluster.objects(request, image=order.image, owner=owner)]
    for document in documents:
        document["metadata"].pop("ownerReferences", None)
    where = f"# namespace: {order.namespace}\n" if order.namespace else ""
    run = labels(request)["mlrun-nb/run"]
    return f"# run {run}\n{where}{_TOLD.format(name=order.job, files='its files and this package')}{dumped(documents)}"


def dumped(documents: Iterable[Mapping[str, Any]]) -> str:
    """Return *documents* as YAML."""
    style: dict[str, Any] = {"sort_keys": False, "width": 120, "allow_unicode": True}
    return "---\n".join(yaml.dump(each, Dumper=_Plain, **style) for each in documents)
