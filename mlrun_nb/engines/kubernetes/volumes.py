"""The volumes of a pod: what the run asked for, and our own."""

from __future__ import annotations

from typing import Any

from mlrun_nb.model.settings import Volume

DELIVERED = "/mlrun/delivered"
"""Where the ConfigMap lies in the container."""
SCRATCH = "/mlrun"
SHARED_MEMORY = "/dev/shm"  # noqa: S108  # a mount point in a pod


def volumes(asked: tuple[Volume, ...], *, config_map: str, scratch: str | None, shared_memory: bool) -> list[Any]:
    """
    Return the pod's volumes; *scratch* is the size limit of its working space.

    Where nothing is delivered there is no *config_map*.
    """
    own: list[dict[str, Any]] = [{"name": "mlrun-scratch", "emptyDir": {"sizeLimit": scratch} if scratch else {}}]
    if config_map:
        own.insert(0, {"name": "mlrun-delivered", "configMap": {"name": config_map}})
    if shared_memory:
        own.append({"name": "mlrun-shared-memory", "emptyDir": {"medium": "Memory"}})
    return [*own, *({"name": f"volume-{number}", **_source(volume)} for number, volume in enumerate(asked, 1))]


def mounts(asked: tuple[Volume, ...], *, shared_memory: bool, delivered: bool = True) -> list[Any]:
    """Return the container's mounts."""
    own: list[dict[str, Any]] = [{"name": "mlrun-scratch", "mountPath": SCRATCH}]
    if delivered:
        own.append({"name": "mlrun-delivered", "mountPath": DELIVERED, "readOnly": True})
    if shared_memory:
        own.append({"name": "mlrun-shared-memory", "mountPath": SHARED_MEMORY})
    return [*own, *(_mount(volume, number) for number, volume in enumerate(asked, 1))]


def _mount(volume: Volume, number: int) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": f"volume-{number}", "mountPath": volume.path}
    return plain | {"readOnly": True} if volume.read_only or volume.kind in {"configmap", "secret"} else plain


def _source(volume: Volume) -> dict[str, Any]:
    match volume.kind:
        case "pvc":
            return {"persistentVolumeClaim": {"claimName": volume.source}}
        case "configmap":
            return {"configMap": {"name": volume.source}}
        case "secret":
            return {"secret": {"secretName": volume.source}}
        case "host":
            return {"hostPath": {"path": volume.source}}
        case "empty":
            return {"emptyDir": {}}
