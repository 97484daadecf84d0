"""The traceback of a failed cell, from the inside out: its end matters most, so its beginning gives way first."""

from __future__ import annotations

from mlrun_nb.commands.document import Document, Line, clean, line
from mlrun_nb.model.run import Run


def traceback_view(run: Run, *, most: int | None = None) -> Document:
    """Return the traceback of *run*, its last *most* lines; empty when there is none."""
    texts = traceback_lines(run)
    left_out = max(0, len(texts) - most) if most is not None else 0
    lines = [styled(clean(text).rstrip()) for text in texts[left_out:]]
    return [line((f"… {left_out} lines before this", "dim")), *lines] if left_out else lines


def traceback_lines(run: Run) -> list[str]:
    """Return the traceback of *run* in lines as they are, without the rule above it; empty when there is none."""
    if run.error is None or not run.error.traceback.strip():
        return []
    texts = run.error.traceback.strip("\n").splitlines()
    return texts if texts[0].strip("- ") else [text for text in texts if text.strip("- ")]


def styled(text: str) -> Line:
    """Return a line of a traceback; the one that an arrow points at stands out."""
    return line((text, "bad")) if points_at(text) else line(text)


def points_at(text: str) -> bool:
    """Tell whether an arrow of a traceback stands before *text*: the line of a frame that was being executed."""
    return text.lstrip().startswith(("-->", "---->", "--->", "----->"))
