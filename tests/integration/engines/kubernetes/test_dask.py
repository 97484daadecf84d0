"""Runs that have a Dask cluster of their own, on a real cluster with the Dask operator."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mlrun_nb.config import Config
from mlrun_nb.engines.kubernetes.engine import KubernetesEngine
from mlrun_nb.errors import EngineRejected
from mlrun_nb.kube.objects import DASK_AUTOSCALERS, DASK_CLUSTERS, JOBS, PODS, name_of
from mlrun_nb.model.run import Handle
from mlrun_nb.model.settings import Policy, Resources, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for
from tests.fault_proxy import Answer, Fault, FaultProxy
from tests.integration.engines.kubernetes.conftest import Bench
from tests.integration.kube.cluster import kubectl
from tests.integration.kube.dask_operator import install_operator, what_is_there

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

IMAGE = os.environ.get("MLRUN_NB_TEST_DASK_IMAGE", "docker.io/local/run-dask:1")
"""An image with Dask, its arrays and data frames, papermill and ipykernel, which the cluster has."""
GROWING = Settings(dask_workers=(1, 3), dask_worker_memory="500Mi")
CONNECT = "from distributed import Client\nclient = Client()"
CRUNCH = """
import dask.array as da
parts = da.random.default_rng(0).random((12_000, 12_000), chunks=(2_000, 2_000))  # 1.1 GB, more than a worker may hold
mean = float((parts + parts.T).mean().compute())
"""
WAIT_FOR_THREE = """
import time
client.gather(client.map(lambda x: time.sleep(1) or x, range(45)))
most = len(client.scheduler_info(n_workers=-1)["workers"])
"""
SAY = "print('workers', most, 'mean', round(mean, 2), flush=True)"
SLEEP = "print('begun', flush=True)\nimport time\ntime.sleep(300)"


@pytest.fixture(scope="module", autouse=True)
def _operator(bench: Bench) -> None:
    install_operator()


@pytest.fixture(autouse=True)
def _told(bench: Bench) -> Iterator[None]:
    yield
    print(what_is_there(bench.space.namespace))


def left(bench: Bench, handle: Handle) -> Counter[str]:
    """Return what the cluster has of a run, by kind."""
    labels = f"mlrun-nb/run={handle.run}"
    listed = json.loads(
        kubectl("get", "jobs,pods,services,deployments,daskclusters,daskworkergroups,daskautoscalers", "--output",
                "json", "--namespace", bench.space.namespace, "--selector", labels)
    )  # fmt: skip
    return Counter(each["kind"] for each in listed["items"])


def dask_pods(bench: Bench, handle: Handle, component: str) -> list[str]:
    """Return the names of the pods of a run's Dask cluster."""
    labels = f"mlrun-nb/run={handle.run},dask.org/component={component}"
    return [name_of(pod) for pod in bench.space.api.list(PODS, labels=labels).items]


def test_a_cluster_grows_with_its_work_and_goes_with_its_run(bench: Bench):
    """Client() in a cell is connected to it; what no worker could hold is computed; the Job alone is left."""
    handle = bench.submit(CONNECT, WAIT_FOR_THREE, CRUNCH, SAY, settings=GROWING, image=IMAGE)
    seen = bench.ended(handle)
    assert seen.state is RunState.SUCCEEDED, seen
    assert b"workers 3 mean 1.0\n" in bench.engine.read(handle, None).log
    (event,) = [event for event in bench.engine.read(handle, None).events if event.type == "dask_cluster"]
    assert event.data["address"] == f"tcp://dask-{handle.run}-scheduler:8786"
    wait_for(lambda: left(bench, handle) == {"Job": 1, "Pod": 1}, what="that the cluster is gone")


def test_a_cancelled_run_takes_its_cluster_along(bench: Bench):
    """Nothing of it is left, not even for a while."""
    handle = bench.submit(CONNECT, SLEEP, settings=Settings(dask_workers=(2,)), image=IMAGE)
    wait_for(lambda: b"begun" in bench.engine.read(handle, None).log, what="the cell", patience_s=240)
    assert len(dask_pods(bench, handle, "worker")) == 2
    bench.engine.cancel(handle)
    assert bench.ended(handle).state is RunState.CANCELLED
    wait_for(lambda: not left(bench, handle), what="that nothing is left")


def test_workers_that_fit_nowhere_are_why_the_run_waits_and_fails(bench: Bench):
    """It says so while it waits, and names the option of the workers and not that of the run."""
    huge = Settings(dask_workers=(1,), dask_worker_memory="900Gi", policy=Policy(pending_timeout_s=20.0))
    handle = bench.submit(CONNECT, settings=huge, image=IMAGE)

    def reason() -> str:
        seen = bench.engine.observe([handle]).get(handle.run)
        return seen.reason if seen is not None and "worker" in seen.reason else ""

    assert "memory" in wait_for(reason, what="the reason", patience_s=240)
    seen = bench.ended(handle)
    assert seen.state is RunState.FAILED
    assert seen.error is not None
    assert seen.error.cls == "Unschedulable.Resources"
    assert "--dask-worker-memory" in seen.error.hint
    wait_for(lambda: not left(bench, handle), what="that nothing is left")


def test_an_image_without_dask_is_named_at_once(bench: Bench):
    """The run's own pod finds out; nobody waits for workers that cannot come."""
    handle = bench.submit(CONNECT, settings=Settings(dask_workers=(1,)))
    seen = bench.ended(handle)
    assert seen.error is not None
    assert (seen.error.cls, seen.error.fault) == ("DaskClusterNotReady", "environment")
    assert "distributed" in seen.error.summary
    assert "image" in seen.error.hint


def test_a_scheduler_that_dies_fails_the_cell_that_needed_it(bench: Bench):
    """Whatever was asked of it is lost, and the run says which cell it was."""
    busy = "import time\nprint('begun', flush=True)\nclient.gather(client.map(lambda x: time.sleep(2), range(99)))"
    handle = bench.submit(CONNECT, busy, settings=Settings(dask_workers=(1,)), image=IMAGE)
    wait_for(lambda: b"begun" in bench.engine.read(handle, None).log, what="the cell", patience_s=240)
    (scheduler,) = dask_pods(bench, handle, "scheduler")
    kubectl("delete", "pod", scheduler, "--namespace", bench.space.namespace, "--grace-period", "0", "--force")
    seen = bench.ended(handle)
    assert seen.state is RunState.FAILED
    assert seen.error is not None
    assert seen.error.cls == "CellFailed"
    wait_for(lambda: "DaskCluster" not in left(bench, handle), what="that the cluster is gone")


def test_a_worker_that_takes_too_much_is_started_anew(bench: Bench):
    """Its nanny ends it at its limit; the cell says which task it was, and the run is not the one to blame."""
    eat = "def hog(x):\n    held = []\n    while True:\n        held.append(bytearray(b'x') * (16 << 20))"
    handle = bench.submit(
        CONNECT, eat, "client.submit(hog, 1).result()", image=IMAGE,
        settings=Settings(dask_workers=(1,), dask_worker_memory="400Mi", resources=Resources(memory="1Gi")),
    )  # fmt: skip
    seen = bench.ended(handle)
    assert seen.error is not None
    assert (seen.error.cls, seen.error.ename) == ("CellFailed", "KilledWorker")
    assert "--dask-worker-memory" in seen.error.hint


def test_without_the_operator_nothing_is_left_behind(bench: Bench, proxy: FaultProxy):
    """The server knows no such kind: that is said, with the command that installs it, and the Job is gone again."""
    body = json.dumps({"kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}).encode()
    proxy.add(Fault(pattern=r"POST .*/daskclusters", answer=Answer(status=404, body=body)))
    engine = KubernetesEngine(Config(home=bench.folder, store="memory://"))
    request = bench.request(CONNECT, settings=GROWING, image=IMAGE)
    with pytest.raises(EngineRejected, match="operator is not installed") as caught:
        engine.submit([request])
    engine.close()
    assert "helm install" in caught.value.hint
    labels = f"mlrun-nb/run={request.id}"
    wait_for(lambda: not bench.space.api.list(JOBS, labels=labels).items, what="that no Job is left")


def test_what_would_be_sent_is_checked_by_the_server(bench: Bench):
    """Strictly: it takes no field that it does not know."""
    request = bench.request(CONNECT, settings=replace(GROWING, dask_worker_cpu="500m"), image=IMAGE)
    assert list(bench.engine.validate(request)) == []
    for kind in (DASK_CLUSTERS, DASK_AUTOSCALERS):
        assert not bench.space.api.list(kind).items
