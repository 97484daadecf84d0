"""A namespace of one's own on the cluster of KUBECONFIG."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from mlrun_nb.kube.access import Access
from mlrun_nb.kube.objects import NAMESPACES, Resource, uid_of
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.transport import Api

SERVICE_ACCOUNTS = Resource(group="", version="v1", plural="serviceaccounts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A namespace, and the API server as its owner sees it."""

    api: Api
    namespace: str


@contextmanager
def space(*, labels: Mapping[str, str] | None = None) -> Iterator[Space]:
    """Make a namespace and delete it in the end, whatever is in it."""
    name = f"mlrun-nb-test-{secrets.token_hex(4)}"
    api = Api(Access(namespace=name))
    api.post(NAMESPACES, {"metadata": {"name": name, "labels": dict(labels or {})}})
    try:
        _wait_for_account(api)
        yield Space(api=api, namespace=name)
    finally:
        api.delete(NAMESPACES, name)
        api.close()


def _wait_for_account(api: Api) -> None:
    """Wait for the account that pods run as: until a controller has made it, none is let in."""
    for _ in range(300):
        try:
            if uid_of(api.get(SERVICE_ACCOUNTS, "default")):
                return
        except ApiProblem as problem:
            if problem.status != 404:
                raise
        time.sleep(0.1)
    raise TimeoutError("the cluster gave a new namespace no service account in 30 s")
