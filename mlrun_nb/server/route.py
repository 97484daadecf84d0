"""
What a route is: an address, what comes in, what goes out, and the function between them.

The handlers, the OpenAPI document and the check of what a client sends are all made from the table of routes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import msgspec

if TYPE_CHECKING:  # a server that starts reads this module and needs none of them yet
    from mlrun_nb.project import Project
    from mlrun_nb.server.dashboards import DashboardLinks
    from mlrun_nb.server.held import Held
    from mlrun_nb.services.artifact_files import LocalFile

BASE = "mlrun-nb/api"
"""Below the server's own address."""

Method = Literal["GET", "POST", "PUT", "DELETE"]
Action = Literal["read", "write", "execute"]


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What goes over the wire, whole: a field that holds its default is written too, so that clients need none."""


S = TypeVar("S", bound=Shape)


def shaped(record: object, shape: type[S]) -> S:
    """Return *record*, which has an attribute for each field of *shape*, in that shape."""
    return msgspec.convert(record, shape, from_attributes=True)


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client sends, in the address or as JSON; a word that nobody knows is an error, not passed over."""


class Where(Asked, frozen=True, kw_only=True):
    """
    For which project: the one in force in `folder`, a path below the server's root with `/`, empty for the root.
    """

    folder: str = ""


class NoBody(Asked, frozen=True, kw_only=True):
    """Nothing but the address."""


Q = TypeVar("Q", bound=Where)
B = TypeVar("B", bound=Asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Q, B]):
    """
    One request, read and checked. `places` are the parts of the path that the route leaves open, by name.

    `held` is what the server keeps between requests, `dashboards` the way to those of Dask.
    """

    project: Project
    held: Held
    dashboards: DashboardLinks
    query: Q
    body: B
    root: str
    """The folder that the server shows, absolute; empty where it shows no file system."""
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """
    An answer that is a file, or the pieces of one: served as an attachment that no browser would run.

    A file that is a copy is removed when it was sent.
    """

    name: str
    media_type: str
    content: LocalFile | Iterable[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Generic[Q, B]):
    """
    One method of one path. `call` is executed in a thread; what it raises of `mlrun_nb.errors` becomes a problem.

    `resource` is what an authoriser is asked about, `action` what is done to it. `answer` is None for a `File`.
    """

    method: Method
    path: str
    call: Callable[[Call[Q, B]], object]
    summary: str
    resource: str
    query: type[Q]
    body: type[B]
    answer: Any = None
    status: int = 200
    action: Action = "read"
