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

    streams = {name: _Tee(name, getattr(sys, name), outputs, recorder.log) for name in ("stdout", "stderr")}
    sys.displayhook = show
    try:
        with (
            redirect_stdout(cast("TextIO", streams["stdout"])),
            redirect_stderr(cast("TextIO", streams["stderr"])),
        ):
            yield
    finally:
        sys.displayhook = before
        recorder.end_of_streams()


def _renderings(value: object) -> dict[str, Any]:
    here = shell()
    if here is not None:
        data, _ = here.display_formatter.format(value)
        return dict(data)
    return {"text/plain": repr(value)}


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
