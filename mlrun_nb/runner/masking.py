"""
Secret values out of everything that a run leaves behind: outputs, log, events, result.

Values under 8 characters are not masked: replacing `admin` or `1` everywhere would destroy the text and tell the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar, cast

from mlrun_nb._lib.terminal import COLOUR

SHORTEST = 8
MASK = "***"

T = TypeVar("T")


class Mask:
    """Replaces the secret values that it was given; their single lines too, for keys are printed line by line."""

    def __init__(self, values: Iterable[str]) -> None:
        parts = {part for value in values for part in (value, value.strip(), *value.splitlines())}
        self._values = sorted((part for part in parts if len(part) >= SHORTEST), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, self._values))) if self._values else None

    def text(self, text: str) -> str:
        """Return *text* with `***` for each value, also for one whose characters differ in colour."""
        if self._pattern is None:
            return text
        if "\x1b" not in text:
            return self._pattern.sub(MASK, text)
        return self._coloured.sub(lambda match: MASK + "".join(re.findall(COLOUR, match[0])), text)

    @cached_property
    def _coloured(self) -> re.Pattern[str]:
        between = f"(?:{COLOUR})*"
        return re.compile("|".join(between.join(map(re.escape, value)) for value in self._values))

    def json(self, value: T) -> T:
        """Return a copy of the JSON-like *value*, keys included, with every text masked; itself without secrets."""
        return value if self._pattern is None else cast("T", self._walk(value))

    def _walk(self, value: object) -> object:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return type(value)({self._walk(key): self._walk(item) for key, item in value.items()})
        if isinstance(value, list | tuple):
            return type(value)(self._walk(item) for item in value)
        return value

    def stream(self) -> Stream:
        """Return a masker for text that comes in pieces."""
        return Stream(self)

    def held(self, text: str) -> int:
        """Return how many characters at the end of *text*, colours too, may be the beginning of a value."""
        pieces = re.split(f"({COLOUR})", text) if "\x1b" in text else [text]  # every second one is a colour
        left, held = self._held("".join(pieces[::2])), 0
        for place in range(len(pieces) - 1, -1, -1):
            if not left:
                break
            taken = len(pieces[place]) if place % 2 else min(left, len(pieces[place]))
            left, held = left - (0 if place % 2 else taken), held + taken
        return held

    def _held(self, text: str) -> int:
        longest = max((len(value) for value in self._values), default=1) - 1
        for length in range(min(longest, len(text)), 0, -1):
            if any(value.startswith(text[-length:]) for value in self._values):
                return length
        return 0


class Stream:
    """Masks text that comes in pieces, so that a value cut in two is still found."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._rest = ""

    def feed(self, text: str) -> str:
        """Return what can be shown of the text so far; the beginning of a possible value is held back."""
        # masking first: a whole value in the text may end with the beginning of another
        text = self._mask.text(self._rest + text)
        held = self._mask.held(text)
        self._rest = text[len(text) - held :]
        return text[: len(text) - held]

    def flush(self) -> str:
        """Return what was held back."""
        rest, self._rest = self._rest, ""
        return rest
