"""
How much a parameter of a sweep matters: the share of the differences of its result that the parameter alone explains.

The measure is epsilon squared of the results' ranks (Kelley, An Unbiased Correlation Ratio Measure, PNAS 21(9), 1935,
554-559), on ranks the effect size of the test of Kruskal and Wallis. Children are grouped by the parameter's value,
numbers in up to ten groups of about equal size, and what lies between the groups is compared with all there is. Ranks
make it the same for a loss and its logarithm, and let no exploded loss decide; groups see a middle that is best as well
as an end; the correction leaves about 0 where the parameter does nothing. What only two parameters together explain is
in none of them.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from typing import TypeGuard

from mlrun_nb._lib.records import Json, to_json

FEWEST = 10
"""Of fewer children it would tell of chance."""
_GROUPS = 10
_SMALLEST = 5
"""A group of so many children, if there are enough of them for three groups."""


def importance_of(values: Sequence[Json], results: Sequence[float]) -> float | None:
    """
    Return what share, from 0 to 1, of the differences of *results* the parameter with *values* explains.

    None where they say nothing: too few of them, or all the same.
    """
    groups = _groups(values)
    total, kinds = len(results), len(set(groups))
    ranks = _ranks(results)
    mean = (total + 1) / 2
    whole = sum((rank - mean) ** 2 for rank in ranks)
    if total < FEWEST or not 1 < kinds < total or not whole:
        return None
    members: dict[Hashable, list[float]] = defaultdict(list)
    for group, rank in zip(groups, ranks, strict=True):
        members[group].append(rank)
    between = sum(len(each) * (math.fsum(each) / len(each) - mean) ** 2 for each in members.values())
    return min(1.0, max(0.0, 1 - (1 - between / whole) * (total - 1) / (total - kinds)))


def _ranks(numbers: Sequence[float]) -> list[float]:
    """Return the rank of each of *numbers* from 1; equal ones share the mean of theirs."""
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    ranks, start = [0.0] * len(numbers), 0
    while start < len(order):
        end = start
        while end < len(order) and numbers[order[end]] == numbers[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + 1 + end) / 2
        start = end
    return ranks


def _groups(values: Sequence[Json]) -> list[Hashable]:
    """Return the group of each of *values*."""
    most = min(_GROUPS, max(3, len(values) // _SMALLEST))
    numbers = [value for value in values if _is_number(value)]
    few = min(_GROUPS, len(values) // 2)
    if len(numbers) < len(values) or len(set(numbers)) <= few:
        return _by_word(values, few)
    ranks = _ranks([float(number) for number in numbers])  # equal values have one rank, and one group
    return [int((rank - 0.5) / len(ranks) * most) for rank in ranks]


def _by_word(values: Sequence[Json], most: int) -> list[Hashable]:
    """Return each value as a group of its own; of too many the rare ones are one group together."""
    words = [json.dumps(to_json(value), sort_keys=True) for value in values]
    frequent = {word for word, _ in Counter(words).most_common(most)}
    return [word if word in frequent else None for word in words]


def _is_number(value: Json) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
