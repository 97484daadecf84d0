"""
An HTTP server between our client and an API server that does what networks and busy servers do.

A fault is for the next requests that match its pattern; everything else goes through. Without a server behind it, it is
a scripted one, and a request without a fault is answered with 599.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from mlrun_nb.kube.access import Credentials

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that comes from the proxy itself."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """
    What becomes of the next *times* requests whose `METHOD TARGET AUTHORIZATION` matches *pattern*.

    After *delay_s* there is an *answer*, or the server's. Of its body *after* bytes (None: all) pass, up to the end of
    that line if *whole_lines*; *then* follows; and the *end* is proper, a reset, or silence with the connection open.
    `drop` resets the connection before anything was answered.
    """

    pattern: str
    times: int = 1
    delay_s: float = 0.0
    answer: Answer | None = None
    drop: bool = False
    after: int | None = None
    whole_lines: bool = False
    then: bytes = b""
    end: Literal["proper", "reset", "silence"] = "proper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What arrived."""

    order: str
    headers: Message
    body: bytes


class FaultProxy:
    """The proxy, at `url`; *behind* is who asks the real server."""

    def __init__(self, behind: Credentials | None = None) -> None:
        self.behind = behind
        self.requests: list[Request] = []
        self.is_closed = threading.Event()
        self._faults: list[tuple[Fault, int]] = []
        self._lock = threading.Lock()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def add(self, *faults: Fault) -> None:
        """Let *faults* happen, in this order where several match."""
        with self._lock:
            self._faults += [(fault, fault.times) for fault in faults]

    def forget(self) -> None:
        """Let no fault happen that has not yet."""
        with self._lock:
            self._faults = []

    def answer(self, pattern: str, status: int = 200, body: bytes = b"{}", *, times: int = 1, **headers: str) -> None:
        """Answer the next requests that match *pattern*; in names of *headers* `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.add(Fault(pattern=pattern, times=times, answer=Answer(status=status, body=body, headers=named)))

    def orders(self, pattern: str = "") -> list[str]:
        """Return `METHOD TARGET` of the requests that match *pattern*, in the order in which they came."""
        return [request.order for request in list(self.requests) if re.search(pattern, request.order)]

    def take(self, request: Request) -> Fault | None:
        """Note *request* and return what is to become of it."""
        with self._lock:
            self.requests.append(request)
            for place, (fault, left) in enumerate(self._faults):
                if re.search(fault.pattern, f"{request.order} {request.headers.get('Authorization', '')}"):
                    self._faults[place : place + 1] = [(fault, left - 1)] if left > 1 else []
                    return fault
            return None

    @contextmanager
    def serving(self) -> Iterator[FaultProxy]:
        """Answer until the block is left."""
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.is_closed.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, proxy: FaultProxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: that a client goes away is what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(order=f"{self.command} {self.path}", headers=self.headers, body=body)
        fault = self.server.proxy.take(request) or Fault(pattern="")
        self.server.proxy.is_closed.wait(fault.delay_s)
        if fault.drop:
            self._reset()
        elif fault.answer is not None:
            self._head(fault.answer.status, fault.answer.headers)
            self._body(iter([fault.answer.body]), fault)
        else:
            self._pass_on(request, fault)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_any  # noqa: N815  # http.server looks for these

    def _pass_on(self, request: Request, fault: Fault) -> None:
        behind = self.server.proxy.behind
        if behind is None:
            self._head(599, {})
            self._body(iter([f"nothing is foreseen for {request.order}".encode()]), fault)
            return
        own = {} if "Authorization" in request.headers else behind.headers()
        sent = {name: value for name, value in request.headers.items() if name not in {"Host", "Content-Length"}}
        response = behind.pool.request(
            self.command,
            behind.server + self.path,
            body=request.body or None,
            headers={**sent, **own},
            preload_content=False,
            retries=False,
            timeout=Timeout(connect=5, read=300),
        )
        try:
            hop = {"transfer-encoding", "content-length", "connection"}
            self._head(response.status, {k: v for k, v in response.headers.items() if k.lower() not in hop})
            self._body(iter(lambda: response.read1(_PIECE), b""), fault)
        except HTTPError:
            self._reset()
        finally:
            response.close()

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _body(self, pieces: Iterator[bytes], fault: Fault) -> None:
        left = fault.after
        for piece in pieces:
            part = piece if left is None else _first(piece, left, whole_lines=fault.whole_lines)
            self._chunk(part)
            if left is not None:
                left -= len(part)
                if left <= 0 or len(part) < len(piece):
                    break
        self._chunk(fault.then)
        if fault.end == "reset":
            self._reset()
        elif fault.end == "silence":
            self.server.proxy.is_closed.wait()
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, piece: bytes) -> None:
        if piece:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.flush()

    def _reset(self) -> None:
        """End the connection as a broken network does."""
        with suppress(OSError):
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True


def _first(piece: bytes, size: int, *, whole_lines: bool) -> bytes:
    """Return the first *size* bytes of *piece*, or its lines that begin within them."""
    if not whole_lines or size >= len(piece):
        return piece[:size]
    end = piece.find(b"\n", max(size - 1, 0))
    return piece if end < 0 else piece[: end + 1]
