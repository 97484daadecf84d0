"""Recording one run, against MLflow's tracking store on SQLite: at most a third of its time."""

from __future__ import annotations

import statistics
import time
import warnings
from dataclasses import replace
from importlib import import_module

import pytest

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.records import Json
from mlrun_nb.model.events import Metric
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols import Ingest
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import make_run

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

GOAL_RATIO = 1 / 3
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
