"""
Texts of any origin made fit for a card: clean, and of bounded size in every form that a notebook keeps.

The measure is what HTML makes of a text (`&` takes five bytes, `é` two): neither JSON nor plain text takes more of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlrun_nb.commands.document import clean

_LINE_ENDS = re.compile("\r\n|[\n\u2028\u2029]")
"""Those that `clean` would leave and by which a notebook's file takes a text apart."""
_ESCAPED = {"&": 5, "<": 4, ">": 4, '"': 6, "'": 6, "\\": 2}


def cost(text: str) -> int:
    """Return the bytes that *text* takes at most in a form of the card."""
    if text.isascii() and text.isalnum():
        return len(text)
    return sum(_ESCAPED.get(character) or len(character.encode()) for character in text)


def fit(text: str, limit: int) -> str:
    """Return *text* on one clean line that costs at most *limit*, shortened with `…`."""
    text = tidy(text[: limit + 1])  # what cannot fit is not looked at: an error's text may have megabytes
    if cost(text) <= limit:
        return text
    left = limit - cost("…")
    for index, character in enumerate(text):
        left -= cost(character)
        if left < 0:
            return f"{text[:index].rstrip()}…"
    return text


def tidy(text: str) -> str:
    """Return *text* on one line, without what steers a terminal and without characters that no file can hold."""
    cleaned = clean(_LINE_ENDS.sub(" ", text))
    return cleaned if cleaned.isascii() else cleaned.encode("utf-8", "replace").decode("utf-8")


def fit_end(lines: Sequence[str], limit: int, *, most: int, width: int) -> tuple[str, ...]:
    """Return as many of the last *lines*, at most *most*, as cost *limit* together, each at most *width* long."""
    kept: list[str] = []
    for text in reversed(lines[-most:] if most else ()):
        fitted = _short(text, width)
        limit -= cost(fitted) + _LINE_END
        if limit < 0:
            break
        kept.append(fitted)
    return tuple(reversed(kept))


_LINE_END = 12
"""A notebook keeps texts line by line, in quotes and indented."""


def _short(text: str, width: int) -> str:
    cleaned = tidy(text[: 4 * width])
    return cleaned if len(cleaned) <= width else f"{cleaned[: width - 1]}…"
