"""Each parameter and option has the widget that fits it, and what is put in is read as the command line reads it."""

from __future__ import annotations

from datetime import datetime

import ipywidgets
import pytest

from mlrun_nb.api.fields import NOT_GIVEN, input_field, option_field, parameter_field
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.model.parameters import Parameter

NOON = "2024-05-31T12:00:00"


@pytest.mark.parametrize(
    ("parameter", "widget", "value"),
    [
        (Parameter(name="n", type="int", default=3), "IntText", 3),
        (Parameter(name="lr", type="float", default=0.1), "FloatText", 0.1),
        (Parameter(name="lr", type="float", default=1), "FloatText", 1.0),
        (Parameter(name="fast", type="bool", default=True), "Checkbox", True),
        (Parameter(name="mode", type="Literal['a', 'b']", default="b"), "Dropdown", "b"),
        (Parameter(name="name", type="str", default="x"), "Text", "x"),
        (Parameter(name="name", type="str", default=""), "Text", ""),
        (Parameter(name="when", type="datetime", default=NOON), "NaiveDatetimePicker", NOON),
        (Parameter(name="when", type="datetime", default=f"{NOON}+02:00"), "Text", f"{NOON}+02:00"),
        (Parameter(name="sizes", type="list[int]", default=[1, 2]), "Textarea", [1, 2]),
        (Parameter(name="weights", type="dict[str, float]", default={"a": 0.5}), "Textarea", {"a": 0.5}),
        (Parameter(name="path", type="Path", default="data/a.csv"), "Text", "data/a.csv"),
        (Parameter(name="limit", type="int | None", default=None), "Text", None),
        (Parameter(name="limit", type="int | None", default=5), "Text", 5),
        (Parameter(name="anything", default={"a": 1}), "Text", {"a": 1}),
        (Parameter(name="rate", type="float", default="Infinity"), "Text", "Infinity"),
    ],
)  # fmt: skip
def test_a_default_stands_in_a_widget_of_its_type(parameter: Parameter, widget: str, value: object):
    """And is read back as what it was."""
    field = parameter_field(ipywidgets, parameter)
    assert (type(field.widget).__name__, field.widget.description) == (widget, parameter.name)
    assert (field.read(), field.complaint()) == (value, "")


@pytest.mark.parametrize(
    ("parameter", "put_in", "value"),
    [
        (Parameter(name="n", type="int", required=True), "1_000", 1000),
        (Parameter(name="limit", type="int | None", default=5), "None", None),
        (Parameter(name="sizes", type="list[int]", default=[]), "[1, 2, 3]", [1, 2, 3]),
        (Parameter(name="when", type="datetime", required=True), datetime(2024, 5, 31), "2024-05-31T00:00:00"),  # noqa: DTZ001
        (Parameter(name="mode", type="Literal[1, 2]", required=True), 2, 2),
        (Parameter(name="fast", type="bool", required=True), False, False),
        (Parameter(name="seed", type="int", default_source="make_seed()"), "7", 7),
    ],
)
def test_what_is_put_in_is_read_by_its_type(parameter: Parameter, put_in: object, value: object):
    """Text as on the command line, chosen values as they are."""
    field = parameter_field(ipywidgets, parameter)
    field.widget.value = put_in
    assert (field.read(), field.complaint()) == (value, "")


@pytest.mark.parametrize(
    ("parameter", "put_in", "complaint"),
    [
        (Parameter(name="sizes", type="list[int]", default=[1]), "[1, 2", "and cannot be `[1, 2`"),
        (Parameter(name="sizes", type="list[int]", default=[1]), '["a"]', "`sizes` is `list[int]` and cannot be"),
        (Parameter(name="n", type="int | None", default=1), "many", "it is not a number"),
        (Parameter(name="n", type="int", required=True), "", "`n` needs a value. It is `int`."),
        (Parameter(name="mode", type="Literal[1, 2]", required=True), NOT_GIVEN, "`mode` needs a value"),
        (Parameter(name="when", type="datetime", required=True), None, "`when` needs a value"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_complained_of(parameter: Parameter, put_in: object, complaint: str):
    """In words, with what to do."""
    field = parameter_field(ipywidgets, parameter)
    field.widget.value = put_in
    assert complaint in field.complaint()


def test_an_expression_is_left_to_the_cell():
    """A default that is no literal stands there to be seen; left alone it is evaluated in the run."""
    field = parameter_field(ipywidgets, Parameter(name="seed", type="int", default_source="make_seed()"))
    assert (field.widget.value, field.widget.placeholder, field.read()) == ("", "make_seed()", NOT_GIVEN)


def test_an_option_is_given_when_it_was_changed():
    """What the function says itself is no choice of this run; a quantity that means nothing is complained of."""
    field = option_field(ipywidgets, OPTIONS["memory"], "4Gi")
    assert (field.widget.value, field.read()) == ("4Gi", NOT_GIVEN)
    field.widget.value = "8Gi"
    assert field.read() == "8Gi"
    field.widget.value = "8 gigs"
    assert "`memory` in the form" in field.complaint()


def test_an_engine_is_chosen_among_those_that_are_known():
    """Or typed."""
    field = option_field(ipywidgets, OPTIONS["on"], "", ("big", "local"))
    assert (field.widget.options, field.read()) == (("big", "local"), NOT_GIVEN)


def test_an_input_is_the_notebooks_unless_a_place_is_named():
    """The name of a variable needs no field of its own."""
    field = input_field(ipywidgets, "data")
    assert field.read() is NOT_GIVEN
    field.widget.value = " data.csv "
    assert field.read() == "data.csv"
