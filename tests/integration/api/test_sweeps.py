"""Sweeps in Python: many runs by one call, and the best of them."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pandas as pd
import pytest

import mlrun_nb as mn
from mlrun_nb.errors import ConfigError, OptionError, ParameterError
from tests.acceptance.session import write_notebook

CELLS = [
    "import math",
    "%%mlrun hill --output height\nx: float = 0.0\nsteep: int = 1\nheight = steep * math.sin(x)",
    "%%mlrun total --input rows --output answer\nfactor: int = 1\nanswer = sum(rows) * factor",
    "%%mlrun drawn --output value\nseed: int = 0\nvalue = seed % 3",
    """%%mlrun stated --output y --sweep 'x=1,2 k=3,4' --maximize y --param mark=a
x: int = 0
k: int = 0
mark: str = ''
y = x * k""",
    """%%mlrun steep --output loss --output is_stopped
x: float = 0.0
import time
import mlrun_nb as mn
loss, is_stopped, over = x, False, time.monotonic() + 60
for step in range(3):
    mn.log_metric("loss", loss, step=step)
while x > 0.4 and not is_stopped and time.monotonic() < over:
    time.sleep(0.01)
    is_stopped = mn.should_stop()""",
    "%%mlrun picky --output y\nx: int = 0\nif x == 2:\n    raise ValueError('two')\ny = x",
]


@pytest.fixture
def hills(desk: Path) -> Path:
    """Have functions to sweep at hand, on engine `local`."""
    write_notebook(desk / "hills.ipynb", CELLS)
    (desk / "project.yaml").write_text("name: churn\n")
    return desk


def test_a_sweep_tries_all_points_and_is_as_good_as_its_best_child(hills):
    """Lists vary, the last one fastest; what is one value is the same for all."""
    sweep = mn.get_function("hills.ipynb::hill").sweep(x=[0.5, 1.0], steep=range(1, 3), maximize="height")
    assert isinstance(sweep, mn.Sweep)
    assert (sweep.state, dict(sweep.counts)) == ("succeeded", {"succeeded": 4})
    tried = [(run.parameters["x"], run.parameters["steep"]) for run in sweep.children]
    assert tried == [(0.5, 1), (0.5, 2), (1.0, 1), (1.0, 2)]
    assert sweep.best == sweep.children[3]
    assert sweep.results == sweep.best.results == {"height": pytest.approx(1.683, abs=1e-3)}
    table = sweep.table()
    assert list(table["param.steep"]) == [1, 2, 1, 2]
    assert table.equals(sweep.outputs.children.load())
    assert "4 children" in repr(sweep)


def test_a_sweep_that_is_found_again_is_one(hills):
    """By its id, in lists, from another process; a child of it is a run."""
    sweep = mn.sweep("hills.ipynb::hill", x=[0.1, 0.2])
    assert isinstance(mn.get_run(sweep.id), mn.Sweep)
    assert isinstance(mn.runs("hill")[0], mn.Sweep)
    assert isinstance(pickle.loads(pickle.dumps(sweep)), mn.Sweep)
    assert type(mn.get_run(sweep.children[0].id)) is mn.Run
    assert (sweep.best, sweep.results) == (None, {})


def test_points_are_drawn_from_distributions_by_a_strategy(hills):
    """The same seed, the same points."""
    hill = mn.get_function("hills.ipynb::hill")
    options = {"max_runs": 4, "seed": 7, "minimize": "height"}
    first, second = (hill.sweep(x=mn.uniform(0, 3), steep=mn.randint(1, 5), **options) for _ in range(2))
    points = [(run.parameters["x"], run.parameters["steep"]) for run in first.children]
    assert points == [(run.parameters["x"], run.parameters["steep"]) for run in second.children]
    assert all(0 <= x <= 3 and 1 <= steep <= 5 for x, steep in points)
    assert first.results["height"] == min(run.results["height"] for run in first.children)


@pytest.mark.parametrize("form", ["mappings", "frame", "file"])
def test_points_may_be_listed(hills, form):
    """As mappings, as a data frame, or in a file; what a point leaves out has its default."""
    rows = [{"x": 1, "steep": 2}, {"x": 2, "steep": 3}]
    (hills / "points.csv").write_text("x,steep\n1,2\n2,3\n")
    points = {"mappings": rows, "frame": pd.DataFrame(rows), "file": "points.csv"}[form]
    sweep = mn.get_function("hills.ipynb::hill").sweep(points=points, maximize="height")
    assert [(run.parameters["x"], run.parameters["steep"]) for run in sweep.children] == [(1.0, 2), (2.0, 3)]


def test_an_input_is_the_same_for_all(hills):
    """Also where it could be gone through as values can."""
    sweep = mn.get_function("hills.ipynb::total").sweep(rows=[1, 2, 3], factor=[1, 2], maximize="answer")
    assert sweep.results == {"answer": 12}


def test_a_name_that_is_a_parameter_and_an_option_is_said_plainly(hills):
    """Nobody sweeps what he meant to seed; both ways out work."""
    drawn = mn.get_function("hills.ipynb::drawn")
    with pytest.raises(OptionError, match="`seed` is a parameter of `drawn` and an option") as caught:
        drawn.sweep(seed=[1, 2], maximize="value")
    assert 'drawn.sweep({"seed": …})' in caught.value.hint
    assert "drawn.with_options(seed=…).sweep(…)" in caught.value.hint
    sweep = drawn.with_options(seed=7).sweep({"seed": [1, 2, 3]}, maximize="value")
    assert (sweep.results, sweep.record.sweep.seed) == ({"value": 2}, 7)
    assert drawn.with_options(seed=7).run(seed=4).results == {"value": 1}


def test_what_a_cell_states_for_its_sweeps_counts_until_a_call_says_otherwise(hills):
    """What varies is said as a whole; a parameter that gets one value varies no more."""
    stated = mn.get_function("hills.ipynb::stated")
    assert stated.run(x=5).results == {"y": 0}
    assert stated.sweep().results == {"y": 8}
    fixed = stated.sweep(x=10)
    assert (fixed.results, fixed.children[0].parameters["mark"]) == ({"y": 40}, "a")
    assert [run.parameters for run in stated.sweep(mark=["b"], minimize="y").children] == [
        {"x": 0, "k": 0, "mark": "b"}
    ]
    with pytest.raises(OptionError, match="given nothing to vary"):
        stated.sweep(x=1, k=1)


def test_a_sweep_goes_on_in_the_background(hills):
    """As a future of a sweep; options of a run stand among its words."""
    future = mn.get_function("hills.ipynb::hill").submit_sweep(x=[0.5, 1.0], maximize="height", label={"team": "a"})
    sweep = future.result()
    assert isinstance(sweep, mn.Sweep)
    assert (future.run, sweep.labels, future.wait().state) == (sweep, {"team": "a"}, "succeeded")


def test_a_sweep_is_repeated_with_the_same_points(hills):
    """Those that were drawn too; a parameter that gets one value varies no more, and without any it is a run."""
    hill = mn.get_function("hills.ipynb::hill")
    first = hill.sweep(x=mn.uniform(0, 3), steep=[1, 2], max_runs=3, maximize="height")
    again = first.rerun()
    assert isinstance(again, mn.Sweep)
    assert [run.parameters for run in again.children] == [run.parameters for run in first.children]
    assert {run.parameters["steep"] for run in first.rerun(steep=5).children} == {5}
    one = first.rerun(x=1.0, steep=1)
    assert (type(one), one.engine, one.parameters) == (mn.Run, "local", {"x": 1.0, "steep": 1})


def test_some_children_may_fail_but_not_all(hills):
    """A sweep is good when one child is; what failed is there to be looked at."""
    picky = mn.get_function("hills.ipynb::picky")
    sweep = picky.sweep(x=[1, 2], maximize="y")
    assert dict(sweep.counts) == {"succeeded": 1, "failed": 1}
    assert sweep.children[1].error.ename == "ValueError"
    with pytest.raises(mn.RunFailed, match=r"child 0: .*ValueError") as caught:
        picky.sweep(x=[2], maximize="y")
    assert isinstance(caught.value.run, mn.Sweep)


def test_children_that_are_not_worth_going_on_with_are_told_so(hills):
    """Those that are worse than the median of those before; they end well, with what they have."""
    options = {"sampler": "random", "pruner": "median", "pruner_options": {"n_startup_trials": 1, "n_warmup_steps": 1}}
    sweep = mn.get_function("hills.ipynb::steep").sweep(
        x=mn.uniform(0, 1), minimize="loss", max_runs=4, seed=13, parallel=1, strategy="optuna", strategy_option=options
    )
    drawn = [run.parameters["x"] for run in sweep.children]
    assert drawn[0] < 0.4 < min(drawn[1:])  # by this seed
    assert [run.results["is_stopped"] for run in sweep.children] == [False, True, True, True]
    assert dict(sweep.counts) == {"succeeded": 4}
    assert [run.pruned for run in sweep.children] == [False, True, True, True]
    assert list(sweep.table()["pruned"]) == [False, True, True, True]
    assert sweep.best == sweep.children[0]
    assert [len(run.metrics["loss"]) for run in sweep.children] == [3, 3, 3, 3]
    told = json.loads((sweep.directory / "children" / sweep.best.id / "result.json").read_text())
    assert "notices" not in told


def test_outside_a_sweep_nothing_has_to_stop(hills):
    """Not in a run that is none, and not in a notebook at work."""
    assert mn.should_stop() is False
    assert mn.get_function("hills.ipynb::steep").run(x=0.1).results["is_stopped"] is False


def test_a_goal_that_is_no_output_is_told(hills, capfd):
    """A slip of the pen would leave a sweep without a best child."""
    sweep = mn.get_function("hills.ipynb::hill").sweep(x=[1.0], maximize="hight")
    assert sweep.best is None
    assert "`hight`, which makes a run the best, is no output of `hill`" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ({}, OptionError, "was given nothing to vary"),
        ({"y": [1]}, ParameterError, "takes no `y`"),
        ({"x": [1], "maximise": "height"}, ParameterError, "no option is called so"),
        ({"x": ["high"]}, ParameterError, "cannot be `high`"),
        ({"x": [1, 1]}, ParameterError, "has the value `1.0` twice"),
        ({"x": [1], "on": "mars"}, ConfigError, "no engine or profile `mars`"),
        ({"points": 3}, ParameterError, "`points` cannot be a int"),
        ({"points": ["a"]}, ParameterError, "`points` cannot be a str"),
        ({"points": [{"x": 1}], "steep": [1, 2]}, OptionError, "both parameters to vary and a list of points"),
        ({"points": [{"x": 1}], "x": 2}, ParameterError, "is to vary, and is given one value too"),
        ({"x": [1], "cache": True}, OptionError, "reuses no earlier runs"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_started(hills, given, error, says):
    """With a thing to do."""
    with pytest.raises(error, match=says) as caught:
        mn.get_function("hills.ipynb::hill").sweep(**given)
    assert caught.value.hint
    assert len(mn.runs()) == 0
