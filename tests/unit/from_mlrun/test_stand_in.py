"""The package `mlrun` where there is none, in an interpreter of its own."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from mlrun_nb.engines.travelling import package
from mlrun_nb.from_mlrun.context import MLClientCtx
from mlrun_nb.from_mlrun.data_item import DataItem
from mlrun_nb.from_mlrun.logger import Logger
from mlrun_nb.from_mlrun.stand_in import _CONTENTS

INSTALL = "from mlrun_nb.from_mlrun.stand_in import install\ninstall()\n"

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "import-from-mlrun.md"


def ran(code: str, folder: Path) -> str:
    """Return what *code* prints in a fresh interpreter that works in *folder*."""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def caught(code: str, folder: Path) -> str:
    """Return the error of ours that *code* ends with."""
    lines = ["import mlrun", "from mlrun_nb.errors import UsageError", "from mlrun_nb.from_mlrun.start import *"]
    lines += ["try:", f"    {code}", "except UsageError as error:", "    print(error)"]
    return ran(INSTALL + "\n".join(lines), folder)


WORKS = [
    "import mlrun.artifacts.plotting",
    "from mlrun.platforms.iguazio import mount_v3io",
    "import mlrun; mlrun.artifacts.ModelArtifact('m')",
    "import mlrun; mlrun.utils.logger.info('hello', a=1)",
    "from mlrun import get_or_create_ctx as begin; assert begin() is not begin()",
    "from mlrun.execution import MLClientCtx; import mlrun; assert MLClientCtx is mlrun.MLClientCtx",
    "import mlrun.feature_store as f\ndef g(x: f.FeatureVector | None, y: 'f.X' = None) -> list[f.Y]: ...",
    "import mlrun\nclass A(mlrun.some.Base):\n    pass",
    "import mlrun; assert not isinstance(1, mlrun.runtimes.KubejobRuntime)",
    "import mlrun; assert mlrun.__version__ > '1.1'; assert not hasattr(mlrun, '__author__')",
    "import mlrun; repr(mlrun.code_to_function)",
    "import mlrun\n@mlrun.handler\ndef a(): return 1\n@mlrun.handler(outputs=[])\ndef b(): return 2\nassert b() > a()",
    "from mlrun import *; assert DataItem",
    "from mlrun.errors import MLRunNotFoundError as a; import mlrun; assert mlrun.errors.MLRunNotFoundError is a",
    "from mlrun import feature_store as f; assert f.common.feature_separator == '.'; repr(f.FeatureSet)",
    "import mlrun; assert mlrun.datastore.parse_store_uri('a.csv') == (None, '')",
    "from mlrun.datastore import parse_store_uri as p; assert p('store://models/p/k') == ('models', 'p/k')",
    "from mlrun.utils.helpers import create_class; assert create_class('collections.Counter')('a')['a'] == 1",
    "from mlrun.datastore import DataItem; assert DataItem(url='a.csv').meta is None",
    "install(); import sys; assert sum(type(f).__module__.startswith('mlrun_nb') for f in sys.meta_path) == 1",
]


@pytest.mark.parametrize("code", WORKS)
def test_what_stands_at_the_top_of_a_file_works(code: str, tmp_path: Path):
    """Imports, annotations, classes and decorators, whether the thing itself is there or not."""
    ran(INSTALL + code, tmp_path)


REFUSED = [
    ("mlrun.code_to_function('f')", "mlrun.code_to_function"),
    ("bool(mlrun.mlconf.dbpath)", "mlrun.mlconf.dbpath"),
    ("list(mlrun.runs)", "mlrun.runs"),
    ("len(mlrun.runs)", "mlrun.runs"),
    ("str(mlrun.mlconf.artifact_path)", "mlrun.mlconf.artifact_path"),
    ("setattr(mlrun.mlconf, 'dbpath', 'x')", "mlrun.mlconf.dbpath"),
    ("type('A', (), {}); import types; types.new_class('B', (mlrun.some.Base,))()", "mlrun.some.Base"),
]


@pytest.mark.parametrize(("code", "name"), REFUSED)
def test_what_is_used_and_not_there_is_named(code: str, name: str, tmp_path: Path):
    """As it is called in MLRun."""
    assert caught(code, tmp_path).startswith(f"`{name}` is of MLRun, which is not installed")


USES = [
    ("context.log_hyper('x')", "the stand-in for MLRun's `MLClientCtx` has no `log_hyper`", "log_dataset, log_metric"),
    ("context.get_input('d.csv').upload()", "the stand-in for MLRun's `DataItem` has no `upload`", "as_df, download"),
    ("mlrun.artifacts.Artifact('x').viewer", "the stand-in for MLRun's `Artifact` has no `viewer`", "target_path"),
    ("mlrun.get_dataitem('store://datasets/x')", "is an address that MLRun's server follows", "target_path"),
    ("context.get_input('gone.csv').as_df()", "input `gone.csv`: there is no file", "right path"),
    ("mlrun_item('gone.csv').as_df()", "input `gone.csv`: there is no file", "begins at the folder"),
    ("context.get_input('d.yaml').as_df()", "cannot be read as a table by its suffix `yaml`", "format='csv'"),
    ("context.log_artifact('gone')", "there is no file or folder `gone`", "body=value"),
    ("context.set_state(error='no data')", "`made` says that it failed: no data", "what it printed"),
    ("mlrun.artifacts.get_model('.', '.nothing')", "whose name ends in `.nothing`", "path of its file"),
]


@pytest.mark.parametrize(("use", "message", "hint"), USES, ids=[use for use, _, _ in USES])
def test_what_cannot_be_done_is_an_error_in_our_words(use: str, message: str, hint: str, tmp_path: Path):
    """Where it is done, with what there is or what to do instead."""
    (tmp_path / "d.yaml").touch()
    said = caught(f"with mlrun_context('made') as context: {use}", tmp_path)
    assert message in said.split("hint: ")[0]
    assert hint in said.split("hint: ")[1]


def test_a_package_that_is_installed_is_left_alone(tmp_path: Path):
    """Before it was imported, and after."""
    (tmp_path / "mlrun").mkdir()
    (tmp_path / "mlrun" / "__init__.py").write_text("REAL = True")
    assert ran(f"{INSTALL}import mlrun\nprint(mlrun.REAL)", tmp_path) == "True\n"
    assert ran(f"import mlrun\n{INSTALL}print(mlrun.REAL)", tmp_path) == "True\n"
    code = f"{INSTALL}import mlrun.feature_store"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError" in done.stderr


def test_it_is_light(tmp_path: Path):
    """Every imported function has it in its first cell."""
    heavy = [
        "pandas",
        "numpy",
        "fsspec",
        "yaml",
        "jupytext",
        "nbformat",
        "sqlalchemy",
        "click",
        "rich",
        "papermill",
        "IPython",
    ]
    code = f"{INSTALL}import mlrun, mlrun_nb.from_mlrun.start, sys\nprint(*set({heavy}) & set(sys.modules))"
    assert ran(code, tmp_path) == "\n"


def test_it_travels_with_a_run_to_where_nothing_of_us_is(tmp_path: Path):
    """What an imported notebook's first cell names is in what a pod gets."""
    with tarfile.open(fileobj=io.BytesIO(package(needs_all=False))) as archive:
        archive.extractall(tmp_path, filter="data")
    code = f"{INSTALL}import mlrun, mlrun_nb, mlrun_nb.from_mlrun.start\nprint(mlrun_nb.__file__)"
    assert ran(code, tmp_path) == f"{tmp_path}/mlrun_nb/__init__.py\n"


def test_outside_a_run_a_handler_works_and_says_that_nothing_is_kept(tmp_path: Path):
    """As when its cell is run without `%%mlrun`."""
    code = """
import sys
from mlrun_nb.from_mlrun.start import mlrun_context, mlrun_item
sys.stderr = sys.stdout
assert mlrun_item(None) is None
with mlrun_context("f", parameters={"a": 1}, inputs={"t": "x.csv", "none": None}) as context:
    assert context.uid == "" and context.inputs["t"].url == "x.csv" and "none" not in context.inputs
    context.log_result("r", [1, 2])
    context.log_artifact("a", body="x")
    assert context.results == {"r": [1, 2]}
"""
    assert ran(code, tmp_path) == "mlrun_nb: not inside a run; what is logged here is not kept.\n"


def test_a_value_is_an_item_too(tmp_path: Path):
    """A table of the notebook: as itself, and as a file where a file is asked for."""
    code = """
import pandas as pd
from mlrun_nb.from_mlrun.start import mlrun_item, mlrun_value
table = pd.DataFrame({"x": [1, 2]})
item = mlrun_item(table, "t")
assert item.as_df().equals(table) and item.suffix == ".parquet"
item.as_df()["y"] = 1  # of whoever asked
assert list(item.as_df()) == list(table) == ["x"]
assert item.exists() and not mlrun_item("http://127.0.0.1:9/none.csv").exists()
assert pd.read_parquet(item.local()).equals(table) and item.local() == item.local()
table.to_csv("t.csv", index=False)
assert mlrun_item("t.csv").as_df().equals(table) and mlrun_value("t.csv").equals(table)
table.to_csv("t.tsv", index=False, sep="\\t")
assert mlrun_item("t.tsv").as_df().equals(table)
table.to_json("t.json")
assert mlrun_item("t.json").as_df().equals(table)
table.to_csv("t.csv.gz", index=False)
assert mlrun_item("t.csv.gz").as_df().equals(table)
assert mlrun_item(item) is item and repr(item) == "DataItem('t')"
item.show()
"""
    assert "x" in ran(code, tmp_path)


@pytest.mark.parametrize("kind", [MLClientCtx, DataItem, Logger], ids=lambda kind: kind.__name__)
def test_the_page_lists_what_there_is(kind: type):
    """A reader need not try."""
    named = set(re.findall(r"`(\w+)`", PAGE.read_text("utf-8")))
    assert {name for name in vars(kind) if not name.startswith("_")} - named == set()


@pytest.mark.parametrize("module", sorted(_CONTENTS))
def test_the_page_lists_what_can_be_imported(module: str):
    """And from where."""
    text = PAGE.read_text("utf-8")
    assert {name for name in _CONTENTS[module] if f"`{name}`" not in text} == set()


AUTO = """
from mlrun import get_or_create_ctx
from mlrun.frameworks.auto_mlrun import AutoMLRun
from sklearn.datasets import load_diabetes, load_wine
from sklearn.linear_model import LinearRegression, LogisticRegression
import joblib

x, y = load_wine(return_X_y=True)
context = get_or_create_ctx("a")
model = LogisticRegression(max_iter=10000)
handler = AutoMLRun.apply_mlrun(model, "wine", context=context, x_test=x[::2], y_test=y[::2], artifacts=[])
assert handler.model.fit(x, y) is model
assert context.results["accuracy"] > 0.9 and set(context.results) == {
    "accuracy", "f1_score", "precision_score", "recall_score"
}
assert [each.key for each in context.artifacts] == ["wine"]
model.fit(x, y)
assert len(context.artifacts) == 1  # once
joblib.dump(model, "wine.joblib")
back = AutoMLRun.load_model("wine.joblib", context=context)
again = get_or_create_ctx("b")
AutoMLRun.apply_mlrun(back.model, context=again, y_test=y, model_path="wine.joblib")
back.model.predict(x)
assert again.results["accuracy"] > 0.9 and again.artifacts == []
x, y = load_diabetes(return_X_y=True)
third = get_or_create_ctx("c")
AutoMLRun.apply_mlrun(LinearRegression(), context=third, x_test=x, y_test=y).model.fit(x, y)
assert abs(third.results["root_mean_squared_error"] ** 2 - third.results["mean_squared_error"]) < 1e-6
print("all of it")
"""


def test_a_model_logs_itself_as_it_is_fitted(tmp_path: Path):
    """With what it is worth on rows held out; a model that was read is judged by what it predicts."""
    assert ran(INSTALL + AUTO, tmp_path) == "all of it\n"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("mlrun.utils.create_class('collections.Nothing')", "`collections.Nothing` names nothing"),
        ("mlrun.utils.create_class('Nothing')", "`Nothing` names nothing"),
        ("mlrun.feature_store.common.parse_feature_string('a')", "names no feature"),
        ("mlrun.frameworks.auto_mlrun.AutoMLRun.load_model('a.bin')", "is no model"),
    ],
)
def test_what_names_nothing_is_said(code: str, said: str, tmp_path: Path):
    """With the form that is wanted."""
    (tmp_path / "a.bin").write_text("x")
    assert said in caught(code, tmp_path)
