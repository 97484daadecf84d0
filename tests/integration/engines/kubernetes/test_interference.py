"""What others do to a run: delete its pod or its Job, drain its node, kill whoever submitted it."""

from __future__ import annotations

import json
import random
import secrets
import signal
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from mlrun_nb.kube.objects import CONFIG_MAPS, JOBS, PODS, metadata, name_of, part
from mlrun_nb.model.run import Handle, Observation
from mlrun_nb.model.settings import Placement, Policy, Settings
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import COMMAND, Session, write_notebook
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.engines.kubernetes.conftest import Bench
from tests.integration.kube.cluster import kubectl

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

_PLAIN = Settings()
LONG = "print('begun', flush=True)\nimport time\ntime.sleep(120)"

SHORT = "print('begun', flush=True)\nimport time\ntime.sleep(8)"


def at_work(bench: Bench, cell: str = LONG, settings: Settings = _PLAIN) -> Handle:
    """Submit a long run and return once something that it printed is home."""
    handle = bench.submit(cell, settings=settings)

    def begun() -> bool:
        bench.engine.observe([handle])
        return b"begun" in bench.engine.read(handle, None).log

    wait_for(begun, what="the first line")
    return handle


def pod_of(bench: Bench, handle: Handle) -> str:
    """Return the name of the pod of a run."""
    (pod,) = bench.space.api.list(PODS, labels=f"mlrun-nb/run={handle.run}").items
    return name_of(pod)


def evict(bench: Bench, pod: str) -> None:
    """Evict a pod, as `kubectl drain` does."""
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod}}
    bench.space.api.request("POST", PODS.path(bench.space.namespace, pod, subresource="eviction"), body=eviction)


def test_a_pod_that_is_deleted_fails_the_run(bench: Bench):
    """What it had written until somebody looked is there, and nobody thinks that the user cancelled it."""
    handle = at_work(bench)
    bench.space.api.delete(PODS, pod_of(bench, handle))
    seen = bench.ended(handle)
    assert seen.state is RunState.FAILED, seen
    assert seen.error is not None
    assert (seen.error.cls, "--retries" in seen.error.hint) == ("PodGone", True), seen
    assert b"begun" in (bench.directory(handle) / "output.ipynb").read_bytes()


def test_a_pod_that_is_evicted_fails_the_run(bench: Bench):
    """As a drain of its node does; that its runner was told to end is no cancel."""
    handle = at_work(bench)
    evict(bench, pod_of(bench, handle))
    seen = bench.ended(handle)
    assert (seen.state, seen.error and seen.error.cls) == (RunState.FAILED, "Drained"), seen
    assert seen.error is not None
    assert "was evicted" in seen.error.summary
    assert "--retries" in seen.error.hint
    assert bench.engine.read(handle, None).log.startswith(b"begun\n")


def test_a_run_that_may_lie_on_spot_nodes_outlives_them(bench: Bench):
    """That a node is taken away is no failure of the run: it starts again, though no retry was asked for."""
    handle = at_work(bench, SHORT, settings=Settings(placement=Placement(capacity="any")))
    evict(bench, pod_of(bench, handle))
    seen = bench.ended(handle)
    assert (seen.state, seen.attempt) == (RunState.SUCCEEDED, 2), seen
    assert bench.engine.read(handle, None).log.count(b"begun\n") == 2


def test_a_run_that_its_queue_takes_back_waits_there_and_goes_on(bench: Bench):
    """As Kueue does for one that is more urgent: it suspends the Job, and resumes it."""
    handle = at_work(bench, SHORT, settings=Settings(placement=Placement(queue="team-a")))
    bench.space.api.patch(JOBS, str(handle.data["job"]), {"spec": {"suspend": True}})
    seen = wait_for(lambda: _in_phase(bench, handle, PendingPhase.QUEUED), what="the queue")
    assert seen.reason == f"Job `{handle.data['job']}` waits in queue `team-a`"
    bench.space.api.patch(JOBS, str(handle.data["job"]), {"spec": {"suspend": False}})
    seen = bench.ended(handle)
    assert (seen.state, seen.attempt) == (RunState.SUCCEEDED, 2), seen
    assert bench.engine.read(handle, None).log.count(b"begun\n") == 2


def _in_phase(bench: Bench, handle: Handle, phase: PendingPhase) -> Observation | None:
    seen = bench.engine.observe([handle]).get(handle.run)
    return seen if seen is not None and seen.phase is phase else None


def test_a_tainted_node_takes_only_runs_that_tolerate_it(bench: Bench):
    """One waits, and is given up in the end; the other is given the node meanwhile."""
    policy = Policy(pending_timeout_s=5.0)  # long enough to be seen waiting: the server tells whole seconds
    tolerating = Placement(toleration=("mlrun-nb/test=taint:NoSchedule",))
    (node,) = kubectl("get", "nodes", "--output", "jsonpath={.items[*].metadata.name}").split()
    kubectl("taint", "node", node, "mlrun-nb/test=taint:NoSchedule")
    try:
        kept_out = bench.submit("print('in')", settings=Settings(policy=policy))
        let_in = bench.submit("print('in')", settings=Settings(policy=policy, placement=tolerating))
        waiting = wait_for(lambda: _in_phase(bench, kept_out, PendingPhase.UNSCHEDULABLE), what="the scheduler's word")
        seen = bench.ended(kept_out)
    finally:
        kubectl("taint", "node", node, "mlrun-nb/test-")
    assert "kept apart by" in waiting.reason
    assert (seen.state, seen.error and seen.error.cls) == (RunState.FAILED, "Unschedulable.Taint"), seen
    assert seen.error is not None
    assert "--toleration" in seen.error.hint
    assert bench.ended(let_in).state is RunState.SUCCEEDED


def test_a_job_that_is_deleted_by_others_is_no_cancel(bench: Bench):
    """Its end is known for certain, the reason is not ours."""
    handle = at_work(bench)
    bench.space.api.delete(JOBS, str(handle.data["job"]))
    seen = bench.ended(handle)
    assert seen.state in {RunState.LOST, RunState.FAILED}, seen
    assert str(handle.data["job"]) in seen.reason or "deleted" in seen.reason


def test_a_run_that_ended_before_it_was_cancelled_keeps_its_end(bench: Bench):
    """Whoever cancels may not have heard of it."""
    handle = bench.submit("print('done')")
    selector = f"mlrun-nb/run={handle.run}"

    def is_done() -> bool:
        pods = bench.space.api.list(PODS, labels=selector).items
        return [part(pod, "status").get("phase") for pod in pods] == ["Succeeded"]

    wait_for(is_done, what="the end of the pod")
    bench.engine.cancel(handle)
    assert bench.ended(handle).state is RunState.SUCCEEDED
    assert bench.engine.read(handle, None).log == b"done\n"


def test_a_cancelled_run_leaves_its_last_words_and_nothing_else(bench: Bench):
    """Notebook and log are home; Job, pod and ConfigMap are gone."""
    handle = at_work(bench)
    bench.engine.cancel(handle)
    seen = bench.ended(handle)
    assert seen.state is RunState.CANCELLED
    assert seen.result is not None
    assert [cell.state for cell in seen.result.cells] == ["cancelled"]
    selector = f"mlrun-nb/run={handle.run}"

    def left() -> list[str]:
        return [
            name_of(each)
            for kind in (JOBS, PODS, CONFIG_MAPS)
            for each in bench.space.api.list(kind, labels=selector).items
        ]

    wait_for(lambda: not left(), what="that nothing is left")


@pytest.fixture
def session(bench: Bench, tmp_path: Path) -> Session:
    """Return somebody with a notebook and a profile for the namespace."""
    write_notebook(tmp_path / "n.ipynb", ["%%mlrun work\nimport time\nprint('begun', flush=True)\ntime.sleep(2)"])
    profile = {"engine": "kubernetes", "image": IMAGE, "namespace": bench.space.namespace}
    project = {"name": f"kills-{secrets.token_hex(4)}", "profiles": {"default": profile}}
    (tmp_path / "project.yaml").write_text(yaml.safe_dump(project))
    return Session(tmp_path)


@pytest.mark.parametrize("seed", [6, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(10, 19))])
def test_killed_at_any_moment_a_run_is_there_once_and_ends_well(bench: Bench, session: Session, seed: int):
    """Ten processes, each killed at a moment of its own; looking at the history finishes what they began."""
    moments = random.Random(seed)
    for _ in range(10):
        process = subprocess.Popen(
            [COMMAND, "run", "n.ipynb::work"],
            cwd=session.folder, env=session.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(moments.uniform(0.2, 5))
        process.send_signal(signal.SIGKILL)
        process.wait()

    def states() -> list[str]:
        said = session.type("runs", "--json")
        assert said.code == 0, said.err
        return [run["state"] for run in json.loads(said.out)]

    wait_for(
        lambda: states() and not {"pending", "running"} & set(states()), what="the end of all runs", patience_s=240
    )
    assert set(states()) == {"succeeded"}
    project = yaml.safe_load((session.folder / "project.yaml").read_text())["name"]
    jobs = bench.space.api.list(JOBS, labels=f"mlrun-nb/project={project}").items
    assert len(jobs) == len(states())
    owners = {name_of(job) for job in bench.space.api.list(JOBS).items}
    maps = [each for each in bench.space.api.list(CONFIG_MAPS).items if name_of(each).startswith("mlrun-")]
    assert all(metadata(each)["ownerReferences"][0]["name"] in owners for each in maps)
