"""The JSON schema of options: what it takes is what the table takes."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # jupyterlab brings it, without types

from mlrun_nb.commands.option_schema import option_schema, options_schema
from mlrun_nb.errors import OptionError
from mlrun_nb.model.option_values import check_value
from mlrun_nb.model.options import OPTIONS, SECTIONS

VALIDATOR = Draft202012Validator(options_schema())


def is_valid(name: str, value: object) -> bool:
    """Tell whether the schema takes *value* for an option."""
    return bool(VALIDATOR.is_valid({name: value}))


def test_it_is_a_schema():
    """Of draft 2020-12."""
    Draft202012Validator.check_schema(options_schema(["local"]))
    assert not VALIDATOR.is_valid({"memroy": "1Gi"})


@pytest.mark.parametrize("option", OPTIONS.values(), ids=OPTIONS)
def test_an_option_has_a_name_a_purpose_and_an_example_that_is_valid(option):
    """What a form shows beside the field can be typed into it."""
    schema = option_schema(option)
    assert schema["title"]
    assert schema["description"] == option.help
    value = check_value(option, option.example or "true", where="the table")
    assert is_valid(option.name, value)
    assert schema.get("examples", [value]) == [value]


GOOD: dict[str, list[object]] = {
    "input": [["df"], ["é_1", "ﬁt"], []],
    "memory": ["16Gi", "1e3", ".5Gi", "1.5M", "1."],
    "cpu": ["4", "500m", "0.5"],
    "gpu": [0, 8],
    "timeout": ["90", "1h30m", "1.5m", "2d"],
    "isolated": [True, False],
    "env": [{}, {"A": ""}, {"A": "b=c"}],
    "requirement": [["numpy>=2", "pandas"]],
    "dask-workers": ["2", "2..8"],
    "affinity": [{}, [], 1],
    "capacity": ["spot", "any"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_what_the_table_takes_is_valid(name, value):
    """The schema is not narrower."""
    check_value(OPTIONS[name], value, where="a form")
    assert is_valid(name, value)


BAD: dict[str, list[object]] = {
    "input": [["1x"], ["a b"], ["a-b"], [""]],
    "memory": ["16GiB", "lots", "", "-1", "1e"],
    "cpu": ["1 core"],
    "gpu": [-1, 1.5, "many", True],
    "timeout": ["", "1w", "m", "1m1h"],
    "isolated": ["perhaps"],
    "env": [["A"], {"": "x"}, {"=": "x"}],
    "requirement": [[""], [True]],
    "dask-workers": ["..8", "a"],
    "capacity": ["free", ""],
    "affinity": ["x"],
    "image": [""],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_what_the_table_refuses_is_not_valid(name, value):
    """A form says so before anything is sent."""
    assert not is_valid(name, value)
    if name != "env":  # of which the table also reads texts
        with pytest.raises(OptionError):
            check_value(OPTIONS[name], value, where="a form")


def test_a_choice_has_a_title_for_each():
    """A list of values alone would show them as they are typed."""
    schema = option_schema(OPTIONS["capacity"])
    assert schema["oneOf"][1] == {"const": "on-demand", "title": "On demand"}
    assert "enum" not in str(options_schema())


def test_options_come_in_the_order_of_help_and_places_are_suggested():
    """A form made from it reads as the reference does."""
    schema = options_schema(["local", "team"])
    sections = [OPTIONS[name].section for name in schema["properties"]]
    assert list(dict.fromkeys(sections)) == list(SECTIONS)
    assert schema["properties"]["on"]["examples"] == ["local", "team"]
    assert schema["properties"]["cpu-limit"]["title"] == "CPU limit"
