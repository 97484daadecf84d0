"""A random order of which any element can be asked for."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb._lib.permutation import permuted


@given(count=st.integers(min_value=1, max_value=700), key=st.text())
def test_every_number_comes_once(count, key):
    """Whatever the range and the key."""
    assert sorted(permuted(index, count, key=key) for index in range(count)) == list(range(count))


@given(count=st.integers(min_value=1, max_value=10**400), index=st.integers(min_value=0))
def test_a_range_without_bounds_is_no_trouble(count, index):
    """Nothing grows with it."""
    assert 0 <= permuted(index % count, count, key="0") < count


def test_all_orders_of_a_small_range_come_about_equally_often():
    """Each of the 24 of four numbers; 5 standard deviations are allowed."""
    orders = Counter(tuple(permuted(index, 4, key=str(key)) for index in range(4)) for key in range(2400))
    assert len(orders) == 24
    assert all(abs(times - 100) < 5 * 100**0.5 for times in orders.values())
