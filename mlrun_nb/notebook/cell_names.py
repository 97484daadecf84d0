"""Short names of composed cells, for progress bars and messages: what it defines, its heading, or its first line."""

from __future__ import annotations

import re

from mlrun_nb.model.function import SourceCell

_LIMIT = 40
_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.+?)\s*#*$", re.MULTILINE)
_DEFINED = re.compile(r"^(?:async\s+def|def|class)\s+(?P<name>\w+)", re.MULTILINE)
_IMPORT = re.compile(r"(?:import|from)\s")


def prose_heading(markdown: str) -> str:
    """Return the last heading in *markdown*, empty without one."""
    headings = _HEADING.findall(markdown)
    return _short(headings[-1]) if headings else ""


def label(cell: SourceCell, heading: str = "", number: int = 1) -> str:
    """Return a name for *cell*; *heading* is the last one above it, *number* counts the code cells below that."""
    if cell.role == "setup":
        return "setup"
    if cell.role in {"markdown", "raw"}:
        return prose_heading(cell.source) or "text"
    defined = _DEFINED.findall(cell.source)
    if cell.role == "definition" and defined:
        return _short(", ".join(defined))
    if cell.role == "definition" and _IMPORT.match(first_line(cell.source)):
        return "imports"
    if heading:
        return heading if number == 1 else f"{heading} ({number})"
    return _short(first_line(cell.source)) or "empty"


def first_line(source: str) -> str:
    """Return the first line that says something: neither blank nor a comment, where there is one."""
    lines = [line.strip() for line in source.split("\n") if line.strip()]
    return next((line for line in lines if not line.startswith("#")), lines[0] if lines else "")


def _short(text: str) -> str:
    return text if len(text) <= _LIMIT else f"{text[: _LIMIT - 1]}…"
