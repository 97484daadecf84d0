"""Option values are checked once, keep their meaning from a line and from YAML, and remember where they came from."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.errors import OptionError
from mlrun_nb.model.option_values import check_value, check_values, lay, merge_repeated
from mlrun_nb.model.options import OPTIONS, Kind, find_option
from mlrun_nb.model.settings import Volume, settings_from

# (option, as typed on a line, as YAML makes it, JSON form)
SAME_MEANING = [
    ("memory", "16Gi", "16Gi", "16Gi"),
    ("cpu", "2", 2, "2"),
    ("cpu", "0.5", 0.5, "0.5"),
    ("retries", "3", 3, 3),
    ("timeout", "90", 90, "90"),
    ("isolated", "", True, True),
    ("input", "df,other", ["df", "other"], ["df", "other"]),
    ("requirement", "numpy>=2", ["numpy>=2"], ["numpy>=2"]),
    ("env", "A=1", {"A": 1}, {"A": "1"}),
    ("env", "A=", {"A": ""}, {"A": ""}),
    ("node-selector", "disk=ssd", {"disk": "ssd"}, {"disk": "ssd"}),
    ("dask-workers", "4", 4, "4..4"),
    ("dask-workers", "2..8", "2..8", "2..8"),
    ("affinity", '{"a": [1]}', {"a": [1]}, {"a": [1]}),
    ("capacity", "spot", "spot", "spot"),
]


@pytest.mark.parametrize(("name", "typed", "yaml", "expected"), SAME_MEANING)
def test_a_line_and_yaml_say_the_same(name, typed, yaml, expected):
    """What is typed on a line and what YAML reads come to one JSON form."""
    option = OPTIONS[name]
    assert expected == check_value(option, typed, where="x") == check_value(option, yaml, where="y")


# (option, value, what the error must say)
REFUSED = [
    ("memory", "16GiB", "`memory` in project.yaml: `16GiB` is not a Kubernetes quantity"),
    ("memory", True, "cannot be `True`"),
    ("retries", "-1", "cannot be `-1`"),
    ("retries", 1.5, "cannot be `1.5`"),
    ("retries", True, "cannot be `True`"),
    ("input", "my data", "cannot be `my data`: it is not a Python name"),
    ("input", "class", "cannot be `class`: it is not a Python name"),
    ("env", "A", "cannot be `A`: it has no `=`"),
    ("dask-workers", "8..2", "MIN must not exceed MAX"),
    ("isolated", "maybe", "cannot be `maybe`"),
    ("affinity", "{", "cannot be `{`"),
    ("capacity", "cheap", "cannot be `cheap`"),
    ("timeout", "soon", "`soon` is not a duration"),
]


@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_a_bad_value_is_refused_by_name_and_place(name, value, message):
    """The error names option, place and value, and has a thing to do."""
    with pytest.raises(OptionError) as caught:
        check_values({name: value}, where="project.yaml")
    assert message in caught.value.message
    assert caught.value.hint


def test_an_unknown_option_is_answered_with_the_nearest():
    """A slip of the finger costs one look."""
    with pytest.raises(OptionError, match="unknown option `memroy` in cell 3") as caught:
        find_option("memroy", where="cell 3")
    assert caught.value.hint == "Did you mean `memory`?"


def test_underscores_count_as_hyphens():
    """Python and YAML writers like underscores."""
    assert find_option("memory_limit", where="x").name == "memory-limit"


def test_the_strongest_layer_wins_and_is_named():
    """`show` can say where each value came from."""
    laid = lay([("this run", {"cpu": "4"}), ("profile big", {"cpu": "2", "memory": "8Gi"})])
    assert (laid["cpu"].value, laid["cpu"].source) == ("4", "this run")
    assert (laid["memory"].value, laid["memory"].source) == ("8Gi", "profile big")


def test_repeated_lists_and_pairs_add_up():
    """`--input a --input b` is both, once each."""
    assert merge_repeated(OPTIONS["input"], [["a"], ["b", "a"]]) == ["a", "b"]
    assert merge_repeated(OPTIONS["env"], [{"A": "1"}, {"B": "2", "A": "3"}]) == {"A": "3", "B": "2"}


def test_a_single_value_given_twice_is_refused():
    """`--memory 1Gi --memory 2Gi` has no meaning."""
    with pytest.raises(OptionError, match="given 2 times"):
        merge_repeated(OPTIONS["memory"], ["1Gi", "2Gi"])


@pytest.mark.parametrize("option", list(OPTIONS.values()), ids=lambda option: option.name)
def test_each_option_accepts_its_own_example(option):
    """The reference and the hints show examples that work."""
    if option.kind is not Kind.DATA:
        assert json.dumps(check_value(option, option.example, where="its example"))


@given(st.sampled_from(list(OPTIONS)), st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_any_yaml_value_is_accepted_or_an_option_error(name, value):
    """Nothing that YAML can hold leads to another error, and what is accepted is JSON."""
    with suppress(OptionError):
        json.dumps(check_values({name: value}, where="x"))


def test_settings_collect_what_the_options_say():
    """Each option ends up in the record that an engine reads."""
    values = check_values(
        {
            "memory": "1Gi",
            "volume": ["pvc:a:/b:ro", "empty:/c"],
            "timeout": "1h",
            "dask-workers": "2..4",
            "env": ["A=1"],
        },
        where="x",
    )
    settings = settings_from(values)
    assert settings.resources.memory == "1Gi"
    assert settings.policy.timeout_s == 3600
    assert settings.dask_workers == (2, 4)
    assert settings.environment.env == {"A": "1"}
    assert settings.volumes == (
        Volume(kind="pvc", source="a", path="/b", read_only=True),
        Volume(kind="empty", path="/c"),
    )


@pytest.mark.parametrize("text", ["pvc:/b", "disk:a:/b", "empty:c", "pvc:a:b", "pvc:a:/b:rx"])
def test_a_mistaken_volume_is_refused_with_the_forms(text):
    """The hint lists all kinds of volume."""
    with pytest.raises(OptionError, match=r"is not a volume") as caught:
        settings_from({"volume": [text]})
    assert "pvc:CLAIM:/path" in caught.value.hint
