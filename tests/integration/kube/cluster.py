"""A namespace of one's own on the cluster of KUBECONFIG, and somebody who may do in it no more than runs need."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlrun_nb.engines.kubernetes.access import Subject, as_yaml
from mlrun_nb.kube.access import Access
from mlrun_nb.kube.objects import NAMESPACES, Resource, uid_of
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.transport import Api

ADMINISTRATOR = os.environ.get("KUBECONFIG", "")
"""Read before tests become somebody else."""
SERVICE_ACCOUNTS = Resource(group="", version="v1", plural="serviceaccounts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A namespace, and the API server as the administrator sees it."""

    api: Api
    namespace: str


@contextmanager
def space(*, labels: Mapping[str, str] | None = None) -> Iterator[Space]:
    """Make a namespace and delete it in the end, whatever is in it."""
    name = f"mlrun-nb-test-{secrets.token_hex(4)}"
    api = Api(Access(kubeconfig=ADMINISTRATOR, namespace=name))
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


def kubectl(*words: str, given: str = "") -> str:
    """Return what `kubectl` prints to the administrator."""
    command, environment = ["kubectl", *words], {**os.environ, "KUBECONFIG": ADMINISTRATOR}
    done = subprocess.run(command, input=given, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def kubeconfig_of(account: str, namespace: str) -> str:
    """Return a kubeconfig with a token of the ServiceAccount and no more."""
    token = kubectl("create", "token", account, "--namespace", namespace).strip()
    config = json.loads(kubectl("config", "view", "--raw", "--minify", "--output", "json"))
    config["users"][0]["user"] = {"token": token}
    config["contexts"][0]["context"]["namespace"] = namespace
    return json.dumps(config)


@contextmanager
def submitting(place: Space, folder: Path) -> Iterator[None]:
    """Be somebody who may do there what `mlrun-nb k8s rbac` prints, and nothing else: we and whom we start."""
    account = Subject(name="submitter", namespace=place.namespace)
    kubectl("apply", "--filename", "-", given=as_yaml(place.namespace, account))
    with being(place, account.name, folder):
        yield


@contextmanager
def being(place: Space, account: str, folder: Path) -> Iterator[None]:
    """Be a ServiceAccount of that namespace: we and whom we start."""
    path = folder / f"kubeconfig-{account}"
    path.write_text(kubeconfig_of(account, place.namespace))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", str(path))
        yield
