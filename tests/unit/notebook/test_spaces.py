"""The points that a sweep was given, against what the function declares."""

from __future__ import annotations

import math
from datetime import date

import pytest

from mlrun_nb.errors import ParameterError
from mlrun_nb.model.distribution_calls import parse_distribution
from mlrun_nb.model.domains import Values
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.model.space import GivenDimension, GivenPoint
from mlrun_nb.model.space_text import parse_space
from mlrun_nb.notebook.spaces import typed_points, typed_space

TYPES = {
    "lr": "float",
    "depth": "int",
    "opt": "str",
    "fast": "bool",
    "layers": "list[int]",
    "loss": "Literal['l1', 'l2']",
    "until": "datetime",
    "width": "int | None",
    "free": "",
}
PARAMETERS = [Parameter(name=name, type=kind) for name, kind in TYPES.items()]

TYPED = {
    "lr=1,0.5,nan": (1.0, 0.5, "NaN"),
    "depth=1,1e3": (1, 1000),
    "opt=1,no": ("1", "no"),
    "fast=yes,0": (True, False),
    "layers=[64],[64,32]": ([64], [64, 32]),
    "loss=l2": ("l2",),
    "until=2024-05-31": ("2024-05-31T00:00:00",),
    "width=None,3": (None, 3),
    "free=1,1.0,a,[1],true": (1, 1.0, "a", [1], True),
}


@pytest.mark.parametrize(("text", "values"), TYPED.items())
def test_text_means_what_the_type_says(text, values):
    """As it does after `-p`."""
    (dimension,) = typed_space(PARAMETERS, parse_space(text, where="`--sweep`")).dimensions
    assert dimension.domain == Values(values=values)
    assert [type(value) for value in dimension.domain.values] == [type(value) for value in values]


def test_values_of_python_are_not_taken_for_text():
    """A whole number is one, also for a `float`; the JSON form of NaN is text."""
    given = [
        GivenDimension(name="lr", values=(1, math.nan)),
        GivenDimension(name="depth", values=(3, 4.0)),
        GivenDimension(name="until", values=(date(2024, 5, 31),)),
    ]
    domains = [dimension.domain for dimension in typed_space(PARAMETERS, given).dimensions]
    assert domains == [Values(values=each) for each in [(1.0, "NaN"), (3, 4), ("2024-05-31T00:00:00",)]]


WHOLE = {
    "depth=uniform(2, 12)": "randint(2, 12)",
    "depth=uniform(2, 12, step=2)": "randint(2, 12, step=2)",
    "width=loguniform(1, 512)": "lograndint(1, 512)",
    "depth=randint(2, 12, step=3)": "randint(2, 12, step=3)",
    "depth=lograndint(1, 512)": "lograndint(1, 512)",
    "lr=uniform(2, 12)": "uniform(2, 12)",
    "lr=randint(2, 12)": "randint(2, 12)",
    "lr=normal(0, 1)": "normal(0, 1)",
    "free=uniform(2, 12)": "uniform(2, 12)",
}


@pytest.mark.parametrize(("text", "drawn"), WHOLE.items())
def test_a_parameter_of_whole_numbers_gets_whole_numbers(text, drawn):
    """The type decides, not how the bounds are written."""
    (dimension,) = typed_space(PARAMETERS, parse_space(text, where="`--sweep`")).dimensions
    assert dimension.domain == parse_distribution(drawn)


MISTAKES = [
    ("dept=1,2", "unknown parameter of `train`: `dept`", "`depth`"),
    ("depth=1,2.5", "parameter `depth` is `int` and cannot be `2.5`: it is not a whole number", "-p depth=10"),
    ("loss=l1,l3", "parameter `loss` is `Literal['l1', 'l2']` and cannot be `l3`", "'l1'"),
    (
        "depth=uniform(2, 2.5)",
        "parameter `depth` is `int`, and the numbers of `uniform(2, 2.5)` are not whole",
        "float",
    ),
    ("depth=uniform(2, 12, step=0.5)", "are not whole", "float"),
    ("depth=normal(0, 1)", "gives fractions", "`randint`"),
    ("opt=uniform(0, 1)", "parameter `opt` is `str`, and `uniform(0, 1)` gives numbers", "List the values"),
    ("fast=randint(0, 1)", "parameter `fast` is `bool`", "List the values"),
]


@pytest.mark.parametrize(("text", "message", "hint"), MISTAKES)
def test_a_mistake_names_the_parameter(text, message, hint):
    """And says what to do."""
    with pytest.raises(ParameterError) as caught:
        typed_space(PARAMETERS, parse_space(text, where="`--sweep`"), function="train")
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_dimension_needs_values():
    """An empty list of Python is not "no value changes"."""
    with pytest.raises(ParameterError, match="`lr` has no values"):
        typed_space(PARAMETERS, [GivenDimension(name="lr")])


def test_a_parameter_is_given_once():
    """Two spellings that Python takes for one name are one."""
    parameters = [Parameter(name="file", type="int")]
    given = [GivenDimension(name="file", values=(1,)), GivenDimension(name="ﬁle", values=(2,))]
    with pytest.raises(ParameterError, match="`file` is given twice"):
        typed_space(parameters, given)


def test_points_are_typed_one_by_one():
    """Each from text or from values; what a point leaves out stays out."""
    given = [
        GivenPoint(values={"lr": "1", "opt": "1"}, from_text=True),
        GivenPoint(values={"depth": 3, "width": None}),
        GivenPoint(values={}),
    ]
    assert typed_points(PARAMETERS, given) == ({"lr": 1.0, "opt": "1"}, {"depth": 3, "width": None}, {})


@pytest.mark.parametrize("values", [{"dept": "1"}, {"depth": "deep"}])
def test_a_mistake_in_a_point_names_its_place(values):
    """The line of the file."""
    with pytest.raises(ParameterError, match=r"^points\.csv, line 3: "):
        typed_points(PARAMETERS, [GivenPoint(values=values, from_text=True, where="points.csv, line 3")])
