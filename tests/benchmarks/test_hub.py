"""What functions of the hub cost on a million rows, against the obvious lines of pandas; whole processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hub_cells import cells_of

pytestmark = pytest.mark.benchmark

ROWS = 1_000_000
MEASURED = """
import resource, sys, time
import matplotlib.figure, pandas, pyarrow.parquet, sklearn.linear_model
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
{code}
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
MADE = """
import joblib, numpy as np, pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
random = np.random.default_rng(0)
table = pd.DataFrame({{"id": np.arange({rows}), **{{f"number{{i}}": random.normal(size={rows}) for i in range(14)}}}})
table = table.assign(**{{f"whole{{i}}": random.integers(0, 1000, {rows}) for i in range(2)}})
table = table.assign(**{{f"text{{i}}": random.choice(["red", "green", "blue"], {rows}) for i in range(3)}})
table.to_parquet("table.parquet")
few = table.head(10_000).drop(columns="id")
encoder = make_column_transformer((OneHotEncoder(), ["text0", "text1", "text2"]), remainder="passthrough")
model = make_pipeline(encoder, LogisticRegression(max_iter=500)).fit(few, few["number0"] > 0)
joblib.dump(model, "model.joblib")
"""
DESCRIBED = """
import pandas as pd
from matplotlib import pyplot
table = pd.read_parquet("table.parquet")
print(table.describe(include="all"), table.isna().sum(), table.nunique(), table.duplicated().sum())
for name in table:
    figure, axes = pyplot.subplots()
    if table[name].dtype.kind in "if":
        axes.hist(table[name], bins=40)
    else:
        table[name].value_counts().plot.bar(ax=axes)
    figure.savefig(f"{name}.png")
    pyplot.close(figure)
"""
PREDICTED = """
import joblib, pandas as pd
model, table = joblib.load("model.joblib"), pd.read_parquet("table.parquet")
features = table[list(model.feature_names_in_)]
scored = table[["id"]].assign(prediction=model.predict(features))
scored[[f"probability_{name}" for name in model.classes_]] = model.predict_proba(features)
scored.to_parquet("scored.parquet")
"""


SCORED = {"source": "table.parquet", "keep": ["id"], "probabilities": True, "to": "ours.parquet"}


class Cost(NamedTuple):
    """What a process took: seconds, and MiB beyond what its libraries take."""

    seconds: float
    mib: float


def cost(code: str, folder: Path) -> Cost:
    """Return the cost of *code* in a process of its own; the least of three."""
    script = MEASURED.format(code=code)
    ends = [
        subprocess.run([sys.executable, "-c", script], cwd=folder, check=True, capture_output=True, text=True).stdout
        for _ in range(3)
    ]
    found = [tuple(map(float, end.splitlines()[-1].split())) for end in ends]
    return Cost(min(seconds for seconds, _ in found), min(size for _, size in found) / 1024)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return a folder with a table of 20 columns and a model for it."""
    place: Path = tmp_path_factory.mktemp("million")
    subprocess.run([sys.executable, "-c", MADE.format(rows=ROWS)], cwd=place, check=True)
    return place


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["describe", "predict"])
def test_a_million_rows_against_pandas(folder: Path, name: str):
    """The same report, the same file; goal half the seconds, and for `predict` a third of the memory."""
    before, values, theirs = {
        "describe": ('import pandas as pd\ntable = pd.read_parquet("table.parquet")', {}, DESCRIBED),
        "predict": ('import joblib\nmodel = joblib.load("model.joblib")', SCORED, PREDICTED),
    }[name]
    ours, other = cost(cells_of(name).script(before, values), folder), cost(theirs, folder)
    print(
        f"\n{name} on {ROWS:,} rows x 20 columns: {ours.seconds:.2f} s and {ours.mib:,.0f} MiB, pandas "
        f"{other.seconds:.2f} s and {other.mib:,.0f} MiB: {other.seconds / ours.seconds:.1f} times as fast, "
        f"{ours.mib / other.mib:.2f} of the memory"
    )
