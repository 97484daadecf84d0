"""The language of the search field: what each word means, and what is said of one that means nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.commands.search import Search, parse_search
from mlrun_nb.errors import OptionError
from mlrun_nb.model.states import RunState

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("", Search()),
        ("  loss  ", Search(words=("loss",))),
        ("state:failed,lost", Search(states=(RunState.FAILED, RunState.LOST))),
        ("IS:Failed", Search(states=(RunState.FAILED,))),
        ("fn:train function:evaluate", Search(functions=("train", "evaluate"))),
        ("tag:prod version:7F3A", Search(tags=("prod",), version="7f3a")),
        ("engine:local on:big", Search(engines=("local", "big"))),
        ("label:team=risk", Search(labels=(("team", "risk"),))),
        ('label:"team name=risk control"', Search(labels=(("team name", "risk control"),))),
        ("label:empty=", Search(labels=(("empty", ""),))),
        ("before:2d", Search(until=NOW - timedelta(days=2))),
        ("after:2026-11-01", Search(since=datetime(2026, 11, 1, tzinfo=UTC))),
        ('"a b" c', Search(words=("a b", "c"))),
        ('"state:failed"', Search(words=("state:failed",))),
        ("notebook:train.ipynb", Search(notebooks=("train.ipynb",))),
        ('"', Search()),
    ],
)
def test_a_word_means_one_thing(text: str, search: Search):
    """Words narrow, commas widen, quotes make text of anything."""
    assert parse_search(text, NOW) == search


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("sate:failed", "`state:`"),
        ("http://host", "Words may begin with: `state:`"),
        ("state:faled", "`failed`"),
        ("state:", "`state:failed,lost`"),
        ("label:team", "`label:team=risk`"),
        ("version:xyz", "`version:7f3a`"),
        ("before:someday", "`before:2026-11-01`"),
        ("after:2026-13-40", "`after:2d`"),
        ("before:9999999d", "`before:2d`"),
    ],
)
def test_a_word_that_means_nothing_is_named_with_what_would(text: str, hint: str):
    """The nearest, or an example."""
    with pytest.raises(OptionError) as refused:
        parse_search(text, NOW)
    assert text.partition("://")[0].strip(":") in refused.value.message
    assert hint in refused.value.hint


@given(st.text())
def test_whatever_is_typed_is_understood_or_refused(text: str):
    """Never anything else."""
    with suppress(OptionError):
        assert isinstance(parse_search(text, NOW), Search)
