"""What varies in a sweep, as Python says it: `train.sweep(lr=[0.1, 0.01], depth=mn.uniform(2, 12), epochs=5)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import get_args

from mlrun_nb.errors import ParameterError
from mlrun_nb.model.distribution_calls import make_distribution
from mlrun_nb.model.domains import Distribution
from mlrun_nb.model.space import GivenDimension


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """Arguments of a sweep: `dimensions`, and what is `fixed`, the same for every run."""

    dimensions: tuple[GivenDimension, ...] = ()
    fixed: Mapping[str, object] = field(default_factory=dict)


def split_arguments(given: Mapping[str, object]) -> Varied:
    """
    Return which of *given* vary.

    Those are distributions and everything that can be gone through, such as a list, a range or an array; text and
    mappings are one value. Raises ParameterError for a set, which has no order.
    """
    varied = {name: dimension for name, value in given.items() if (dimension := _dimension(name, value)) is not None}
    fixed = {name: value for name, value in given.items() if name not in varied}
    return Varied(dimensions=tuple(varied.values()), fixed=fixed)


def uniform(low: float, high: float, *, step: float | None = None) -> Distribution:
    """
    Return numbers from *low* to *high*, each as likely as the others, for a parameter of a sweep.

    With *step* only those whole steps above *low*. A parameter that is an `int` gets whole numbers.
    """
    return make_distribution("uniform", low, high, step=step)


def loguniform(low: float, high: float) -> Distribution:
    """
    Return numbers from *low*, above 0, to *high*, as many in every decade, for a parameter of a sweep.

    A parameter that is an `int` gets whole numbers.
    """
    return make_distribution("loguniform", low, high)


def randint(low: float, high: float, *, step: float | None = None) -> Distribution:
    """Return whole numbers from *low* to *high*, both included as in `random.randint`, for a parameter of a sweep."""
    return make_distribution("randint", low, high, step=step)


def normal(mean: float, std: float) -> Distribution:
    """Return numbers around *mean* with the standard deviation *std*, for a parameter of a sweep."""
    return make_distribution("normal", mean, std)


def _dimension(name: str, value: object) -> GivenDimension | None:
    if isinstance(value, get_args(Distribution)):
        return GivenDimension(name=name, distribution=value)
    if isinstance(value, AbstractSet):
        raise ParameterError(
            f"the values of `{name}` are a set, which has no order", hint=f"Write a list: `{name}=[…]`."
        )
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        return None
    whole = getattr(value, "tolist", None)  # of arrays and series, whose items are no numbers of Python
    items = whole() if callable(whole) else value
    return GivenDimension(name=name, values=tuple(items)) if isinstance(items, Iterable) else None
