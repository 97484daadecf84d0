"""
Strategic merge patch on plain JSON: what `kubectl patch` does to a pod template, done before it is sent.

Maps are merged and null deletes. A list is merged by the key that its items are known by in a pod, and replaced where
there is none. `$patch: delete` and `$patch: replace` work as there. Source: Kubernetes,
`api-conventions/strategic-merge-patch.md`; the keys are those of `PodSpec` in its OpenAPI.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "ephemeralContainers": "name",
    "volumes": "name",
    "imagePullSecrets": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "ports": "containerPort",
    "hostAliases": "ip",
    "topologySpreadConstraints": "topologyKey",
    "resourceClaims": "name",
}
_DIRECTIVE = "$patch"


def merged(before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return *before* with *patch* laid over it; neither is changed."""
    if patch.get(_DIRECTIVE) == "replace":
        return {name: value for name, value in patch.items() if name != _DIRECTIVE}
    result = dict(before)
    for name, value in patch.items():
        if value is None or (isinstance(value, Mapping) and value.get(_DIRECTIVE) == "delete"):
            result.pop(name, None)
        elif isinstance(value, Mapping):
            present = result.get(name)
            result[name] = merged(present if isinstance(present, Mapping) else {}, value)
        elif isinstance(value, list) and name in _KEYS and isinstance(result.get(name), list):
            result[name] = _merged_lists(result[name], value, _KEYS[name])
        else:
            result[name] = value
    return result


def _merged_lists(before: list[Any], patch: list[Any], key: str) -> list[Any]:
    result = list(before)
    for item in patch:
        place = next((at for at, each in enumerate(result) if each.get(key) == item.get(key)), None)
        if item.get(_DIRECTIVE) == "delete":
            result = [each for each in result if each.get(key) != item.get(key)]
        elif place is None:
            result.append(item)
        else:
            result[place] = merged(result[place], item)
    return result
