"""What would be sent, as YAML that a person can read and `kubectl create` takes."""

from __future__ import annotations

from typing import Any

import yaml

from mlrun_nb.engines.kubernetes import manifest
from mlrun_nb.engines.kubernetes.names import labels
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.model.run import RunRequest

_TOLD = "# The Job owns a ConfigMap `{name}` with the notebook, {files}; it is made after it.\n"


def render(request: RunRequest, order: Order) -> str:
    """Return the manifests for *request*; what is decided at random at submit is left open."""
    job = manifest.job(request, image=order.image, nonce="chosen-at-submit", way=order.way)
    documents: list[dict[str, Any]] = [job]
    if (request.settings.placement.replicas or 1) > 1:
        service = manifest.service(request, owner={"metadata": {"name": order.job, "uid": ""}})
        del service["metadata"]["ownerReferences"]
        documents.append(service)
    text = "---\n".join(yaml.safe_dump(each, sort_keys=False, width=120, allow_unicode=True) for each in documents)
    where = f"# namespace: {order.namespace}\n" if order.namespace else ""
    run = labels(request)["mlrun-nb/run"]
    return f"# run {run}\n{where}{_TOLD.format(name=order.job, files='its files and this package')}{text}"
