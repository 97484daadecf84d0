"""What others do to a run: delete its pod or its Job, drain its node, kill whoever submitted it."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from mlrun_nb.kube.objects import CONFIG_MAPS, JOBS, PODS, metadata, name_of, part
from mlrun_nb.model.run import Handle
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import COMMAND, Session, write_notebook
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.engines.kubernetes.conftest import Bench

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

LONG = "print('begun', flush=True)\nimport time\ntime.sleep(120)"


def at_work(bench: Bench) -> Handle:
    """Submit a long run and return once something that it printed is home."""
    handle = bench.submit(LONG)

    def begun() -> bool:
        bench.engine.observe([handle])
        return b"begun" in bench.engine.read(handle, None).log

    wait_for(begun, what="the first line")
    return handle


def pod_of(bench: Bench, handle: Handle) -> str:
    """Return the name of the pod of a run."""
    (pod,) = bench.space.api.list(PODS, labels=f"mlrun-nb/run={handle.run}").items
    return name_of(pod)


def test_a_pod_that_is_deleted_fails_the_run(bench: Bench):
    """What it had written until somebody looked is there, and nobody thinks that the user cancelled it."""
    handle = at_work(bench)
    bench.space.api.delete(PODS, pod_of(bench, handle))
    seen = bench.ended(handle)
    assert seen.state is RunState.FAILED, seen
    assert seen.error is not None
    assert seen.error.cls != "Cancelled"
    assert b"begun" in (bench.directory(handle) / "output.ipynb").read_bytes()


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
    (tmp_path / "project.yaml").write_text(yaml.safe_dump({"name": "kills", "profiles": {"default": profile}}))
    return Session(tmp_path)


def test_killed_at_any_moment_a_run_is_there_once_and_ends_well(bench: Bench, session: Session):
    """Ten processes, each killed at a moment of its own; looking at the history finishes what they began."""
    moments = random.Random(6)
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
        return [run["state"] for run in json.loads(session.type("runs", "--json").out)]

    wait_for(
        lambda: states() and not {"pending", "running"} & set(states()), what="the end of all runs", patience_s=240
    )
    assert set(states()) == {"succeeded"}
    jobs = [
        job for job in bench.space.api.list(JOBS).items if metadata(job)["labels"].get("mlrun-nb/project") == "kills"
    ]
    assert len(jobs) == len(states())
    owners = {name_of(job) for job in bench.space.api.list(JOBS).items}
    maps = [each for each in bench.space.api.list(CONFIG_MAPS).items if name_of(each).startswith("mlrun-")]
    assert all(metadata(each)["ownerReferences"][0]["name"] in owners for each in maps)
