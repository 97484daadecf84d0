"""Recording a run against MLflow's tracking store on SQLite, and children of a sweep together against one by one."""

from __future__ import annotations

import statistics
import time
import warnings
from dataclasses import replace
from importlib import import_module

import pytest

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.records import Json
from mlrun_nb.model.change import Ingest, RunChange
from mlrun_nb.model.events import Metric
from mlrun_nb.model.states import RunState
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import make_run, make_sweep

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

GOAL_RATIO = 1 / 3
BATCH_GOAL_RATIO = 1 / 3
CHILDREN = 400
RUNS = 30
PARAMETERS: dict[str, Json] = {"lr": 0.1, "epochs": 10, "kind": "adam"}
RESULTS: dict[str, float] = {"accuracy": 0.9, "loss": 0.25}


def _ours(store):
    """Record what ours records of a run that was submitted, started, and succeeded."""
    run = store.create_run(make_run(parameters=PARAMETERS, created=now()))
    running = store.advance(run, replace(run, state=RunState.RUNNING, phase=None, started=now()))
    metrics = [Metric(name=name, value=value, time=now()) for name, value in RESULTS.items()]
    done = replace(running, state=RunState.SUCCEEDED, results=RESULTS, ended=now(), duration_s=1.0)
    assert store.advance(running, done, Ingest(metrics=metrics)) is not None


def _theirs(client, experiment):
    """Record the same through MLflow's client, in as few calls as it offers."""
    entities = import_module("mlflow.entities")
    run = client.create_run(experiment)
    params = [entities.Param(name, str(value)) for name, value in PARAMETERS.items()]
    metrics = [entities.Metric(name, value, int(time.time() * 1000), 0) for name, value in RESULTS.items()]
    client.log_batch(run.info.run_id, metrics=metrics, params=params)
    client.set_terminated(run.info.run_id)


def _milliseconds(action):
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def test_recording_a_run_costs_at_most_a_third_of_mlflow(tmp_path):
    """Create, parameters, results, end; in one process, both warm, taken in turns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of theirs
        client = import_module("mlflow.tracking").MlflowClient(tracking_uri=f"sqlite:///{tmp_path}/mlflow.db")
        experiment = client.create_experiment("bench")
        store = open_store(f"sqlite:///{tmp_path}/store.db")
        pairs = [
            (_milliseconds(lambda: _ours(store)), _milliseconds(lambda: _theirs(client, experiment)))
            for _ in range(RUNS + 3)
        ]
    ours, theirs = (statistics.median(column) for column in zip(*pairs[3:], strict=True))
    print(f"\nrecording one run: ours {ours:.2f} ms, MLflow {theirs:.2f} ms, ratio {ours / theirs:.3f}")
    store.close()
    assert ours / theirs <= GOAL_RATIO


def _children(parent):
    """Return what a driver records of some children: at work, then ended with results."""
    begun = [
        make_run(
            parent=parent.id,
            number=number,
            state=RunState.RUNNING,
            parameters={**PARAMETERS, "lr": number / CHILDREN},
            labels={"team": "risk"},
            created=now(),
        )
        for number in range(CHILDREN)
    ]
    metrics = [Metric(name=name, value=value, time=now()) for name, value in RESULTS.items()]
    ended = {"state": RunState.SUCCEEDED, "results": RESULTS, "duration_s": 1.0, "ended": now()}
    return [RunChange(to=run) for run in begun], ended, Ingest(metrics=metrics)


def _in_batches(store, size, begin, ended, ingest):
    """Record children, *size* in each transaction."""
    for start in range(0, len(begin), size):
        runs = store.write_runs(begin[start : start + size])
        store.write_runs([RunChange(before=run, to=replace(run, **ended), ingest=ingest) for run in runs])


def _one_by_one(store, begin, ended, ingest):
    """Record children as single runs are."""
    for change in begin:
        run = store.create_run(change.to)
        store.advance(run, replace(run, **ended), ingest)


@pytest.mark.parametrize("size", [20, 100])
def test_children_recorded_together_cost_at_most_a_third_of_one_by_one(tmp_path, size):
    """A driver ends hundreds a second; also shown is what a child takes on disk."""
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    parent = store.create_run(make_run(sweep=make_sweep(total=CHILDREN)))
    pairs = []
    for _ in range(4):
        batches, singles = _children(parent), _children(parent)
        together = _milliseconds(lambda batches=batches: _in_batches(store, size, *batches)) / CHILDREN
        pairs.append((together, _milliseconds(lambda singles=singles: _one_by_one(store, *singles)) / CHILDREN))
    together, single = (statistics.median(column) for column in zip(*pairs[1:], strict=True))
    store.close()
    disk = (tmp_path / "store.db").stat().st_size / (8 * CHILDREN)
    print(
        f"\nchild in batches of {size}: {together:.3f} ms, single {single:.3f} ms, ratio {together / single:.3f}",
        end="",
    )
    print(f", {disk:.0f} bytes each")
    assert together / single <= BATCH_GOAL_RATIO
