"""Secret values out of texts, also when they come in pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

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


def test_ordinary_text_passes_unchanged_and_at_once():
    """Only what could be the beginning of a value waits."""
    stream = Mask(["secretsecret"]).stream()
    assert (stream.feed("hello s"), stream.feed("ea"), stream.flush()) == ("hello ", "sea", "")
