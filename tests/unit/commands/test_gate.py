"""Conditions: a small grammar, and a gate that closes on everything that was not measured."""

from __future__ import annotations

import math

import pytest

from mlrun_nb.commands.gate import reason_to_fail
from mlrun_nb.errors import OptionError
from mlrun_nb.model.condition import parse_condition

RESULTS = {
    "accuracy": 0.87,
    "rows": 100,
    "large": 10**400,
    "ok": True,
    "text": "fine",
    "gone": math.nan,
    "worst": -math.inf,
}

CLOSED = [
    ("accuracy<0.9", "`accuracy` is 0.87"),
    ("accuracy < .9 and rows>=100", "`accuracy` is 0.87; `rows` is 100"),
    ("rows==1e2", "`rows` is 100"),
    ("rows != 99", "`rows` is 100"),
    ("ok == 1", "`ok` is true"),
    ("worst < 0", "`worst` is -Infinity"),
    ("recall<0.9", "the run left no result `recall` (it left `accuracy`"),
    ("accuracy>0.9 and recall<1", "no result `recall`"),  # a missing name is said even where the rest does not hold
    ("text<1", "`text` is fine, which no number can be compared with"),
    ("gone<0.9", "`gone` is NaN, which no number"),  # NaN is smaller than nothing, and passes no gate
    ("gone>0.9", "`gone` is NaN, which no number"),
    ("gone!=0", "`gone` is NaN, which no number"),
]
OPEN = ["large<1e300", "accuracy<0.8", "accuracy<0.9 and rows>100", "rows>100", "accuracy!=0.87", "rows<=99", "worst>0"]
REFUSED = [
    ("accuracy=0.9", "Write `==`"),
    ("accuracy<90%", "as a number"),
    ("accuracy<", "NAME"),
    ("", "NAME"),
    ("accuracy<0.9 or rows<1", "NAME"),
    ("__import__('os')", "NAME"),
    ("accuracy<0.9 and", "NAME"),
    ("0.9>accuracy", "NAME"),
    ("accuracy<nan", "NAME"),
]


@pytest.mark.parametrize(("text", "reason"), CLOSED)
def test_a_gate_closes_and_says_why(text, reason):
    """It holds, or it cannot be judged."""
    assert reason in str(reason_to_fail(parse_condition(text), RESULTS))


@pytest.mark.parametrize("text", OPEN)
def test_a_gate_stays_open(text):
    """All parts must hold."""
    assert reason_to_fail(parse_condition(text), RESULTS) is None


@pytest.mark.parametrize(("text", "hint"), REFUSED)
def test_anything_else_is_refused_with_the_form_that_was_meant(text, hint):
    """Nothing is ever evaluated."""
    with pytest.raises(OptionError) as caught:
        parse_condition(text)
    assert hint in caught.value.hint


def test_a_gate_on_a_run_without_results_says_so():
    """Nothing was measured at all."""
    assert reason_to_fail(parse_condition("a<1"), {}) == "the run left no result `a` (it left none)"
