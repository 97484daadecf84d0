"""
Spot and on-demand nodes, by the labels and taints that clouds give them.

`spot` requires such a node, `prefer` takes one where there is one, `on-demand` avoids them, `any` accepts both. Labels:
GKE, EKS managed node groups, Karpenter, AKS; each cloud's own documentation names them.
"""

from __future__ import annotations

from typing import Any

_SPOT = (
    ("cloud.google.com/gke-spot", "true"),
    ("eks.amazonaws.com/capacityType", "SPOT"),
    ("karpenter.sh/capacity-type", "spot"),
    ("kubernetes.azure.com/scalesetpriority", "spot"),
)
TOLERATIONS: list[Any] = [
    {"key": key, "operator": "Equal", "value": value, "effect": "NoSchedule"} for key, value in _SPOT
]
"""What lets a pod onto spot nodes of clouds that taint them."""


def node_affinity(capacity: str | None) -> dict[str, Any]:
    """Return the node affinity for *capacity*; empty where every node will do."""
    match capacity:
        case "spot":
            terms = [{"matchExpressions": [_in(key, value)]} for key, value in _SPOT]
            return {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
        case "prefer":
            weighed = [{"weight": 100, "preference": {"matchExpressions": [_in(key, value)]}} for key, value in _SPOT]
            return {"preferredDuringSchedulingIgnoredDuringExecution": weighed}
        case "on-demand":
            avoided = [{"key": key, "operator": "NotIn", "values": [value]} for key, value in _SPOT]
            return {
                "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": avoided}]}
            }
        case _:
            return {}


def may_be_spot(capacity: str | None) -> bool:
    """Tell whether a run of this *capacity* may lie on a node that is taken away."""
    return capacity in {"spot", "prefer", "any"}


def _in(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": [value]}
