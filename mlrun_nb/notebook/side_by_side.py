"""Two texts beside each other, line by line: what is the same, what was added, removed or changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

LineKind = Literal["same", "removed", "added", "changed"]

CONTEXT = 3
"""Lines that both have and that are shown before and after a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLine:
    """A line of each text, with its number from 1; a side is None where the other one has a line more."""

    kind: LineKind
    old_number: int | None = None
    old: str | None = None
    new_number: int | None = None
    new: str | None = None


def side_by_side(old: Sequence[str], new: Sequence[str], *, context: int = CONTEXT) -> tuple[SideLine, ...]:
    """
    Return both texts with their changes; of what they share at most *context* lines around each change.

    Where lines are left out the numbers jump. Empty for equal texts.
    """
    groups = SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(context)
    return tuple(
        line
        for group in groups
        for tag, start, end, first, until in group
        for line in _lines(tag == "equal", (old, start, end), (new, first, until))
    )


_Part = tuple[Sequence[str], int, int]


def _lines(same: bool, old: _Part, new: _Part) -> Iterator[SideLine]:  # noqa: FBT001  # private
    pairs = zip_longest(_numbered(*old), _numbered(*new))
    for before, after in pairs:
        kind: LineKind = "same" if same else "added" if before is None else "removed" if after is None else "changed"
        yield SideLine(
            kind=kind,
            old_number=before[0] if before else None,
            old=before[1] if before else None,
            new_number=after[0] if after else None,
            new=after[1] if after else None,
        )


def _numbered(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, str]]:
    yield from ((number + 1, lines[number]) for number in range(start, end))
