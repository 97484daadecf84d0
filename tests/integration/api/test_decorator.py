"""`@mn.function` in a file and in a real kernel."""

from __future__ import annotations

import importlib.util
import inspect
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from threading import Thread
from types import ModuleType

import pytest

import mlrun_nb as mn
from mlrun_nb.errors import CaptureError, NotebookError, OptionError, UsageError
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.frontend import Frontend, opened

FLOW = """\
from __future__ import annotations
from math import pi
from pathlib import Path
import mlrun_nb as mn
from mlrun_nb import function as unit

SCALE = 2
table = Path(__file__).read_text()

@mn.function(memory="1Gi", output=("area", "edge"))
def circle(radius: float, data: list = []):
    \"\"\"Measure a circle.\"\"\"
    return scaled(pi * radius**2), scaled(2 * pi * radius)

@unit
def scaled(x: float = 1.0):
    return x * SCALE

@mn.function(input="rows")
def total(rows):
    return sum(rows)

@unit
def lacking():
    return len(table)

class Holder:
    @mn.function
    def method(self): ...

if __name__ == "__main__":
    circle.run(radius=1.0)
"""


@pytest.fixture
def flow(desk) -> Iterator[ModuleType]:
    """Return a module with functions."""
    path = desk / "flow.py"
    path.write_text(FLOW)
    spec = importlib.util.spec_from_file_location("flow", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["flow"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["flow"]


def test_it_can_be_called_as_before_and_nothing_is_recorded(flow):
    """The decorated name is the plain function for everybody who calls it or asks what it takes."""
    assert flow.scaled(3) == 6
    assert flow.circle(radius=0) == (0, 0)
    assert (flow.circle.__doc__, flow.circle.__name__) == ("Measure a circle.", "circle")
    assert list(inspect.signature(flow.circle).parameters) == ["radius", "data"]
    assert repr(flow.scaled) == "<Function scaled(x: float = 1.0)>"
    assert list(mn.functions()) == []


def test_it_runs_with_what_it_needs_from_its_file_also_from_below(flow):
    """Parameters are those of the signature, outputs the parts of what it returns; options are the version's."""
    run = flow.circle.with_options(on="local").run(radius=1.0)
    assert run.results == {"area": pytest.approx(6.283, abs=1e-3), "edge": pytest.approx(12.566, abs=1e-3)}
    assert run.parameters == {"radius": 1.0, "data": []}
    assert mn.get_function("circle").version == flow.circle.version == run.version
    assert mn.get_function("circle")._now()[0].spec.options == {"memory": "1Gi"}
    assert flow.circle.description == "Measure a circle."
    assert "if __name__" not in flow.circle.source
    assert flow.circle.outputs.area == run.results["area"]


def test_one_without_options_has_the_output_result_and_inputs_are_arguments(flow):
    """As a cell that is a single `def`."""
    assert flow.scaled.run().results == {"result": 2.0}
    assert flow.total.submit(rows=[1, 2]).result().results == {"result": 3}
    assert flow.total(rows=[1, 2]) == 3


def test_what_cannot_travel_is_an_error_when_it_is_to_run(flow):
    """Not before: in the program itself it is of use."""
    assert flow.lacking() > 10
    with pytest.raises(CaptureError, match="`table`"):
        flow.lacking.run()
    assert "`table`" in flow.lacking._repr_mimebundle_()["text/plain"]
    with pytest.raises(NotebookError, match="`method` is not defined at the top level"):
        flow.Holder.method.run()


def test_the_file_is_a_program_too(desk):
    """`python flow.py` runs its own function, which does not run the program again."""
    (desk / "flow.py").write_text(FLOW)
    subprocess.run([sys.executable, "flow.py"], check=True, capture_output=True)
    assert [run.function for run in mn.runs()] == ["circle"]


def test_code_that_stands_nowhere_can_be_called_but_not_run(desk):
    """There is no text to record."""
    code = (
        "import mlrun_nb as mn\n@mn.function\ndef f(x: int = 1): return x\n"
        "print(f(2))\ntry: f.run()\nexcept mn.MlrunNbError as err: print(err)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("2\nthe text of `f` is not to be had")
    assert "\nhint: Put `def f` into a cell" in done.stdout


def test_what_is_no_def_and_what_is_no_option_is_refused_at_once(desk):
    """Where it stands."""
    with pytest.raises(UsageError, match="makes functions of a `def`"):
        mn.function(len)
    with pytest.raises(OptionError, match="takes no option `detach`"):
        mn.function(detach=True)


@pytest.fixture
def notebook(desk) -> Iterator[Frontend]:
    """Return a notebook in the desk's folder, without the extension."""
    with opened(desk) as frontend:
        assert frontend.run("import mlrun_nb as mn").status == "ok"
        yield frontend


DEFINED = "SCALE = 2\n@mn.function(on='inline')\ndef f(x: int = 1):\n    return helper(x) * SCALE"


def test_in_a_notebook_it_takes_from_the_cells_that_ran(notebook):
    """Also from its own and from later ones; a helper that changed is taken as it is now, as a call would."""
    assert notebook.run(DEFINED, cell="a").status == "ok"
    assert notebook.run("def helper(x):\n    return x + 1", cell="b").status == "ok"
    assert notebook.value("(f(2), f.run(x=2).results['result'])") == "(6, 6)"
    notebook.run("def helper(x):\n    return x + 10", cell="b")
    assert notebook.value("(f(2), f.run(x=2).results['result'], len(f.versions()))") == "(24, 24, 2)"
    notebook.run(DEFINED.replace("SCALE = 2", "SCALE = 5"), cell="a")
    assert notebook.value("f.run(x=2).results['result']") == "60"
    assert notebook.value("f.diff('latest').summary") == "'nothing changed'"


def test_in_a_notebook_an_input_is_the_variable_of_its_name(notebook):
    """Unless a value is given."""
    notebook.run("rows = [1, 2]\n@mn.function(input='rows', on='inline')\ndef total(rows):\n    return sum(rows)")
    assert notebook.value("(total.run().results['result'], total.run(rows=[5]).results['result'])") == "(3, 5)"


def test_a_notebook_shows_errors_without_a_frame_of_ours(notebook):
    """What happened and what to do, nothing else; of a failed run also the user's own frames."""
    notebook.run("@mn.function(on='inline')\ndef f(x: int = 1):\n    return x / 0")
    wrong = notebook.run("f.run(y=1)").traceback
    assert wrong.splitlines() == ["ParameterError: `f` takes no `y`", "hint: It takes: x: int = 1."]
    failed = notebook.run("f.run()").traceback
    assert "return x / 0" in failed
    assert "mlrun_nb/" not in failed
    assert failed.splitlines()[-2].startswith("RunFailed: run `")


def test_a_notebook_can_be_interrupted_and_says_what_became_of_the_run(notebook):
    """The run is cancelled, and the loop around it is left."""
    notebook.run("import os, time\n@mn.function(on='local')\ndef slow(s: int = 60):\n    time.sleep(s)")
    Thread(target=press_stop, args=[int(notebook.value("os.getpid()"))]).start()
    shown = notebook.run("for s in (60, 61):\n    slow.run(s=s)")
    (run,) = mn.runs()
    name = run.id[:6]
    assert (shown.traceback, run.state) == (f"KeyboardInterrupt: run {name}: cancelled", "cancelled")
    assert shown.err == f"cancelling run {name} and waiting for its end; Ctrl-C again leaves it\n"


def press_stop(kernel: int) -> None:
    """Interrupt the kernel when a run is at work; jupyter_client would leave a loop behind in this thread."""
    wait_for(lambda: len(mn.functions()) and len(mn.runs(state="running")), what="a run at work")
    os.kill(kernel, signal.SIGINT)


def test_a_future_is_awaited_in_a_notebook(notebook):
    """At the top level of a cell."""
    notebook.run("@mn.function(on='local')\ndef f(x: int = 1):\n    return x + 1")
    shown = notebook.run("runs = [await each for each in (f.submit(x=1), f.submit(x=2))]\n[r.results for r in runs]")
    assert shown.result == "[{'result': 2}, {'result': 3}]"
    shown = notebook.run("runs[0]")
    assert shown.result.startswith("✓ f ")
