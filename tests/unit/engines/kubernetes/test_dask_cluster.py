"""The Dask cluster of a run's own, as manifests that somebody has read; see `test_manifest`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from mlrun_nb.engines.kubernetes import dask_cluster
from mlrun_nb.engines.kubernetes.names import dask_cluster as name_of_cluster
from mlrun_nb.engines.kubernetes.names import dask_scheduler, job_name
from mlrun_nb.model.run import RunId
from tests.unit.engines.kubernetes.test_manifest import FULL, GOLDEN, PLAIN, job, request_for

OWNER = {"metadata": {"name": "mlrun-train-abcdefghjkmn", "uid": "00000000-0000-0000-0000-000000000000"}}
SMALL = replace(PLAIN, dask_workers=(2,))
GROWING = replace(FULL, dask_workers=(2, 8), dask_worker_cpu="1500m", dask_worker_memory="4Gi")


@pytest.mark.parametrize(("name", "settings"), [("dask", SMALL), ("dask-growing", GROWING)])
def test_the_cluster_is_as_somebody_has_read_it(tmp_path: Path, name: str, settings):
    """Field by field; one that grows has an autoscaler."""
    file, request = GOLDEN / f"{name}.yaml", request_for(tmp_path, settings)
    made = [thing for _, thing in dask_cluster.objects(request, image="registry.example/run:1", owner=OWNER)]
    if os.environ.get("GOLDEN_FILES") == "write":
        file.write_text(yaml.safe_dump_all(made, sort_keys=False, width=110))
    assert made == list(yaml.safe_load_all(file.read_text()))
    assert [thing["kind"] for thing in made] == ["DaskCluster", "DaskAutoscaler"][: len(set(settings.dask_workers))]


def test_the_pod_of_the_run_is_told_where_its_scheduler_is(tmp_path: Path):
    """And that of one without a cluster nothing."""
    variables = [
        {each["name"]: each.get("value") for each in made["spec"]["template"]["spec"]["containers"][0]["env"]}
        for made in (job(tmp_path, SMALL), job(tmp_path, PLAIN))
    ]
    assert variables[0]["MLRUN_NB_DASK_SCHEDULER"] == "tcp://dask-abcdefghjkmn-scheduler:8786"
    assert "MLRUN_NB_DASK_SCHEDULER" not in variables[1]


@pytest.mark.parametrize(
    ("run", "number", "name"),
    [
        ("abcdefghjkmn", 0, "dask-abcdefghjkmn"),
        ("abcdefghjkmn", 3, "dask-abcdefghjkmn-3"),
        # an id of digits alone
        ("012345678901", 0, "dask-012345678901"),
    ],
)
def test_a_run_that_is_sent_again_has_another_cluster(run: str, number: int, name: str):
    """Like its Job, so that the end of the one before ends nothing of it."""
    sent = job_name("a_function_whose_name_is_long", RunId(run), number)
    assert name_of_cluster(sent) == name
    assert dask_scheduler(sent) == f"tcp://{name}-scheduler:8786"
