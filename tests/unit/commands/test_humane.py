"""Numbers are said as people say them, each with its unit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.commands import humane
from tests.unit.commands.records import NOW

DURATIONS = [
    (0.0, "0 ms"),
    (0.0124, "12 ms"),
    (0.0996, "0.1 s"),  # never `100 ms`
    (1.12, "1.1 s"),
    (59.94, "59.9 s"),
    (59.96, "1 min"),  # never `60.0 s`
    (72, "1 min 12 s"),
    (3599.6, "1 h"),  # never `60 min`
    (7500, "2 h 5 min"),
    (273_600, "3 d 4 h"),
]
SIZES = [
    (0, "0 B"),
    (1023, "1023 B"),
    (1024, "1.0 KiB"),
    (1_258_291, "1.2 MiB"),
    (15 * 1024**3, "15 GiB"),
    (1024**2 - 1, "1.0 MiB"),
]
VALUES = [
    (1_920_000, "1,920,000"),
    (0.9624, "0.9624"),
    (1 / 3, "0.3333"),
    (123_456.7, "123,457"),
    (True, "true"),
    (None, "null"),
    ("text\x1b[2J", "text"),  # nobody's data steers a terminal
    (float("nan"), "NaN"),
    ([1, 2], "[1, 2]"),
    (10**23, "100,000,000,000,000,000,000,000"),
    (10**399 + 7, "100000…000007 (400 digits)"),
    (-(10**24), "-100000…000000 (25 digits)"),
]


@pytest.mark.parametrize(("seconds", "text"), DURATIONS)
def test_a_duration_has_its_two_largest_units(seconds, text):
    """`1 min 12 s`, and no number that the next unit would say better."""
    assert humane.duration(seconds) == text


@pytest.mark.parametrize(("number", "text"), SIZES)
def test_a_size_has_a_binary_unit(number, text):
    """`1.2 MiB`, and never 1024 of anything."""
    assert humane.size(number) == text


@pytest.mark.parametrize(("value", "text"), VALUES)
def test_a_result_is_rounded_to_be_read(value, text):
    """Four digits that count, commas in what is large."""
    assert humane.rounded(value) == text


def test_a_parameter_of_very_many_digits_is_cut_like_a_result():
    """Nobody types it from what is shown; JSON has it whole."""
    assert humane.exact(10**399) == humane.rounded(10**399)
    assert humane.exact(10**23) == "1" + "0" * 23


@given(st.floats(0, 1e9))
def test_every_duration_has_a_unit(seconds):
    """No bare number is ever shown."""
    assert humane.duration(seconds).split()[-1] in {"ms", "s", "min", "h", "d"}


@pytest.mark.parametrize(("age", "text"), [(8, "8 s"), (61, "1 min"), (7300, "2 h"), (12 * 86400, "12 d"), (-5, "0 s")])
def test_an_age_has_one_unit(age, text):
    """And is never negative, whatever the clocks say."""
    assert humane.age(NOW - timedelta(seconds=age), NOW) == text
