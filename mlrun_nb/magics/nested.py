"""
What the extension does in a process that belongs to a run: `%%mlrun` cells are ordinary cells, and leave a span each.

An input transformer takes the line of the magic away before IPython sees a magic, so that top-level `await`, other
magics and tracebacks are those of an ordinary cell. Outside a run it changes nothing.
"""

from __future__ import annotations

import os
import time
from typing import Any

from mlrun_nb.notebook.nested import as_plain_cell, function_name
from mlrun_nb.runner.inside import log_span

_VARIABLE = "MLRUN_NB_RUN"


def is_nested() -> bool:
    """Whether this process belongs to a run."""
    return bool(os.environ.get(_VARIABLE))


def transform(lines: list[str]) -> list[str]:
    """Return the *lines* of a cell as they are to be executed. Source: IPython, `input_transformers_cleanup`."""
    if not is_nested() or not lines or not lines[0].startswith("%%mlrun"):
        return lines
    return as_plain_cell("".join(lines)).splitlines(keepends=True)


def run(shell: Any, source: str) -> None:  # noqa: ANN401  # IPython's shell
    """Execute the function's cell *source* as an ordinary one; raises BodyFailed when it raised, which was shown."""
    result = shell.run_cell(as_plain_cell(source))
    if not result.success:
        raise BodyFailed("see above")


class BodyFailed(Exception):
    """The body of a nested cell raised; its traceback has been shown."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class Spans:
    """Tells the run how long each `%%mlrun` cell took."""

    def __init__(self) -> None:
        self._begun = 0.0

    def begin(self, _: Any) -> None:  # noqa: ANN401  # IPython's ExecutionInfo
        """Take the time."""
        self._begun = time.monotonic()

    def end(self, result: Any) -> None:  # noqa: ANN401  # IPython's ExecutionResult, None for one that was cancelled
        """Tell of the cell that ended, if it is a function and this process belongs to a run."""
        name = function_name(result.info.raw_cell) if is_nested() and result is not None else ""
        if name:
            log_span(name, time.monotonic() - self._begun)
