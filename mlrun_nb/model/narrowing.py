"""
A domain around a value that did well: a quarter of it, so that the same number of runs looks four times as closely.

Of listed numbers the value stays with those half-way to its neighbours; a word has no neighbours, and stays alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.domains import Domain, LogRandInt, LogUniform, Normal, RandInt, Uniform, Values

_PART = 8
"""To each side so much of the width."""
_DIGITS = 3


def narrowed(domain: Domain, best: Json) -> Domain:
    """Return what of *domain* is around *best*; all of it where that is no narrower, or *best* is no number of it."""
    if isinstance(domain, Values):
        return Values(values=_around(domain.values, best))
    if isinstance(best, bool) or not isinstance(best, int | float):
        return domain
    try:
        return _part_of(domain, best)
    except OptionError:  # nothing is left between its bounds
        return domain


def _part_of(domain: Domain, best: float) -> Domain:
    match domain:
        case Uniform(step=None):
            reach = (domain.high - domain.low) / _PART
            low, high = max(domain.low, _short(best - reach)), min(domain.high, _short(best + reach))
            return Uniform(low=low, high=high)
        case Uniform(step=step) if step is not None:
            reach = step * max(1, round((domain.high - domain.low) / step / _PART))
            low, high = max(domain.low, _clean(best - reach)), min(domain.high, _clean(best + reach))
            return Uniform(low=low, high=high, step=step)
        case LogUniform():
            times = (domain.high / domain.low) ** (1 / _PART)
            return LogUniform(low=max(domain.low, _short(best / times)), high=min(domain.high, _short(best * times)))
        case RandInt():
            steps = max(1, round((domain.high - domain.low) / domain.step / _PART)) * domain.step
            low, high = max(domain.low, int(best) - steps), min(domain.high, int(best) + steps)
            return RandInt(low=low, high=high, step=domain.step)
        case LogRandInt():
            times = (domain.high / domain.low) ** (1 / _PART)
            low, high = min(int(best / times), int(best) - 1), max(math.ceil(best * times), int(best) + 1)
            return LogRandInt(low=max(domain.low, low), high=min(domain.high, high))
        case Normal():
            return Normal(mean=_short(best), std=_short(domain.std / 2))
    return domain


def _around(values: Sequence[Json], best: Json) -> tuple[Json, ...]:
    """Return *best* and what lies half-way to the next listed number at each side."""
    numbers = sorted(value for value in values if isinstance(value, int | float) and not isinstance(value, bool))
    if len(numbers) < len(values):
        return (best,) if best in values else tuple(values)
    if isinstance(best, bool) or not isinstance(best, int | float) or best not in numbers:
        return tuple(values)
    place = numbers.index(best)
    between = [_between(numbers[place], other) for other in (*numbers[:place][-1:], *numbers[place + 1 :][:1])]
    return tuple(sorted({numbers[place], *between}))


def _between(one: float, other: float) -> float:
    """Return what lies half-way, of numbers far from each other by their logarithm; a whole one of whole ones."""
    is_far = one * other > 0 and not 1 / 4 < one / other < 4
    middle = math.copysign(math.sqrt(one * other), one) if is_far else (one + other) / 2
    return round(middle) if isinstance(one, int) and isinstance(other, int) else _short(middle)


def _short(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")


def _clean(number: float) -> float:
    """Return *number* without the dust of floating point."""
    return float(f"{number:.12g}")
