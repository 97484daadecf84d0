"""What the functions of the library do with tables out of the ordinary; their cells run here, without a run."""

from __future__ import annotations

import html

import numpy as np
import pandas as pd
import pytest

from tests.hub_cells import cells_of

ROWS = 60
DOLLARS = ["$#1 & $#2", "a$_$", "$x$"]
"""Names and values that are no formulas, though matplotlib takes them for some."""

HUGE = {
    "one": np.array([10**18] * 5),
    "ids": np.arange(1234567890123456789, 1234567890123456839),
    "ends": np.array([-1e308, 1e308]),
    "infinite": np.array([-np.inf, 0.0, 1.0, np.inf]),
    "tiny": np.array([0.0, 5e-324]),
}


def split(table: pd.DataFrame, **values: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both parts of *table*."""
    found = cells_of("split").run(values, table=table)
    return found["train"], found["test"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("sizes", "nearest"),
    [([900, *[1] * 100], 100), ([400, *[100] * 6], 200), ([500, 500], 500), ([600, 400], 400), ([1] * 1000, 250)],
)
def test_groups_have_the_share_of_rows(sizes, nearest, seed):
    """As near as whole groups come to it, whatever their sizes; by another seed other groups."""
    table = pd.DataFrame({"who": np.repeat(np.arange(len(sizes)), sizes), "row": range(1000)})
    train, test = split(table, group="who", seed=seed)
    assert not set(train["who"]) & set(test["who"])
    assert sorted([*train["row"], *test["row"]]) == list(range(1000))
    assert abs(len(test) - 250) <= abs(nearest - 250)
    pd.testing.assert_frame_equal(test, split(table, group="who", seed=seed)[1])
    if max(sizes) == 1:
        assert set(test["who"]) != set(split(table, group="who", seed=seed + 1)[1]["who"])


def test_rows_without_a_group_stay_together():
    """As they may be of one."""
    table = pd.DataFrame({"who": pd.array(["a", None, "b", None] * 10, dtype="string")})
    train, test = split(table, group="who", test_share=0.5)
    assert train["who"].isna().all() != test["who"].isna().all()


@pytest.mark.parametrize(
    ("columns", "values", "said"),
    [
        ({"when": pd.to_datetime(["2024", None, "2023", "2022"])}, {"time": "when"}, r"`when` is missing in 1 of 4"),
        ({"when": [1, 2, 3]}, {"time": "when", "test_share": 0.9}, r"nothing to train on: `when`"),
        ({"who": ["a"] * 9}, {"group": "who"}, r"nothing to train on: `who`"),
        ({"who": ["a"]}, {"group": "who"}, r"too few rows to split: 1"),
    ],
)
def test_a_table_that_cannot_be_split_is_an_error(columns, values, said):
    """Rather than a part without rows, or one with the wrong ones."""
    with pytest.raises(ValueError, match=said):
        split(pd.DataFrame(columns), **values)


def test_columns_need_no_text_as_names():
    """They become text, in all that comes out."""
    table = pd.DataFrame({2024: [1, 2, 2, 4], pd.Timestamp("2024"): list("abbd")})
    assert list(split(table, time="2024")[1]) == ["2024", "2024-01-01 00:00:00"]
    described = cells_of("describe").run(table=table)
    assert described["duplicates"] == 1
    assert list(described["profile"].index) == ["2024", "2024-01-01 00:00:00"]


@pytest.mark.parametrize(
    ("columns", "duplicates"),
    [
        ({"a": [[1], [1]], "b": [1, 1]}, None),  # lists cannot be compared
        ({"a": [[1], [1]], "b": [1, 2]}, 0),  # and need not be here
        ({"a": [1, 1], "b": [1, 1]}, 1),
    ],
)
def test_duplicates_that_are_not_known_are_not_none_at_all(columns, duplicates):
    """Null is told, and `not known` in the page."""
    found = cells_of("describe").run(table=pd.DataFrame(columns))
    assert found["duplicates"] == duplicates
    page = found["report_of"](found["table"], found["profile"], "", 9, found["facts"])
    assert f"duplicates<b>{'not known' if duplicates is None else duplicates}</b>" in page


@pytest.mark.parametrize("name", HUGE)
def test_numbers_have_any_size(name):
    """Those without a distance that a float can tell are drawn too."""
    table = pd.DataFrame({"n": HUGE[name]})
    described = cells_of("describe").run(table=table)
    page = described["report_of"](table, described["profile"], "", 9, described["facts"])
    assert "<path d=" in page
    finite = table["n"][np.isfinite(table["n"])].astype(float)
    assert described["profile"].loc["n", ["min", "max"]].to_list() == [finite.min(), finite.max()]
    drift = cells_of("detect-drift").run(reference=table, current=table)
    assert not drift["drifted"]
    assert drift["drift"].loc[0, "psi"] == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([0] * 5 + [1] * 95, [0] * 50 + [1] * 50),
        ([5] * 100, [3] * 100),
        ([5] * 100, [7] * 100),
        ([0] * 92 + [1] * 8, [0] * 50 + [1] * 50),
        ([*range(-10, 0), *[0] * 90], [*range(-50, 0), *[0] * 50]),
    ],
)
def test_the_stability_index_sees_the_commonest_numbers(old, new):
    """A number that fills tenths is a part of its own."""
    reference, current = pd.DataFrame({"n": old}), pd.DataFrame({"n": new})
    found = cells_of("detect-drift").run({"distance": 2.0}, reference=reference, current=current)
    assert found["columns"] == ["n"]
    assert found["drift"].loc[0, "psi"] > 0.2
    assert cells_of("detect-drift").run(reference=current, current=current)["drift"].loc[0, "psi"] == 0


def test_the_columns_compared_are_those_that_count():
    """A change that is sure for one column is so beside a hundred that nobody asked about."""
    random = np.random.default_rng(0)
    reference = pd.DataFrame(random.normal(size=(120, 101))).rename(columns=str)
    current = reference.assign(**{"0": reference["0"] + 0.5})
    detect, limits = cells_of("detect-drift"), {"psi": 0.1, "distance": 0.1, "p_value": 0.01}
    assert detect.run({"features": ["0"], **limits}, reference=reference, current=current)["columns"] == ["0"]
    assert detect.run(limits, reference=reference, current=current)["columns"] == []


def test_dollars_are_no_formulas_in_a_report_of_drift():
    """In names and in values."""
    table = pd.DataFrame(dict.fromkeys(DOLLARS, DOLLARS * 20))
    found = cells_of("detect-drift").run(reference=table, current=table)
    page = found["report_of"](
        "", {}, found["drift"], [found["plot_of"](name, table[name], table[name]) for name in table]
    )
    for name in DOLLARS:
        assert f">{html.escape(name)}</text>" in page
        assert f'aria-label="{html.escape(name)}"' in page


@pytest.mark.parametrize(
    "column",
    [
        [f"name {number}" for number in range(ROWS)],
        [f"name {max(number, 1)}" for number in range(ROWS)],
        pd.to_timedelta(np.arange(ROWS), unit="s"),
        pd.Series(pd.to_timedelta(np.arange(ROWS), unit="s")).astype("duration[us][pyarrow]"),
        pd.to_datetime([None, *["2024-01-01", "2024-01-02", "2024-01-03"] * 20][:ROWS]),
        [1] * ROWS,
        ["x"] * ROWS,
    ],
    ids=["unique", "nearly unique", "spans", "spans of pyarrow", "times", "constant", "constant text"],
)
def test_features_are_selected_of_any_column(column):
    """Alone, and beside a better one, for a target of numbers and one of classes."""
    random, select = np.random.default_rng(0), cells_of("select-features")
    methods = {"methods": ["univariate", "mutual_information", "importance", "rfe"]}
    table = pd.DataFrame({"odd": column, "good": random.normal(size=ROWS)})
    for target in (table["good"] * 2, np.where(table["good"] > 0, "a", "b")):
        both = table.assign(target=target)
        ranking = select.run(methods, table=both)["ranking"]
        assert ranking.loc[0, "column"] == "good"
        alone = select.run(methods, table=both.drop(columns="good"))
        assert alone["features"] == ([] if len(set(column)) == 1 else ["odd"])


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"target": pd.to_datetime(["2024", "2025"]), "a": [1, 2]}, r"`target` is a time \(datetime64.*make numbers"),
        ({"target": pd.to_timedelta([1, 2]), "a": [1, 2]}, r"`target` is a time \(timedelta64.*make numbers"),
        ({"target": ["a", "b"], "a": [1, 2]}, r"a class of its own in `target`"),
        ({"target": ["a", "b"]}, r"no column but `target`"),
    ],
)
def test_targets_that_cannot_be_learned_are_named(columns, said):
    """With what to do."""
    with pytest.raises(ValueError, match=said):
        cells_of("select-features").run(table=pd.DataFrame(columns))


def test_each_missing_and_each_extra_column_is_told(tmp_path):
    """In a row of its own, as the README says."""
    table = pd.DataFrame({name: range(4) for name in "abcd"})
    validate, place = cells_of("validate-data"), tmp_path / "schema.json"
    validate.run(table=table)["asked"].to_json(place)
    found = validate.run(
        {"schema": str(place), "strict": True, "fail": False}, table=table[["a", "b"]].assign(x=1, y=2)
    )
    told = found["failures"].set_index("column")["check"].to_dict()
    assert told == dict.fromkeys("cd", "is missing") | dict.fromkeys("xy", "is not in the schema")
    assert found["failing"] == 4
