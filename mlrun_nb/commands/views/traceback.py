"""The traceback of a failed cell, from the inside out: its end matters most, so its beginning gives way first."""

from __future__ import annotations

from mlrun_nb.commands.document import Document, Line, clean, line
from mlrun_nb.model.run import Run


def traceback_view(run: Run, *, most: int | None = None) -> Document:
    """Return the traceback of *run*, its last *most* lines; empty when there is none."""
    if run.error is None or not run.error.traceback.strip():
        return []
    texts = [clean(text).rstrip() for text in run.error.traceback.strip("\n").splitlines()]
    texts = [text for text in texts if text.strip("-")] if texts and not texts[0].strip("-") else texts
    left_out = len(texts) - most if most is not None else 0
    lines = [_styled(text) for text in texts[max(0, left_out) :]]
    return [line((f"… {left_out} lines before this", "dim")), *lines] if left_out > 0 else lines


def _styled(text: str) -> Line:
    is_arrow = text.lstrip().startswith(("-->", "---->", "--->", "----->"))
    return line((text, "bad")) if is_arrow else line(text)
