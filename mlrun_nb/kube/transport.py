"""
The verbs of a Kubernetes API server, as JSON; the names of kinds and the words of queries stand here and in `objects`.

How a request is repeated, and as whom it is made, is the business of `exchange`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kube.access import Access
from mlrun_nb.kube.exchange import Exchange, Order, Patience, Query
from mlrun_nb.kube.objects import NAMESPACES, JsonObject, Resource, metadata, uid_of
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.streams import Stream

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from websocket import WebSocket

PatchKind = Literal["merge", "strategic", "json"]
Propagation = Literal["Background", "Foreground", "Orphan"]

_PATCHES: dict[PatchKind, str] = {
    "merge": "application/merge-patch+json",
    "strategic": "application/strategic-merge-patch+json",
    "json": "application/json-patch+json",
}
_PAGE = 500
_WARNING = re.compile(r'\d{3} \S+ "((?:[^"\\]|\\.)*)"')
"""One text of a `Warning` header. Source: RFC 7234, section 5.5."""


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


class Api:
    """
    An API server, as one user, with one namespace that is meant unless another is named. May be used by any thread.

    Every method may raise `ApiProblem` (refused: 4xx) and `EngineUnavailable` (cannot be reached, is overloaded or
    broken, or does not take the credentials; the server's own words stand in the `ApiProblem` that it was raised from).
    Nothing is read or connected before the first request; ConfigError where kubeconfig has nothing to connect to.
    """

    def __init__(self, access: Access = Access(), *, patience: Patience = Patience()) -> None:
        self._exchange = Exchange(access, patience)
        self._cluster = ""

    @property
    def namespace(self) -> str:
        """The namespace that requests mean: of the access, else of the context or the pod, else `default`."""
        return self._exchange.credentials().namespace

    @property
    def context(self) -> str:
        """The context of the kubeconfig; empty for a pod that is known by its service account."""
        return self._exchange.credentials().context

    @property
    def server(self) -> str:
        """The URL of the API server."""
        return self._exchange.credentials().server

    @property
    def kubectl(self) -> str:
        """The beginning of a `kubectl` command that asks the same server as the same user, for hints."""
        return self._exchange.credentials().kubectl

    def cluster_uid(self) -> str:
        """
        Return what tells this cluster from all others, and stays: the UID of the namespace `kube-system`.

        Who may not read that gets a digest of the cluster's certificate authority, or of its address without one.
        """
        if not self._cluster:
            try:
                self._cluster = uid_of(self.get(NAMESPACES, "kube-system"))
            except ApiProblem:
                self._cluster = self.authority()
        return self._cluster

    def authority(self) -> str:
        """Return what all users of this cluster see alike: a digest of its authority, of its address without one."""
        return f"sha256:{self._exchange.credentials().authority()}"

    def now(self) -> datetime:
        """Return the time by the API server's clock, which its objects carry: within a second, after any answer."""
        return self._exchange.now()

    def get(self, resource: Resource, name: str, *, namespace: str = "") -> JsonObject:
        """Return one object."""
        return self.request("GET", resource.path(namespace or self.namespace, name)).body

    def list(self, resource: Resource, *, labels: str = "", fields: str = "", namespace: str = "") -> Listing:
        """Return all objects that the selectors *labels* and *fields* choose, however many pages they take."""
        path = resource.path(namespace or self.namespace)
        query = {"labelSelector": labels, "fieldSelector": fields}
        chosen = {name: value for name, value in query.items() if value}
        try:
            return self._list(path, {**chosen, "limit": _PAGE})
        except ApiProblem as problem:
            if problem.status != 410:
                raise
            return self._list(path, chosen)  # the list had expired between two pages

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
        query = {**({"dryRun": "All"} if dry_run else {}), **({"fieldValidation": "Strict"} if strict else {})}
        path = resource.path(namespace or self.namespace)
        return self._do(Order(method="POST", path=path, query=query, body=body, may_repeat=repeat or dry_run))

    def patch(
        self, resource: Resource, name: str, body: object, *, kind: PatchKind = "merge", namespace: str = ""
    ) -> JsonObject:
        """Change one object; what *body* means is the business of *kind*. May be sent twice."""
        path = resource.path(namespace or self.namespace, name)
        return self._do(Order(method="PATCH", path=path, body=body, content_type=_PATCHES[kind])).body

    def delete(
        self,
        resource: Resource,
        name: str,
        *,
        propagation: Propagation = "Background",
        grace_s: int | None = None,
        uid: str = "",
        namespace: str = "",
    ) -> None:
        """
        Delete one object and, in the *Background*, what it owns; returns quietly when it is not there.

        With *uid* only that very object: a 409 `ApiProblem` says that another has its name.
        """
        options: dict[str, object] = {"propagationPolicy": propagation}
        if grace_s is not None:
            options["gracePeriodSeconds"] = grace_s
        if uid:
            options["preconditions"] = {"uid": uid}
        try:
            self.request("DELETE", resource.path(namespace or self.namespace, name), body=options)
        except ApiProblem as problem:
            if problem.status != 404:
                raise

    @contextmanager
    def stream(self, path: str, query: Query, *, silence_s: float) -> Iterator[Stream]:
        """
        Open a stream at *path*; *silence_s* without a byte cuts it. Leaving the block drops the connection.

        Silence before the first byte is EngineUnavailable, and not waited for again.
        """
        stream = Stream(self._exchange.send(Order(method="GET", path=path, query=query, silence_s=silence_s)))
        try:
            yield stream
        finally:
            stream.close()

    def request(
        self, method: str, path: str, query: Query | None = None, *, body: object = None, repeat: bool = False
    ) -> Answer:
        """Send any other request, such as an access review or `/version`; a POST is sent twice only with *repeat*."""
        return self._do(
            Order(method=method, path=path, query=query or {}, body=body, may_repeat=repeat or method != "POST")
        )

    def web_socket(self, path: str, port: int) -> WebSocket:
        """Return a web socket to *port* of the pod whose `portforward` is at *path*; raises EngineUnavailable."""
        return self._exchange.web_socket(path, port)

    def close(self) -> None:
        """Close idle connections; a later request opens new ones."""
        self._exchange.close()

    def _list(self, path: str, query: Query) -> Listing:
        items: list[JsonObject] = []
        page = self.request("GET", path, query).body
        while True:
            items += page.get("items") or []
            version, token = metadata(page).get("resourceVersion", ""), metadata(page).get("continue")
            if not token:
                return Listing(items=items, version=str(version))
            page = self.request("GET", path, {**query, "continue": str(token)}).body

    def _do(self, order: Order) -> Answer:
        response = self._exchange.send(order)
        return Answer(body=self._read(response), warnings=_warnings(response))

    def _read(self, response: BaseHTTPResponse) -> JsonObject:
        try:
            body: JsonObject = json.loads(response.data)
        except ValueError as err:
            raise EngineUnavailable(
                f"what answers at `{self.server}` is no API server: {response.data[:200].decode(errors='replace')!r}",
                hint=f"Is there a proxy or a login page between? See what this says: `{self.kubectl} version`.",
            ) from err
        return body


def _warnings(response: BaseHTTPResponse) -> tuple[str, ...]:
    texts = [text for line in response.headers.getlist("Warning") for text in _WARNING.findall(line)]
    return tuple(re.sub(r"\\(.)", r"\1", text) for text in texts)
