"""Points and spaces that stand in a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlrun_nb.errors import ConfigError, OptionError, ParameterError
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.spaces import typed_points, typed_space
from mlrun_nb.strategies.points_file import read_points

TYPES = {"lr": "float", "epochs": "int", "fast": "bool", "opt": "str", "layers": "list[int]", "free": ""}
PARAMETERS = [Parameter(name=name, type=kind) for name, kind in TYPES.items()]
POINTS = (
    {"lr": 0.1, "epochs": 5, "fast": True, "opt": "adam"},
    {"lr": 1e-05, "epochs": 10, "opt": "a, b"},
    {"epochs": 1},
)


def written(folder: Path, name: str, text: str) -> Path:
    """Return the file *name* with *text* in it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def parquet(folder: Path, rows: list[dict[str, object]]) -> Path:
    """Return a Parquet file of these rows."""
    pq.write_table(pa.Table.from_pylist(rows), folder / "points.parquet")
    return folder / "points.parquet"


FILES = {
    "points.yaml": "- {lr: 0.1, epochs: 5, fast: on, opt: adam}\n- {lr: 1e-5, epochs: 10, opt: 'a, b'}\n- epochs: 1",
    "points.yml": json.dumps(POINTS),
    "points.json": json.dumps(POINTS, indent=1),
    "points.csv": 'lr,epochs,fast,opt\n0.1,5,yes,adam\n\n1e-5,10,,"a, b"\n,1,,\n',
    "excel.csv": "\ufefflr; epochs; fast; opt\r\n0.1;5;True;adam\r\n0.00001;10; ;a, b\r\n;1;;\r\n",
    "tabs.CSV": "lr\tepochs\tfast\topt\n0.1\t5\t1\tadam\n1e-5\t1e1\t\ta, b\n\t1\t\t\n",
}


@pytest.mark.parametrize(("name", "text"), FILES.items())
def test_every_form_holds_the_same_points(tmp_path, name, text):
    """Whole numbers stay whole, an empty cell is left to the default."""
    points = typed_points(PARAMETERS, read_points(written(tmp_path, name, text)).points)
    assert points == POINTS
    assert [type(point["epochs"]) for point in points] == [int, int, int]


def test_a_parquet_file_holds_them_with_their_types(tmp_path):
    """A null is an empty cell, a list a value."""
    rows = [{"lr": 0.1, "epochs": 5, "layers": [1, 2]}, {"lr": None, "epochs": 10, "layers": None}]
    points = typed_points(PARAMETERS, read_points(parquet(tmp_path, rows)).points)
    assert points == ({"lr": 0.1, "epochs": 5, "layers": [1, 2]}, {"epochs": 10})


def test_a_column_that_a_gap_made_fractions_of_is_whole_again(tmp_path):
    """What pandas does to whole numbers with a gap among them."""
    points = typed_points(PARAMETERS, read_points(parquet(tmp_path, [{"epochs": 5.0}, {"epochs": None}])).points)
    assert json.dumps(points) == '[{"epochs": 5}, {}]'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("space.yaml", "lr: loguniform(1e-5, 1e-1)\nlayers: [[64], [64, 32]]\nepochs: 5\nopt: [on-off, '1e-5']\n"),
        (
            "space.json",
            '{"lr": "loguniform(1e-5,1e-1)", "layers": [[64],[64,32]], "epochs": 5, "opt": ["on-off","1e-5"]}',
        ),
    ],
)
def test_a_mapping_is_a_space_in_its_order(tmp_path, name, text):
    """Of lists, distributions and single values."""
    space = typed_space(PARAMETERS, read_points(written(tmp_path, name, text)).dimensions)
    assert [dimension.name for dimension in space.dimensions] == ["lr", "layers", "epochs", "opt"]
    values = [getattr(dimension.domain, "values", None) for dimension in space.dimensions]
    assert values == [None, ([64], [64, 32]), (5,), ("on-off", "1e-5")]
    assert [distribution.text for distribution in space.distributions.values()] == ["loguniform(1e-05, 0.1)"]


MISTAKES = [
    ("points.txt", "a", "ends in none of .yaml, .yml, .json, .csv, .parquet"),
    ("points.yaml", "- {lr: 0.1\n- a", "line 2"),
    ("points.yaml", "", "holds no points"),
    ("points.yaml", "5", "neither a list nor a mapping"),
    ("points.yaml", "- 5", "point 1: `5` is not a mapping"),
    ("points.yaml", "lr: {min: 0, max: 1}", "`lr` in"),
    ("points.yaml", "lr: unifrom(0, 1)", "`unifrom` is not a distribution"),
    ("points.json", '[\n{"lr": }]', "line 2, column 8"),
    ("points.json", "[]", "holds no points"),
    ("points.csv", "", "holds no points"),
    ("points.csv", "lr,epochs\n", "holds no points"),
    ("points.csv", "lr,epochs\n1,2\n3\n", "line 3: it has 1 cells, and there are 2 names"),
    ("points.csv", "lr,lr\n1,2\n", "line 1"),
    ("points.csv", "lr,\n1,2\n", "line 1"),
    ("points.csv", 'lr\n"1\n', "is not CSV"),
    ("points.parquet", "PAR1", "is not a Parquet file"),
]


@pytest.mark.parametrize(("name", "text", "reason"), MISTAKES)
def test_a_file_that_cannot_be_used_is_named(tmp_path, name, text, reason):
    """With the place in it."""
    path = written(tmp_path, name, text)
    with pytest.raises(OptionError) as caught:
        read_points(path)
    assert str(path) in caught.value.message
    assert reason in caught.value.message


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path):
    """Without a traceback."""
    with pytest.raises(OptionError, match="cannot be read: No such file"):
        read_points(tmp_path / "points.csv")
    (tmp_path / "points.json").write_bytes(b'["\xe9"]')
    with pytest.raises(OptionError, match="byte 3 is not UTF-8"):
        read_points(tmp_path / "points.json")


def test_a_value_of_another_type_is_found_by_its_line(tmp_path):
    """Blank lines, and cells of several lines, count as the editor counts them."""
    path = written(tmp_path, "points.csv", 'opt,epochs\n"two\nlines",1\n\nadam,many\n')
    with pytest.raises(ParameterError, match=r"points\.csv, line 5: parameter `epochs`"):
        typed_points(PARAMETERS, read_points(path).points)


def test_what_a_file_needs_is_named(tmp_path, monkeypatch):
    """The extra to install."""
    path = parquet(tmp_path, [{"lr": 0.1}])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match="pyarrow is not installed") as caught:
        read_points(path)
    assert "mlrun-nb[data]" in caught.value.hint
