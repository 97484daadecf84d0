"""
Which of the things there are a person may have meant: the one measure behind every "Did you mean".

Near is a slip of the fingers: a letter too many, too few, wrong, or swapped with its neighbour, one for every three
letters; another case; or a beginning of at least three letters. What is further off is no help, so the things there are
get listed instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

_LETTERS_PER_SLIP = 3
_MOST_SLIPS = 3
_SHOWN = 8


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the one of *known* that *name* was probably meant to be, None where all are far off."""
    typed = _plain(name)
    near = [(_distance(typed, _plain(each)), each) for each in known if each != name]
    return min(((slips, each) for slips, each in near if slips is not None), default=(0, None))[1]


def some(names: Collection[str], *, most: int = _SHOWN) -> str:
    """Return *names* with commas between them, shortened where there are more than can be read at a glance."""
    shown = list(names)[:most]
    left = len(names) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")


def _plain(name: str) -> str:
    return name.casefold().replace("_", "-")


def _distance(typed: str, known: str) -> int | None:
    """Return how many slips lead from *known* to *typed*, None where there are too many for its length."""
    allowed = min(_MOST_SLIPS, max(len(typed), len(known)) // _LETTERS_PER_SLIP)
    if abs(len(typed) - len(known)) <= allowed and (slips := _slips(typed, known)) <= allowed:
        return slips
    is_beginning = len(typed) >= _LETTERS_PER_SLIP and known.startswith(typed)
    return _MOST_SLIPS + 1 if is_beginning else None


def _slips(first: str, second: str) -> int:
    """Return the optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(second, 1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if last and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                slips = min(slips, last[j - 2] + 1)
            row.append(slips)
    return row[-1]
