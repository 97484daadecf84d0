"""Parts of the cluster that are away for a while: a run goes on, and what is said of it meanwhile is true."""

from __future__ import annotations

import subprocess

import pytest

from mlrun_nb.config import Config
from mlrun_nb.engines.kubernetes.engine import KubernetesEngine
from mlrun_nb.kube.objects import PODS
from mlrun_nb.model.run import Handle, Observation
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for, wait_until_ended
from tests.fault_proxy import Answer, Fault, FaultProxy
from tests.integration.engines.kubernetes.conftest import Bench
from tests.integration.kube.cluster import kubectl
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

TICKS = "import time\nfor tick in range({count}):\n    print('tick', tick, flush=True)\n    time.sleep(1)"


def ticking(bench: Bench, count: int) -> Handle:
    """Submit a run that prints once a second, and return once it does."""
    handle = bench.submit(TICKS.format(count=count))

    def has_begun() -> bool:
        bench.engine.observe([handle])
        return b"tick" in bench.engine.read(handle, None).log

    wait_for(has_begun, what="the first line")
    return handle


def control(word: str) -> None:
    """Do something to the cluster."""
    subprocess.run([require("cluster-control"), word], check=True, capture_output=True, timeout=120)


def test_an_api_server_that_starts_anew_costs_a_run_nothing(bench: Bench):
    """Every line of its log is there once; and who looks meanwhile is told nothing that is not so."""
    require("cluster-control")
    handle = ticking(bench, 15)
    control("restart-apiserver")
    seen = bench.ended(handle)
    assert seen.state is RunState.SUCCEEDED, seen
    assert bench.engine.read(handle, None).log.splitlines() == [b"tick %d" % tick for tick in range(15)]


def test_a_run_on_a_node_that_is_not_heard_of_is_told_to_be_there(bench: Bench):
    """It goes on, and so does the node after a while: nobody gave the run up, and nothing of it is lost."""
    require("cluster-control")
    handle = ticking(bench, 65)  # the cluster waits 50 s for a word of a node
    control("stop-kubelet")
    try:
        unheard = wait_for(lambda: _in_trouble(bench, handle), what="word that the node is not heard of")
        (node,) = kubectl("get", "nodes", "--output", "jsonpath={.items[*].metadata.name}").split()
    finally:
        control("start-kubelet")
    assert unheard.state is RunState.RUNNING
    assert f"node `{node}` of pod `" in unheard.reason
    seen = bench.ended(handle)
    assert seen.state is RunState.SUCCEEDED, seen
    assert bench.engine.read(handle, None).log.splitlines() == [b"tick %d" % tick for tick in range(65)]


def test_a_log_that_its_node_writes_late_is_waited_for(bench: Bench, proxy: FaultProxy):
    """A container has ended well, and what it wrote last is not in its log yet: nobody calls the run a failure."""
    engine = KubernetesEngine(Config(home=bench.folder, store="memory://"))
    request = bench.request("print('told')")
    proxy.add(Fault(pattern=r"GET \S*/log\?", answer=Answer(status=200), times=1000))
    handle = engine.submit([request])[request.id]
    wait_for(lambda: _phase(bench, handle) == "Succeeded", what="the end of the pod")
    early = engine.observe([handle])[handle.run]
    proxy.forget()
    seen = wait_until_ended(engine, handle)
    engine.close()
    assert early.state is RunState.RUNNING, early
    assert seen.state is RunState.SUCCEEDED, seen
    assert engine.read(handle, None).log == b"told\n"


def _phase(bench: Bench, handle: Handle) -> str:
    pods = bench.space.api.list(PODS, labels=f"mlrun-nb/run={handle.run}").items
    return str(pods[0]["status"]["phase"]) if pods else ""


def _in_trouble(bench: Bench, handle: Handle) -> Observation | None:
    seen = bench.engine.observe([handle]).get(handle.run)
    return seen if seen is not None and "not heard of" in seen.reason else None
