"""Which run of a sweep is the best."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.selection import Goal, Ranking, choose_goal, parse_goal

HIGHEST = Goal(direction="max", result="score")
LOWEST = Goal(direction="min", result="score")


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("max.score", HIGHEST),
        ("min.score", LOWEST),
        ("score", HIGHEST),
        ("max.min.score", Goal(direction="max", result="min.score")),
        ("val.score", Goal(direction="max", result="val.score")),
        ("max", Goal(direction="max", result="max")),
    ],
)
def test_a_goal_is_a_direction_and_a_result(text, goal):
    """Without a direction more is better."""
    assert parse_goal(text) == goal
    assert parse_goal(goal.text) == goal


@pytest.mark.parametrize("text", ["", " ", "max.", "min."])
def test_a_goal_names_a_result(text):
    """Else nothing could win."""
    with pytest.raises(OptionError, match="names no result"):
        parse_goal(text)


def test_one_thing_is_the_goal():
    """More of one and less of another is two."""
    assert choose_goal() is None
    assert choose_goal(maximize="score") == HIGHEST
    assert choose_goal(minimize="score") == LOWEST
    with pytest.raises(OptionError, match="at once"):
        choose_goal(maximize="score", minimize="loss")


@pytest.mark.parametrize("value", [None, True, False, math.nan, "NaN", "0.9", "high", [1], {"a": 1}])
def test_what_is_no_number_never_wins(value):
    """Nor does a run that has no such result."""
    ranking = Ranking(goal=HIGHEST).seen(0, {"score": value}).seen(1, {}).seen(2, {"score": -5})
    assert [standing.number for standing in ranking.history] == [2]


@pytest.mark.parametrize(
    ("values", "best"),
    [
        ([-3, -1, -2], 1),
        ([0, -1], 0),
        ([1e300, math.inf, 5], 1),
        ([1, "Infinity"], 1),
        ([-math.inf], 0),
        ([10**400, 5], 0),
        ([-(10**400), -5], 1),
        ([0.5, 0.5, 0.5], 0),
    ],
)
def test_the_largest_number_wins(values, best):
    """All of them may be negative, an infinity is one, and of equal ones the first counts."""
    ranking = Ranking(goal=HIGHEST)
    for number, value in enumerate(values):
        ranking = ranking.seen(number, {"score": value})
    assert ranking.best is not None
    assert ranking.best.number == best


VALUES = st.lists(st.floats(width=16) | st.integers(min_value=-3, max_value=3), max_size=8)


@given(values=VALUES, order=st.randoms(), goal=st.sampled_from([HIGHEST, LOWEST]))
def test_the_best_does_not_depend_on_the_order_in_which_runs_end(values, order, goal):
    """Nor on how often one is seen; each entry of the history is better than the one before."""
    numbered = list(enumerate(values)) * 2
    order.shuffle(numbered)
    ranking = Ranking(goal=goal)
    for number, value in numbered:
        ranking = ranking.seen(number, {"score": value})
    finite = [(value, number) for number, value in enumerate(values) if not math.isnan(value)]
    sign = -1 if goal.direction == "max" else 1
    assert (ranking.best is None) == (not finite)
    if ranking.best is not None:
        assert ranking.best.number == min((sign * value, number) for value, number in finite)[1]
    ranks = [(sign * standing.value, standing.number) for standing in ranking.history]
    assert ranks == sorted(set(ranks), reverse=True)


def test_a_ranking_can_be_recorded():
    """And goes on where it was."""
    ranking = Ranking(goal=LOWEST).seen(3, {"score": math.inf}).seen(1, {"score": 2})
    assert from_json(Ranking, json.loads(json.dumps(to_json(ranking)))) == ranking
