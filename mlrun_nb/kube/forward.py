"""
A port of a pod on the loopback interface of this machine, through the API server: what `kubectl port-forward` does.

Each connection is a web socket of its own, made by the library `kubernetes` to whatever pod is there just then, so that
the listener survives a pod's restart and a cut network. The bytes are moved here: the library's own way of moving them
leaves a thread behind when a network is cut, and ends with a traceback when a pod does.
"""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from mlrun_nb.errors import MlrunNbError
from mlrun_nb.kube.objects import PODS
from mlrun_nb.kube.transport import Api

if TYPE_CHECKING:
    from websocket import WebSocket

_PIECE = 1 << 16
_DATA, _ERROR = 0, 1
"""Channels of the first port. Source: Kubernetes, `portforward.PortForwardProtocolV1Name` over web sockets."""
_JOIN_S = 5.0
_DEAD_S = 30
"""A peer that has not answered for so long is gone: the connection ends, and whoever wants it makes another."""


class Forward:
    """
    Listens on `port` of the loopback interface until it is closed; *pod* names the pod for each connection.

    Whoever connects while there is none, or none that can be reached, is let go at once.
    """

    def __init__(self, api: Api, pod: Callable[[], str], target: int) -> None:
        self._api, self._pod, self._target = api, pod, target
        self.trouble = ""
        """Why the last connection came to nothing; empty where one was made."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ends, self._ended = socket.socketpair()
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._accepting = threading.Thread(target=self._accept, name=f"forward port {target}", daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """End the listener and all connections; a second time nothing happens."""
        with self._lock:
            if self._ends.fileno() < 0:
                return
            self._ends.close()  # readable from now on for all that look at its other end
        self._accepting.join(_JOIN_S)
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(_JOIN_S)
        self._ended.close()

    def _accept(self) -> None:
        with closing(self._listener):
            while self._ended not in (ready := _readable(self._listener, self._ended)):
                if not ready:
                    continue
                near, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(near,), name="forwarded", daemon=True)
                with self._lock:
                    self._threads.add(thread)
                thread.start()

    def _serve(self, near: socket.socket) -> None:
        with closing(near):
            try:
                self._connect(near)
            except MlrunNbError as err:
                self.trouble = err.message
            except OSError:
                pass  # one of the two has gone, and the other hears of it now
            finally:
                with self._lock:
                    self._threads.discard(threading.current_thread())

    def _connect(self, near: socket.socket) -> None:
        path = PODS.path(self._api.namespace, self._pod(), subresource="portforward")
        far = self._api.web_socket(path, self._target)
        self.trouble = ""
        try:
            assert far.sock is not None  # it is connected
            _keep_alive(far.sock)
            self._move(near, far, far.sock)
        finally:
            far.shutdown()  # type: ignore[no-untyped-call]  # of a typed package

    def _move(self, near: socket.socket, far: WebSocket, wire: socket.socket) -> None:
        """Move bytes both ways, of *far* over its *wire*, until one side ends, or we do."""
        begun = set[int]()
        while self._ended not in (ready := _readable(near, wire, self._ended)):
            if wire in ready and not _received(far, near, begun):
                return
            if near in ready:
                piece = near.recv(_PIECE)
                if not piece:
                    return
                far.send_binary(bytes([_DATA]) + piece)


def _received(far: WebSocket, near: socket.socket, begun: set[int]) -> bool:
    """Give *near* what has come from *far*; False at its end. The first frame of a channel has the port's number."""
    from websocket import ABNF, WebSocketException

    while True:
        try:
            kind, frame = far.recv_data_frame(control_frame=True)
        except WebSocketException:
            return False
        if kind == ABNF.OPCODE_CLOSE:
            return False
        data = bytes(frame.data)
        if kind == ABNF.OPCODE_BINARY and data:
            channel = data[0]
            if channel in begun:
                if channel == _ERROR:
                    return False
                near.sendall(data[1:])
            begun.add(channel)
        if not getattr(far.sock, "pending", int)():  # what TLS has read ahead, `select` does not see
            return True


def _readable(*sockets: socket.socket) -> list[socket.socket]:
    """Return those of *sockets* that can be read from; waits for one."""
    poll = select.poll()
    by_number = {each.fileno(): each for each in sockets}
    for number in by_number:
        poll.register(number, select.POLLIN)
    return [by_number[number] for number, _ in poll.poll()]


def _keep_alive(far: socket.socket) -> None:
    """Have the system ask a silent peer whether it is there."""
    far.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, name):  # the system has it
            far.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        far.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAD_S * 1000)
