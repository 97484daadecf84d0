"""Strategies whose points are known beforehand: which points, in which order, and what they refuse."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.errors import OptionError, ParameterError
from mlrun_nb.model.domains import LogRandInt, LogUniform, Normal, RandInt, Uniform, Values
from mlrun_nb.model.search import Memory, Search, default_strategy, memory_beside
from mlrun_nb.model.space import Dimension, Point, Space
from mlrun_nb.plugins import make_strategy, strategy_names


def space(**domains) -> Space:
    """Return the space of these domains; a tuple is one of values."""
    return Space(
        dimensions=tuple(
            Dimension(name=name, domain=Values(values=domain) if isinstance(domain, tuple) else domain)
            for name, domain in domains.items()
        )
    )


def points(strategy: str, *, most: int = 10_000, **search) -> list[Point]:
    """Return the points, not more than *most*."""
    made = make_strategy(Search(strategy=strategy, **search), Memory())
    found: list[Point] = []
    while len(found) < most and (point := made.ask(len(found))) is not None:
        found.append(point)
    return found


def texts(found: list[Point]) -> set[str]:
    """Return the points so that they can be compared."""
    return {json.dumps(point, sort_keys=True) for point in found}


def test_a_grid_is_gone_through_as_nested_loops_would():
    """In the order in which the parameters are written, the last one varies fastest."""
    found = points("grid", space=space(a=(1, 2), b=("x", "y"), c=(True,)))
    expected = [{"a": a, "b": b, "c": c} for a in (1, 2) for b in ("x", "y") for c in (True,)]
    assert found == expected


def test_a_grid_takes_all_values_of_a_distribution_with_steps():
    """`randint(1, 3)` is `1,2,3`."""
    found = points("grid", space=space(n=RandInt(low=1, high=3), p=Uniform(low=0.0, high=1.0, step=0.5)))
    assert [(point["n"], point["p"]) for point in found] == [(n, p) for n in (1, 2, 3) for p in (0.0, 0.5, 1.0)]


@pytest.mark.parametrize("domain", [Uniform(low=0.0, high=1.0), LogRandInt(low=1, high=9), Normal(mean=0.0, std=1.0)])
def test_a_grid_needs_values(domain):
    """The error names the parameter and what it was given."""
    with pytest.raises(OptionError, match="`lr`") as caught:
        points("grid", space=space(a=(1, 2), lr=domain))
    assert domain.text in caught.value.message
    assert "`random`" in caught.value.hint


def test_a_list_takes_the_first_values_then_the_second():
    """A whole number beside a fraction stays one."""
    found = points("list", space=space(epochs=(1, 2, 1), lr=(0.1, 0.01, 0.1)))
    assert json.dumps(found) == '[{"epochs": 1, "lr": 0.1}, {"epochs": 2, "lr": 0.01}, {"epochs": 1, "lr": 0.1}]'


def test_lists_of_other_lengths_are_named():
    """Both of them, with their lengths."""
    with pytest.raises(OptionError, match=r"`a` has 2 values and `c` has 3"):
        points("list", space=space(a=(1, 2), b=(3, 4), c=(5, 6, 7)))


@pytest.mark.parametrize("strategy", ["grid", "random", "optuna"])
def test_listed_points_need_the_strategy_list(strategy):
    """They are not combined, drawn from, or learned from."""
    with pytest.raises(OptionError, match="list of points"):
        points(strategy, points=({"a": 1},), max_runs=3)


@pytest.mark.parametrize("strategy", ["grid", "list", "random", "optuna"])
def test_something_has_to_vary(strategy):
    """A sweep of nothing would be a run."""
    with pytest.raises(OptionError, match="no parameter to vary"):
        points(strategy, max_runs=3)


@pytest.mark.parametrize("strategy", ["grid", "random", "optuna"])
def test_a_value_given_twice_is_a_slip(strategy):
    """The list is the strategy that repeats."""
    with pytest.raises(ParameterError, match="`a` has the value `1` twice") as caught:
        points(strategy, space=space(a=(1, 2, 1)), max_runs=3)
    assert "`list`" in caught.value.hint


@given(
    counts=st.lists(st.integers(min_value=1, max_value=5), min_size=1, max_size=4),
    seed=st.integers(min_value=0),
    most=st.none() | st.integers(min_value=1, max_value=700),
)
def test_random_points_of_a_space_that_can_be_counted_are_all_different(counts, seed, most):
    """As many as there are or were asked for, and then no more."""
    searched = space(**{f"d{number}": tuple(range(count)) for number, count in enumerate(counts)})
    found = points("random", space=searched, seed=seed, max_runs=most)
    assert len(texts(found)) == len(found) == min(searched.count or 0, most or 10_000)
    assert texts(found) <= texts(points("grid", space=searched))


@pytest.mark.parametrize("high", [4, 300])
def test_random_points_do_not_repeat_where_some_are_likelier(high):
    """Until every one of them was tried."""
    searched = space(units=LogRandInt(low=1, high=high), fast=(True, False))
    assert len(texts(points("random", space=searched))) == 2 * high


def test_random_points_are_likelier_where_the_distribution_says_so():
    """Of the first points of a logarithmic space most are small."""
    found = points("random", space=space(units=LogRandInt(low=1, high=10_000)), max_runs=100)
    assert sorted(point["units"] for point in found)[50] < 500


def test_random_points_depend_on_the_seed_and_not_on_how_many_are_asked_for():
    """Three points are the first three of thirty."""
    for searched in (space(a=tuple(range(50))), space(a=LogRandInt(low=1, high=50)), space(a=Normal(mean=0, std=1))):
        thirty = points("random", space=searched, seed=5, max_runs=30)
        assert points("random", space=searched, seed=5, max_runs=3) == thirty[:3]
        assert points("random", space=searched, seed=6, max_runs=30) != thirty


def test_random_points_of_a_huge_space_take_no_memory():
    """10^24 combinations are not laid out."""
    searched = space(**{f"d{number}": RandInt(low=1, high=100) for number in range(12)})
    made = make_strategy(Search(strategy="random", space=searched), Memory())
    made.ask(0)
    tracemalloc.start()
    found = [made.ask(number) for number in (0, 1, 10**12, 10**24 - 1)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (made.total, made.ask(10**24)) == (10**24, None)
    assert len(texts(found)) == 4
    assert peak < 100_000


@pytest.mark.parametrize("strategy", ["random", "optuna"])
def test_a_search_that_never_ends_is_bounded(strategy):
    """By whoever starts it, who is told how."""
    with pytest.raises(OptionError) as caught:
        points(strategy, space=space(lr=LogUniform(low=0.1, high=1.0)), goal=None)
    assert "--max" in caught.value.hint


@pytest.mark.parametrize("most", [0, -1])
def test_a_sweep_tries_something(most):
    """No runs at most is none at all."""
    with pytest.raises(OptionError, match="tries nothing"):
        points("grid", space=space(a=(1,)), max_runs=most)


def test_points_and_values_are_not_mixed():
    """Nobody could say what was meant."""
    with pytest.raises(OptionError, match="points that are listed"):
        points("list", points=({"a": 1},), space=space(b=(1, 2)))


@pytest.mark.parametrize("strategy", ["grid", "list", "random"])
def test_an_option_that_is_not_there_is_refused(strategy):
    """Rather than passed over."""
    with pytest.raises(OptionError, match="no option `sampler`"):
        points(strategy, space=space(a=(1,)), options={"sampler": "tpe"})


def test_most_points_can_be_bounded_with_any_strategy():
    """The total says so beforehand."""
    made = make_strategy(Search(strategy="grid", space=space(a=tuple(range(100))), max_runs=7), Memory())
    assert (made.total, made.ask(6), made.ask(7)) == (7, {"a": 6}, None)


def test_the_strategy_that_is_meant_without_a_word():
    """Points are listed, values combined, distributions drawn from."""
    assert default_strategy(Space(), ({"a": 1},)) == "list"
    assert default_strategy(space(a=(1, 2)), ()) == "grid"
    assert default_strategy(space(a=(1, 2), n=RandInt(low=1, high=3)), ()) == "random"


@pytest.mark.parametrize(
    ("store", "url"),
    [
        ("sqlite:////data/a b?/store.db", "sqlite:////data/a b?/optuna.db"),
        (
            "postgresql://ana@db.example.com/team?sslmode=require",
            "postgresql://ana@db.example.com/team?sslmode=require",
        ),
        ("memory://", ""),
        ("shelf://record", "sqlite:////home/ana/optuna.db"),
    ],
)
def test_what_a_strategy_keeps_lies_beside_the_history(store, url):
    """Or in the folder of the user, where a plug-in has the history."""
    assert memory_beside(store, home=Path("/home/ana"), name="4k7q2m") == Memory(url=url, name="4k7q2m")


def test_an_unknown_strategy_is_answered_with_the_nearest():
    """Or with all there are."""
    assert strategy_names() == ["grid", "list", "optuna", "random"]
    with pytest.raises(OptionError, match="no strategy `rando`") as caught:
        points("rando", space=space(a=(1,)))
    assert caught.value.hint == "Did you mean `random`?"
    with pytest.raises(OptionError) as caught:
        points("annealing", space=space(a=(1,)))
    assert "grid, list, optuna, random" in caught.value.hint
