"""Fields with values that nobody expects: a report, or a refusal in words, and never a fault of ours."""

from __future__ import annotations

import ast
from datetime import date
from typing import Any

import pytest
import yaml

from mlrun_nb.imports.left_out import LEFT_OUT
from mlrun_nb.imports.notebook import written
from mlrun_nb.imports.options import _FIELDS
from mlrun_nb.notebook.declarations import parse_parameters
from mlrun_nb.notebook.parsing import parse_function_cell
from mlrun_nb.notebook.reading import read_notebook
from tests.unit.imports.cases import document, import_text

ODD = [
    "x",
    5,
    -1,
    1.5,
    float("nan"),
    float("-inf"),
    [float("nan")],
    True,
    date(2024, 1, 1),
    [1],
    [None],
    ["a b"],
    {"a": 1},
    {1: {"b": [2]}},
    [{"name": 3}],
    "é\n`*",
]
NESTED = ["parameters", "returns", "entry_points", "args", "base_spec", "default_handler", "volume_mounts", "command"]


@pytest.mark.parametrize("kind", ["job", "dask", "nuclio", "serving"])
@pytest.mark.parametrize("field", sorted({*_FIELDS, *NESTED, *(name for name in LEFT_OUT if "." not in name)}))
def test_a_field_with_an_odd_value_breaks_nothing(field: str, kind: str):
    """The notebook is written, and its function is one that we can read."""
    for value in ODD:
        if field == "default_handler":
            value = "f"  # noqa: PLW2901  # the others are refused, see there
        spec: dict[str, Any] = {
            field: {"f": value} if field == "entry_points" else {"x": value} if field == "parameters" else value
        }
        if field == "build":
            spec = {"resources": value}
        found = import_text(document(kind=kind, **spec), handler="f")
        cells = read_notebook(written(found.cells, "x.ipynb"), name="x.ipynb").cells
        parsed = parse_function_cell(cells[-1])
        assert parsed is not None
        assert parsed.name == found.function
        assert parse_parameters(parsed.body).parameters


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_a_stated_default_of_any_kind_is_one(value: object):
    """What JSON cannot hold is none, and that of the code counts."""
    found = import_text(document("def f(x: int = 1, y=None):\n    print(x, y)\n", parameters={"x": value, "y": value}))
    parsed = parse_function_cell(read_notebook(written(found.cells, "x.ipynb"), name="x.ipynb").cells[-1])
    assert parsed is not None
    assert [each.name for each in parse_parameters(parsed.body).parameters] == ["x", "y"]


@pytest.mark.parametrize("value", [float("nan"), float("-inf")], ids=repr)
def test_a_number_that_is_not_finite_is_a_default_that_can_be_executed(value: float):
    """As `.nan` in YAML is one."""
    found = import_text(document("def f(x: float = 1.0):\n    print(x)\n", parameters={"x": value}))
    names: dict[str, float] = {}
    exec(next(line for line in found.cells[-1].source.splitlines() if line.startswith("x:")), names)
    assert str(names["x"]) == str(value)


@pytest.mark.parametrize(
    ("definition", "parameters", "call"),
    [
        ("def f(table: DataItem, context: MLClientCtx, n=1):", {}, "f(table="),
        ("def f(n, context):", {}, "f(n=n, context=context)"),
        ("def f(context, n=1):", {}, "f(context, n=n)"),
        ("def f(table: pd.DataFrame = EMPTY, context: MLClientCtx = None):", {}, "f(context=context)"),
        ("def f(context, **more):", {"a b": 1, "class": 2, "n": 3}, 'n=n, **{"a b": '),
    ],
)
def test_a_call_is_one_that_python_takes(definition: str, parameters: dict[str, int], call: str):
    """Wherever the context stands, and whatever `**kwargs` are called."""
    found = import_text(document(f"import mlrun\n{definition}\n    print(context)\n", parameters=parameters))
    cell = found.cells[-1].source
    ast.parse(cell.partition("\n")[2])
    assert call in " ".join(cell.split())


@pytest.mark.parametrize("name", ["class", "1x", "ä ö", "", 5, "a/b", "f", "print", "x" * 200, "a\nb", "None", "../up"])
def test_a_function_of_any_name_gets_one_that_python_takes(name: object):
    """And a file beside the reader."""
    plain = yaml.safe_load(document())
    plain["metadata"]["name"] = name
    found = import_text(yaml.safe_dump(plain, allow_unicode=True).encode())
    assert found.function.isidentifier()
    assert found.function != "f"
    assert "/" not in found.stem
    parsed = parse_function_cell(read_notebook(written(found.cells, "x.ipynb"), name="x.ipynb").cells[-1])
    assert parsed is not None


WORDS = ["`rm -rf` in $(x)", "a\n# b", "type: int", "'''", '"""', "%%bash", "\x1b[31m", "é" * 300, "a # b"]


@pytest.mark.parametrize("words", WORDS)
def test_words_of_others_stay_words(words: str):
    """In comments and prose, whatever they hold."""
    entry = {"f": {"name": "f", "parameters": [{"name": "x", "doc": words}]}}
    found = import_text(document(entry_points=entry, description=words, env=[{"name": "A", "value": words}]))
    parsed = parse_function_cell(read_notebook(written(found.cells, "x.ipynb"), name="x.ipynb").cells[-1])
    assert parsed is not None
    assert parsed.body.startswith("x: int = 1")
    assert parsed.body.rstrip().endswith("x_ = f(x=x)")
    assert "\x1b" not in found.cells[-1].source.replace("\\u001b", "")
