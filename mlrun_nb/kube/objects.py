"""
Objects of the Kubernetes API as they travel: plain JSON, and where each kind is found.

No typed models: what a server of another release adds or leaves out must not break a reader, and a manifest is sent as
it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import quote

JsonObject: TypeAlias = Mapping[str, Any]
"""An object of the API, or a part of one, as `json.loads` gives it."""

MANAGED_BY = "app.kubernetes.io/managed-by=mlrun-nb"
"""The label selector of everything that the product makes in a cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A kind of object, such as Jobs: `group` is empty for the core API; `is_namespaced` but for a few."""

    group: str
    version: str
    plural: str
    is_namespaced: bool = True

    def path(self, namespace: str, name: str = "", *, subresource: str = "") -> str:
        """Return the URL path of the collection, of the object *name*, or of a *subresource* of it such as `log`."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        middle = f"/namespaces/{namespace}" if self.is_namespaced else ""
        ends = (self.plural, quote(name, safe=""), subresource)
        return root + middle + "".join(f"/{end}" for end in ends if end)


JOBS = Resource(group="batch", version="v1", plural="jobs")
PODS = Resource(group="", version="v1", plural="pods")
CONFIG_MAPS = Resource(group="", version="v1", plural="configmaps")
SECRETS = Resource(group="", version="v1", plural="secrets")
SERVICES = Resource(group="", version="v1", plural="services")
EVENTS = Resource(group="", version="v1", plural="events")
PERSISTENT_VOLUME_CLAIMS = Resource(group="", version="v1", plural="persistentvolumeclaims")
NAMESPACES = Resource(group="", version="v1", plural="namespaces", is_namespaced=False)
DASK_CLUSTERS = Resource(group="kubernetes.dask.org", version="v1", plural="daskclusters")
DASK_AUTOSCALERS = Resource(group="kubernetes.dask.org", version="v1", plural="daskautoscalers")
ACCESS_REVIEWS = Resource(
    group="authorization.k8s.io", version="v1", plural="selfsubjectaccessreviews", is_namespaced=False
)


def metadata(thing: JsonObject) -> JsonObject:
    """Return the metadata of *thing*; empty where it has none."""
    return part(thing, "metadata")


def name_of(thing: JsonObject) -> str:
    """Return the name of *thing*."""
    return str(metadata(thing).get("name", ""))


def uid_of(thing: JsonObject) -> str:
    """Return the UID of *thing*: two objects of one name, one after the other, differ in it."""
    return str(metadata(thing).get("uid", ""))


def part(thing: JsonObject, *names: str) -> JsonObject:
    """Return the object at the path *names* in *thing*; empty where there is none."""
    for name in names:
        found = thing.get(name)
        thing = found if isinstance(found, Mapping) else {}
    return thing


def parts(thing: JsonObject, *names: str) -> Sequence[JsonObject]:
    """Return the list of objects at the path *names* in *thing*; empty where there is none."""
    found = part(thing, *names[:-1]).get(names[-1])
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def time_of(text: object) -> datetime | None:
    """Return the time that the API wrote as *text*, to the microsecond; None where there is none."""
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def condition(thing: JsonObject, kind: str) -> JsonObject | None:
    """Return the condition *kind* of the status of *thing*, whatever it says; None where it has none."""
    return next((each for each in parts(thing, "status", "conditions") if each.get("type") == kind), None)
