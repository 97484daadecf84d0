"""
One request and its answer: who asks, how often, how long, and what becomes of what is no answer.

A request is repeated only where that cannot do it twice: reads, changes that come to the same a second time, whatever
its caller says may be repeated, and what the server never took up.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from urllib3 import Timeout
from urllib3.exceptions import HTTPError, ReadTimeoutError

from mlrun_nb._lib import clock
from mlrun_nb.errors import ConfigError, EngineUnavailable
from mlrun_nb.kube.access import Access, Credentials, load
from mlrun_nb.kube.backoff import Backoff
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.unanswered import Unanswered, is_stranger, refusal, unreached

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from websocket import WebSocket

Query = Mapping[str, str | int | bool]

_RENEW_AFTER_S = 30.0
"""For how long after a renewal that did not help none is tried: an exec plug-in may open a browser each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a request may take: `attempts` in all, with pauses that double up to `pause_s`."""

    connect_s: float = 5.0
    read_s: float = 30.0
    attempts: int = 5
    pause_s: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request to be made. With `silence_s` its answer is a stream, which that long without a byte ends."""

    method: str
    path: str
    query: Query = field(default_factory=dict)
    body: object = None
    content_type: str = "application/json"
    may_repeat: bool = True
    silence_s: float | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def target(self) -> str:
        """Return path and query, as they stand in the URL."""
        words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in self.query.items()}
        return f"{self.path}?{urlencode(words)}" if words else self.path

    def headers(self) -> dict[str, str]:
        """Return the headers that do not depend on who asks."""
        asked = {"Accept": "application/json", "User-Agent": "mlrun-nb"}
        return asked if self.body is None else {**asked, "Content-Type": self.content_type}


class Exchange:
    """Requests to one API server as one user; may be used by any thread."""

    def __init__(self, access: Access, patience: Patience) -> None:
        self._access, self._patience = access, patience
        self._lock = threading.Lock()
        self._credentials: Credentials | None = None
        self._renewed_in_vain = -_RENEW_AFTER_S
        self._clock: tuple[datetime, float] | None = None

    def credentials(self) -> Credentials:
        """Return who we are, which is found out at the first call."""
        with self._lock:
            if self._credentials is None:
                self._credentials = load(self._access)
            return self._credentials

    def now(self) -> datetime:
        """Return the time by the server's clock, or by ours before the first answer."""
        if self._clock is None:
            return clock.now()
        said, at = self._clock
        return said + timedelta(seconds=time.monotonic() - at)

    def send(self, order: Order) -> BaseHTTPResponse:
        """Return the answer, below 400; raises ApiProblem and EngineUnavailable."""
        backoff = Backoff(most_s=self._patience.pause_s)
        attempt = 1
        while True:
            try:
                return self._once(order)
            except Unanswered as err:
                if attempt >= self._patience.attempts or not err.may_repeat:
                    raise err.error from err.error.__cause__
                pause_s = max(err.wait_s, backoff.pause_s())
            attempt += 1
            time.sleep(pause_s)

    def web_socket(self, path: str, port: int) -> WebSocket:
        """Return a web socket to *port* of the pod whose `portforward` is at *path*; raises EngineUnavailable."""
        credentials = self.credentials()
        try:
            return credentials.web_socket(f"{path}?ports={port}")
        except Exception as err:  # of two libraries, which have no error in common
            said = err.message if isinstance(err, ApiProblem) else err
            raise EngineUnavailable(
                f"the API server at `{credentials.server}` forwards no port: {said}",
                hint=f"You need `create` and `get` on `pods/portforward`: `{credentials.kubectl} auth can-i create "
                "pods/portforward`.",
            ) from err

    def close(self) -> None:
        """Close idle connections."""
        with self._lock:
            if self._credentials is not None:
                self._credentials.pool.clear()

    def _once(self, order: Order) -> BaseHTTPResponse:
        credentials = self.credentials()
        response = self._ask(order, credentials)
        if response.status < 400:
            return response
        problem = ApiProblem.from_answer(response.status, response.data)
        if not is_stranger(problem):
            raise refusal(response, problem, what=str(order), may_repeat=order.may_repeat, credentials=credentials)
        return self._once_more(order, credentials, problem)

    def _once_more(self, order: Order, used: Credentials, problem: ApiProblem) -> BaseHTTPResponse:
        """Ask again as whoever kubeconfig, plug-in or token file say that we are by now."""
        renewed = self._renew(used)
        if renewed is not None:
            response = self._ask(order, renewed)
            if response.status < 400:
                return response
            problem = ApiProblem.from_answer(response.status, response.data)
            if not is_stranger(problem):
                raise refusal(response, problem, what=str(order), may_repeat=order.may_repeat, credentials=renewed)
            self._renewed_in_vain = time.monotonic()
        raise EngineUnavailable(
            f"the API server at `{used.server}` does not accept your credentials: {problem.message or problem.status}",
            hint=f"Log in again; this says as whom you are known: `{used.kubectl} auth whoami`.",
        ) from problem

    def _renew(self, used: Credentials) -> Credentials | None:
        with self._lock:
            if self._credentials is used:  # else another thread has done it
                if time.monotonic() < self._renewed_in_vain + _RENEW_AFTER_S:
                    return None
                self._credentials = self._load_again()
            return self._credentials

    def _load_again(self) -> Credentials:
        try:
            return load(self._access)
        except ConfigError as err:  # it could be read before; somebody may be writing it just now
            raise EngineUnavailable(err.message, hint=err.hint) from err

    def _ask(self, order: Order, credentials: Credentials) -> BaseHTTPResponse:
        try:
            response = credentials.pool.request(
                order.method,
                credentials.server + order.target(),
                body=None if order.body is None else json.dumps(order.body).encode(),
                headers={**order.headers(), **credentials.headers()},
                timeout=Timeout(connect=self._patience.connect_s, read=order.silence_s or self._patience.read_s),
                retries=False,
                redirect=False,
                preload_content=order.silence_s is None,
            )
            if response.status >= 400:
                response.data  # noqa: B018  # a refused stream has a body too, which can be cut as any other
        except HTTPError as err:
            was_silent = order.silence_s is not None and isinstance(err, ReadTimeoutError)
            raise unreached(err, may_repeat=order.may_repeat and not was_silent, credentials=credentials) from err
        with suppress(KeyError, ValueError):  # no date, or none that can be read
            self._clock = parsedate_to_datetime(response.headers["Date"]).astimezone(UTC), time.monotonic()
        return response
