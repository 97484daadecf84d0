"""Secret values out of texts, also when they come in pieces."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb._lib.terminal import COLOUR, WithoutOrders, without_orders
from mlrun_nb.runner.masking import MASK, Mask

KEY = "first-line-of-key\nsecond-line-of-key\nno"


def test_values_and_their_lines_are_masked_and_short_ones_are_not():
    """Longer values first, so that one inside another leaves no rest."""
    mask = Mask(["hunter2-hunter2", "hunter2-hunter2-long", KEY, "short"])
    assert mask.text("a hunter2-hunter2-long b hunter2-hunter2") == f"a {MASK} b {MASK}"
    assert mask.text(f"{KEY}|second-line-of-key|short|no") == f"{MASK}|{MASK}|short|no"


def test_every_text_in_a_structure_is_masked():
    """Keys too; other values and types stay."""
    plain = {"hunter2-hunter2": [1, None, ("x hunter2-hunter2",)]}
    assert Mask(["hunter2-hunter2"]).json(plain) == {MASK: [1, None, (f"x {MASK}",)]}
    assert Mask([]).json(plain) is plain


@given(
    st.lists(st.sampled_from(["secretsecret", "secretse", "abcabcabc"]), min_size=1),
    st.lists(st.sampled_from(["secretsecret", "secretse", "secret", "abcabc", "abcabcabc", "x", " "])),
    st.integers(1, 7),
)
def test_no_cut_lets_a_value_through(values, words, size):
    """Whatever the pieces, no value of the list appears in what was let through."""
    text, stream = "".join(words), Mask(values).stream()
    shown = "".join(stream.feed(text[start : start + size]) for start in range(0, len(text), size)) + stream.flush()
    assert not any(value in shown for value in values)
    assert len(shown.replace(MASK, "")) <= len(text)


@given(
    st.lists(st.sampled_from(["secretsecret", "abcabcabc"]), min_size=1),
    st.lists(st.sampled_from(["secretsecret", "secret", "abcabcabc", "\x1b[1;31m", "\x1b[0m", "s", " "])),
    st.lists(st.integers(0, 40), max_size=6),
    st.integers(1, 7),
)
def test_no_change_of_colour_lets_a_value_through(values, words, colours, size):
    """A library may paint the digits of a value; what is seen of the text holds none, in one piece or in many."""
    text = "".join(words)
    for place in colours:
        if "\x1b" not in text[max(0, place - 6) : place + 6]:
            text = f"{text[:place]}\x1b[36m{text[place:]}"
    mask, orders = Mask(values), WithoutOrders(colours=True)
    stream = mask.stream()
    pieces = [orders.feed(text[start : start + size]) for start in range(0, len(text), size)]
    for shown in (mask.text(text), "".join(map(stream.feed, pieces)) + stream.flush()):
        assert not any(value in without_orders(shown, colours=False) for value in values)
        assert re.findall(COLOUR, shown) == re.findall(COLOUR, text)


def test_ordinary_text_passes_unchanged_and_at_once():
    """Only what could be the beginning of a value waits."""
    stream = Mask(["secretsecret"]).stream()
    assert (stream.feed("hello s"), stream.feed("ea"), stream.flush()) == ("hello ", "sea", "")
