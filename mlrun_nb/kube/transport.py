"""
Requests to a Kubernetes API server, as JSON, with the credentials and the pool of the `kubernetes` client.

A request is repeated only where that cannot do it twice. No request waits for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mlrun_nb.kube.access import Access
from mlrun_nb.kube.objects import JsonObject, Resource

Query = Mapping[str, str | int | bool]
PatchKind = Literal["merge", "strategic", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a request may take: `attempts` in all, with pauses that double up to `pause_s`."""

    connect_s: float = 5.0
    read_s: float = 30.0
    attempts: int = 5
    pause_s: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server answered: the object, and its warnings as it worded them."""

    body: JsonObject
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All objects of a list, and the version of the collection from which a watch goes on."""

    items: Sequence[JsonObject]
    version: str


class Stream:
    """
    The open body of an answer. Iterating gives pieces as they arrive.

    Raises StreamCut when it breaks or stays silent for too long; a clean end just ends.
    """

    def __iter__(self) -> Iterator[bytes]:
        raise NotImplementedError

    def shut(self) -> None:
        """End the stream from another thread: whoever waits for its next piece sees StreamCut, at once."""
        raise NotImplementedError


class Api:
    """
    An API server, as one user, with one namespace that is meant unless another is named. May be used by any thread.

    Every method may raise `ApiProblem` (refused: 4xx) and `EngineUnavailable` (cannot be reached, is overloaded or
    broken, or does not take the credentials; the server's own words stand in the `ApiProblem` that it was raised from).
    Nothing is read or connected before the first request.
    """

    def __init__(self, access: Access = Access(), *, patience: Patience = Patience()) -> None:
        raise NotImplementedError

    @property
    def namespace(self) -> str:
        """The namespace that requests mean: of the access, else of the context or the pod, else `default`."""
        raise NotImplementedError

    @property
    def server(self) -> str:
        """The URL of the API server."""
        raise NotImplementedError

    def cluster_uid(self) -> str:
        """Return what tells this cluster from all others: the UID of `kube-system`, else a digest of its address."""
        raise NotImplementedError

    def now(self) -> datetime:
        """Return the time by the API server's clock, which its objects carry: within a second, after any answer."""
        raise NotImplementedError

    def get(self, resource: Resource, name: str, *, namespace: str = "") -> JsonObject:
        """Return one object."""
        raise NotImplementedError

    def list(self, resource: Resource, *, labels: str = "", fields: str = "", namespace: str = "") -> Listing:
        """Return all objects that the selectors *labels* and *fields* choose, however many pages they take."""
        raise NotImplementedError

    def post(
        self,
        resource: Resource,
        body: JsonObject,
        *,
        namespace: str = "",
        repeat: bool = False,
        dry_run: bool = False,
        strict: bool = True,
    ) -> Answer:
        """
        Create an object.

        *repeat* allows to send it again when no answer came; then a 409 may be about our own first attempt.
        *dry_run* has the server check and default it, and keep nothing. *strict* refuses unknown fields.
        """
        raise NotImplementedError

    def patch(
        self, resource: Resource, name: str, body: object, *, kind: PatchKind = "merge", namespace: str = ""
    ) -> JsonObject:
        """Change one object; what *body* means is the business of *kind*."""
        raise NotImplementedError

    def delete(
        self,
        resource: Resource,
        name: str,
        *,
        propagation: Literal["Background", "Foreground", "Orphan"] = "Background",
        grace_s: int | None = None,
        uid: str = "",
        namespace: str = "",
    ) -> None:
        """
        Delete one object and, in the *Background*, what it owns; returns quietly when it is not there.

        With *uid* only that very object: a 409 `ApiProblem` says that another has its name.
        """
        raise NotImplementedError

    def stream(self, path: str, query: Query, *, silence_s: float) -> AbstractContextManager[Stream]:
        """Open a stream at *path*; *silence_s* without a byte cuts it."""
        raise NotImplementedError

    def request(self, method: str, path: str, query: Query | None = None, body: object = None) -> Answer:
        """Send any other request, such as an access review or `/version`; repeated as its method allows."""
        raise NotImplementedError

    def close(self) -> None:
        """Close idle connections; a later request opens new ones."""
        raise NotImplementedError
