"""A run in this process: same directory, same truth, and a debugger can open it."""

from __future__ import annotations

import io
import json
import os
import pdb  # noqa: T100  # what is tested
import subprocess
import sys
from pathlib import Path

import pytest

from mlrun_nb._lib.records import from_json
from mlrun_nb.model.run import RunResult
from mlrun_nb.model.settings import Environment, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.runner.in_process import execute_in_process


def test_it_writes_the_same_run_directory(make_run, capsys):
    """Events, log, executed notebook, result; and what is printed is seen."""
    run = make_run("x = 6\nprint('out')", "x * 7")
    result = execute_in_process(run.path)
    assert (result.state, result.error) == (RunState.SUCCEEDED, None)
    assert run.result == from_json(RunResult, json.loads((run.path / "result.json").read_text())) == result
    kinds = [event["type"] for event in run.events]
    assert kinds == ["run_started", *["cell_started", "cell_finished"] * 2, "run_ended"]
    assert run.log == "out\n42\n"
    assert run.output["cells"][1]["outputs"][0]["data"] == {"text/plain": ["42"]}
    assert capsys.readouterr().out == "out\n42\n"


def test_the_cell_that_was_interrupted_was_cancelled(make_run):
    """It has not failed: somebody ended the run."""
    run = make_run("x = 1", "raise KeyboardInterrupt", "x = 3")
    result = execute_in_process(run.path)
    assert result.state is RunState.CANCELLED
    assert [cell.state for cell in result.cells] == ["succeeded", "cancelled", "pending"]
    assert run.events[-2]["type"] == "cell_cancelled"


def test_the_users_exception_is_there_for_the_debugger(make_run):
    """From the cell on, with its source, no frame of ours in between."""
    result = execute_in_process(make_run("def f(n):\n    wanted = n + 1\n    return 1 / 0", "f(41)").path)
    error = result.error
    assert error is not None
    assert (error.cls, error.cell, error.ename) == ("CellFailed", 1, "ZeroDivisionError")
    assert "mlrun_nb/" not in error.traceback
    said = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("p wanted\nlist\nup\np f\nup\nq\n"), stdout=said)
    debugger.reset()
    debugger.interaction(None, sys.last_traceback)
    assert "42" in said.getvalue()
    assert "return 1 / 0" in said.getvalue()
    assert "Oldest frame" in said.getvalue()


def test_a_breakpoint_stops_in_the_cell(make_run):
    """With the line shown and the variables there; in a process with a terminal's standard input."""
    run = make_run("x = 41\nbreakpoint()\nx += 1")
    code = (
        f"from mlrun_nb.runner.in_process import execute_in_process; print(execute_in_process({str(run.path)!r}).state)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input="p x + 1\nc\n", capture_output=True, text=True, check=True
    )
    assert "x += 1" in done.stdout
    assert "42" in done.stdout
    assert done.stdout.endswith("succeeded\n")


def test_nothing_of_the_run_stays_behind(make_run, tmp_path):
    """Environment, folder, path, modules and `__main__` are as before."""
    environment = Environment(env={"A": "1"}, secret={"T": "env:HOME"})
    run = make_run("import helper, os; assert helper.x == os.environ['A']", settings=Settings(environment=environment))
    (run.path / "source").mkdir()
    (run.path / "source" / "helper.py").write_text("x = '1'")
    before = dict(os.environ), Path.cwd(), sys.path[:], sys.modules["__main__"]
    assert execute_in_process(run.path).state is RunState.SUCCEEDED
    assert (dict(os.environ), Path.cwd(), sys.path[:], sys.modules["__main__"]) == before
    assert "helper" not in sys.modules


def test_parameters_results_and_classes_work_as_in_a_kernel(make_run):
    """Injected behind the tagged cell; `__main__` is the cells' own."""
    source = (
        "from mlrun_nb.runner.inside import *\nclass P: pass\nimport __main__, math\nassert __main__.P is P\n"
        "assert math.isnan(lr)\nlog_result('n', n); log_metric('m', 1); p = P(); save_outputs('p', namespace=globals())"
    )
    from mlrun_nb.model.function import FunctionSpec, SourceCell
    from mlrun_nb.model.parameters import Parameter

    spec = FunctionSpec(
        form="cell", cells=(SourceCell(role="body", source=""),), parameters=(Parameter(name="lr", type="float"),)
    )
    run = make_run(("n = 0", {"tags": ["parameters"]}), source, parameters={"n": 3, "lr": "NaN"}, spec=spec)
    result = execute_in_process(run.path)
    assert (result.error, dict(result.results), [a.name for a in result.artifacts]) == (None, {"n": 3}, ["p"])
    assert run.output["cells"][1]["source"] == ["# Parameters\n", "n = 3\n", 'lr = float("nan")']


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("import asyncio; await asyncio.sleep(0); x = 1", RunState.SUCCEEDED),
        ("raise SystemExit(0)", RunState.SUCCEEDED),
        ("raise SystemExit(2)", RunState.FAILED),
        ("raise KeyboardInterrupt", RunState.CANCELLED),
        ("%matplotlib inline", RunState.FAILED),
        ("x = = 1", RunState.FAILED),
        ("from __future__ import annotations\ndef f(x: nothing): pass", RunState.SUCCEEDED),
    ],
)
def test_a_cell_ends_as_it_would_in_a_kernel(make_run, source, state):
    """Also top-level `await`; a magic without IPython is a clear error."""
    result = execute_in_process(make_run(source).path)
    assert result.state is state
    assert result.error is None or result.error.hint


def test_await_works_where_a_loop_is_running(make_run):
    """As in a Jupyter kernel."""
    import asyncio

    async def in_loop():
        return execute_in_process(make_run("import asyncio; await asyncio.sleep(0); x = 1").path)

    assert asyncio.run(in_loop()).state is RunState.SUCCEEDED


def test_magics_work_in_ipython(make_run):
    """Through its shell; values are kept as it renders them."""
    run = make_run("%time x = 1", "!echo shell", "{'b': 2, 'a': 1}")
    code = f"from mlrun_nb.runner.in_process import execute_in_process\nexecute_in_process({str(run.path)!r})"
    subprocess.run([sys.executable, "-m", "IPython", "--colors=NoColor", "-c", code], check=True, capture_output=True)
    assert run.result.state is RunState.SUCCEEDED
    assert run.output["cells"][2]["outputs"][-1]["data"] == {"text/plain": ["{'b': 2, 'a': 1}"]}
