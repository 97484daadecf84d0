"""A scheduler and its workers as pods: they see nothing of this machine, and reach an object store."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from mlrun_nb.kube.objects import PODS
from mlrun_nb.model.settings import Dask
from mlrun_nb.testing.requests import wait_for
from tests.integration.kube.cluster import Space, kubectl

IMAGE = os.environ.get("MLRUN_NB_TEST_DASK_IMAGE", "docker.io/local/run-dask:1")
"""An image with Dask, papermill, ipykernel and s3fs, which the cluster has."""
_PATIENCE = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "10s"}


@dataclass
class DaskPods:
    """A Dask cluster in a namespace, whose pods can be killed one by one."""

    space: Space
    exports: Mapping[str, str]
    workers: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start the scheduler, which soon misses a worker whose node says nothing, and return once it is there."""
        self._pod("scheduler", "scheduler", "--no-dashboard", "--port", "8786")

    def add_worker(self) -> str:
        """Start one more worker with one slot, return its name once it is there."""
        name = f"worker-{len(self.workers)}"
        words = ("worker", self.address, "--nthreads", "1", "--no-dashboard", "--name", name, "--death-timeout", "20")
        self._pod(name, *words, "--local-directory", "/tmp")  # of the pod
        self.workers.append(name)
        wait_for(lambda: "Registered to" in self.said(name), what=f"pod `{name}`")
        return name

    def said(self, name: str) -> str:
        """Return the log of a pod."""
        return kubectl("logs", name, "--namespace", self.space.namespace)

    def kill(self, name: str) -> None:
        """End a pod as a node does that loses power."""
        kubectl("delete", "pod", name, "--namespace", self.space.namespace, "--grace-period", "0", "--force")

    @property
    def address(self) -> str:
        """Where its scheduler listens."""
        return f"tcp://{self.space.api.get(PODS, 'scheduler')['status']['podIP']}:8786"

    @property
    def settings(self) -> Dask:
        """What a run is given to be executed here."""
        return Dask(dask_address=self.address)

    def _pod(self, name: str, *words: str) -> None:
        container = {
            "name": "dask", "image": IMAGE, "imagePullPolicy": "IfNotPresent",
            "command": ["python3", "-m", "dask", *words],
            "env": [{"name": key, "value": value} for key, value in {**self.exports, **_PATIENCE}.items()],
        }  # fmt: skip
        pod = {
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": self.space.namespace},
            "spec": {"containers": [container], "restartPolicy": "Never", "terminationGracePeriodSeconds": 1},
        }  # fmt: skip
        kubectl("create", "--filename", "-", given=json.dumps(pod))
        ready = ("--for=condition=Ready", "--timeout", "120s")
        kubectl("wait", f"pod/{name}", *ready, "--namespace", self.space.namespace)
