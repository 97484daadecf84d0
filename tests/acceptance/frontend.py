"""A front end for acceptance tests: a real kernel, driven through jupyter_client as JupyterLab drives it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

TIMEOUT_S = 120


@dataclass(slots=True)
class Shown:
    """What stands below a cell after it ran; `cards` are displays by their id, each as it was changed last."""

    out: str = ""
    err: str = ""
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    updates: int = 0
    result: str = ""
    error: dict[str, Any] | None = None
    status: str = ""

    @property
    def card(self) -> str:
        """The text of the one card."""
        (card,) = (card for name, card in self.cards.items() if name.startswith("mlrun-nb"))
        return str(card["text/plain"])

    @property
    def traceback(self) -> str:
        """All that a front end shows of the error."""
        return "\n".join(self.error["traceback"]) if self.error else ""

    @property
    def everything(self) -> str:
        """All text that a person sees."""
        texts = [str(card["text/plain"]) for card in self.cards.values()]
        return "\n".join([self.out, self.err, *texts, self.result, self.traceback])


@dataclass(slots=True)
class Frontend:
    """A notebook in a front end. `run` is Shift-Enter on a cell, with the id that the front end gave it."""

    manager: KernelManager
    client: BlockingKernelClient

    def run(
        self,
        text: str,
        *,
        cell: str | None = None,
        tags: tuple[str, ...] = (),
        when: Callable[[Shown], object] = lambda _: None,
    ) -> Shown:
        """Execute a cell and wait for its end; *when* sees what is shown after each message."""
        metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
        if cell is not None:
            metadata["cellId"] = cell
        content = {"code": text, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        shown = Shown()
        while not self._idle(message["header"]["msg_id"], shown):
            when(shown)
        reply = self._reply(message["header"]["msg_id"])
        shown.status = reply["status"]
        return shown

    def value(self, expression: str) -> str:
        """Return the repr of *expression* in the kernel."""
        shown = self.run(f"print(repr({expression}))")
        assert shown.error is None, shown.traceback
        return shown.out.strip()

    def complete(self, text: str) -> list[str]:
        """Return what Tab offers at the end of *text*, or at the mark `|` in it."""
        before, mark, after = text.partition("|")
        self.client.complete(before + after, len(before) if mark else len(text))
        content = self._reply_to("complete_reply")
        return list(content["matches"])

    def inspect(self, text: str) -> str:
        """Return what Shift-Tab shows for *text*."""
        self.client.inspect(text, len(text))
        return str(self._reply_to("inspect_reply")["data"].get("text/plain", ""))

    def page(self, text: str) -> str:
        """Return what executing *text* shows in the pager."""
        payload = self._reply(self.client.execute(text))["payload"]
        return "\n".join(str(item["data"]["text/plain"]) for item in payload if item["source"] == "page")

    def interrupt(self) -> None:
        """Press the stop button."""
        self.manager.interrupt_kernel()

    def _idle(self, request: str, shown: Shown) -> bool:
        message = self.client.get_iopub_msg(timeout=TIMEOUT_S)
        kind, content = message["msg_type"], message["content"]
        if message["parent_header"].get("msg_id") != request:
            return False
        if kind == "stream":
            setattr(shown, {"stdout": "out", "stderr": "err"}[content["name"]], self._text(shown, content))
        elif kind == "display_data":
            shown.cards[content.get("transient", {}).get("display_id", f"display {len(shown.cards)}")] = content["data"]
        elif kind == "update_display_data":
            shown.cards[content["transient"]["display_id"]] = content["data"]
            shown.updates += 1
        elif kind == "execute_result":
            shown.result = content["data"]["text/plain"]
        elif kind == "error":
            shown.error = content
        return bool(kind == "status" and content["execution_state"] == "idle")

    @staticmethod
    def _text(shown: Shown, content: dict[str, str]) -> str:
        return (shown.out if content["name"] == "stdout" else shown.err) + content["text"]

    def _reply(self, request: str) -> dict[str, Any]:
        while True:
            message = self.client.get_shell_msg(timeout=TIMEOUT_S)
            if message["parent_header"].get("msg_id") == request:
                content: dict[str, Any] = message["content"]
                return content

    def _reply_to(self, kind: str) -> dict[str, Any]:
        while True:
            message = self.client.get_shell_msg(timeout=TIMEOUT_S)
            if message["msg_type"] == kind:
                content: dict[str, Any] = message["content"]
                return content


@contextmanager
def opened(folder: Path, *, arguments: tuple[str, ...] = (), **environment: str) -> Iterator[Frontend]:
    """Open a notebook in *folder*: a kernel of this environment that works there."""
    manager = KernelManager(kernel_name="python3", transport="ipc", ip=str(folder / "kernel-ipc"))
    manager.start_kernel(cwd=str(folder), env=os.environ | environment, extra_arguments=list(arguments))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT_S)
        while True:
            try:
                client.get_iopub_msg(timeout=0.1)
            except Empty:
                break
        yield Frontend(manager=manager, client=client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
