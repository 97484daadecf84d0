"""What a dimension of a sweep may be: what is drawn lies in it, and what cannot be drawn from is refused."""

from __future__ import annotations

import json
import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.errors import OptionError, ParameterError
from mlrun_nb.model.distribution_calls import make_distribution, parse_distribution
from mlrun_nb.model.domains import DISTRIBUTIONS, LogRandInt, LogUniform, Normal, RandInt, Uniform, Values
from mlrun_nb.model.space import Dimension, Space, refuse_repeated

NUMBER = st.floats(allow_nan=False, allow_infinity=False) | st.integers(min_value=-(2**60), max_value=2**60)


DRAWN = [0.7059339087777089, 0.0014629765489760616, 67, 1, -1.8717630767487254]


def made(build):
    """Return a strategy of what *build* makes of two numbers and a step, where it makes anything of them."""

    def attempt(numbers):
        try:
            return build(*numbers)
        except OptionError:
            return None

    steps = st.none() | NUMBER
    return st.tuples(st.sampled_from(sorted(DISTRIBUTIONS)), NUMBER, NUMBER, steps).map(attempt).filter(bool)


ANY = made(lambda name, low, high, step: make_distribution(name, min(low, high), max(low, high), step=step))


@given(distribution=ANY, seed=st.integers())
def test_what_is_drawn_is_finite_json_within_the_bounds(distribution, seed):
    """Whatever the bounds."""
    value = distribution.draw(Random(seed))
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert isinstance(value, int) == isinstance(distribution, RandInt | LogRandInt)
    if not isinstance(distribution, Normal):
        assert distribution.low <= value <= distribution.high


@given(distribution=ANY)
def test_a_distribution_is_the_same_after_a_line_and_a_record(distribution):
    """Its text is read back, and so is its JSON, whatever order its keys come in."""
    assert parse_distribution(distribution.text) == distribution
    space = Space(dimensions=(Dimension(name="x", domain=distribution),))
    assert from_json(Space, json.loads(json.dumps(to_json(space), sort_keys=True))) == space


@given(distribution=ANY, index=st.integers(min_value=0))
def test_a_value_that_can_be_counted_lies_within_the_bounds(distribution, index):
    """The first one is the low bound."""
    if distribution.count is not None:
        assert distribution.value(0) == distribution.low
        assert distribution.low <= distribution.value(index % distribution.count) <= distribution.high


def test_steps_come_out_as_they_are_written():
    """0.3, not 0.30000000000000004; the last step need not meet the bound."""
    tenths = Uniform(low=0.0, high=1.0, step=0.1)
    assert [tenths.value(index) for index in range(11)] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert tenths.count == 11
    assert Uniform(low=0.0, high=1.0, step=0.3).count == 4
    assert RandInt(low=1, high=10, step=4).count == 3


def test_draws_are_those_of_the_seed_for_ever():
    """A sweep that goes on with another Python has the same points; the figures are frozen."""
    domains = [
        Uniform(low=0.0, high=1.0),
        LogUniform(low=0.001, high=1.0),
        RandInt(low=1, high=100),
        LogRandInt(low=1, high=1000),
        Normal(mean=0.0, std=1.0),
    ]
    drawn = [domain.draw(Random(f"7/{number}")) for number, domain in enumerate(domains)]
    assert drawn == pytest.approx(DRAWN)


def test_a_logarithmic_draw_has_as_many_numbers_in_each_decade():
    """Within 5 standard deviations."""
    random = Random(0)
    for domain in (LogUniform(low=1.0, high=1000.0), LogRandInt(low=1, high=999)):
        decades = [math.floor(math.log10(domain.draw(random))) for _ in range(3000)]
        share = 1 / 3 if isinstance(domain, LogUniform) else math.log(9.5 / 0.5) / math.log(999.5 / 0.5)
        assert abs(decades.count(0) - 3000 * share) < 5 * (3000 * share * (1 - share)) ** 0.5


def test_a_normal_draw_stays_about_its_mean():
    """Two of three are at most a standard deviation away."""
    random = Random(0)
    values = [Normal(mean=10.0, std=2.0).draw(random) for _ in range(3000)]
    near = sum(8 < value < 12 for value in values)
    assert abs(near - 3000 * 0.6827) < 5 * 26


MISTAKES = [
    ("uniform(2, 1)", "not below"),
    ("uniform(1, 1)", "not below"),
    ("uniform(nan, 1)", "finite"),
    ("uniform(-1e308, 1e308)", "finite"),
    ("uniform(0, 1e999)", "finite"),
    ("uniform(0, 1, step=0)", "step"),
    ("uniform(0, 1, step=2)", "step"),
    ("uniform(0)", "low and a high bound"),
    ("uniform(0, 1, 2)", "low and a high bound"),
    ("uniform()", "not a number"),
    ("uniform(a, 1)", "`a` is not a number"),
    ("loguniform(0, 1)", "above 0"),
    ("loguniform(1, 10, step=1)", "no step"),
    ("randint(1.5, 9)", "whole numbers"),
    ("randint(1, 9, step=0.5)", "whole numbers"),
    (f"randint(0, {10**400})", "whole numbers go up to"),
    ("lograndint(0, 9)", "above 0"),
    ("normal(0, 0)", "above 0"),
    ("normal(0, inf)", "finite"),
    ("normal(0)", "standard deviation"),
]


@pytest.mark.parametrize(("text", "reason"), MISTAKES)
def test_what_cannot_be_drawn_from_is_refused(text, reason):
    """With the reason, and how it is written."""
    with pytest.raises(OptionError, match="is not a distribution") as caught:
        parse_distribution(text)
    assert reason in caught.value.message
    assert "randint(1, 9)" in caught.value.hint


def test_a_distribution_that_there_is_not_is_answered_with_the_nearest():
    """`unifrom` was a slip."""
    with pytest.raises(OptionError, match="`unifrom`") as caught:
        parse_distribution("unifrom(1, 2)")
    assert "`uniform`" in caught.value.hint


@pytest.mark.parametrize("text", ["uniform", "0.1", "f(x", "a,b", "sgd (fast) mode", ""])
def test_what_is_no_call_is_no_distribution(text):
    """It is a value."""
    assert parse_distribution(text) is None


@pytest.mark.parametrize("value", ["2", True, None, [1]])
def test_python_has_to_give_numbers(value):
    """Text and truth values are none."""
    with pytest.raises(OptionError, match="numbers"):
        make_distribution("uniform", value, 12)


def test_a_value_that_is_listed_twice_is_refused():
    """1 and 1.0 are two values, 1 and 1 are one."""
    refuse_repeated(Space(dimensions=(Dimension(name="x", domain=Values(values=(1, 1.0, True, "1"))),)))
    with pytest.raises(ParameterError, match="`x` has the value `1` twice"):
        refuse_repeated(Space(dimensions=(Dimension(name="x", domain=Values(values=(1, 2, 1))),)))


@given(counts=st.lists(st.integers(min_value=1, max_value=4), min_size=1, max_size=4))
def test_points_stand_in_the_order_of_nested_loops(counts):
    """The last dimension varies fastest."""
    dimensions = [
        Dimension(name=f"d{position}", domain=Values(values=tuple(range(count))))
        for position, count in enumerate(counts)
    ]
    space = Space(dimensions=tuple(dimensions))
    points = [space.point(number) for number in range(space.count or 0)]
    assert [tuple(point.values()) for point in points] == sorted(tuple(point.values()) for point in points)
    assert len({tuple(point.values()) for point in points}) == len(points) == space.count
    assert all(list(point) == [dimension.name for dimension in dimensions] for point in points)
