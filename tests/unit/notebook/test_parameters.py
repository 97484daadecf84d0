"""Parameters: what a function declares, and which values it takes."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.errors import MlrunNbError, NotebookError, ParameterError
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.declarations import parse_body, parse_parameters, signature_parameters, tagged_parameters
from mlrun_nb.notebook.drafts import single_definition
from mlrun_nb.notebook.foreign_parameters import foreign_parameters
from mlrun_nb.notebook.parameter_types import UnknownTypeError, parse_type
from mlrun_nb.notebook.parameters import bind_parameters, convert
from tests.unit.notebook.notebooks import attempt

TYPES = {
    "int": "int",
    "'float'": "float",
    "Optional[int]": "int | None",
    "typing.Optional[List[int]]": "list[int] | None",
    "Union[None, str]": "str | None",
    "None | bool": "bool | None",
    "dict": "dict",
    "Dict[str, list[float]]": "dict[str, list[float]]",
    "list[Any]": "list",
    "Literal['a', 2, True]": "Literal['a', 2, True]",
    "Literal['a', None]": "Literal['a'] | None",
    "datetime.datetime": "datetime",
    "dt.datetime | None": "datetime | None",
    "pathlib.Path": "Path",
    "Any": "",
    "None": "",
}


@pytest.mark.parametrize(("annotation", "canonical"), TYPES.items())
def test_every_spelling_of_a_type_has_one_canonical_text(annotation, canonical):
    """Versions compare types by that text, and it reads back as itself."""
    assert parse_type(annotation).text == canonical
    assert parse_type(canonical).text == canonical


@pytest.mark.parametrize(
    "annotation", ["int | str", "tuple[int, int]", "pd.DataFrame", "dict[int, str]", "Literal[1.5]", "list[1]", "int["]
)
def test_a_type_that_json_cannot_hold_is_outside_the_grammar(annotation):
    """Such a value is an input, not a parameter."""
    with pytest.raises(UnknownTypeError):
        parse_type(annotation)


def parameter(kind: str) -> Parameter:
    """Return a parameter `x` of this type."""
    return Parameter(name="x", type=kind, required=True)


FROM_TEXT = [
    ("int", "1_000", 1000),
    ("int", "1e3", 1000),
    ("int", " -7 ", -7),
    ("float", "0.2", 0.2),
    ("float", "3", 3.0),
    ("float", "nan", "NaN"),
    ("float", "-inf", "-Infinity"),
    ("bool", "Yes", True),
    ("bool", "0", False),
    ("str", "0.1", "0.1"),
    ("str", "", ""),
    ("str | None", "None", None),
    ("int | None", "null", None),
    ("int | None", "5", 5),
    ("list", "[1, 1e-3, a]", [1, "1e-3", "a"]),  # YAML, because `a` is no JSON
    ("list", "[1, 1e-3]", [1, 0.001]),  # JSON
    ("list[str]", "[no, 1]", ["no", "1"]),
    ("list[float]", "[1e-3, nan]", [0.001, "NaN"]),
    ("list[list[int]]", "[[1], [2, 3]]", [[1], [2, 3]]),
    ("list[list]", "[[1, a]]", [[1, "a"]]),
    ("dict[str, int | None]", "{a: 1, b: null}", {"a": 1, "b": None}),
    ("dict", '{"a": [1]}', {"a": [1]}),
    ("Literal['a', 2, True]", "2", 2),
    ("Literal['a', 2, True]", "true", True),
    ("Literal['1', 1]", "1", "1"),
    ("datetime", "2024-05-31", "2024-05-31T00:00:00"),
    ("datetime", "2024-05-31T12:00Z", "2024-05-31T12:00:00+00:00"),
    ("Path", "data/a b.csv", "data/a b.csv"),
    ("", "0.1", 0.1),
    ("", "True", True),
    ("", "no", "no"),
    ("", "NaN", "NaN"),
    ("", "[1, 2", "[1, 2"),
]


@pytest.mark.parametrize(("kind", "text", "expected"), FROM_TEXT)
def test_text_as_typed_becomes_a_value_of_the_type(kind, text, expected):
    """`-p x=TEXT` means what the declaration says, not what the text looks like."""
    value = convert(parameter(kind), text, from_text=True)
    assert (value, type(value)) == (expected, type(expected))


FROM_VALUE = [
    ("int", 3, 3),
    ("int", 3.0, 3),
    ("float", 3, 3.0),
    ("float", math.inf, "Infinity"),
    ("float", "NaN", "NaN"),
    ("str | None", None, None),
    ("list[float]", [1, math.nan], [1.0, "NaN"]),
    ("dict[str, bool]", {"a": True}, {"a": True}),
    ("Literal['a', 2]", 2, 2),
    ("datetime", date(2024, 5, 31), "2024-05-31T00:00:00"),  # YAML makes dates
    ("datetime", datetime(2024, 5, 31, 12), "2024-05-31T12:00:00"),  # noqa: DTZ001  # a naive time stays one
    ("Path", Path("data/a.csv"), "data/a.csv"),
    ("", {"a": [1, None]}, {"a": [1, None]}),
]


@pytest.mark.parametrize(("kind", "given_value", "expected"), FROM_VALUE)
def test_a_value_from_json_yaml_or_python_becomes_json_of_the_type(kind, given_value, expected):
    """What a params file or a Python call holds is taken where it fits."""
    value = convert(parameter(kind), given_value, from_text=False)
    assert (value, type(value)) == (expected, type(expected))


UNFIT = [
    ("int", "0.5", True),
    ("int", "1e99999", True),
    ("int", "nan", True),
    ("int", "abc", True),
    ("int", True, False),
    ("int", "5", False),
    ("int", 0.5, False),
    ("float", "abc", True),
    ("float", "abc", False),
    ("float", 10**400, False),
    ("float", True, False),
    ("bool", "maybe", True),
    ("bool", 1, False),
    ("str", 5, False),
    ("str", None, False),
    ("list", "a, b", True),
    ("list", "[1", True),
    ("list[int]", "[1, a]", True),
    ("list[int]", ["1"], False),
    ("dict", "[1]", True),
    ("dict[str, int]", "{a: [1]}", True),
    ("Literal['a', 'b']", "c", True),
    ("Literal[1]", True, False),
    ("datetime", "yesterday", True),
    ("datetime", 5, False),
    ("Path", "", True),
    ("Path", 5, False),
    ("", object(), False),
]


@pytest.mark.parametrize(("kind", "value", "from_text"), UNFIT)
def test_a_value_of_another_type_is_refused_with_an_example(kind, value, from_text):
    """The message has name, type and value; the hint something that would fit."""
    with pytest.raises(ParameterError) as caught:
        convert(parameter(kind), value, from_text=from_text)
    assert caught.value.message.startswith(f"parameter `x` is `{kind or 'JSON'}` and cannot be `")
    assert "x" in caught.value.hint
    if kind.startswith("Literal['a'"):
        assert "'a', 'b'" in caught.value.hint


def test_the_example_of_a_refused_value_would_be_taken():
    """Every hint is runnable."""
    for kind in ("int", "float", "bool", "list[int]", "dict", "Literal['a']", "datetime", "Path", "int | None"):
        with pytest.raises(ParameterError) as caught:
            convert(parameter(kind), "\0", from_text=True)
        text = caught.value.hint.split("-p ")[1].split("`")[0].strip("'").removeprefix("x=")
        convert(parameter(kind), text, from_text=True)


DECLARED = (
    Parameter(name="lr", type="float", default=0.1),
    Parameter(name="epochs", type="int", required=True),
    Parameter(name="when", type="datetime", default_source="datetime.now()"),
)


def test_binding_fills_in_literal_defaults_and_leaves_expressions_to_the_cell():
    """Every value in force is recorded, but what only the run can know."""
    assert bind_parameters(DECLARED, {"epochs": 3}) == {"lr": 0.1, "epochs": 3}


def test_text_wins_over_values_of_a_file():
    """`-p` is nearer to the person than `-f`."""
    assert bind_parameters(DECLARED, {"epochs": 3, "lr": 1}, texts={"epochs": "5"}) == {"lr": 1.0, "epochs": 5}


UNBOUND = {
    "unknown": ({"epoch": 1, "epochs": 1}, "unknown parameter of `train`: `epoch`", "Did you mean `epochs`?"),
    "far off": ({"zzz": 1, "epochs": 1}, "unknown parameter of `train`: `zzz`", "Parameters are: lr, epochs, when."),
    "missing": ({}, "without a value: `epochs`", "`-p epochs=10`"),
    "ill-typed": ({"epochs": "many"}, "parameter `epochs` is `int` and cannot be `many`", "`epochs: 10`"),
}


@pytest.mark.parametrize(("values", "message", "hint"), UNBOUND.values(), ids=UNBOUND)
def test_what_cannot_be_bound_is_refused_before_anything_runs(values, message, hint):
    """By itself papermill would take an unknown parameter without a word."""
    with pytest.raises(ParameterError) as caught:
        bind_parameters(DECLARED, values, function="train")
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_function_without_parameters_says_how_to_declare_one():
    """There is no list to choose from."""
    with pytest.raises(ParameterError) as caught:
        bind_parameters((), {"lr": 1})
    assert "`lr: int = 1`" in caught.value.hint


BODY = '''\
"""Train a model."""
# how fast
from __future__ import annotations
lr: float = 0.1  # step size
epochs: int
steps: int = 2 * 3
note: str = None

model = fit(lr)
late: int = 1
'''


def test_leading_annotated_assignments_are_the_parameters():
    """They end at the first other statement; docstring, comments and future imports may stand before them."""
    found = parse_parameters(BODY)
    assert found.parameters == (
        Parameter(name="lr", type="float", default=0.1, description="step size"),
        Parameter(name="epochs", type="int", required=True),
        Parameter(name="steps", type="int", default_source="2 * 3"),
        Parameter(name="note", type="str | None", default=None),
    )
    assert found.source.endswith("note: str = None")
    assert (found.rest, found.rest_lines) == ("model = fit(lr)\nlate: int = 1\n", (9, 10, 11))


NO_PARAMETERS = [
    "lr = 0.1\nx: int = 1",
    "import os\nx: int = 1",
    "a.b: int = 1",
    "%time x = 1\ny: int = 1",
    "%%time\nx: int = 1",
]


@pytest.mark.parametrize("body", NO_PARAMETERS)
def test_other_statements_declare_nothing(body):
    """A plain assignment is a line of the function, even at its top."""
    found = parse_parameters(body)
    assert (found.parameters, found.source, found.rest) == ((), "", body)


def test_a_statement_behind_a_semicolon_is_not_lost():
    """The line is in both parts, each with its half, also behind characters of several bytes."""
    found = parse_parameters("name: str = 'ä'; x = 1\ny = 2")
    assert (found.source, found.rest) == ("name: str = 'ä'; ", "x = 1\ny = 2")
    assert (found.lines, found.rest_lines) == ((1,), (1, 2))


def test_magics_further_down_do_not_hide_the_parameters():
    """A cell that only IPython can read still has parameters."""
    found = parse_parameters("lr: float = 1\n!ls\nawait f(lr)\n%time x = 1")
    assert found.parameters == (Parameter(name="lr", type="float", default=1.0),)
    assert found.rest == "!ls\nawait f(lr)\n%time x = 1"


def test_the_type_of_an_input_may_stand_among_the_parameters():
    """`df: DataFrame` without a value is a note for readers and editors."""
    found = parse_parameters("df: pd.DataFrame\nlr: float = 1\nx = df", inputs=("df",))
    assert [item.name for item in found.parameters] == ["lr"]
    assert found.rest == "x = df"


def test_a_parameter_that_is_also_an_input_is_an_error():
    """One name cannot have two sources."""
    with pytest.raises(NotebookError, match="`df` is both an input and a parameter"):
        parse_parameters("df: int = 1\nx = df", inputs=("df",))


def test_a_default_that_contradicts_its_type_is_an_error():
    """It would be refused as a value, too."""
    with pytest.raises(ParameterError, match=r"default of parameter `n` is `int` and cannot be `0\.5`"):
        parse_parameters("n: int = 0.5\nx = n")


def test_a_type_that_no_parameter_can_have_is_an_error_that_offers_an_input():
    """Silently ending the parameters there would surprise at the first `-p`."""
    with pytest.raises(ParameterError, match=r"cannot be of type `pd\.DataFrame`") as caught:
        parse_parameters("df: pd.DataFrame = load()\nx = df")
    assert "`--input df`" in caught.value.hint


def test_text_that_is_not_python_is_an_error_with_its_line():
    """Better now than when a pod has started."""
    with pytest.raises(NotebookError, match="line 2"):
        parse_parameters("x = 1\ny = = 2")


def signature(source: str, **more) -> tuple[Parameter, ...]:
    """Return the parameters of the `def` in this text."""
    definition = single_definition(parse_body(source, "a cell").tree)
    assert definition is not None
    return signature_parameters(definition, source=source, where="a cell", **more)


def test_a_signature_declares_parameters():
    """Positional and keyword-only, typed or inferred from a literal; inputs are left out."""
    source = "@dec\nasync def f(df, a: int, /, b=0.5,  # rate\n  *, c: 'str | None' = None, d=g()):\n  return 1"
    assert signature(source, inputs=("df",)) == (
        Parameter(name="a", type="int", required=True),
        Parameter(name="b", type="float", default=0.5, description="rate"),
        Parameter(name="c", type="str | None", default=None),
        Parameter(name="d", default_source="g()"),
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [("def f(*args): pass", r"\*args"), ("def f(**kw): pass", r"\*\*kw"), ("def f(df: DataFrame): pass", "`df`")],
)
def test_a_signature_without_names_or_plain_types_is_an_error(source, said):
    """What cannot be given as a parameter must not look as if it could."""
    with pytest.raises(NotebookError, match=said):
        signature(source)


def test_a_parameters_cell_is_typed_by_annotation_comment_or_literal():
    """Everything that papermill would take counts, wherever it stands in the cell."""
    source = (
        "import os\nlr = 0.1  # step\nn: int = 2\nxs = [1]  # type: list[int] # which\n"
        "a, b = 1, 'x'\nc = os.getpid()\nd = None"
    )
    assert tagged_parameters(source, where="it") == (
        Parameter(name="lr", type="float", default=0.1, description="step"),
        Parameter(name="n", type="int", default=2),
        Parameter(name="xs", type="list[int]", default=[1], description="which"),
        Parameter(name="a", type="int", default=1),
        Parameter(name="b", type="str", default="x"),
        Parameter(name="c", default_source="os.getpid()"),
        Parameter(name="d"),
    )


def test_another_language_declares_by_assignment():
    """R and Julia notebooks have typed parameters as far as literals tell them."""
    assert foreign_parameters('lr <- 0.1  # step\nflag <- TRUE\nname = "x"\nx <- c(1, 2)\nif (a == 1) b') == (
        Parameter(name="lr", type="float", default=0.1, description="step"),
        Parameter(name="flag", type="bool", default=True),
        Parameter(name="name", type="str", default="x"),
        Parameter(name="x", default_source="c(1, 2)"),
    )


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
kinds = st.sampled_from(["", *TYPES.values(), "list[int]", "dict[str, float]"])


@given(kind=kinds, value=json_values)
def test_a_converted_value_is_json_and_converts_to_itself(kind, value):
    """Conversion is idempotent, so a rerun with recorded values is the same run."""
    once = attempt(lambda: convert(parameter(kind), value, from_text=False))
    if isinstance(once, MlrunNbError):
        return
    assert convert(parameter(kind), json.loads(json.dumps(once)), from_text=False) == once


@given(kind=kinds, text=st.text(max_size=30) | json_values.map(json.dumps))
def test_any_text_is_converted_or_refused(kind, text):
    """No text makes a conversion raise anything but an error of ours."""
    found = attempt(lambda: convert(parameter(kind), text, from_text=True))
    assert found.hint if isinstance(found, ParameterError) else json.dumps(found, allow_nan=False)


@given(value=json_values)
def test_a_literal_default_is_recorded_as_it_would_be_bound(value):
    """What a cell says and what a params file says come to the same value."""
    found = parse_parameters(f"x: Any = {value!r}\ny = x").parameters
    assert bind_parameters(found) == {"x": convert(parameter(""), value, from_text=False)}


@given(body=st.text(st.sampled_from("ab: int=1\n#\"';()[]%!"), max_size=60))
def test_any_body_is_split_without_losing_a_line(body):
    """The two parts are the body, or it is refused."""
    found = attempt(lambda: parse_parameters(body))
    if isinstance(found, MlrunNbError):
        return
    kept = {*found.lines, *found.rest_lines}
    assert all(number in kept or not line.strip() for number, line in enumerate(body.split("\n"), 1))
