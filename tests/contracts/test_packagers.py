"""Every packager of ours passes the suite that third parties inherit."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import polars as pl
import pyarrow as pa
import pytest
from matplotlib.figure import Figure
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression

from mlrun_nb.artifacts.packagers import arrays, estimators, figures, frames, pickled, plain, registry
from mlrun_nb.testing.packager_contract import PackagerContract

LIBRARIES = (
    "pandas",
    "numpy",
    "pyarrow",
    "polars",
    "sklearn",
    "skops",
    "joblib",
    "matplotlib",
    "plotly",
    "cloudpickle",
)
MODEL = LogisticRegression().fit([[0.0], [1.0]], [0, 1])


class Ours(PackagerContract):
    """A packager of ours imports nothing heavy."""

    modules = LIBRARIES


class TestParquet(Ours):
    """Tables of three libraries."""

    packager = frames.Parquet()
    values = (
        pd.DataFrame({"a": [1, 2], "b": ["x", None]}),
        pd.DataFrame(),
        pd.Series([1.0], name="y"),
        pl.DataFrame({"a": [[1], []]}),
        pl.Series("s", [dt.date(2026, 1, 1)]),
        pa.table({"a": [1]}),
    )
    refused = (pd.DataFrame([[1]]), pd.DataFrame({"a": [{"x": 1}]}))

    def same(self, left, right):
        """As each library compares."""
        return (
            type(left) is type(right) and left.equals(right) and getattr(left, "name", 0) == getattr(right, "name", 0)
        )


class TestNpy(Ours):
    """Arrays."""

    packager = arrays.Npy()
    values = (np.arange(6).reshape(2, 3), np.array([]), np.array(1.5), np.array(["2026"], "datetime64[Y]"))
    refused = (np.array([{}], dtype=object),)

    def same(self, left, right):
        """Element by element, and the kind of elements."""
        return left.dtype == right.dtype and left.shape == right.shape and bool((left == right).all())


class TestMatplotlibFigure(Ours):
    """A picture, which comes back as its bytes."""

    packager = figures.MatplotlibFigure()
    values = (Figure(), Figure().add_subplot())

    def same(self, left, right):
        """What comes back is no figure."""
        return left == right if isinstance(right, bytes) else left.startswith(b"\x89PNG")


class TestPlotlyFigure(Ours):
    """A figure with a page beside it."""

    packager = figures.PlotlyFigure()
    values = (go.Figure(go.Scatter(y=[1, 2])), go.Figure())


class Odd(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type information
    """An estimator that skops does not know."""


class TestSkops(Ours):
    """Estimators that need no trust."""

    packager = estimators.Skops()
    values = (MODEL, KMeans())
    refused = (Odd(),)

    def same(self, left, right):
        """By what it has learnt."""
        return type(left) is type(right) and repr(left) == repr(right) and dir(left) == dir(right)


@pytest.mark.filterwarnings("ignore:.*is a joblib pickle")
class TestJoblib(Ours):
    """Other estimators."""

    packager = estimators.Joblib()
    values = (MODEL, Odd())
    same = TestSkops.same


class TestJsonFile(Ours):
    """Plain containers."""

    packager = plain.JsonFile()
    values = ({"a": [1, 2.5, None, True, "ü"]}, list[str](), dict[str, str]())
    refused = ({1: "a"}, [(1, 2)], [float("nan")], ["\ud800"])


class TestText(Ours):
    """Texts, also those that are no good Unicode."""

    packager = plain.Text()
    values = ("é\r\n", "", "\ud800")


class TestBytes(Ours):
    """Bytes."""

    packager = plain.Bytes()
    values = (b"\0\1", b"")


FILE = Path(__file__)


class TestFile(Ours):
    """The file that a path names; its copy comes back."""

    packager = plain.File()
    values = (FILE,)

    def same(self, left, right):
        """By content."""
        return left.read_bytes() == right.read_bytes()


class TestFolder(Ours):
    """The folder that a path names; a copy comes back."""

    packager = plain.Folder()
    values = (FILE.parent.parent / "corpus",)

    def same(self, left, right):
        """By names and content of its files."""
        return self._content(left) == self._content(right)

    @staticmethod
    def _content(top):
        return {path.relative_to(top): path.read_bytes() for path in top.rglob("*") if path.is_file()}


class TestCloudPickle(Ours):
    """Everything else."""

    packager = pickled.CloudPickle()
    values = (Fraction(1, 3), {1: (2, 3)}, {1, 2}, dt.date(2026, 1, 1))
    refused = ((number for number in (1, 2)),)
    takes_all = True


def test_no_packager_of_ours_is_left_out():
    """A new line in the registry needs a class here."""
    tested = {kind.packager.name for kind in Ours.__subclasses__()}
    assert tested == {registry._built_in(name).name for name in registry.BUILT_IN}
