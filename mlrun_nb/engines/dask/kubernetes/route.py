"""
How this process gets at the scheduler of a cluster: by the address of its Service, else through the API server.

Pods reach Services, and so do machines that are routed there. Everybody else has a port forwarded on the loopback
interface, for as long as this process wants it.
"""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from functools import partial

from mlrun_nb.engines.kubernetes.names import DASK_PORT
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kube.forward import Forward
from mlrun_nb.kube.objects import PODS, SERVICES, name_of, part
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.transport import Api

_RIGHTS = "Have an administrator apply what this prints: `mlrun-nb k8s rbac`."
_CONNECT_S = 1.5
LOOPBACK = "127.0.0.1"


class Routes:
    """Addresses of schedulers in the namespace of *api*; may be used by any thread."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._forwards: dict[str, Forward] = {}
        self._lock = threading.Lock()

    def to(self, name: str, *, is_new: bool) -> str | None:
        """
        Return where the scheduler of the cluster *name* can be reached; raises EngineUnavailable.

        None for one that *is_new*, and which its Service does not lead to yet.
        """
        with self._lock:
            if name not in self._forwards:
                host = self._service(name)
                if host and _answers(host):
                    return f"tcp://{host}:{DASK_PORT}"
                if is_new:
                    return None
                self._forwards[name] = Forward(self._api, partial(self._pod, name), DASK_PORT)
            return f"tcp://{LOOPBACK}:{self._forwards[name].port}"

    def trouble(self, name: str) -> str:
        """Return why nothing could be forwarded to the cluster *name*; empty where something was, or need not be."""
        forward = self._forwards.get(name)
        return forward.trouble if forward is not None else ""

    def forget(self, name: str) -> None:
        """Let go of the way to the cluster *name*."""
        with self._lock:
            forward = self._forwards.pop(name, None)
        if forward is not None:
            forward.close()

    def close(self) -> None:
        """Let go of all ways."""
        for name in list(self._forwards):
            self.forget(name)

    def _service(self, name: str) -> str:
        """Return the address of the scheduler's Service; empty where we may not look, or there is none."""
        try:
            found = self._api.get(SERVICES, f"{name}-scheduler")
        except ApiProblem:
            return ""
        address = str(part(found, "spec").get("clusterIP") or "")
        return "" if address == "None" else address

    def _pod(self, name: str) -> str:
        """Return the name of the scheduler's pod, as it is now."""
        labels = f"dask.org/cluster-name={name},dask.org/component=scheduler"
        try:
            pods = self._api.list(PODS, labels=labels).items
        except ApiProblem as err:
            raise EngineUnavailable(f"the pods of DaskCluster `{name}` cannot be listed: {err}", hint=_RIGHTS) from err
        living = [pod for pod in pods if not part(pod, "metadata").get("deletionTimestamp")]
        if not living:
            raise EngineUnavailable(f"DaskCluster `{name}` has no scheduler now", hint="Try again in a moment.")
        return name_of(living[-1])


def _answers(host: str) -> bool:
    try:
        with closing(socket.create_connection((host, DASK_PORT), timeout=_CONNECT_S)):
            return True
    except OSError:
        return False
