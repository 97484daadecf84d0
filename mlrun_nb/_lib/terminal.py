"""
What programs write to steer a terminal, taken out of text; whole, or in pieces as it comes.

Colours and weights may stay. Whatever else there is moves a cursor, sets a title, makes a link or fills a clipboard,
and that is nothing for a text which other people's terminals show.

Source: ECMA-48, control functions; colours are "select graphic rendition".
"""

from __future__ import annotations

import re

COLOUR = r"\x1b\[[0-9;:]*m"
_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*"
"""A title, a link, a picture: ends with its line at the latest, so that one without an end hides no more than that."""
_ORDER = re.compile(
    rf"({COLOUR})|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|{_STRING}(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?|[\x80-\x9f]"
)
_BEGUN = re.compile(rf"(?:(?:\x1b\[|\x9b)[0-?]*[ -/]*|{_STRING}\x1b?|\x1b[ -/]*)\Z")
_FIRST = re.compile(r"[\x1b\x80-\x9f]")
_LONGEST = 4096
"""Characters of an order without an end that are kept until it comes."""


def without_orders(text: str, *, colours: bool) -> str:
    """Return *text* without orders to a terminal, with its *colours* or without those as well."""
    if _FIRST.search(text) is None:
        return text
    return _ORDER.sub(lambda match: (match[1] or "") if colours else "", text)


class WithoutOrders:
    """The same for text that comes in pieces: an order that was cut in two is one."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours
        self._begun = ""

    def feed(self, text: str) -> str:
        """Return what is left of the text so far; an order that is not at its end is held back."""
        text = self._begun + text
        begun = _BEGUN.search(text) if _FIRST.search(text) else None
        self._begun = begun[0] if begun else ""
        if len(self._begun) > _LONGEST:
            self._begun = self._begun[:2]  # what it is; the rest of it is left out anyway
        return without_orders(text[: begun.start()] if begun else text, colours=self._colours)

    def end(self) -> None:
        """Begin anew: an order that never came to its end leaves nothing."""
        self._begun = ""
