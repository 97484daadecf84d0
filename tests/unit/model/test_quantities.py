"""Quantities and durations are read as Kubernetes and systemd read them, and slips answered with what was meant."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.errors import OptionError
from mlrun_nb.model.quantities import cpu_cores, memory_bytes, more_memory, parse_duration_s, parse_quantity

# Values from the documentation of Kubernetes' resource.Quantity.
QUANTITIES = [
    ("1", Decimal(1)),
    ("500m", Decimal("0.5")),
    ("0.1", Decimal("0.1")),
    ("1k", Decimal(1000)),
    ("1Ki", Decimal(1024)),
    ("16Gi", Decimal(16 * 1024**3)),
    ("1.5G", Decimal(1_500_000_000)),
    ("128974848", Decimal(128974848)),
    ("129e6", Decimal(129_000_000)),
    ("123Mi", Decimal(128974848)),
    ("1E", Decimal(10**18)),
    (".5", Decimal("0.5")),
]


@pytest.mark.parametrize(("text", "number"), QUANTITIES)
def test_a_quantity_is_the_number_that_kubernetes_reads(text, number):
    """Each form of the grammar has the documented value."""
    assert parse_quantity(text) == number


# What people type, and what they meant.
MISTAKES = [
    ("16GiB", "`16Gi`"),
    ("16gb", "`16G`"),
    ("512 MB", "`512M`"),
    ("4K", "`4k`"),
    ("4ki", "`4Ki`"),
    ("much", "suffixes"),
    ("", "suffixes"),
    ("-1", "suffixes"),
    ("1e400", "suffixes"),
]


@pytest.mark.parametrize(("text", "hint"), MISTAKES)
def test_a_mistaken_quantity_is_answered_with_the_likely_meaning(text, hint):
    """The error names the text and the hint the form to write."""
    with pytest.raises(OptionError, match=f"`{text}`") as caught:
        parse_quantity(text)
    assert hint in caught.value.hint


MORE = [  # the limit, what was held, what to try
    ("4Gi", 0, "8Gi"),
    ("1.5Gi", 0, "3Gi"),
    ("50Mi", 60 << 20, "100Mi"),
    ("1e9", 0, "2e9"),
    ("500M", 0, "1000M"),
    ("200Mi", 400 << 20, "600Mi"),  # the limit was found out too late
    ("1Gi", 5 << 30, "8Gi"),
]


@pytest.mark.parametrize(("limit", "held_bytes", "more"), MORE)
def test_more_memory_is_twice_as_much_and_more_than_was_held(limit, held_bytes, more):
    """Written as the limit was."""
    assert more_memory(limit, held_bytes=held_bytes) == more
    assert memory_bytes(more) >= max(2 * memory_bytes(limit), 1.5 * held_bytes)


@pytest.mark.parametrize("text", ["0", "500m", "0Gi"])
def test_memory_below_a_byte_is_refused(text):
    """`500m` of memory is half a byte: nobody means it."""
    with pytest.raises(OptionError, match="less than one byte"):
        memory_bytes(text)


def test_less_than_a_millicore_is_refused():
    """Kubernetes counts no less than a thousandth of a CPU."""
    with pytest.raises(OptionError, match="thousandth"):
        cpu_cores("100u")


DURATIONS = [("90", 90), ("90s", 90), ("15m", 900), ("1h30m", 5400), ("2d", 172800), ("1.5m", 90), ("1d2h3m4s", 93784)]


@pytest.mark.parametrize(("text", "seconds"), DURATIONS)
def test_a_duration_is_the_sum_of_its_units(text, seconds):
    """Units may be combined, largest first; without one it is seconds."""
    assert parse_duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", " ", "soon", "1w", "5m1h", "-3", "1h 30m"])
def test_a_mistaken_duration_is_refused_with_examples(text):
    """The hint shows forms that work."""
    with pytest.raises(OptionError, match="is not a duration") as caught:
        parse_duration_s(text)
    assert "1h30m" in caught.value.hint


@given(st.text(max_size=20))
def test_any_text_is_a_quantity_or_an_option_error(text):
    """No text makes anything else than a number or our own error."""
    with suppress(OptionError):
        assert parse_quantity(text) >= 0
