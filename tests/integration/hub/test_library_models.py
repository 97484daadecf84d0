"""What the functions of the library do with models and tables out of the ordinary; their cells run without a run."""

from __future__ import annotations

import html
import io
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import fsspec
import matplotlib as mpl
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import LinearSVC

import mlrun_nb as mn
from mlrun_nb.testing.hub_contract import make_item
from tests.hub_cells import cells_of

ROWS = 120
ARROW_TIME = pd.Series(pd.date_range("2024", periods=120)).astype("timestamp[us][pyarrow]")
RIDGE = "sklearn.linear_model.Ridge"
DOLLARS = ["$#1 & $#2", "a$_$", "$x$"]
"""Names and values that are no formulas, though matplotlib takes them for some."""


@pytest.fixture
def table() -> pd.DataFrame:
    """Return a table of two numbers, a text with gaps and a truth value, sorted by what is to be told."""
    random = np.random.default_rng(0)
    made = pd.DataFrame(
        {
            "age": random.normal(40, 10, ROWS),
            "size": random.integers(0, 1000, ROWS) / 7,
            "region": random.choice(np.array(["north", "south", None]), ROWS),
            "member": random.random(ROWS) > 0.5,
        }
    )
    made["target"] = np.where(made["age"] > 40, "stays", "goes")
    return made.sort_values("target", ignore_index=True)


@pytest.fixture
def line() -> Any:
    """Return a model of one column, `a`, that says twice what is in it."""
    return LinearRegression().fit(pd.DataFrame({"a": [0.0, 1.0, 2.0]}), [0.0, 2.0, 4.0])


@pytest.fixture
def shap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a module take the place of shap, which is not installed: its values are what it is told of each row."""

    class Explanation:
        def __init__(self, values: Any) -> None:
            self.values = values

    class Explainer:
        def __init__(self, ask: Any, background: Any, *, seed: int) -> None:
            self.ask = ask

        def __call__(self, points: Any, *, silent: bool) -> Explanation:
            return Explanation(np.column_stack([self.ask(points)] * points.shape[1]))

    module = ModuleType("shap")
    module.__spec__ = ModuleSpec("shap", None)
    module.Explainer = Explainer  # type: ignore[attr-defined]  # a module has what is put there
    monkeypatch.setitem(sys.modules, "shap", module)


@pytest.mark.usefixtures("shap")
def test_shap_asks_the_model_of_the_rows_as_they_are(table):
    """Numbers as numbers, texts with their gaps, and truth values."""
    model = cells_of("train").run({"folds": 0}, table=table)["model"]
    features = table.drop(columns="target")
    explain = cells_of("explain")
    found = explain.names()["shap_of"](model, features, 50, 1, 3)
    few = features.sample(50, random_state=3)
    assert np.allclose(found["age"], model.predict_proba(few)[:, 1])
    assert explain.run({"shap": True}, table=table, model=model)["features"]


@pytest.mark.parametrize("names", [("goes", "stays"), (1, 2)], ids=str)
@pytest.mark.usefixtures("shap")
def test_models_without_chances_are_explained_by_how_often_they_say_a_class(names, table):
    """Whatever its name is."""
    encoder = make_column_transformer((OneHotEncoder(), ["region"]), remainder="passthrough")
    table = table.assign(target=np.where(table["region"] == "north", *names))
    model = make_pipeline(encoder, LinearSVC()).fit(table[["region"]], table["target"])
    found = cells_of("explain").run({"output_class": str(names[0]), "shap": True}, table=table, model=model)
    assert found["dependence"].set_index("value")["mean"].to_dict() == {"north": 1.0, "south": 0.0}
    assert found["of"] == f"share of {names[0]}"


def drawn(figure: Any) -> str:
    """Return *figure* as SVG, with its texts as texts."""
    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none"}):
        figure.savefig(file, format="svg")
    return html.unescape(file.getvalue())


def test_dollars_are_no_formulas_in_figures():
    """Of all functions that draw: names of columns, their values and classes."""
    random = np.random.default_rng(0)
    table = pd.DataFrame({name: np.array(DOLLARS)[random.integers(0, 3, 90)] for name in DOLLARS})
    table["target"] = table[DOLLARS[0]]
    forest = {"params": {"n_estimators": 5}, "folds": 3}
    model = cells_of("train").run(forest, table=table)["model"]
    explained = cells_of("explain").run({"output_class": "$x$"}, table=table, model=model)
    importance = explained["importance_plot"](explained["importance"], "accuracy")
    dependence = explained["dependence_plot"](explained["dependence"], explained["known"], explained["of"])
    trials = pd.DataFrame({"kernel": DOLLARS, "score": [0.1, 0.2, 0.3]})
    tuned = cells_of("tune").names()["trials_plot"](trials, "accuracy", ["kernel"])
    confusion, *curves = cells_of("evaluate").run(table=table, model=model)["plots"]
    for figure in (importance, dependence, tuned, confusion, *curves):
        assert all(f">{name}</text>" in drawn(figure) for name in DOLLARS)
    assert ">chance of $x$</text>" in drawn(dependence)
    two = table[table["target"].isin(["$x$", "a$_$"])]
    assert ">ROC of `a$_$`</text>" in drawn(cells_of("train").run(forest, table=two)["figure"])


def test_the_learning_curve_is_of_rows_by_chance(table):
    """Though the table is sorted by its classes, the fewest rows have both of them."""
    axes = cells_of("train").run({"params": {"n_estimators": 10}}, table=table)["axes"]
    assert axes[0].lines[1].get_label() == "on rows held out"
    assert min(axes[0].lines[1].get_ydata()) > 0.75


def test_a_category_may_have_no_rows(table):
    """It is no class then."""
    rare = table.assign(target=pd.Categorical(table["target"], ["goes", "stays", "z"]))
    assert cells_of("train").run({"params": {"n_estimators": 5}, "curves": False}, table=rare)["score"] > 0.8


@pytest.mark.parametrize("name", ["train", "tune"])
@pytest.mark.parametrize(
    ("values", "change", "said"),
    [
        ({}, lambda table: table.head(0), r"`table` has no rows"),
        ({}, lambda table: table.assign(when=pd.Timestamp("2024")), r"`when` is a time .*, or leave it out"),
        ({}, lambda table: table.assign(when=ARROW_TIME), r"`when` is a time .*, or leave it out"),
        ({}, lambda table: table.assign(target=ARROW_TIME), r"`target` is a time .*: make numbers of it$"),
        (
            {"model_class": "sklearn.ensemble.VotingClassifier"},
            lambda table: table,
            r"`VotingClassifier` needs `estimat",
        ),
    ],
    ids=["empty", "time", "pyarrow's time", "target", "needs"],
)
def test_what_cannot_be_trained_is_named(name, values, change, said, table):
    """In words of its own, with a thing to do."""
    values = {"model_class": RIDGE, **values} | ({"space": {"alpha": [1]}} if name == "tune" else {})
    values["target"] = "target" if "target" in said else "age"
    with pytest.raises(ValueError, match=said):
        cells_of(name).run(values, table=change(table))


def test_times_that_a_model_does_not_take_are_no_matter(table, tmp_path):
    """Of pyarrow's types, as others."""
    model = cells_of("train").run({"folds": 0}, table=table)["model"]
    timed = table.assign(when=ARROW_TIME, flag=pd.Series([True, None] * 60, dtype="bool[pyarrow]"))
    assert cells_of("evaluate").run({"by": ["flag"]}, table=timed, model=model)["score"] > 0.9
    assert cells_of("explain").run({"top": 1, "repeats": 1}, table=timed, model=model)["features"]


def test_whole_ends_make_whole_numbers():
    """On a scale of logarithms too."""
    points_of = cells_of("tune").names()["points_of"]
    space = {
        "a": {"low": 5, "high": 50, "log": True},
        "b": {"low": 1, "high": 3},
        "c": {"low": 1.0, "high": 3, "log": True},
        "d": ["x", None],
    }
    points = points_of(space, 50, 0)
    assert {type(each) for point in points for each in (point["a"], point["b"])} == {int}
    assert {type(point["c"]) for point in points} == {float}
    assert {point["d"] for point in points} == {"x", None}
    assert 5 <= min(point["a"] for point in points) < max(point["a"] for point in points) <= 50
    assert len({point["a"] for point in points}) > 10


def test_trials_that_are_runs_are_of_the_function_that_ships_with_the_product(table, tmp_path, monkeypatch):
    """With the seed of `tune`, also where another source has a `train`."""
    item = tmp_path / "team" / "train" / "9.0.0"
    item.mkdir(parents=True)
    for name, data in make_item("train", "9.0.0").items():
        (item / name).write_bytes(data)
    (tmp_path / "project.yaml").write_text("hub: {team: team}\n")
    monkeypatch.chdir(tmp_path)
    tree = {"model_class": "sklearn.tree.DecisionTreeClassifier", "space": {"max_depth": [1, 2]}, "folds": 2}
    found = mn.get_function("hub://bundled/tune").run(table=table, trials_on="local", seed=7, **tree)
    trial = mn.get_run(found.outputs.trials.load()["run"][0])
    assert trial.parameters["seed"] == 7


def test_parts_of_large_numbers_have_names_of_their_own(table):
    """With as many digits as that takes, and no more."""
    model = cells_of("train").run({"folds": 0}, table=table)["model"]
    timed = table.assign(seconds=1_700_000_000 + np.arange(ROWS), share=np.linspace(0, 1, ROWS))
    slices = cells_of("evaluate").run({"by": ["seconds", "share"]}, table=timed, model=model)["slices"]
    assert slices["rows"].to_list() == [30] * 8
    assert slices["value"].is_unique
    assert slices["value"].to_list()[3:5] == ["1.70000009e+09 to 1.70000012e+09", "0 to 0.25"]


def predict(model: Any, **values: object) -> Any:
    """Return what `predict` defines."""
    return cells_of("predict").run(values, model=model)


@pytest.mark.parametrize("source", ["in", "in/a.parquet", "in/*.parquet", "../{here}/in"])
@pytest.mark.parametrize("to", ["in/a.parquet", "in/../in/a.parquet", "link/a.parquet"])
def test_what_is_read_is_not_written(source, to, line, tmp_path, monkeypatch):
    """By whatever way it is named."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to("in")
    place = tmp_path / "in/a.parquet"
    pd.DataFrame({"a": [1.0]}).to_parquet(place)
    before = place.read_bytes()
    with pytest.raises(ValueError, match=rf"`{to}` is read, .* let `to` name another"):
        predict(line, source=source.format(here=tmp_path.name), to=to)
    assert place.read_bytes() == before


class Breaks:
    """A model that fails at its second chunk."""

    feature_names_in_ = ("a",)

    def __init__(self) -> None:
        self.asked = 0

    def predict(self, rows: Any) -> Any:
        """Return ones, once."""
        self.asked += 1
        if self.asked > 1:
            raise ArithmeticError
        return np.ones(len(rows))


@pytest.mark.parametrize("base", ["", "memory://"])
def test_a_failure_leaves_what_was_there(base, line, tmp_path):
    """The result of before, and nothing beside it; also where the new one has no rows."""
    (tmp_path / "in").mkdir()
    table, source = pd.DataFrame({"a": [1.0, 2.0]}), str(tmp_path / "in")
    table.to_parquet(tmp_path / "in/a.parquet")
    to = f"{base}{tmp_path}/out/scored.parquet"
    predict(line, source=source, to=to)
    with pytest.raises(ArithmeticError):
        predict(Breaks(), source=source, to=to, chunk=1)
    table.head(0).to_parquet(tmp_path / "in/a.parquet")
    with pytest.raises(ValueError, match="has no rows"):
        predict(line, source=source, to=to)
    assert np.allclose(pd.read_parquet(to)["prediction"], [2.0, 4.0])
    files, path = fsspec.url_to_fs(to)
    assert [Path(each).name for each in files.ls(str(Path(path).parent), detail=False)] == ["scored.parquet"]
    with pytest.raises(ValueError, match=r"out` is a folder: let `to` name a file"):
        predict(line, source=source, to=f"{base}{tmp_path}/out")


def test_a_column_that_was_the_index_is_a_column(line, tmp_path):
    """Of the model, and to keep."""
    pd.DataFrame({"a": [3.0, 1.0], "b": [1, 2]}).set_index("a").to_parquet(tmp_path / "in.parquet")
    to = str(tmp_path / "out.parquet")
    predict(line, source=str(tmp_path / "in.parquet"), keep=["*"], to=to)
    scored = pd.read_parquet(to)
    assert sorted(scored) == ["a", "b", "prediction"]
    assert np.allclose(scored["prediction"], [6.0, 2.0])


def test_files_need_not_have_columns_alike(line, tmp_path):
    """Not in their order, not in their types, and not a value in each."""
    files = [
        {"a": pa.array([1, 2]), "note": pa.nulls(2), "kind": pa.array(["x", "y"]).dictionary_encode()},
        {
            "kind": pa.array(["z"]).dictionary_encode(),
            "note": pa.array(["later"]),
            "more": pa.array([1]),
            "a": pa.array([0.5]),
        },
    ]
    for name, columns in zip("ab", files, strict=True):
        parquet.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    to = str(tmp_path / "out/scored.parquet")
    for keep in (["*"], ["a", "note", "kind"]):
        predict(line, source=str(tmp_path / "*.parquet"), keep=keep, to=to)
        scored = parquet.read_table(to)
        assert scored.column_names == ["a", "note", "kind", "prediction"]
        assert scored["note"].to_pylist() == [None, None, "later"]
        assert scored["kind"].to_pylist() == ["x", "y", "z"]
        assert np.allclose(scored["prediction"], [2.0, 4.0, 1.0])
    parquet.write_table(pa.table({"a": ["text"], "note": ["x"], "kind": ["x"]}), tmp_path / "c.parquet")
    with pytest.raises(ValueError, match=r"a.parquet` and the other files do not fit together: .*`?a"):
        predict(line, source=str(tmp_path / "*.parquet"), to=to)
