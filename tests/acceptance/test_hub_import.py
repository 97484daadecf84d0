"""`mlrun-nb hub import`: functions of MLRun that are imported, read and run."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.session import Said, Session
from tests.unit.imports.cases import CASES, DATA, document

FILES = {
    "holes.csv": "x,y\n1,2\n2,4\n3,\n,\n",
    "line.csv": "x,y\n1,2\n2,4\n3,6\n",
    "kinds.csv": "kind\na\na\nb\n",
    "words.txt": "The cat the dog",
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Return somebody with a few files and a home that all imports of this module share."""
    folder = tmp_path_factory.mktemp("imports")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return Session(folder, {"API_TOKEN": "t", "PASSWORD": "p"})


def import_case(session: Session, case: str, suffix: str = ".ipynb") -> str:
    """Import the folder *case* and return what is run: the notebook's path, and the function where it has one."""
    said = session.type("hub", "import", str(DATA / case), "--to", f"{case}{suffix}", "--force", "--json")
    assert said.code == 0, said.err
    function = said.json["function"]
    return f"{case}{suffix}::{function}" if function else f"{case}{suffix}"


def kinds(said: Said) -> dict[str, str]:
    """Return the artifacts of a run with their kinds."""
    artifacts = said.json["artifacts"]
    assert isinstance(artifacts, list)
    return {each["name"]: each["kind"] for each in artifacts}


RUNS: dict[str, tuple[str, dict[str, object], dict[str, str]]] = {
    "tidy-table": (
        "--input table=holes.csv",
        {"dropped": 1, "rows": 3, "share": 0.75},
        {"tidied": "parquet"},
    ),
    "shares": ("--input table=kinds.csv", {"largest": 0.667}, {"counts": "parquet"}),
    "word-count": ("--input text=words.txt -p at_least=2", {"words": 4, "suffix": ".txt"}, {"counts": "file"}),
    "score": ("-p first=1 -p second=3", {"mean": 2.0}, {}),
    "all-defaults": (
        "-p pair=[3,4]",
        {
            "said": "[\"a 'quoted' text\", 7, -0.001, False, None, ['a', 'b'], {'a': 1}, (3, 4), 'x', "
            "5, 10, 0.5, None, 'named']",
            "is_pair": True,
        },
        {},
    ),
    "decorated": (
        "--input data=line.csv -p other=line.csv",
        {"middle": 1},
        {"first_half": "parquet", "second_half": "parquet"},
    ),
    "script": ("-p factor=2 -p title=x", {"total": 12, "day": "monday", "title": "x"}, {"note.txt": "file"}),
    "with-main": ("-p number=4", {"doubled": 8}, {}),
    "counter": ("", {"result": 12}, {}),
    "train-line": (
        "--input dataset=line.csv",
        {"line.error": 0.0, "slope": 2.0},
        {"line": "file", "points": "parquet", "rows_of": "json", "table": "parquet"},
    ),
    "plots": (
        "--input data=line.csv -p extra=holes.csv",
        {"has_extra": True, "extra_rows": 4},
        {"line": "figure", "page": "file"},
    ),
    "spread": ("-p numbers=[3,4]", {"sum": 25}, {"dask-performance-report": "file"}),
    "ranks": ("", {"steps": 2}, {}),
    "sparkling": ("-p limit=3", {"rows": 3}, {}),
    "server": ("", {}, {}),
    "events": ('-p body={"name":"ana"}', {"result": "hello ana"}, {}),
    "remote-answer": ("-p body=abc", {"result": '{"method": "POST", "size": 3}'}, {}),
    "bricks": ("", {"result": 2}, {}),
    "windows": ("-p first=b", {"joined_text": "bü1False"}, {}),
    "in-the-way": ("", {}, {"test_set": "json"}),
    "hints": ("", {"total": 6}, {"parts": "json", "report": "file"}),
}
NOT_HERE = {"kubernetes"}
"""Those with a secret of a cluster; their report is looked at instead."""


def test_each_function_is_run_or_looked_at():
    """None is forgotten."""
    assert {*RUNS, *NOT_HERE} == set(CASES)


@pytest.mark.parametrize("case", RUNS)
def test_an_imported_function_runs(session: Session, case: str):
    """And leaves what it left in MLRun."""
    words, results, artifacts = RUNS[case]
    said = session.type("run", import_case(session, case), *words.split(), "--json")
    assert said.code == 0, said.err
    assert said.json["results"] == results
    assert kinds(said) == artifacts


@pytest.mark.parametrize("suffix", [".py", ".md"])
def test_a_function_in_another_form_runs(session: Session, suffix: str):
    """As a script and as Markdown."""
    target = import_case(session, "word-count", suffix)
    said = session.type("run", target, "--input", "text=words.txt", "--json")
    assert said.code == 0, said.err
    assert said.json["results"] == {"words": 4, "suffix": ".txt"}


def test_a_notebook_takes_the_name_of_the_function_and_is_not_replaced(tmp_path: Path):
    """The second time it has to be said."""
    session = Session(tmp_path)
    said = session.type("hub", "import", str(DATA / "shares" / "function.yaml"))
    assert said.code == 0, said.err
    assert "mlrun-nb run shares.ipynb::shares --input table=PATH" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    again = session.type("hub", "import", str(DATA / "shares"))
    assert again.code == 2
    assert "is there already" in again.err
    assert session.type("hub", "import", str(DATA / "shares"), "--force").code == 0


@pytest.mark.parametrize("name", ["my shares.ipynb", "it's.ipynb"])
def test_the_next_command_can_be_pasted(tmp_path: Path, name: str):
    """Whatever the notebook is called."""
    said = Session(tmp_path, {"COLUMNS": "200"}).type("hub", "import", str(DATA / "shares"), "--to", name)
    assert said.code == 0, said.err
    (command,) = (line for line in said.out.splitlines() if "mlrun-nb run" in line)
    assert shlex.split(command.partition("  run it")[0]) == [
        "mlrun-nb", "run", f"{name}::shares", "--input", "table=PATH"
    ]  # fmt: skip


def test_the_report_is_one_that_a_person_can_work_through(session: Session):
    """All of it, line by line."""
    said = session.type("hub", "import", str(DATA / "kubernetes"), "--to", "k.ipynb", COLUMNS="100")
    assert said.code == 0, said.err
    assert said.out == (Path(__file__).parents[1] / "unit" / "imports" / "golden" / "report.txt").read_text("utf-8")
    assert "not-to-be-copied" not in (session.folder / "k.ipynb").read_text()


def test_an_imported_notebook_runs_under_plain_papermill(session: Session):
    """It is an ordinary one, in which `%%mlrun` is a cell magic that was loaded."""
    import_case(session, "word-count")
    notebook = json.loads((session.folder / "word-count.ipynb").read_text())
    load = {**notebook["cells"][-1], "id": "load", "source": "%load_ext mlrun_nb\ntext = 'words.txt'"}
    notebook["cells"].insert(-1, load)
    (session.folder / "whole.ipynb").write_text(json.dumps(notebook))
    command = [sys.executable, "-m", "papermill", "whole.ipynb", "out.ipynb"]
    done = subprocess.run(
        command, cwd=session.folder, env=session.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "succeeded" in (session.folder / "out.ipynb").read_text()


SURFACE = """
import os

import mlrun
import mlrun.feature_store as fstore
from mlrun.artifacts import Artifact, DatasetArtifact, PlotlyArtifact
from mlrun.errors import MLRunInvalidArgumentError


def f(context, table: mlrun.DataItem, note: "mlrun.DataItem" = None, lr: float = 0.1, vector: fstore.Vector = None):
    assert (context.name, context.project, context.iteration) == ("made", "default", 0)
    assert len(context.uid) == 12
    assert context.parameters == {"lr": lr}
    assert context.get_param("lr") == lr
    assert mlrun.get_or_create_ctx("other") is context
    assert context.inputs["table"] is context.get_input("table") is table
    assert (table.key, table.suffix, table.kind, str(table)) == ("table", ".csv", "file", table.url)
    assert table.url.endswith("line.csv") and os.path.samefile(table.local(), "line.csv")
    assert table.get(size=1) == b"x" and table.get(encoding="utf-8").startswith("x,y")
    assert table.get(size=1, offset=2) == b"y"
    assert list(table.as_df(columns=["y"])["y"]) == [2, 4, 6]
    assert list(table.as_df(usecols=["x"]).columns) == ["x"]
    assert table.exists() and not context.get_dataitem("nowhere.csv").exists()
    table.download(context.artifact_subpath("copy.csv"))
    assert "line.csv" in context.get_dataitem(".").ls()
    assert context.get_secret("API_TOKEN") == "t"
    with table.open("r") as file:
        assert file.readline() == "x,y\\n"
    context.log_metrics({"loss": 0.5})
    context.log_artifact("copied", local_path="copy.csv")
    context.log_artifact(Artifact("bytes", body=b"abc", format="dat"))
    context.log_artifact(DatasetArtifact("data", df=table.as_df()))
    logged = context.log_artifact("text", body="a text")
    assert logged.target_path.endswith("text.txt") and context.get_cached_artifact("text") is logged
    context.log_model("model", body=b"weights", model_file="model.bin", metrics={"auc": 0.9})
    context.set_annotation("a", 1)
    context.set_label("b", 2)
    assert (context.annotations, context.labels) == ({"a": "1"}, {"b": "2"})
    context.set_logger_level("debug")
    context.logger.debug("seen", value=1)
    context.set_hostname("h")
    context.update_artifact(logged)
    context.commit("done")
    assert context.to_dict()["spec"]["parameters"] == {"lr": lr}
    try:
        raise MLRunInvalidArgumentError("x")
    except mlrun.errors.MLRunInvalidArgumentError:
        pass
    if vector is not None:
        fstore.get_offline_features(vector)
"""


def run_code(session: Session, code: str, *words: str) -> Said:
    """Run the function `f` of *code* after its import."""
    (session.folder / "made.yaml").write_bytes(document(code, default_handler="f"))
    said = session.type("hub", "import", "made.yaml", "--force")
    assert said.code == 0, said.err
    return session.type("run", "made.ipynb::made", *words, "--json")


def test_a_context_and_an_item_do_what_they_say(session: Session):
    """Each member that the page lists is asked for."""
    said = run_code(session, SURFACE, "--input", "table=line.csv")
    assert said.code == 0, said.err
    assert kinds(said) == dict.fromkeys(("copied", "bytes", "text", "model"), "file") | {"data": "parquet"}
    assert said.json["results"] == {"model.auc": 0.9}
    assert "[debug] seen value=1" in said.err


LEFT = """
from pathlib import Path


def f(context):
    for name in (".ipynb_checkpoints/x.txt", "a\\nb.txt", "kept.txt"):
        path = Path(context.artifact_path, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    raise KeyError("mine")
"""


def test_files_that_cannot_be_kept_are_no_reason_to_fail(session: Session):
    """Hidden ones are passed over, of others it is said; the handler's own error stays the run's."""
    said = run_code(session, LEFT)
    assert said.code == 1
    error = said.json["error"]
    assert isinstance(error, dict)
    assert (error["ename"], error["evalue"]) == ("KeyError", "'mine'")
    assert kinds(said) == {"kept.txt": "file"}
    told = [line for line in said.err.splitlines() if "not kept" in line]
    assert len(told) == 1
    assert "b.txt" in told[0]
    assert run_code(session, LEFT.replace('raise KeyError("mine")', "pass")).code == 0


def test_what_the_stand_in_has_not_is_an_error_in_our_words(session: Session):
    """The run fails there, and its record says what there is instead."""
    said = run_code(session, "def f(context):\n    context.log_hyper('x')\n")
    assert said.code == 1
    error = said.json["error"]
    assert isinstance(error, dict)
    assert error["ename"] == "MlrunAbsent"
    assert str(error["evalue"]).startswith(
        "the stand-in for MLRun's `MLClientCtx` has no `log_hyper`\nhint: Do without it"
    )
    assert "log_dataset, log_metric" in str(error["evalue"])
