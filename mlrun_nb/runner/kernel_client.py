"""
The started kernel as nbclient wants to see it: a client on its sockets, and just enough of a kernel manager.

nbclient would start the kernel itself; ours is running since before nbclient was imported.
"""

from __future__ import annotations

from queue import Empty
from time import monotonic
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient

from mlrun_nb.runner.process import KernelProcess

_ANSWER_S = 0.25
"""How long an answer is waited for before the question is repeated; the first is lost if no socket is connected."""
_ECHO_S = 0.02
"""The same for its echo on the channel of outputs, once the kernel has answered: only our subscription is not there."""


class Client(AsyncKernelClient):
    """Speaks with one kernel. `language_info` is what the kernel says of its language, once it is ready."""

    def attach(self, kernel: KernelProcess) -> None:
        """Use *kernel*'s sockets."""
        self.kernel = kernel
        self.language_info: dict[str, Any] = {}
        self.load_connection_info(kernel.connection)  # type: ignore[arg-type]  # same keys, plainer type

    def connect_iopub(self, identity: bytes | None = None) -> zmq.Socket[bytes]:
        """Return the socket of outputs, with room for any number; `environment` does that for the kernel's end."""
        socket: zmq.Socket[bytes] = super().connect_iopub(identity)
        socket.rcvhwm = 0  # holds for connected sockets too; source: libzmq, socket_base_t::update_pipe_options
        return socket

    async def is_alive(self) -> bool:
        """Tell whether the process lives; no heartbeat, which a busy extension module can stop."""
        return self.kernel.status is None

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109  # jupyter_client's name
        """
        Return when the kernel answers on both channels; raises RuntimeError when it died or *timeout* seconds passed.

        jupyter_client's own waits for silence afterwards, a fifth of a second. Here messages are told by their parent.
        """
        deadline = monotonic() + (timeout or 60)
        asked: set[str] = set()
        answered = heard = False
        while not (answered and heard):
            asked.add(self.kernel_info())
            while not answered and (message := await self._next(self.shell_channel, _ANSWER_S)):
                if message["parent_header"].get("msg_id") in asked:
                    self.language_info = message["content"].get("language_info", {})
                    answered = True
            while answered and not heard and (message := await self._next(self.iopub_channel, _ECHO_S)):
                heard = message["parent_header"].get("msg_id") in asked
            if not await self.is_alive():
                raise RuntimeError("the kernel died")
            if monotonic() > deadline:
                raise RuntimeError("the kernel does not answer")

    @staticmethod
    async def _next(channel: Any, seconds: float) -> dict[str, Any] | None:  # noqa: ANN401  # jupyter_client's channel
        try:
            message: dict[str, Any] = await channel.get_msg(timeout=seconds)
        except Empty:
            return None
        return message


class Adopted:
    """A kernel manager for a kernel that nbclient did not start and will not end."""

    ipykernel = False  # nbclient would add options to a command that was given long ago
    has_kernel = True

    def __init__(self, kernel: KernelProcess) -> None:
        self._kernel = kernel

    def client(self) -> Client:
        """Return a client for the kernel."""
        client = Client()
        client.attach(self._kernel)
        return client

    async def is_alive(self) -> bool:
        """Tell whether the process lives."""
        return self._kernel.status is None

    async def shutdown_kernel(self, *, now: bool = False) -> None:
        """Leave it: who started it ends it."""

    async def cleanup_resources(self) -> None:
        """Leave them: who made them removes them."""
