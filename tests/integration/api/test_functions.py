"""Functions and their runs in Python: what a person types after `import mlrun_nb as mn`."""

from __future__ import annotations

import math
import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

import mlrun_nb as mn
from mlrun_nb.api.projects import project_in_force
from mlrun_nb.errors import NotFoundError, OptionError, OutputNotFound, ParameterError, UsageError
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import write_notebook
from tests.integration.api.conftest import CELLS

TRAIN = "train.ipynb::train"


def test_a_function_of_a_notebook_runs_and_its_run_tells_what_came_of_it(desk):
    """Parameters, results, artifacts, log, notebook and code."""
    run = mn.get_function(TRAIN).run(lr=0.3)
    assert (run.state, run.function, run.parameters) == ("succeeded", "train", {"lr": 0.3, "epochs": 2})
    assert run.results == {"accuracy": pytest.approx(0.9)}
    assert run.outputs.model.load() == run.artifacts["model"].load() == [0.3, 0.3]
    assert run.outputs["accuracy"] == run.outputs.accuracy == run.results["accuracy"]
    assert run.log() == "fitting\n"
    assert "def fit(lr, epochs)" in run.source
    assert "accuracy" in dir(run.outputs)
    assert nbformat.read(run.notebook, as_version=4).cells
    assert (run.error, run.reason, run.check()) == (None, "", run)
    assert run.duration_s > 0


def test_the_same_by_one_call_on_the_engine_that_was_named(desk):
    """A process of its own, and the same record."""
    run = mn.get_function(TRAIN, on="local").run(epochs=3)
    assert (run.engine, run.outputs.model.load()) == ("local", [0.1, 0.1, 0.1])
    assert mn.run(TRAIN, epochs=3).outputs.model.load() == [0.1, 0.1, 0.1]


def test_a_run_that_fails_is_an_error_that_carries_it(desk):
    """With the user's own traceback, as a notebook shows it, and the words of the run."""
    with pytest.raises(mn.RunFailed, match=r"of `broken` failed: cell \d .*ZeroDivisionError") as caught:
        mn.run("train.ipynb::broken")
    run = caught.value.run
    assert (run.state, run.error.ename, run.log()) == ("failed", "ZeroDivisionError", "before\n")
    shown = "\n".join(caught.value._render_traceback_())
    assert "1 / (x - x)" in shown
    assert "mlrun_nb/" not in shown
    assert shown.endswith(f"hint: {run.error.hint}")


def test_what_is_not_a_number_is_one_again(desk):
    """NaN travels as a text in JSON, and nobody has to know."""
    run = mn.run("train.ipynb::odd")
    assert math.isnan(run.results["worst"])
    assert [math.isnan(point.value) for point in run.metrics["loss"]] == [False, False, False, True]


def test_options_of_one_run_make_no_version(desk):
    """They stand before the call, where no parameter can clash with them; the function itself stays as it was."""
    train = mn.get_function(TRAIN)
    other = train.with_options(memory="1Gi", label={"team": "risk"}, on="local")
    run = other.run()
    assert (run.engine, run.labels, run.record.overrides) == ("local", {"team": "risk"}, {"memory": "1Gi"})
    assert run.version == train.version == train.run().version
    assert train.run().labels == {}


def test_a_tag_moves_to_what_runs_with_it(desk):
    """Also to a version that is recorded already."""
    train = mn.get_function(TRAIN)
    train.run()
    mn.get_function("train").with_options(tag="prod").run()
    assert mn.get_function("train:prod") == train


# (options of the call, what the error says, what its hint says)
REFUSED = [
    ({"memmory": "1Gi"}, "unknown option `memmory` in `with_options`", "`memory`"),
    ({"memory": "much"}, "`memory` in `with_options`", "16Gi"),
    ({"output": "x"}, "takes no option `output`", "where the function is made"),
    ({"param": {"lr": "1"}}, "takes no option `param`", "`train.run(lr=0.2)`"),
    ({"detach": True}, "takes no option `detach`", "submit"),
]


@pytest.mark.parametrize(("options", "message", "hint"), REFUSED)
def test_an_option_that_means_nothing_is_refused_with_what_to_do(desk, options, message, hint):
    """The same table as everywhere, the same checks."""
    with pytest.raises(OptionError, match=message) as caught:
        mn.get_function(TRAIN).with_options(**options)
    assert hint in caught.value.hint


# (arguments, what the error says, what its hint says)
MISTAKEN = [
    ({"lrr": 1}, "`total` takes no `lrr`", "It takes: factor: int = 1, input rows"),
    ({"factor": "many", "rows": [1]}, "parameter `factor` is `int` and cannot be `many`", "factor"),
    ({}, "`total` needs a value for the input `rows`", "`total.run(rows=…)`"),
    ({"rows": "none.csv"}, "there is no file `none.csv`", "path"),
]


@pytest.mark.parametrize(("arguments", "message", "hint"), MISTAKEN)
def test_an_argument_that_does_not_fit_leaves_no_trace(desk, arguments, message, hint):
    """Neither a run nor a value that was kept for one."""
    with pytest.raises(UsageError, match=message) as caught:
        mn.run("train.ipynb::total", **arguments)
    assert hint in caught.value.hint
    project = project_in_force()
    assert not project.config.runs.exists()
    assert not Path(project.config.inputs).exists()


def test_a_parameter_without_a_default_has_to_be_given(desk):
    """The hint is the call to type."""
    write_notebook(desk / "n.ipynb", ["%%mlrun f --output y\nx: int\ny = x"])
    with pytest.raises(ParameterError, match="`f` needs a value for `x: int`") as caught:
        mn.run("n.ipynb::f")
    assert caught.value.hint == "Write `f.run(x=…)`."
    assert mn.run("n.ipynb::f", x=3).results == {"y": 3}


def test_an_input_is_a_value_a_file_or_what_a_run_left(desk):
    """A value is kept once, however often it is given."""
    (desk / "rows.json").write_text("[10, 20]")
    total = mn.get_function("train.ipynb::total")
    made = mn.run(TRAIN).outputs.model
    given = [[1, 2], [1, 2], "rows.json", desk / "rows.json", made]
    answers = [total.run(rows=rows).results["answer"] for rows in given]
    assert answers == [3, 3, 30, 30, pytest.approx(0.2)]
    kept = [path for path in Path(project_in_force().config.inputs).rglob("*") if path.is_file()]
    assert len(kept) == 1
    with pytest.raises(mn.MlrunNbError, match="`rows`"):
        total.run(rows=(value for value in (1, 2)))


def test_numbers_of_numpy_are_numbers(desk):
    """People compute parameters."""
    import numpy as np

    run = mn.run(TRAIN, lr=np.float32(0.5), epochs=np.int64(1))
    assert run.parameters == {"lr": 0.5, "epochs": 1}


def test_versions_and_their_differences(desk):
    """The newest first, each a function that can be run as it was."""
    first = mn.run(TRAIN)
    changed = [cell.replace("epochs: int = 2", "epochs: int = 5") for cell in CELLS]
    write_notebook(desk / "train.ipynb", changed)
    train = mn.get_function(TRAIN)
    train.run()
    assert [each.version for each in train.versions()] == [train.version, first.version]
    assert train.diff().summary == "epochs default 2 → 5"
    assert train.diff().parameters == {"epochs": ("epochs: int = 2", "epochs: int = 5")}
    assert train.diff("latest").summary == "nothing changed"
    assert train.versions()[1].run().outputs.model.load() == [0.1, 0.1]
    assert "-    epochs" not in train.diff().code
    assert "+epochs: int = 5" in train.diff().code
    with pytest.raises(NotFoundError, match="is the first version of `train`"):
        train.versions()[1].diff()


def test_an_older_version_that_runs_again_does_not_become_the_latest(desk):
    """`latest` is what was recorded last, not what ran last."""
    old = mn.get_function(TRAIN)
    old.run()
    write_notebook(desk / "train.ipynb", [cell.replace("SCALE = 3", "SCALE = 4") for cell in CELLS])
    new = mn.get_function(TRAIN)
    new.run()
    old.run()
    assert mn.get_function("train").version == new.version != old.version


def test_the_composed_notebook_is_an_ordinary_one(desk):
    """To look at, or to hand to papermill."""
    composed = mn.get_function(TRAIN).notebook(desk / "composed.ipynb")
    written = nbformat.read(desk / "composed.ipynb", as_version=4)
    nbformat.validate(written)
    assert len(composed["cells"]) == len(written.cells)


def test_a_function_of_cells_cannot_be_called(desk):
    """It would be a mistake for `run`, and the error says so."""
    with pytest.raises(UsageError, match="cannot be called") as caught:
        mn.get_function(TRAIN)(lr=0.1)
    assert "`train.run(…)`" in caught.value.hint


def test_outputs_of_the_function_are_those_of_its_newest_good_run(desk):
    """And there are none before one succeeded; a name that is not there is an attribute and a key that is missing."""
    train = mn.get_function(TRAIN)
    with pytest.raises(NotFoundError, match="no run of `train` has succeeded yet"):
        train.outputs.model  # noqa: B018  # the attribute is the call
    train.run(lr=0.5)
    assert train.outputs.model.load() == [0.5, 0.5]
    with pytest.raises(OutputNotFound, match="left no output `modle`") as caught:
        train.outputs.modle  # noqa: B018  # as above
    assert caught.value.hint == "Did you mean `model`? It left: accuracy, model."
    assert not hasattr(train.outputs, "modle")
    assert train.outputs.get("modle", 1) == 1


def test_a_run_again_changes_only_what_is_named(desk):
    """Same version, same inputs."""
    run = mn.run("train.ipynb::total", rows=[1, 2], factor=2)
    again = run.rerun(factor=10)
    assert (again.results, again.version) == ({"answer": 30}, run.version)
    assert again.rerun(rows=[5]).results == {"answer": 50}


def test_a_run_is_found_again_pinned_and_handed_to_another_process(desk):
    """By its id, the beginning of it, or as the last; equal wherever it was found."""
    run = mn.run(TRAIN)
    assert mn.get_run(run.id) == mn.get_run(run.id[:6]) == mn.get_run("last") == run
    assert (run.pin().record.pinned, run.pin(pinned=False).record.pinned) == (True, False)
    assert pickle.loads(pickle.dumps(run)) == run
    code = "import sys, pickle; print(pickle.load(sys.stdin.buffer).results['accuracy'])"
    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(run), capture_output=True, check=True)
    assert float(done.stdout) == run.results["accuracy"]
    with pytest.raises(NotFoundError):
        mn.get_run("zzzzzz")


def test_a_forked_child_has_connections_and_a_watcher_of_its_own(desk):
    """Objects of the parent work there, and the parent's go on working."""
    slow = mn.get_function("train.ipynb::slow", on="local")
    watched = slow.submit(seconds=60)
    store = project_in_force().store
    child = os.fork()
    if child == 0:
        try:
            done = slow.submit(seconds=0).result(60).results["done"]
            os._exit(0 if done and project_in_force().store is not store else 1)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert watched.cancel()
    assert watched.wait(60).state == "cancelled"


def test_one_project_is_open_for_one_configuration(desk):
    """However many threads ask; another folder or another text of the settings is another project."""
    with ThreadPoolExecutor(8) as pool:
        projects = list(pool.map(lambda _: project_in_force(), range(32)))
        stores = {id(store) for store in pool.map(lambda project: project.store, projects)}
    assert (len(set(projects)), len(stores)) == (1, 1)
    (desk / "project.yaml").write_text("name: other\n")
    assert project_in_force() is not projects[0]
    assert list(mn.runs()) == []


def test_what_would_be_missed_is_said_once(desk, capfd):
    """Before the run, on stderr; a loop over parameters does not repeat it."""
    train = mn.get_function(TRAIN).with_options(gpu=1)
    train.run()
    assert "notice: `--gpu 1`" in capfd.readouterr().err
    train.run(lr=0.2)
    assert capfd.readouterr().err == ""


INTERRUPTED = """
import mlrun_nb as mn
try:
    mn.get_function("train.ipynb::slow", on="local").run()
except KeyboardInterrupt as interrupt:
    print(interrupt, "".join(interrupt._render_traceback_()))
"""


def test_ctrl_c_cancels_the_run_and_says_so(desk):
    """The run has ended as cancelled when the program goes on, and a loop around it is left."""
    working = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    run = wait_for(lambda: next(iter(mn.runs("slow", state="running")), None) if _recorded() else None, what="a run")
    wait_for(lambda: "begun" in run.log(), what="the first line of the log")
    os.kill(working.pid, signal.SIGINT)
    out, err = working.communicate(timeout=60)
    name = run.id[:6]
    assert err == f"cancelling run {name} and waiting for its end; Ctrl-C again leaves it\n"
    assert out == f"run {name}: cancelled KeyboardInterrupt: run {name}: cancelled\n"
    assert run.state == "cancelled"


def _recorded() -> bool:
    return bool(mn.functions())
