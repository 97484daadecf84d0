"""Which cluster a request asks for."""

from __future__ import annotations

from dataclasses import dataclass

from mlrun_nb.model.settings import ON_KUBERNETES, Dask

OWN = "local"
"""In the place of an address: a cluster of this machine that is ours."""
IDLE_TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """
    A cluster as asked for: the address of a scheduler, or `local`, or `kubernetes`.

    Files of TLS are empty where Dask's own settings name them. What is asked of a cluster of ours counts when it is
    started. On Kubernetes it is the object `cluster` of a namespace, empty where the kubeconfig says which.
    """

    address: str
    tls_ca: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    context: str = ""
    namespace: str = ""
    cluster: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the cluster is one of this machine that is ours."""
        return self.address == OWN

    @property
    def is_operated(self) -> bool:
        """Whether the cluster is one on Kubernetes that is ours, and that the Dask operator looks after."""
        return self.address == ON_KUBERNETES


def target_of(dask: Dask) -> Target:
    """Return the target that the options *dask* ask for."""
    return Target(
        address=dask.dask_address or _configured() or OWN,
        tls_ca=dask.dask_tls_ca or "",
        tls_cert=dask.dask_tls_cert or "",
        tls_key=dask.dask_tls_key or "",
    )


def _configured() -> str:
    """Return the address that Dask itself would take: `DASK_SCHEDULER_ADDRESS`, or a file of its configuration."""
    try:
        import dask.config
    except ModuleNotFoundError:
        return ""
    return str(dask.config.get("scheduler-address", None) or "")
