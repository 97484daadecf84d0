"""Values become files and come back equal, type included; what a format would change goes to the next one."""

from __future__ import annotations

import datetime as dt
import decimal
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from matplotlib.figure import Figure
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer

from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.artifacts.loading import load_artifact
from mlrun_nb.artifacts.saving import save_value
from mlrun_nb.errors import ArtifactError, UsageError

NOON = pd.Timestamp("2026-01-01 12:00", tz="Europe/Prague")


@pytest.fixture
def folder(tmp_path):
    """Where artifacts go."""
    return open_folder(tmp_path / "artifacts")


def _frame(**columns):
    return pd.DataFrame(columns)


def _objects(*values):
    return pd.Series(values, dtype=object)


FRAMES = {
    "plain": _frame(a=[1, 2], b=[0.5, np.nan], c=["x", None]),
    "empty": pd.DataFrame(),
    "named index": _frame(a=[1, 2]).set_index(pd.Index(["p", "q"], name="key")),
    "levels": _frame(a=[1, 2], b=["u", "v"], c=[1.0, 2.0]).set_index(["a", "b"]),
    "steps": _frame(a=[1, 2, 3]).set_index(pd.RangeIndex(5, 11, 2)),
    "categories": _frame(a=pd.Categorical(["lo", "hi"], categories=["lo", "hi", "max"], ordered=True)),
    "times": _frame(a=[NOON, pd.NaT], b=pd.to_timedelta([1, 2], unit="ms")),
    "periods": _frame(a=pd.period_range("2026-01", periods=2, freq="M")),
    "nullable": _frame(a=pd.array([1, None], "Int8"), b=pd.array([True, None], "boolean")),
    "small": _frame(a=np.array([1, 2], "uint16"), b=np.array([1, 2], "float32")),
    "objects that stay": _frame(a=_objects(dt.date(2026, 1, 1), None), b=_objects(b"x", b"y")),
    "decimals": _frame(a=_objects(decimal.Decimal("1.10"), decimal.Decimal("2.00"))),
}  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_table_keeps_index_and_types_as_parquet(folder, frame):
    """Nothing is converted on the way."""
    saved = save_value(frame, folder, "table")
    assert (saved.artifact.kind, saved.notices) == ("parquet", [])
    pd.testing.assert_frame_equal(load_artifact(saved.artifact), frame, check_freq=False)


CHANGED = {
    "numbers as names": (pd.DataFrame([[1, 2]]), "texts as column names"),
    "lists in cells": (_frame(a=[[1], [2, 3]]), "would change the objects"),
    "dicts in cells": (_frame(a=[{"x": 1}, {"y": 2}]), "would change the objects"),
    "mixed": (_frame(a=_objects(1, "x")), "would change the objects"),
    "complex": (_frame(a=[1j]), "cannot hold"),
    "one name twice": (pd.DataFrame([[1, 2]], columns=["a", "a"]), "different names"),
    "attributes": (pd.DataFrame({"a": [1]}).rename_axis(columns="top"), "name of the columns"),
}


@pytest.mark.parametrize(("frame", "reason"), CHANGED.values(), ids=CHANGED)
def test_a_table_that_parquet_would_change_is_pickled_and_that_is_said(folder, frame, reason):
    """Exactly as it was, with the reason in a notice."""
    saved = save_value(frame, folder, "table")
    assert saved.artifact.kind == "pickle"
    assert reason in saved.notices[0]
    pd.testing.assert_frame_equal(load_artifact(saved.artifact), frame)


VALUES = {
    # value, kind, suffix
    "pandas Series": (pd.Series([1.0, 2.0], name="y"), "parquet", "parquet"),
    "pandas Series without name": (pd.Series([1, 2]), "parquet", "parquet"),
    "polars DataFrame": (pl.DataFrame({"a": [1], "b": [["x", "y"]]}), "parquet", "parquet"),
    "polars Series": (pl.Series("s", [1, 2]), "parquet", "parquet"),
    "Arrow table": (pa.table({"a": [1, 2]}), "parquet", "parquet"),
    "array": (np.arange(6).reshape(2, 3), "npy", "npy"),
    "array of times": (np.array(["2026-01-01"], "datetime64[D]"), "npy", "npy"),
    "array of records": (np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]), "npy", "npy"),
    "array of objects": (np.array([{}, None], dtype=object), "pickle", "pkl"),
    "dict": ({"a": [1, 2.5, None, True, "ü"], "b": {}}, "json", "json"),
    "list": ([], "json", "json"),
    "dict with numbers as keys": ({1: "a"}, "pickle", "pkl"),
    "list with a tuple": ([(1, 2)], "pickle", "pkl"),
    "list with NaN": ([float("inf")], "pickle", "pkl"),
    "list with a lone surrogate": (["\ud800"], "pickle", "pkl"),
    "list with 5000 digits": ([10**5000], "pickle", "pkl"),
    "tuple": ((1, 2), "pickle", "pkl"),
    "set": ({1, 2}, "pickle", "pkl"),
    "long text": ("é\r\n" * 9000, "text", "txt"),
    "bytes": (b"\0\1", "bytes", "bin"),
    "date": (dt.date(2026, 1, 1), "pickle", "pkl"),
    "function": (lambda x: x + 1, "pickle", "pkl"),
}


@pytest.mark.parametrize(("value", "kind", "suffix"), VALUES.values(), ids=VALUES)
def test_a_value_comes_back_as_it_was(folder, value, kind, suffix):
    """Kind, file name, type; bytes and digest belong together."""
    artifact = save_value(value, folder, "x").artifact
    assert (artifact.kind, artifact.uri.rpartition("/")[2], artifact.size) == (
        kind,
        f"x.{suffix}",
        folder.size(f"x.{suffix}"),
    )
    back = load_artifact(artifact)
    assert type(back) is type(value)
    assert _same(back, value)


def _same(left, right):
    if isinstance(left, pd.Series | pl.Series | pl.DataFrame | pa.Table):
        return left.equals(right) and getattr(left, "name", None) == getattr(right, "name", None)
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and bool((left == right).all())
    return left(1) == right(1) if callable(left) else left == right


@pytest.mark.parametrize("name", ["pandas Series", "polars DataFrame", "Arrow table", "array", "dict", "long text"])
def test_equal_values_have_equal_bytes(folder, name):
    """So that what has not changed is stored once."""
    value = VALUES[name][0]
    assert save_value(value, folder, "a").artifact.digest == save_value(value, folder, "b").artifact.digest


def test_a_deep_list_is_no_reason_to_fail(folder):
    """JSON gives up, pickle gives up, and the error says so."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ArtifactError, match="cannot be kept"):
        save_value(deep, folder, "deep")
    while deep:
        deep = deep[0]


def test_a_matplotlib_figure_is_a_picture_with_the_same_bytes_each_time(folder):
    """Also by one of its axes; no clock and no version in the file."""
    axes = Figure().add_subplot()
    axes.plot([1, 2])
    one, two = save_value(axes.figure, folder, "plots/one").artifact, save_value(axes, folder, "two").artifact
    assert one.previews == {"image/png": "plots/one.png"}
    assert one.digest == two.digest
    assert load_artifact(one).startswith(b"\x89PNG")


def test_a_plotly_figure_comes_back_and_has_a_page(folder):
    """JSON to read back, HTML to look at."""
    import plotly.graph_objects as go

    figure = go.Figure(go.Scatter(y=[1, 2]))
    artifact = save_value(figure, folder, "f").artifact
    assert (artifact.kind, artifact.previews) == ("plotly", {"text/html": "f.html"})
    assert load_artifact(artifact) == figure


def test_an_estimator_comes_back_without_pickle(folder):
    """skops, and its predictions are the same."""
    model = LogisticRegression().fit([[0], [1]], [0, 1])
    artifact = save_value(model, folder, "m").artifact
    assert artifact.kind == "skops"
    assert load_artifact(artifact).predict([[2]]) == [1]


class Odd(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type information
    """An estimator that skops does not know."""


def test_an_estimator_that_skops_does_not_know_is_a_joblib_pickle_and_warns(folder):
    """When it is loaded, and the notice says why."""
    saved = save_value(Odd(), folder, "m")
    assert saved.artifact.kind == "joblib"
    assert "skops does not know" in saved.notices[0]
    with pytest.warns(UserWarning, match="joblib pickle"):
        assert isinstance(load_artifact(saved.artifact), Odd)


def test_an_estimator_that_holds_a_function_of_the_notebook_keeps_the_function(folder, monkeypatch):
    """Joblib would write its name, and a run that does not capture the function could not read the model."""
    main = ModuleType("__main__")
    exec("def half(x): return [row[0] / 2 for row in x]", main.__dict__)
    monkeypatch.setitem(sys.modules, "__main__", main)
    saved = save_value(FunctionTransformer(main.__dict__["half"]), folder, "m")
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    assert load_artifact(saved.artifact).transform([[4]]) == [2]
    assert "skops" in saved.notices[0]


def test_a_file_is_copied_under_its_suffix(folder, tmp_path):
    """The original stays; the copy is what comes back."""
    (tmp_path / "roc.svg").write_text("<svg/>")
    artifact = save_value(tmp_path / "roc.svg", folder, "curve").artifact
    assert (artifact.kind, artifact.media_type) == ("file", "image/svg+xml")
    assert load_artifact(artifact).read_text() == "<svg/>"
    assert (tmp_path / "roc.svg").exists()


def test_a_folder_is_an_archive_with_the_same_bytes_each_time(folder, tmp_path):
    """Times and the order of the directory do not count."""
    top = tmp_path / "top"
    (top / "sub").mkdir(parents=True)
    (top / "sub" / "x.txt").write_text("1")
    one = save_value(top, folder, "one").artifact
    (top / "sub" / "x.txt").touch()
    assert one.digest == save_value(top, folder, "two").artifact.digest
    assert (load_artifact(one) / "sub" / "x.txt").read_text() == "1"
    assert zipfile.ZipFile(one.uri).namelist() == ["sub/x.txt"]


def test_what_cannot_be_kept_is_an_error_with_a_way_out(folder):
    """And no file is left."""
    with pytest.raises(ArtifactError, match=r"`lines` \(generator\) cannot be kept") as caught:
        save_value((x for x in "ab"), folder, "lines")
    assert "`mn.log_artifact(Path('lines.bin'))`" in caught.value.hint
    assert folder.names() == []


def test_a_path_that_is_not_there_is_named(folder):
    """It is not silently pickled as a path."""
    with pytest.raises(ArtifactError, match=r"there is no file `nowhere\.csv`"):
        save_value(Path("nowhere.csv"), folder, "x")


def test_a_name_that_leaves_the_folder_is_refused(folder):
    """Before anything is written."""
    with pytest.raises(UsageError, match="cannot be the name"):
        save_value(1, folder, "../x")


def test_no_library_is_imported_to_find_out_what_a_value_is():
    """Saving a dict does not load pandas."""
    import subprocess
    import sys

    code = """
import sys, tempfile
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.artifacts.saving import save_value
save_value({'a': 1}, open_folder(tempfile.mkdtemp()), 'x')
print(*{'pandas', 'numpy', 'pyarrow', 'polars', 'sklearn', 'matplotlib', 'cloudpickle', 'fsspec'} & set(sys.modules))
"""
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "\n"
