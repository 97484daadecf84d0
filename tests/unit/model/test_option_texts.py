"""Whole values of options as one text, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.errors import OptionError
from mlrun_nb.model.option_texts import as_typed, typed_words
from mlrun_nb.model.options import OPTIONS

TYPED = {
    ("memory", "16Gi"): "16Gi",
    ("gpu", 2): "2",
    ("isolated", True): "true",
    ("input", ("df", "labels")): "df, labels",
    ("requirement", ("numpy>=2", "pandas")): "'numpy>=2' pandas",
    ("on", "a b"): "a b",
}


@pytest.mark.parametrize(("given_value", "text"), TYPED.items())
def test_a_value_is_shown_as_it_would_be_typed(given_value, text):
    """One text for each, also where the option may be given several times."""
    name, value = given_value
    assert as_typed(OPTIONS[name], value) == text


def test_inputs_are_shown_with_the_places_that_they_were_given():
    """A comma may be part of a place, so there is none between them."""
    typed = as_typed(OPTIONS["input"], ["df", "x"], {"df": "s3://b/a,b.csv"})
    assert typed == "df=s3://b/a,b.csv x"
    assert typed_words(OPTIONS["input"], typed, where="a field") == ["df=s3://b/a,b.csv", "x"]


@pytest.mark.parametrize("text", ["a,b", "a, b", "a b", " a ,b\n"])
def test_names_are_parted_by_commas_or_blanks(text):
    """However people write lists."""
    assert typed_words(OPTIONS["output"], text, where="a field") == ["a", "b"]


def test_an_empty_text_has_no_values():
    """Neither of a single value nor of a list."""
    assert [typed_words(OPTIONS[name], "  ", where="a field") for name in ("memory", "env")] == [[], []]


def test_a_quote_that_is_not_closed_is_an_error_with_a_remedy():
    """It names the option."""
    with pytest.raises(OptionError, match="`env` in a field cannot be split") as caught:
        typed_words(OPTIONS["env"], "A='b", where="a field")
    assert "Close the quotation mark" in caught.value.hint


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


@given(items=st.lists(texts, max_size=4))
def test_texts_of_any_kind_come_back(items):
    """Blanks, quotes and line breaks are quoted."""
    assert typed_words(OPTIONS["file"], as_typed(OPTIONS["file"], items), where="a field") == items


@given(pairs=st.dictionaries(st.from_regex(r"[A-Z]{1,6}", fullmatch=True), texts, max_size=4))
def test_pairs_of_any_kind_come_back(pairs):
    """As above."""
    words = typed_words(OPTIONS["env"], as_typed(OPTIONS["env"], pairs), where="a field")
    assert words == [f"{key}={value}" for key, value in pairs.items()]
