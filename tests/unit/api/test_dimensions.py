"""What varies in a sweep, as Python says it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import mlrun_nb as mn
from mlrun_nb._lib.records import to_json
from mlrun_nb.api.dimensions import split_arguments
from mlrun_nb.errors import OptionError, ParameterError
from mlrun_nb.model.space import GivenDimension


@pytest.mark.parametrize(
    "values",
    [[1, 2], (1, 2), range(1, 3), (n for n in (1, 2)), np.array([1, 2]), pd.Series([1, 2])],
)
def test_what_can_be_gone_through_varies(values):
    """Its items are Python's own, also those of an array."""
    varied = split_arguments({"n": values})
    assert varied.dimensions == (GivenDimension(name="n", values=(1, 2)),)
    assert json.dumps(to_json(varied.dimensions)) == '[{"name": "n", "values": [1, 2]}]'


@pytest.mark.parametrize("value", [5, 0.1, None, True, "adam", b"x", {"a": 1}, np.float64(2)])
def test_everything_else_is_the_same_for_every_run(value):
    """Text is not taken apart."""
    varied = split_arguments({"x": value, "n": [1]})
    assert varied.fixed == {"x": value}
    assert [dimension.name for dimension in varied.dimensions] == ["n"]


def test_a_set_has_no_order():
    """So nobody could say which point is the first."""
    with pytest.raises(ParameterError, match="`opt`"):
        split_arguments({"opt": {"adam", "sgd"}})


def test_distributions_are_made_of_any_numbers():
    """Also of those of numpy."""
    made = [
        mn.uniform(2, np.int64(12)),
        mn.loguniform(1e-5, 1e-1),
        mn.randint(np.int64(1), 9.0, step=2),
        mn.normal(0, 1),
    ]
    varied = split_arguments({f"d{number}": each for number, each in enumerate(made)})
    assert [dimension.distribution for dimension in varied.dimensions] == made
    assert [each.text for each in made] == [
        "uniform(2, 12)",
        "loguniform(1e-05, 0.1)",
        "randint(1, 9, step=2)",
        "normal(0, 1)",
    ]


def test_a_distribution_that_means_nothing_is_refused_at_once():
    """Where it is written, not when the sweep starts."""
    with pytest.raises(OptionError, match=r"`uniform\(12, 2\)`"):
        mn.uniform(12, 2)
