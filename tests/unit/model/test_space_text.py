"""Dimensions as they are typed: read as meant, or refused with what to write."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.errors import OptionError
from mlrun_nb.model.domains import LogUniform, RandInt, Uniform, Values
from mlrun_nb.model.space import Dimension, Space
from mlrun_nb.model.space_text import parse_space, space_text

TEXTS = {
    "lr=0.1,0.01": {"lr": ("0.1", "0.01")},
    "lr=0.1, 0.01 ,1e-3": {"lr": ("0.1", "0.01", "1e-3")},
    "  lr = 0.1 ;; opt=adam;": {"lr": ("0.1",), "opt": ("adam",)},
    "a=1 b=2\nc=3": {"a": ("1",), "b": ("2",), "c": ("3",)},
    "layers=[64],[64, 32]": {"layers": ("[64]", "[64, 32]")},
    'o={"a": [1, 2]},{}': {"o": ('{"a": [1, 2]}', "{}")},
    "city=\"New York, NY\",'a b',c": {"city": ("New York, NY", "a b", "c")},
    r's="say \"a\"","C:\dir","\\"': {"s": ('say "a"', r"C:\dir", "\\")},
    "s=\"\",''": {"s": ("", "")},
    "url=s3://a/b?c=d,http://x": {"url": ("s3://a/b?c=d", "http://x")},
    "größe=1": {"größe": ("1",)},
    'f="uniform(1,2)",b': {"f": ("uniform(1,2)", "b")},
    "x=-1,+2,a-b,a(": {"x": ("-1", "+2", "a-b", "a(")},
}


@pytest.mark.parametrize(("text", "values"), TEXTS.items())
def test_values_stay_the_texts_that_were_typed(text, values):
    """Only the parameter's type says what they are."""
    given_ = parse_space(text, where="`--sweep`")
    assert {dimension.name: dimension.values for dimension in given_} == values
    assert all(dimension.from_text for dimension in given_)


def test_a_distribution_stands_alone():
    """With blanks or without."""
    found = parse_space("depth=uniform(2,12) lr=loguniform( 1e-5, 1e-1 );n=randint (1, 9, step=2)", where="`--sweep`")
    assert [dimension.distribution.text for dimension in found if dimension.distribution] == [
        "uniform(2, 12)",
        "loguniform(1e-05, 0.1)",
        "randint(1, 9, step=2)",
    ]


MISTAKES = [
    ("", "names no parameter"),
    (" ; ", "names no parameter"),
    ("lr", "`lr` in `--sweep` is not `NAME=VALUES`"),
    ("lr=0.1 0.01", "`0.01` in `--sweep` is not `NAME=VALUES`"),
    ("--lr=1", "is not `NAME=VALUES`"),
    ("1a=1", "is not `NAME=VALUES`"),
    ("lr=", "a value is missing"),
    ("lr= opt=adam", "`lr` in `--sweep`: a value is missing"),
    ("lr=0.1,,2", "a value is missing"),
    ("lr=0.1,", "a value is missing"),
    ("lr=1 lr=2", "given twice"),
    ("lr=unifrom(1,2)", "`unifrom` is not a distribution"),
    ("lr=uniform(1,2", "a bracket is not closed"),
    ("lr=uniform(1,2),3", "stands beside other values"),
    ("lr=3,uniform(1,2)", "stands beside other values"),
    ("lr=uniform(2,1)", "`lr` in `--sweep`: `uniform(2, 1)`"),
    ("layers=[64,", "not JSON"),
    ("layers=[a]", "not JSON"),
    ('s="a', "not closed"),
    ('s="a"b', "without a comma"),
]


@pytest.mark.parametrize(("text", "reason"), MISTAKES)
def test_a_mistake_is_named_with_its_place(text, reason):
    """And the hint shows how it is written."""
    with pytest.raises(OptionError) as caught:
        parse_space(text, where="`--sweep`")
    assert reason in caught.value.message
    assert caught.value.hint


@given(text=st.text(alphabet="ab=,;[]{}()\"'\\ 0.1\n", max_size=30))
def test_any_text_is_read_or_refused(text):
    """Nothing else is raised, and it ends."""
    try:
        found = parse_space(text, where="`--sweep`")
    except OptionError:
        return
    assert found
    assert all(dimension.values or dimension.distribution for dimension in found)


NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
BARE = st.from_regex(r"[a-z0-9.+:/_-]{1,8}", fullmatch=True)
ITEMS = BARE.map(lambda text: (text, text)) | st.text(alphabet="ab ,;=()[]").map(lambda text: (json.dumps(text), text))


@given(written=st.dictionaries(NAMES, st.lists(ITEMS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_written_is_read(written):
    """With a blank, a semicolon or both between dimensions."""
    for gap in (" ", ";", " ; "):
        text = gap.join(f"{name}={','.join(typed for typed, _ in items)}" for name, items in written.items())
        found = {dimension.name: dimension.values for dimension in parse_space(text, where="`--sweep`")}
        assert found == {name: tuple(meant for _, meant in items) for name, items in written.items()}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, unique=True))
def test_words_are_written_as_they_are_read(words):
    """Quotes, blanks, commas, brackets and empty texts included."""
    space = Space(dimensions=(Dimension(name="word", domain=Values(values=tuple(words))),))
    (found,) = parse_space(space_text(space), where="a test")
    assert found.values == tuple(words)


def test_a_space_is_written_as_a_person_would():
    """Without quotes where none are needed."""
    dimensions = (
        Dimension(name="lr", domain=LogUniform(low=1e-5, high=0.1)),
        Dimension(name="depth", domain=RandInt(low=2, high=12, step=2)),
        Dimension(name="share", domain=Uniform(low=0, high=0.5)),
        Dimension(name="layers", domain=Values(values=((64,), (64, 32)))),
        Dimension(name="kind", domain=Values(values=("adam", "a b", True, None, 0.1))),
    )
    text = space_text(Space(dimensions=dimensions))
    assert text == (
        "lr=loguniform(1e-05,0.1) depth=randint(2,12,step=2) share=uniform(0,0.5) layers=[64],[64, 32] "
        'kind=adam,"a b",true,null,0.1'
    )
    assert [each.name for each in parse_space(text, where="a test")] == ["lr", "depth", "share", "layers", "kind"]
