"""
Tags in a cell's text, `#| tags: [mlrun-setup]`: for front ends that have no tags, or do not tell the kernel of them.

The line is Quarto's. Source: Quarto, "Execution Options", `tags`.
"""

from __future__ import annotations

import re

_LINE = re.compile(r"\s*#\|\s*tags\s*:\s*(?P<tags>.*)")
_TAG = re.compile(r"[\w.-]+")


def comment_tags(source: str) -> tuple[str, ...]:
    """Return the tags that the comments at the top of a code cell give it."""
    if "#|" not in source:
        return ()
    found: list[str] = []
    for line in source.split("\n"):
        if line.strip() and not line.lstrip().startswith(("#", "%%")):
            break
        match = _LINE.fullmatch(line)
        found += _TAG.findall(match["tags"]) if match else []
    return tuple(found)
