"""
What code prints and shows in this process, seen as before and also kept: for the log and the executed notebook.

Used by `in_process`. Text goes on to the real stream at once, so that a debugger's prompt works.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

from mlrun_nb.runner.cell_code import shell
from mlrun_nb.runner.notebook_file import Node
from mlrun_nb.runner.recorder import Recorder


@contextmanager
def captured(outputs: list[Node], recorder: Recorder) -> Iterator[None]:
    """Add to *outputs*, as the notebook format has them, and to the log what the block prints and shows."""
    before, out = sys.displayhook, sys.stdout

    def show(value: object) -> None:
        if value is not None:
            data = _renderings(value)
            outputs.append({"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data})
            recorder.line(str(data.get("text/plain", "")))
            with redirect_stdout(out):  # it is kept already, as a value
                before(value)

    here = shell()
    publisher = here.display_pub if here is not None else None
    streams = {name: _Tee(name, getattr(sys, name), outputs, recorder.log) for name in ("stdout", "stderr")}
    sys.displayhook = show
    if here is not None:
        here.display_pub = _PublisherTee(publisher, outputs, recorder)
    try:
        with (
            redirect_stdout(cast("TextIO", streams["stdout"])),
            redirect_stderr(cast("TextIO", streams["stderr"])),
        ):
            yield
            _show_figures()
    finally:
        sys.displayhook = before
        if here is not None:
            here.display_pub = publisher
        recorder.end_of_streams()


def _renderings(value: object) -> dict[str, Any]:
    here = shell()
    if here is not None:
        data, _ = here.display_formatter.format(value)
        return dict(data)
    return {"text/plain": repr(value)}


def _show_figures() -> None:
    """Show the figures that matplotlib holds until the end of the notebook's cell, which comes too late."""
    backend = sys.modules.get("matplotlib_inline.backend_inline")
    if backend is not None:
        backend.flush_figures()


class _PublisherTee:
    """What `display` speaks to in IPython: shown as before, and kept. Source: IPython, `DisplayPublisher`."""

    def __init__(self, publisher: Any, outputs: list[Node], recorder: Recorder) -> None:  # noqa: ANN401  # IPython's
        self._publisher, self._outputs, self._recorder = publisher, outputs, recorder
        self._ids: dict[str, Node] = {}

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        update: bool = False,
        **more: Any,  # noqa: ANN401  # IPython's signature, which grows
    ) -> None:
        display_id = str((more.get("transient") or {}).get("display_id", ""))
        if update and display_id in self._ids:
            self._ids[display_id].update(data=dict(data), metadata=dict(metadata or {}))
        elif not update:
            output: Node = {"output_type": "display_data", "data": dict(data), "metadata": dict(metadata or {})}
            self._outputs.append(output)
            self._recorder.line(str(data.get("text/plain", "")))
            if display_id:
                self._ids[display_id] = output
        self._publisher.publish(data, metadata, update=update, **more)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the real one has
        return getattr(self._publisher, name)


class _Tee:
    def __init__(self, name: str, stream: TextIO, outputs: list[Node], log: Callable[..., None]) -> None:
        self._name, self._stream, self._outputs, self._log = name, stream, outputs, log

    def write(self, text: str) -> int:
        self._log(text, stream=self._name)
        last = self._outputs[-1] if self._outputs else {}
        if last.get("output_type") == "stream" and last.get("name") == self._name:
            last["text"] += text
        else:
            self._outputs.append({"output_type": "stream", "name": self._name, "text": text})
        return self._stream.write(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the real stream has
        return getattr(self._stream, name)
