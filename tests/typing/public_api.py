"""
What type checkers know of the public names: `make check` reads this file, nobody runs it.

A line that must be refused says so with `type: ignore`; where it is not refused, the unused comment is the error.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_type

import mlrun_nb as mn
from mlrun_nb.api.comparison import Comparison
from mlrun_nb.api.table import Table
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.domains import Distribution
from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import RunError
from mlrun_nb.model.states import RunState
from mlrun_nb.runner.inside import RunInfo


@mn.function
def plain(lr: float = 0.1) -> int:
    """Take one parameter."""
    return round(lr)


@mn.function(memory="4Gi", cpu=2, output=("model", "accuracy"), input="data", env={"TZ": "UTC"})
async def tuned(data: list[int], *, lr: float) -> tuple[list[float], float]:
    """Take an input, leave two outputs."""
    return [lr for _ in data], lr


def a_decorated_def_is_called_as_before() -> None:
    """With its own arguments and its own result."""
    assert_type(plain(0.2), int)
    assert_type(plain(lr=1), int)
    plain("0.2")  # type: ignore[arg-type]
    plain(epochs=3)  # type: ignore[call-arg]
    _ = tuned(lr=0.1)  # type: ignore[call-arg]


def a_function_makes_runs_and_futures(train: mn.Function[..., Any]) -> None:
    """Arguments are any values; what comes back is known."""
    assert_type(train.run(lr=0.2, data=[1]), mn.Run)
    assert_type(plain.submit(lr=0.2), mn.RunFuture)
    assert_type(mn.form(train).run, mn.Run | None)
    assert_type(plain.with_options(memory="8Gi", on="local", tag=["prod"], timeout=90)(lr=0.1), int)
    plain.with_options(memmory="8Gi")  # type: ignore[call-arg]
    plain.with_options(gpu="one")  # type: ignore[arg-type]
    plain.with_options(capacity="cheap")  # type: ignore[arg-type]
    plain.with_options(output="x")  # type: ignore[call-arg]
    assert_type(train.outputs.model, Any)
    assert_type(train.source, str)
    assert_type(train.notebook(Path("train.ipynb")), dict[str, Any])
    assert_type(train.runs(state="failed", limit=3), Table[mn.Run])
    assert_type(train.versions()[0], mn.Function[..., Any])
    assert_type(train.diff("prod"), Comparison)


def a_function_is_swept(train: mn.Function[..., Any]) -> None:
    """Options have types, what varies is anything; there is a way for names that are both."""
    assert_type(train.sweep(lr=[0.1, 0.2], depth=mn.uniform(2, 12), max_runs=50, maximize="accuracy"), mn.Sweep)
    assert_type(plain.sweep({"seed": [1, 2]}, seed=7, max_time="1h", on="local", data=object()), mn.Sweep)
    assert_type(plain.sweep(points=[{"lr": 0.1}, {"lr": 0.2}], keep=3), mn.Sweep)
    assert_type(plain.sweep(points=Path("points.csv"), strategy_option={"sampler": "tpe"}), mn.Sweep)
    assert_type(mn.sweep("train", lr=[0.1], minimize="loss"), mn.Sweep)
    plain.sweep(lr=[0.1], max_runs="fifty")  # type: ignore[arg-type]
    plain.with_options(seed=7, maximize="accuracy", keep="all")
    plain.with_options(max_runs="fifty")  # type: ignore[arg-type]


def a_sweep_tells(sweep: mn.Sweep) -> None:
    """It is a run with children."""
    _: mn.Run = sweep
    assert_type(sweep.best, mn.Run | None)
    assert_type(sweep.children, Table[mn.Run])
    assert_type(sweep.counts, Mapping[RunState, int])
    assert_type(sweep.resume(), mn.Sweep)
    assert_type(sweep.table(), Any)
    assert_type(plain.submit_sweep(lr=[0.1]).result(timeout=1), mn.Sweep)


def a_run_tells(run: mn.Run) -> None:
    """Each attribute has a type of its own."""
    assert_type(run.state, RunState)
    assert_type(run.results, Mapping[str, Any])
    assert_type(run.duration_s, float | None)
    assert_type(run.error, RunError | None)
    assert_type(run.notebook, Path)
    assert_type(run.metrics["loss"], Table[Metric])
    assert_type(run.metrics[0], Metric)
    assert_type(run.artifacts["model"].load(), Any)
    assert_type(run.wait(timeout=5).check().pin().cancel(), mn.Run)
    assert_type(run.rerun(lr=0.1), mn.Run)


async def a_future_is_waited_for(future: mn.RunFuture) -> None:
    """Or awaited."""
    assert_type(future.result(timeout=1.5), mn.Run)
    assert_type(future.exception(), BaseException | None)
    assert_type(await future, mn.Run)
    future.add_done_callback(lambda ended: print(ended.result().id))


def the_verbs_find_and_list() -> None:
    """What can be called after `import mlrun_nb as mn`."""
    assert_type(mn.get_function("train.ipynb::train", output="model"), mn.Function[..., Any])
    assert_type(mn.get_run("last"), mn.Run)
    assert_type(mn.run("train", lr=0.1), mn.Run)
    assert_type(mn.runs("train", state=["failed"], label={"team": "risk"}, since="2d")[:3], Table[mn.Run])
    assert_type([run.id for run in mn.runs(plain)], list[str])
    assert_type(mn.functions()[0].name, str)
    assert_type(mn.compare(mn.get_run("last"), "4k7q2m").summary, str)
    mn.runs(status="failed")  # type: ignore[call-arg]


def a_dimension_of_a_sweep_may_be_a_distribution() -> None:
    """Of numbers."""
    assert_type(mn.uniform(2, 12), Distribution)
    assert_type(mn.uniform(0, 1, step=0.25), Distribution)
    assert_type(mn.loguniform(1e-5, 1e-1), Distribution)
    assert_type(mn.randint(1, 9, step=2), Distribution)
    assert_type(mn.normal(0, 0.5), Distribution)
    mn.uniform(2)  # type: ignore[call-arg]
    mn.uniform("2", 12)  # type: ignore[arg-type]


def a_running_function_logs() -> None:
    """And knows its run."""
    assert_type(mn.current_run(), RunInfo | None)
    assert_type(mn.log_metric("loss", 0.3, step=4), None)
    assert_type(mn.log_artifact(Path("plot.png")), Artifact | None)


def errors_are_a_family() -> None:
    """Every one has a message and a hint."""
    try:
        plain.run()
    except (mn.RunFailed, mn.RunCancelled) as err:
        assert_type(err.hint, str)
    except mn.MlrunNbError as err:
        assert_type(err.message, str)
