"""What the functions that ship with the product promise beyond their examples; their cells run here, without a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hub_cells import cells_of

ROWS = 240


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Return a table as tables are: gaps, texts, categories, truth values, and types of pandas' own."""
    random = np.random.default_rng(0)
    made = pd.DataFrame(
        {
            "age": random.normal(40, 10, ROWS),
            "visits": pd.array(random.integers(0, 9, ROWS), dtype="Int64"),
            "region": random.choice(["north", "south"], ROWS),
            "plan": pd.Categorical(random.choice(["a", "b"], ROWS)),
            "member": pd.array(random.random(ROWS) > 0.5, dtype="boolean"),
            "note": pd.array(random.choice(["x", "y"], ROWS), dtype="string"),
            "nothing": np.nan,
        }
    )
    made["target"] = np.where((made["age"] > 40) & (made["region"] == "north"), "stays", "goes")
    for number, name in enumerate(["age", "visits", "region", "plan", "member", "note"]):
        made.loc[made.index[number::40], name] = None
    return made


@pytest.fixture(scope="module")
def model(table: pd.DataFrame) -> Any:
    """Return what `train` makes of the table."""
    return cells_of("train").run({"folds": 0}, table=table)["model"]


BAD: list[tuple[str, dict[str, object], str, str]] = [
    ("train", {"target": "sold"}, "no column `sold`", "age, visits"),
    ("train", {"features": ["sold"]}, "no column `sold`", "age, visits"),
    ("train", {"target": "region"}, "`region` is missing in 6 of 240 rows", "leave these out"),
    ("train", {"model_class": "xgboostt.XGBClassifier"}, "needs `xgboostt`", "pip install xgboostt"),
    ("train", {"model_class": "sklearn.nope.Forest"}, "no module `sklearn.nope`", "`sklearn.nope.Forest`"),
    ("train", {"model_class": "sklearn.ensemble.Forest"}, "no class that can be trained", "sklearn.ensemble"),
    ("train", {"params": {"trees": 3}}, "takes no `trees`", "n_estimators"),
    ("train", {"folds": 200}, "too few for 200 folds", "set `folds`"),
    ("tune", {"model_class": "sklearn.linear_model.Ridge", "space": {"alfa": [1]}}, "takes no `alfa`", "alpha"),
    ("tune", {"model_class": "sklearn.linear_model.Ridge", "space": {"alpha": 3}}, "`alpha` varies over", '"low"'),
    ("select-features", {"target": "sold"}, "no column `sold`", "age, visits"),
    ("select-features", {"methods": ["chi"]}, "no method `chi`", "mutual_information"),
    ("evaluate", {"by": ["sold"]}, "no column `sold`", "age, visits"),
    ("explain", {"output_class": "left"}, "no class `left`", "goes, stays"),
    ("explain", {"target": "sold"}, "no column `sold`", "age, visits"),
    ("detect-drift", {"features": ["sold"]}, "no column `sold`", "age, visits"),
    ("sql", {"query": "SELECT sold FROM data"}, "sold", "tables data"),
    ("predict", {"source": "nowhere/*.parquet"}, "no Parquet file at `nowhere/*.parquet`", "a path, a folder"),
    ("profile-notebook", {"source": "nowhere.ipynb"}, "no notebook and no run `nowhere.ipynb`", ""),
]


@pytest.mark.parametrize(
    ("name", "values", "said", "hint"), BAD, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_wrong_is_named_with_what_there_is(name, values, said, hint, table, model, home):
    """A ValueError, so that the run's error is one line."""
    inputs = {"tables": table} if name == "sql" else {"table": table, "reference": table, "current": table}
    with pytest.raises(ValueError, match=r".") as caught:
        cells_of(name).run(values, model=model, **inputs)
    assert said in str(caught.value)
    assert hint in str(caught.value)


def test_a_model_takes_tables_with_gaps_as_they_come(table, model):
    """Also rows with values that it has not seen, and a column that was whole when it learned."""
    strange = table.assign(region="east", age=np.nan)
    assert set(cells_of("evaluate").run(table=strange, model=model)["said"]) <= {"stays", "goes"}
    assert cells_of("evaluate").run(table=table, model=model)["score"] > 0.95


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 1, 2] * 20, "classification"),  # few whole numbers
        ([0.0, 1.0] * 30, "classification"),  # the same as floats
        (["a", "b", "c"] * 20, "classification"),
        ([True, False] * 30, "classification"),
        (list(range(60)), "regression"),  # many
        ([0.5, 1.5, 2.5] * 20, "regression"),  # not whole
    ],
)
def test_the_target_tells_the_task(values, kind):
    """Unless a class is named, which is of one kind."""
    table = pd.DataFrame({"x": np.linspace(0, 1, 60), "target": values})
    assert cells_of("train").run({"folds": 0}, table=table)["kind"] == kind
    named = {"folds": 0, "model_class": "sklearn.linear_model.LinearRegression"}
    if kind == "regression":
        assert cells_of("train").run(named, table=table)["kind"] == "regression"


@pytest.mark.parametrize("names", [["stays", "goes"], [3, 7], ["a", "b", "c"], [0, 1, 2]], ids=str)
def test_classes_have_any_names(names, table):
    """Also for XGBoost, which itself takes 0, 1, 2 only; with its parameters, and chances in the order of names."""
    xgboost, params = "xgboost.XGBClassifier", {"n_estimators": 8, "max_depth": 3, "n_jobs": 1}
    wanted = table.assign(target=np.array(names)[pd.qcut(table["age"].fillna(0), len(names), labels=False)])
    trained = cells_of("train").run(
        {"model_class": xgboost, "params": params, "folds": 3, "curves": False}, table=wanted
    )
    space = {"model_class": xgboost, "params": params, "space": {"max_depth": [1, 3]}, "folds": 3}
    tuned = cells_of("tune").run(space, table=wanted)
    for model in (trained["model"], tuned["model"]):
        evaluated = cells_of("evaluate").run(table=wanted, model=model)
        assert evaluated["score"] > 0.9
        assert evaluated["metrics"]["roc_auc"] > 0.9
        assert set(model.predict(wanted)) == set(names)
    assert trained["score"] > 0.8


def test_outputs_of_one_fit_the_inputs_of_another(table, tmp_path):
    """From features to predictions, each with what the one before it has left."""
    known = table.drop(columns=["member", "note"])
    selected = cells_of("select-features").run({"count": 3}, table=known)
    parts = cells_of("split").run({"stratify": "target"}, table=selected["kept"])
    trained = cells_of("train").run({"features": selected["features"], "folds": 3}, table=parts["train"])
    evaluated = cells_of("evaluate").run({"by": ["region"]}, table=parts["test"], model=trained["model"])
    explained = cells_of("explain").run({"top": 1}, table=parts["test"], model=trained["model"])
    parts["test"].to_parquet(tmp_path / "test.parquet")
    to = str(tmp_path / "scored.parquet")
    cells_of("predict").run({"source": str(tmp_path), "keep": ["*"], "to": to}, model=trained["model"])
    scored = pd.read_parquet(to)
    assert evaluated["score"] == (scored["prediction"] == scored["target"]).mean() > 0.9
    assert set(explained["features"]) >= {"age", "region"}
    assert evaluated["slices"]["rows"].sum() == len(parts["test"])


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_predictions_do_not_depend_on_the_chunk(table, model, tmp_path, chunk):
    """Nor on how rows are spread over files."""
    (tmp_path / "in").mkdir()
    table.head(100).to_parquet(tmp_path / "in/a.parquet")
    table.tail(140).to_parquet(tmp_path / "in/b.parquet", row_group_size=33)
    to = str(tmp_path / "out.parquet")
    values = {"source": str(tmp_path / "in"), "chunk": chunk, "probabilities": True, "to": to}
    assert cells_of("predict").run(values, model=model)["rows"] == ROWS
    scored = pd.read_parquet(to)
    assert list(scored) == ["prediction", "probability_goes", "probability_stays"]
    whole = cells_of("evaluate").run(table=table, model=model)
    assert scored["prediction"].to_list() == list(whole["said"])
    assert np.allclose(scored[["probability_goes", "probability_stays"]], whole["chances"])


def test_a_file_without_a_column_of_the_model_is_named(table, model, tmp_path):
    """With the column and those that it has."""
    table.drop(columns="region").to_parquet(tmp_path / "table.parquet")
    with pytest.raises(ValueError, match=r"table.parquet` has no column `region`; it has age, visits"):
        cells_of("predict").run({"source": str(tmp_path / "table.parquet"), "to": str(tmp_path / "x")}, model=model)


@pytest.mark.parametrize("form", ["schema.yaml", "schema.json"])
def test_a_drafted_schema_holds_for_its_table_and_tells_what_does_not(table, tmp_path, form):
    """After it was written and read again."""
    validate = cells_of("validate-data")
    drafted = validate.run(table=table)["asked"]
    place = tmp_path / form
    (drafted.to_json if form.endswith("json") else drafted.to_yaml)(place)
    assert validate.run({"schema": str(place)}, table=table)["valid"]
    worse = table.assign(age=table["age"].mask(table.index < 3, 900), plan="z", new=1).drop(columns="note")
    found = validate.run({"schema": str(place), "fail": False, "strict": True}, table=worse)
    failures = found["failures"].groupby("column")["rows"].max()
    assert failures[["age", "note", "new", "plan"]].to_list() == [3, ROWS, ROWS, ROWS]
    with pytest.raises(ValueError, match=r"`note` is missing \(240 rows"):
        validate.run({"schema": str(place)}, table=worse)


def test_drift_is_told_of_what_changed_only(table):
    """Not by chance: the same table in two halves, small or large, has not drifted."""
    detect, random = cells_of("detect-drift"), np.random.default_rng(1)
    for size in (40, 240, 20_000):
        rows = table.sample(2 * size, replace=True, random_state=2)
        assert not detect.run(reference=rows.head(size), current=rows.tail(size))["drifted"], size
    rows = table.sample(2000, replace=True, random_state=3)
    changed = rows.assign(
        age=rows["age"] + 9,
        region=rows["region"].mask(random.random(2000) < 0.4, "south"),
        visits=rows["visits"].mask(random.random(2000) < 0.4),
        note=1,
        fresh=2,
    ).drop(columns="plan")
    found = detect.run(reference=table, current=changed)
    assert set(found["columns"]) == {"age", "region", "visits", "note", "fresh", "plan"}
    assert found["drift"].set_index("column")["kind"][["note", "fresh", "plan"]].str.len().all()


@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 1.0, float("nan")]), st.sampled_from(["x", "y", None]), st.integers(0, 2)),
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_duplicates_are_those_that_pandas_counts(rows):
    """Though few rows are compared."""
    table = pd.DataFrame(rows, columns=["a", "b", "c"])
    names = cells_of("describe").names()
    assert names["duplicates_of"](table, names["profile_of"](table)) == table.duplicated().sum()


def test_names_and_values_are_text_in_a_page(table):
    """A column or a value that looks like HTML stays what it is."""
    odd = pd.DataFrame({"<script>a": ["<b>x</b>", "y"] * 20, "n": range(40)})
    described = cells_of("describe").run({"title": "<i>"}, table=odd)
    names = cells_of("detect-drift").names()
    drift = names["drift_of"](odd, odd, [], {"psi": 0.2, "distance": 0.1, "p": 0.01})
    pages = [
        described["report_of"](odd, described["profile"], "<i>", 9, described["facts"]),
        names["report_of"]("<i>", {}, drift, [names["plot_of"](name, odd[name], odd[name]) for name in odd]),
    ]
    for page in pages:
        assert "<script>" not in page
        assert "<b>x" not in page
        assert "<i>" not in page
        assert "&lt;script&gt;" in page
