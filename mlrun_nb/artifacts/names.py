"""
Names of files inside a folder: which are taken, which would escape it.

Every name that a user or a run chooses passes here before it becomes part of a path or URL.
"""

from __future__ import annotations

import re

from mlrun_nb.errors import UsageError

LONGEST = 200
"""Characters of one part: most file systems stop at 255 bytes, and a suffix and a temporary name have to fit."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def check_name(name: str) -> str:
    """Return *name*, a relative path with `/`, if it stays inside its folder on every system; raises UsageError."""
    reason = _fault(name)
    if reason:
        raise UsageError(
            f"`{name!r}` cannot be the name of an artifact: {reason}"
            if not name.isprintable()
            else f"`{name}` cannot be the name of an artifact: {reason}",
            hint="Use letters, digits, `.`, `-`, `_` and, for folders, `/`: `plots/roc`.",
        )
    return name


def _fault(name: str) -> str:
    if not name or "\0" in name or not name.isprintable():
        return "it is empty or holds control characters"
    if "\\" in name:
        return "it holds a backslash"
    if name.startswith(("/", "~")) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", name):
        return "it is an absolute path or a URL"
    return next(filter(None, map(_fault_of_part, name.split("/"))), "")


def _fault_of_part(part: str) -> str:
    if part in {"", ".", ".."}:
        return f"a part of it is `{part}`"
    if part.startswith("."):
        return f"`{part}` begins with a dot, as our temporary files do"
    if part.endswith((" ", ".")) or _RESERVED.fullmatch(part):
        return f"`{part}` is reserved on some systems"
    if len(part.encode("utf-8", "surrogatepass")) > LONGEST:
        return f"a part of it is longer than {LONGEST} bytes"
    return ""
