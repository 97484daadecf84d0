"""Editing options in a cell's text: what was asked for changes, and no other byte."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mlrun_nb.errors import NotebookError, OptionError
from mlrun_nb.model.option_texts import as_typed
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.notebook.option_edit import edit_options
from mlrun_nb.notebook.option_words import placed_options
from tests.unit.notebook.notebooks import function_cell

EDITS: dict[str, tuple[str, Mapping[str, object], str]] = {
    "a new one goes to the end of the line": ("%%mlrun f", {"memory": "8Gi"}, "%%mlrun f --memory 8Gi"),
    "blanks at the end stay": ("%%mlrun f  ", {"cpu": "1"}, "%%mlrun f --cpu 1  "),
    "a value is replaced": ("%%mlrun f --cpu 1 --gpu 2", {"cpu": "4"}, "%%mlrun f --cpu 4 --gpu 2"),
    "an equals sign stays": ("%%mlrun f --cpu=1", {"cpu": "4"}, "%%mlrun f --cpu=4"),
    "an underscore stays": ("%%mlrun f --cpu_limit 1", {"cpu-limit": "4"}, "%%mlrun f --cpu_limit 4"),
    "a short form stays": ("%%mlrun f -i a", {"input": "a, b"}, "%%mlrun f -i a -i b"),
    "one of many goes": ("%%mlrun f -i a -i b  -o c", {"input": "b"}, "%%mlrun f -i b  -o c"),
    "one of a list goes": ("%%mlrun f --input a,b,c", {"input": "a c"}, "%%mlrun f --input a,c"),
    "order is kept": ("%%mlrun f -i a -i b", {"input": "b, a"}, "%%mlrun f -i b -i a"),
    "a pair is replaced": (
        "%%mlrun f --env A=1 --env 'B=x y'",
        {"env": "A=2 'B=x y'"},
        "%%mlrun f --env A=2 --env 'B=x y'",
    ),
    "a place is replaced": ("%%mlrun f --input a=x.csv", {"input": "a=y.csv"}, "%%mlrun f --input a=y.csv"),
    "an option goes": ("%%mlrun f --cpu 1  --gpu 2", {"cpu": ""}, "%%mlrun f  --gpu 2"),
    "the first word goes": ("%%mlrun --cpu 1 f", {"cpu": ""}, "%%mlrun f"),
    "a flag comes": ("%%mlrun f", {"isolated": "true"}, "%%mlrun f --isolated"),
    "a flag is denied": ("%%mlrun f --isolated", {"isolated": "false"}, "%%mlrun f --isolated=false"),
    "a flag goes": ("%%mlrun f --isolated -i a", {"isolated": None}, "%%mlrun f -i a"),
    "blanks are quoted": ("%%mlrun f", {"label": "'team=a b'"}, "%%mlrun f --label 'team=a b'"),
    "a value of JSON": ("%%mlrun f", {"input": ["a", "b"], "gpu": 1}, "%%mlrun f --input a --input b --gpu 1"),
    "what is there stays as it is": ('%%mlrun f --env "A=1"', {"env": "A=1"}, '%%mlrun f --env "A=1"'),
    "what means the same stays": ("%%mlrun f --input a,b", {"input": "a b"}, "%%mlrun f --input a,b"),
    "a comment's value is replaced": (
        "%%mlrun f\n#| mlrun.memory: 4Gi  # why",
        {"memory": "8Gi"},
        "%%mlrun f\n#| mlrun.memory: 8Gi  # why",
    ),
    "a comment's text that looks like a number": (
        "%%mlrun f\n#| mlrun.image: a",
        {"image": "1.10"},
        "%%mlrun f\n#| mlrun.image: '1.10'",
    ),
    "several comments become one": (
        "%%mlrun f\n#| mlrun.file: a\n#| echo: false\n#| mlrun.file: b",
        {"file": "b c"},
        "%%mlrun f\n#| mlrun.file: [b, c]\n#| echo: false",
    ),
    "pairs in a comment": (
        "%%mlrun f\n#| mlrun.env: {A: x}",
        {"env": "A=y B=z"},
        "%%mlrun f\n#| mlrun.env: {A: y, B: z}",
    ),
    "an empty pair in a comment": (
        "%%mlrun f\n#| mlrun.env: {A: x}",
        {"env": "A="},
        "%%mlrun f\n#| mlrun.env: {A: ''}",
    ),
    "a comment goes": ("%%mlrun f\n# why\n#| mlrun.cpu: 1\nx = 1", {"cpu": ""}, "%%mlrun f\n# why\nx = 1"),
    "both go": ("%%mlrun f --cpu 2\n#| mlrun.cpu: 1\nx = 1", {"cpu": ""}, "%%mlrun f\nx = 1"),
    "the line counts": ("%%mlrun f --cpu 2\n#| mlrun.cpu: 1", {"cpu": "3"}, "%%mlrun f --cpu 3\n#| mlrun.cpu: 1"),
    "a line break goes below": (
        "  %%mlrun f\n  x = 1",
        {"env": ["A=x\ny"]},
        '  %%mlrun f\n  #| mlrun.env: {"A": "x\\ny"}\n  x = 1',
    ),
    "data in a comment": (
        "%%mlrun f\n#| mlrun.affinity: {}",
        {"affinity": '{"a": [1]}'},
        '%%mlrun f\n#| mlrun.affinity: {"a": [1]}',
    ),
    "indentation stays": ("\n  %%mlrun f\n  x = 1\r\n", {"cpu": "1"}, "\n  %%mlrun f --cpu 1\n  x = 1\r\n"),
    "a broken value is mended": ("%%mlrun f --cpu many --bogus", {"cpu": "1"}, "%%mlrun f --cpu 1 --bogus"),
    "a missing value is filled in": ("%%mlrun f --cpu --gpu 1", {"cpu": "1"}, "%%mlrun f --cpu 1 --gpu 1"),
    "a broken comment is mended": ("%%mlrun f\n#| mlrun.cpu [", {"cpu": "1"}, "%%mlrun f\n#| mlrun.cpu: 1"),
}


@pytest.mark.parametrize(("source", "wanted", "expected"), EDITS.values(), ids=EDITS)
def test_an_edit_changes_what_was_asked_for(source, wanted, expected):
    """Each case states the whole text."""
    assert edit_options(source, wanted) == expected


REFUSED = {
    "memory": ("16GiB", "`memory` in the `%%mlrun` line: `16GiB` is not a Kubernetes quantity"),
    "input": ("1x", "`input` in the `%%mlrun` line cannot be `1x`"),
    "capacity": ("free", "`capacity` in the `%%mlrun` line cannot be `free`"),
    "memroy": ("1Gi", "unknown option `memroy`"),
    "gpu": (-1, "`gpu` in the `%%mlrun` line cannot be `-1`"),
}


@pytest.mark.parametrize(("name", "value", "said"), [(name, *rest) for name, rest in REFUSED.items()])
def test_a_bad_value_is_an_error_that_names_the_option(name, value, said):
    """The words of the table, with a remedy."""
    with pytest.raises(OptionError) as caught:
        edit_options("%%mlrun f", {name: value})
    assert said in caught.value.message
    assert caught.value.hint


def test_a_cell_that_is_no_function_cannot_be_edited():
    """There is no line to change."""
    with pytest.raises(NotebookError, match="is no function"):
        edit_options("x = 1", {"cpu": "1"})


def test_quotes_that_are_not_closed_are_an_error():
    """Where one word ends nobody can tell."""
    with pytest.raises(OptionError, match="cannot be split into words"):
        edit_options("%%mlrun f --label 'x", {"cpu": "1"})


words = st.text(st.sampled_from("ab=é'\"\\ #,:-\t"), min_size=1, max_size=8) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6
)
names = st.sampled_from(["a", "b", "c", "no", "été"])
VALUES = {
    "input": st.lists(names, min_size=1, unique=True),
    "output": st.lists(names, min_size=1, unique=True),
    "requirement": st.lists(words, min_size=1, unique=True),
    "env": st.dictionaries(st.sampled_from("ABC"), words, min_size=1),
    "image": words.map(str.strip).filter(bool),
    "memory": st.sampled_from(["1Gi", "1.50", "8", "1e3"]),
    "cpu": st.sampled_from([".5", "2", "500m"]),
    "gpu": st.integers(0, 9),
    "isolated": st.booleans(),
    "capacity": st.sampled_from(OPTIONS["capacity"].choices),
    "affinity": st.dictionaries(words, st.integers() | words, max_size=2),
    "timeout": st.sampled_from(["90", "1h30m", "1.50"]),
}
options = st.fixed_dictionaries({}, optional=VALUES)


@given(line=options, comments=options, wanted=options, removed=st.sets(st.sampled_from(sorted(VALUES))))
def test_after_an_edit_the_cell_says_what_was_wanted_and_all_else_as_before(line, comments, wanted, removed):
    """Whatever stood on the line and in comments, in any form."""
    source = edit_options("%%mlrun f\n# why\nx = 1", line)
    for name, value in comments.items():
        if f"#| mlrun.{name}:" in source:  # what no line can hold, as it has lines itself, is there already
            continue
        below = edit_options("%%mlrun f\n#| mlrun." + name + ": [", {name: value}).split("\n")[1:]
        source = "\n".join([source.split("\n")[0], *below, *source.split("\n")[1:]])
    before = function_cell(source)
    after = function_cell(edit_options(source, dict.fromkeys(removed - set(wanted)) | wanted))
    assert after.options == {**{k: v for k, v in before.options.items() if k not in removed}, **wanted}
    assert after.body == before.body


@given(line=options, comments=options)
def test_stating_what_is_stated_changes_no_byte(line, comments):
    """What a form shows can be sent back whole."""
    source = edit_options("%%mlrun f\n# why\nx = 1", comments | line)
    typed = {name: as_typed(OPTIONS[name], value) for name, value in function_cell(source).options.items()}
    assert edit_options(source, typed) == edit_options(source, {}) == source


@given(text=st.lists(words | st.sampled_from(["--cpu", "--input=", "-i", "--isolated", "' '", " ", '"'])).map(" ".join))
def test_places_are_those_of_the_words_that_a_shell_sees(text):
    """Cut out of the line, an option is the words that it was read as."""
    try:
        shlex.split(text)
    except ValueError:
        assume(False)
    for each in placed_options(text, "a line"):
        flag, *value = shlex.split(text[each.start : each.end])
        assert (value or flag.partition("=")[2:] or [""])[0] in {each.value, ""}
