"""
A user's morning with `mlrun-nb`: run, look, compare, run again, tidy up.

Commands and runs come from a helper, as they do for whoever has typed one before; `test_cli_cold` has the same without.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mlrun_nb.testing.requests import wait_for
from tests.acceptance.conftest import served
from tests.acceptance.session import write_notebook


@pytest.fixture
def session(warm_exports, tmp_path):
    """Return a session of the test's own, whose commands must come from the helper."""
    with served(tmp_path, warm_exports) as session:
        yield session


def test_a_run_reports_on_stdout_and_tells_its_progress_on_stderr(worked):
    """Results, artifacts and the next command to type; the log passes by."""
    _, said = worked
    out, err = said["second"].out, said["second"].err
    assert said["second"].code == 0
    assert re.match(r"✓ train [0-9a-f]{7} succeeded in .* · local · run \w{6}\n", out)
    assert "accuracy  0.9333  -0.03333" in out
    assert "epoch 1" in err
    assert re.search(r"\[\d/\d\] train: \d", err)


def test_json_is_one_object_and_nothing_else(worked):
    """Exactly the promised names, the values with their types."""
    run = worked[1]["first"].json
    assert (run["state"], run["parameters"], run["error"]) == ("succeeded", {"lr": 0.1, "epochs": 2}, None)
    assert run["results"] == {"accuracy": pytest.approx(0.96667, abs=1e-5)}
    assert [artifact["name"] for artifact in run["artifacts"]] == ["model"]


def test_a_failed_run_says_why_before_anything_else(worked):
    """Exit code 1; the cell, the exception, the frames of the user's own code."""
    said = worked[1]["failed"]
    assert said.code == 1
    assert said.out.splitlines()[0].startswith("✗ broken")
    assert "raised `ZeroDivisionError`: division by zero" in said.out.splitlines()[1]
    assert "----> 4 1 / (x - x)" in said.out
    assert "site-packages" not in said.out


def test_ci_gets_junit_and_a_summary(worked):
    """The files are there although the run failed."""
    folder = worked[0].folder
    suite = ET.parse(folder / "junit.xml").getroot()[0]
    assert (suite.get("failures"), suite.get("name")) == ("1", "broken")
    assert (folder / "summary.md").read_text().startswith("### ✗ broken failed after")


def test_the_history_is_newest_first(worked):
    """A line for each run; what failed has its reason below."""
    session, _ = worked
    out = session.type("runs").out
    assert re.search(r"✗ failed .*broken.*\n +.*ZeroDivisionError.*\n✓ succeeded .*train", out)
    assert max(map(len, out.splitlines())) <= 80


def test_the_history_can_be_narrowed_and_read_by_machines(worked):
    """`runs --json` is an array of what `run --json` prints."""
    session, said = worked
    listed = json.loads(session.type("runs", "--state", "succeeded", "--function", "train", "--json").out)
    assert [run["parameters"]["lr"] for run in listed] == [0.2, 0.1]
    assert listed[1] == said["first"].json


def test_show_tells_everything_about_a_run(worked):
    """Also what changed since the last good run."""
    session, _ = worked
    second = json.loads(session.type("runs", "train", "--limit", "1", "--json").out)[0]["id"]
    text = session.type("show", second[:6]).out
    assert "lr 0.1 → 0.2 since the last good run" in " ".join(text.split())
    assert "lr      0.2  was 0.1" in text
    assert "memory  " in text


def test_show_prints_the_source_of_a_function(worked):
    """What was captured comes with it, and it is a program."""
    session, _ = worked
    code = session.type("show", "train", "--code").out
    compile(code, "train", "exec")
    assert code.index("SCALE = 3") < code.index("def fit") < code.index("lr: float = 0.1") < code.index("accuracy =")


def test_diff_tells_what_changed_between_two_runs(worked):
    """Parameters and results."""
    session, _ = worked
    ids = [run["id"] for run in json.loads(session.type("runs", "train", "--json").out)]
    assert "lr  0.1  →  0.2" in session.type("diff", ids[1], ids[0]).out


def test_logs_are_what_the_run_printed(worked):
    """And nothing else."""
    session, said = worked
    assert session.type("logs", said["first"].json["id"]).out == "epoch 0\nepoch 1\n"


def test_an_artifact_is_listed_and_copied(worked, tmp_path):
    """Its content is the value that the cell had."""
    session, said = worked
    run = said["first"].json["id"]
    assert "model  json" in session.type("artifacts", run).out
    copied = session.type("artifacts", run, "model", "--to", str(tmp_path)).out.strip()
    assert json.loads(Path(copied).read_text()) == [0.1, 0.1]


def test_an_artifact_goes_below_a_folder_under_its_own_name(worked, tmp_path):
    """Also where only the slash says that it is one; a folder that is not there is made by nobody else either."""
    session, said = worked
    run, made = said["first"].json["id"], tmp_path / "made"
    refused = session.type("artifacts", run, "model", "--to", f"{made}/")
    assert refused.code != 0
    assert f"there is no folder `{made}` for `model.json`" in refused.err
    assert f"mkdir -p {made}" in refused.err
    assert not made.exists()
    made.mkdir()
    assert session.type("artifacts", run, "model", "--to", f"{made}/").out.strip() == str(made / "model.json")


def test_functions_are_listed_with_their_versions(worked):
    """Three runs of two functions."""
    session, _ = worked
    assert re.search(r"train@\w{7} +1 version +2 runs", session.type("functions").out)
    assert re.search(r"train@\w{7} +latest +2 runs", session.type("functions", "train").out)


def test_doctor_is_content_here(worked):
    """Everything that a run needs is installed."""
    said = worked[0].type("doctor")
    assert said.code == 0
    assert "All well" in said.out


@pytest.mark.parametrize(
    ("words", "offered"),
    [("show tr", "train"), ("runs --state fa", "failed"), ("run x --on lo", "local"), ("run hel", "hello.ipynb")],
)
def test_the_shell_completes_what_is_recorded(worked, words, offered):
    """TAB offers functions, states, engines, notebooks."""
    asked = {
        "COMP_WORDS": f"mlrun-nb {words}",
        "COMP_CWORD": str(len(words.split())),
        "_MLRUN_NB_COMPLETE": "bash_complete",
    }
    assert f"plain,{offered}" in worked[0].type(**asked).out


def test_the_shell_completes_run_ids(worked):
    """From the first characters."""
    run = str(worked[1]["first"].json["id"])
    asked = {"COMP_WORDS": f"mlrun-nb logs {run[:3]}", "COMP_CWORD": "2", "_MLRUN_NB_COMPLETE": "bash_complete"}
    assert f"plain,{run}" in worked[0].type(**asked).out


def test_a_notebook_runs_as_a_whole_and_again_with_changes(session):
    """`-f` gives parameters, `-p` wins over it, `rerun` keeps what it does not name."""
    (session.folder / "values.yaml").write_text("n: 1\nname: file\n")
    first = session.type("run", "hello.ipynb", "-f", "values.yaml", "-p", "n=3", "--json").json
    again = session.type("rerun", str(first["id"]), "-p", "n=1", "--json").json
    assert first["parameters"] == {"n": 3, "name": "file"}
    assert again["parameters"] == {"n": 1, "name": "file"}
    assert again["version"] == first["version"]


def test_a_run_leaves_the_notebook_and_a_report(session):
    """The executed notebook, and HTML without its code."""
    said = session.type(
        "run", "hello.ipynb", "-q", "--output-notebook", "out.ipynb", "--report", "r.html", "--report-no-code"
    )
    html = (session.folder / "r.html").read_text()
    assert re.fullmatch(r"\w{12}\n", said.out)
    assert "hello world 1" in (session.folder / "out.ipynb").read_text()
    assert "hello world 1" in html
    assert "range(n)" not in html


def test_a_gate_closes_on_a_bad_result_and_on_a_missing_one(session):
    """Exit code 1 although the run was good, and the reason in words."""
    low = session.type("run", "train.ipynb::train", "--fail-on", "accuracy<0.99", "--fail-on", "recall<1")
    assert low.code == 1
    assert "✓ train" in low.out
    assert "✗ fails on `accuracy<0.99`: `accuracy` is 0.96" in low.out
    assert "the run left no result `recall`" in low.out


def test_a_loss_that_diverged_stays_a_number(session):
    """Texts in JSON, numbers for gates and comparisons; NaN closes every gate, an infinity is a number."""
    write_notebook(
        session.folder / "d.ipynb", ["%%mlrun d --output loss --output best\nloss = best = float('inf')\nloss -= best"]
    )
    said = session.type("run", "d.ipynb::d", "--on", "inline", "--fail-on", "loss>1", "--fail-on", "best>1e308")
    assert "fails on `loss>1`: `loss` is NaN, which no number can be compared with" in said.out
    assert (said.code, "fails on `best>1e308`: `best` is Infinity" in said.out) == (1, True)
    again = session.type("run", "d.ipynb::d", "--on", "inline", "--fail-on", "best<1", "--json")
    assert (again.code, again.json["results"]) == (0, {"loss": "NaN", "best": "Infinity"})
    assert "Nothing differs" in session.type("diff", *(run["id"] for run in session.type("runs", "--json").json)).out


def test_ctrl_c_cancels_the_run_and_waits_for_its_end(session):
    """Exit code 130, and the history says cancelled."""
    with session.start("run", "train.ipynb::slow") as process:
        _wait_for(process, "begun")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "cancelling run" in err
    assert out.startswith("⊘ slow")
    (made,) = json.loads(session.type("runs", "--json").out)
    assert made["state"] == "cancelled"
    assert "  ⊘ slow " in session.type("show", str(made["id"])).out


@pytest.mark.parametrize("after_s", [0.0, 0.01, 0.02, 0.04, 0.06, 0.09, 0.15])
def test_ctrl_c_while_a_run_is_handed_over_ends_it_too(session, after_s):
    """Whatever was begun by then ends, and the history says so at once; nothing goes on unseen."""
    cell = "%%mlrun touch --output n\nimport time\ntime.sleep(30)\nn = 1\nopen('touched', 'w').close()"
    write_notebook(session.folder / "touch.ipynb", [cell])
    runs = session.folder / "home/runs"
    with session.start("run", "touch.ipynb::touch") as process:
        wait_for(lambda: list(runs.glob("*/*/request.json")), what="a run on its way")
        time.sleep(after_s)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    for run in json.loads(session.type("runs", "--json").out):  # none where nothing was recorded yet
        assert run["state"] == "cancelled"
        assert f"cancelling run {run['id'][:6]}" in err
        assert session.type("show", run["id"]).code == 0
    assert not list(session.folder.rglob("touched"))


def test_ctrl_c_twice_leaves_the_run_and_says_how_to_cancel(session):
    """Nobody has to wait for anything."""
    with session.start("run", "train.ipynb::slow") as process:
        _wait_for(process, "begun")
        process.send_signal(signal.SIGINT)
        _wait_for(process, "cancelling run")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "hint: `mlrun-nb cancel" in err


def test_a_detached_run_is_followed_and_cancelled_later(session):
    """`--detach` returns at once; `cancel --wait` ends it."""
    run = str(session.type("run", "train.ipynb::slow", "--detach", "--json").json["id"])
    assert session.type("show", run, "--json").json["state"] in {"pending", "running"}
    cancelled = session.type("cancel", run, "--wait")
    assert cancelled.code == 0
    assert session.type("show", run, "--json").json["state"] == "cancelled"


def test_gc_shows_what_would_go_and_deletes_nothing_unasked(session):
    """The newest good run stays, whatever the rule."""
    for _ in range(2):
        session.type("run", "hello.ipynb", "-q")
    shown = session.type("gc", "--keep", "0")
    assert (shown.code, "1 run, " in shown.out, "Nothing was removed" in shown.err) == (0, True, True)
    assert len(json.loads(session.type("runs", "--json").out)) == 2
    assert "freed" in session.type("gc", "--keep", "0", "--yes").out
    assert len(json.loads(session.type("runs", "--json").out)) == 1


def test_gc_shows_unused_environments_and_removes_them_when_told_to(session, wheel):
    """Bytes first; a run that wants one again gets it again."""
    write_notebook(session.folder / "r.ipynb", ["import brand_new\nprint(brand_new.MARK)"])
    run = ("run", "r.ipynb", "-q", "--requirement", wheel("brand_new", "MARK = 'here'"))
    assert session.type(*run).code == 0
    assert "Nothing to remove" in session.type("gc", "--environments", "30d").out
    [ready] = session.folder.glob("home/environments/*/ready.json")
    long_ago = time.time() - 45 * 86400
    os.utime(ready, (long_ago, long_ago))
    shown = session.type("gc", "--environments", "30d")
    assert re.search(r"^environments 1\n  \S+ .iB, unused for 45 d: brand_new @ file", shown.out)
    assert re.search(r"^1 environment, \S+ .iB$", shown.out, re.MULTILINE)
    assert ("Nothing was removed" in shown.err, ready.exists()) == (True, True)
    assert "freed" in session.type("gc", "--environments", "30d", "--yes").out
    assert not ready.exists()
    assert len(json.loads(session.type("runs", "--json").out)) == 1
    assert session.type(*run).code == 0
    assert ready.exists()


def test_a_pinned_run_stays_until_it_is_unpinned(session):
    """The mark in the history says why it is still there."""
    run = session.type("run", "hello.ipynb", "-q").out.strip()
    session.type("run", "hello.ipynb", "-q")
    pinned = session.type("gc", "--pin", run)
    assert (pinned.code, "pinned" in pinned.out) == (0, True)
    assert "Nothing to remove" in session.type("gc", "--keep", "0", "--yes").out
    assert f"{run[:6]} ⚑" in session.type("runs").out
    assert "⚑ pinned" in session.type("show", run).out.splitlines()[0]
    assert "freed" in session.type("gc", "--unpin", run, "--keep", "0", "--yes").out
    assert len(json.loads(session.type("runs", "--json").out)) == 1


def test_show_names_the_layer_that_each_setting_came_from(session):
    """A profile, the project's defaults, the environment, this run; the strongest that names an option."""
    (session.folder / "project.yaml").write_text(
        "defaults: {timeout: 2h, memory: 1Gi}\nprofiles: {big: {memory: 2Gi, cpu-limit: 4}}\n"
    )
    run = session.type("run", "hello.ipynb", "--on", "big", "--retries", "1", "-q", MLRUN_NB_CPU="0.5").out.strip()
    text = session.type("show", run).out.partition("\nSettings\n")[2].partition("\n\n")[0]
    assert (
        dict(re.findall(r"^ +(\S+) +\S.*?  +(\S.*)$", text, re.MULTILINE)).items()
        >= {
            "engine": "profile big",
            "memory": "profile big",
            "cpu-limit": "profile big",
            "timeout": "project.yaml",
            "cpu": "environment",
            "retries": "this run",
        }.items()
    )


CHANGED = ["F = [3, 1]", "x = 1\nF.sort()", "%%mlrun f --output y\ny = F[0]"]


def test_what_is_changed_in_place_is_data_and_that_is_said(session):
    """With cell and line, and nothing runs; either remedy that the hint names is one."""
    write_notebook(session.folder / "c.ipynb", CHANGED)
    said = session.type("run", "c.ipynb::f", "--on", "inline", "--json")
    assert said.code == 2
    assert "needs `F`, which is data of cell 1 (`F = [3, 1]`): `F` is changed by a call of `sort` in cell 2" in said.err
    assert (
        "hint: Add `--input F` to its `%%mlrun` line, or tag cell 1 and cell 2 `mlrun-setup` to take them whole."
        in said.err
    )
    notebook = json.loads((session.folder / "c.ipynb").read_text())
    for cell in notebook["cells"][:2]:
        cell["metadata"]["tags"] = ["mlrun-setup"]
    (session.folder / "s.ipynb").write_text(json.dumps(notebook))
    write_notebook(session.folder / "i.ipynb", [*CHANGED[:2], CHANGED[2].replace("%%mlrun f", "%%mlrun f --input F")])
    (session.folder / "F.json").write_text("[1, 3]")
    for words in (["s.ipynb::f"], ["i.ipynb::f", "--input", "F=F.json"]):
        assert session.type("run", *words, "--on", "inline", "--json").json["results"] == {"y": 1}


def test_progress_in_plain_lines_names_a_failed_attempt_by_its_number(session):
    """With its reason, and when the next one begins; short cells have one line."""
    write_notebook(session.folder / "dies.ipynb", ["a = 1", "import os\nos.kill(os.getpid(), 9)"])
    err = session.type("run", "dies.ipynb", "--retries", "1", "--backoff", "1s").err
    assert re.search(
        r"^attempt 1 failed, the kernel died .*, retry in 1 s\n(?:waiting: .*\n)*attempt 2$", err, re.MULTILINE
    )
    assert "[1/2] a = 1: started" not in err
    assert len(re.findall(r"^\[1/2\] a = 1: \d", err, re.MULTILINE)) == 2


def test_a_store_of_ones_own_needs_no_migration_by_hand(worked):
    """It was migrated when it was opened."""
    said = worked[0].type("doctor", "--migrate-store")
    assert (said.code, said.out.startswith("Nothing to do: the store `")) == (0, True)


def test_a_reader_that_goes_away_is_no_error(worked):
    """`mlrun-nb … | true` ends in silence, with the code of a broken pipe."""
    with worked[0].start("runs") as process:
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 141


def _wait_for(process, text):
    until = time.monotonic() + 60
    for line in process.stderr:
        if text in line:
            return
        assert time.monotonic() < until
    raise AssertionError(f"`{text}` was never said")
