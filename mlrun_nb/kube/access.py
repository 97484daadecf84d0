"""
Which cluster, and as whom: kubeconfig or the service account of the pod that we are in.

The only module that imports `kubernetes`, and what it takes of it is the reading of credentials (exec plug-ins, OIDC,
token files) and the connection pool made of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """
    What a profile says of a cluster; an empty field is what `kubectl` would take.

    Without `kubeconfig` and `context` the order is: $KUBECONFIG, ~/.kube/config, the pod's own service account.
    """

    kubeconfig: str = ""
    context: str = ""
    namespace: str = ""
