"""How much of a sweep's result each parameter explains alone."""

from __future__ import annotations

import math
from itertools import product
from random import Random

import pytest

from mlrun_nb.services.importance import FEWEST, importance_of


def test_what_decides_alone_is_all_and_what_does_nothing_is_next_to_nothing():
    """Of a full grid, where neither parameter knows of the other."""
    grid = list(product(range(8), "abc"))
    results = [float(number) for number, _ in grid]
    assert importance_of([number for number, _ in grid], results) == 1.0
    assert importance_of([word for _, word in grid], results) == 0.0


def test_a_middle_that_is_best_matters_as_much_as_an_end():
    """A correlation would see nothing in it."""
    numbers = [index / 100 for index in range(101)]
    ends = importance_of(numbers, numbers)
    middle = importance_of(numbers, [-((number - 0.5) ** 2) for number in numbers])
    assert ends is not None
    assert middle is not None
    assert min(ends, middle) > 0.9


def test_it_is_the_same_for_a_loss_and_its_logarithm():
    """And one that exploded does not decide."""
    random = Random(1)
    rates = [random.random() for _ in range(60)]
    losses = [0.1 + rate + 0.2 * random.random() for rate in rates]
    losses[7] = 1e300
    assert importance_of(rates, losses) == importance_of(rates, [math.log(loss) for loss in losses])


@pytest.mark.parametrize("children", [30, 300, 3000])
def test_chance_is_not_taken_for_importance(children):
    """However many children there are, a parameter that does nothing explains little."""
    random = Random(children)
    found = importance_of([random.random() for _ in range(children)], [random.random() for _ in range(children)])
    assert found is not None
    assert found < 0.1


@pytest.mark.parametrize(
    ("values", "results"),
    [
        ([1.0] * FEWEST, [float(each) for each in range(FEWEST)]),
        ([float(each) for each in range(FEWEST)], [1.0] * FEWEST),
        ([float(each) for each in range(FEWEST - 1)], [float(each) for each in range(FEWEST - 1)]),
        ([], []),
    ],
    ids=["one value", "one result", "too few", "none"],
)
def test_nothing_is_said_where_nothing_can_be_told(values, results):
    """None, not 0."""
    assert importance_of(values, results) is None


def test_words_lists_and_missing_values_are_groups():
    """A value of any kind is the same as its equals."""
    values = [["adam"], None, True, "adam", ["adam"]] * 4
    results = [0.0, 1.0, 2.0, 3.0, 0.0] * 4
    assert importance_of(values, results) == 1.0
