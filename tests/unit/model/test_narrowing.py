"""A domain around a value that did well."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.model.domains import Domain, LogRandInt, LogUniform, Normal, RandInt, Uniform, Values
from mlrun_nb.model.narrowing import narrowed

DOMAINS: tuple[Domain, ...] = (
    Uniform(low=-3, high=5),
    Uniform(low=0, high=1, step=0.1),
    LogUniform(low=1e-5, high=1),
    RandInt(low=2, high=40),
    RandInt(low=0, high=3),
    RandInt(low=0, high=100, step=10),
    LogRandInt(low=1, high=512),
    Values(values=(0.1, 0.01, 0.001)),
    Values(values=(1, 2, 4, 8)),
)


@pytest.mark.parametrize(
    ("domain", "best", "left"),
    [
        (Uniform(low=0, high=8), 4, Uniform(low=3, high=5)),
        (Uniform(low=0, high=8), 0.5, Uniform(low=0, high=1.5)),
        (Uniform(low=0, high=1, step=0.1), 0.5, Uniform(low=0.4, high=0.6, step=0.1)),
        (LogUniform(low=1e-4, high=1e4), 1.0, LogUniform(low=0.1, high=10)),
        (RandInt(low=0, high=80), 40, RandInt(low=30, high=50)),
        (RandInt(low=0, high=100, step=10), 50, RandInt(low=40, high=60, step=10)),
        (LogRandInt(low=1, high=256), 32, LogRandInt(low=16, high=64)),
        (Normal(mean=0, std=2), 1.5, Normal(mean=1.5, std=1)),
        (Values(values=(0.1, 0.01, 0.001)), 0.01, Values(values=(0.00316, 0.01, 0.0316))),
        (Values(values=(1, 2, 4, 8)), 4, Values(values=(3, 4, 6))),
        (Values(values=(1, 2)), 2, Values(values=(2,))),
        (Values(values=("adam", "sgd")), "sgd", Values(values=("sgd",))),
        (Values(values=(True, False)), True, Values(values=(True,))),
    ],
    ids=str,
)
def test_what_is_left_lies_around_the_best(domain, best, left):
    """A quarter of it, and never beyond its bounds."""
    assert narrowed(domain, best) == left


@given(st.sampled_from(DOMAINS), st.integers(0, 10_000))
def test_the_best_is_still_there_and_nothing_new_lies_outside(domain, seed):
    """Wherever it was drawn."""
    best = domain.draw(Random(seed))
    found = narrowed(domain, best)
    if isinstance(found, Values):
        assert isinstance(domain, Values)
        assert best in found.values
        assert min(domain.values) <= min(found.values) <= max(found.values) <= max(domain.values)
    else:
        assert not isinstance(domain, Values | Normal)
        assert not isinstance(found, Normal)
        assert domain.low <= found.low < found.high <= domain.high
        assert found.low * 0.99 - 0.01 <= best <= found.high * 1.01 + 0.01


@pytest.mark.parametrize("best", [None, "a word", True])
def test_a_best_value_that_is_not_of_it_narrows_nothing(best):
    """The cell may have been changed since."""
    assert narrowed(Uniform(low=0, high=1), best) == Uniform(low=0, high=1)
    assert narrowed(Values(values=(1, 2, 3)), best).count == 3
