"""Sweeps on a real cluster, typed by somebody who may do no more than `mlrun-nb k8s rbac` prints."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlrun_nb._lib.records import Json
from mlrun_nb.engines.supervisor import files
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import Session, write_notebook
from tests.acceptance.test_cli_sweep import children, directory
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.engines.kubernetes.conftest import RESTRICTED
from tests.integration.kube.cluster import Space, kubectl, space, submitting
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

CELLS = [
    "%%mlrun train --output y --output model\nx: int = 1\nprint('x is', x)\nmodel = {'w': x}\ny = 10 * x",
    "%%mlrun broken --output y\nx: int = 1\ny = 1 / (x - 2)",
    "import time\n\ndef work(s):\n    print('begun', flush=True)\n    time.sleep(s)",
    "%%mlrun slow --output y\nx: int = 1\ns: int = 8\nwork(s)\ny = 10 * x",
    "def hog():\n    held = []\n    while True:\n        held.append(bytearray(b'x') * (16 << 20))",
    "%%mlrun mixed --output y\nx: int = 1\nif x == 5:\n    hog()\nassert x % 10 != 3\ny = 10 * x",
]
THIRTY = f"x={','.join(map(str, range(30)))}"
TWELVE = f"x={','.join(map(str, range(12)))}"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    """Give a namespace for restricted pods, in which we have the least of rights."""
    require("cluster")
    with space(labels=RESTRICTED) as here, submitting(here, tmp_path_factory.mktemp("submitter")):
        yield here


@pytest.fixture
def session(here: Space, tmp_path: Path) -> Session:
    """Return somebody with a notebook and a profile for the namespace."""
    write_notebook(tmp_path / "n.ipynb", CELLS)
    profile = {"engine": "kubernetes", "image": IMAGE, "namespace": here.namespace}
    (tmp_path / "project.yaml").write_text(yaml.safe_dump({"name": "default", "profiles": {"default": profile}}))
    return Session(tmp_path)


def jobs_of(here: Space, found: Sequence[dict[str, Any]]) -> list[str]:
    """Return the names of the Jobs of children, each as often as there is one."""
    names = kubectl("get", "jobs", "--namespace", here.namespace, "--output", "name").split()
    return [name for name in names if any(child["id"] in name for child in found)]


def kill_driver(session: Session, run: str) -> None:
    """Kill the process that drives a sweep, once there is one."""

    def driver() -> int | None:
        state = files.read_state(str(directory(session, run)))
        return int(state["runner"]["pid"]) if state is not None and state["runner"] else None

    os.kill(wait_for(driver, what="the driver"), signal.SIGKILL)
    wait_for(lambda: state_of(session, run) == "failed", what="that its end is known")


def state_of(session: Session, run: str) -> Json:
    """Return the state of a run."""
    return session.type("show", run, "--json").json["state"]


def await_success(session: Session, run: str) -> None:
    """Return once a sweep has succeeded; says all that is known of one that does not."""
    try:
        wait_for(lambda: state_of(session, run) not in {"pending", "running"}, what="the end", patience_s=240)
    finally:
        known = session.type("show", run).out + session.type("logs", run).out
        found = [(child["state"], child.get("reason"), child["error"]) for child in children(session, run)]
        print(known, *found, sep="\n")
    assert state_of(session, run) == "succeeded"


def values(found: Sequence[dict[str, Any]]) -> list[tuple[str, Json]]:
    """Return how each child ended, and its result."""
    return [(child["state"], child["results"].get("y")) for child in found]


def test_each_point_is_a_run_on_the_cluster(session: Session):
    """The best one's outcome is the sweep's; its artifact came home."""
    said = session.type("sweep", "n.ipynb::train", "--sweep", "x=1,2,3", "--maximize", "y", "--json")
    assert said.code == 0, said.err
    assert said.json["results"] == {"y": 30}
    run = str(said.json["id"])
    found = children(session, run)
    assert values(found) == [("succeeded", 10), ("succeeded", 20), ("succeeded", 30)]
    assert {each["name"] for each in json.loads(said.out)["artifacts"]} == {"children", "model"}
    assert session.type("logs", found[2]["id"]).out == "x is 3\n"


def test_a_child_that_fails_hinders_nobody(session: Session):
    """It says why."""
    said = session.type("sweep", "n.ipynb::broken", "--sweep", "x=1,2,3", "--maximize", "y", "--json")
    assert said.code == 0, said.err
    found = children(session, str(said.json["id"]))
    assert [child["state"] for child in found] == ["succeeded", "failed", "succeeded"]
    assert found[1]["error"]["ename"] == "ZeroDivisionError"


def test_a_cancelled_sweep_leaves_nothing_and_can_be_resumed(here: Space, session: Session):
    """No Job goes on; later each interrupted point is begun anew."""
    words = ("n.ipynb::slow", "--sweep", "x=1,2,3", "--parallel", "2", "--detach", "-q")
    run = session.type("sweep", *words).out.strip()
    wait_for(lambda: any(child["state"] == "running" for child in children(session, run)), what="a child at work")
    assert session.type("cancel", run, "--wait").code == 0
    found = children(session, run)
    assert {child["state"] for child in found} == {"cancelled"}
    wait_for(lambda: not jobs_of(here, found), what="that no Job is left")
    said = session.type("sweep", "resume", run)
    assert said.code == 0, said.err
    assert values(children(session, run)) == [("succeeded", 10), ("succeeded", 20), ("succeeded", 30)]


def test_children_go_on_without_their_driver_and_are_found_again(here: Space, session: Session):
    """Whoever resumes the sweep starts none of them twice."""
    run = session.type("sweep", "n.ipynb::slow", "--sweep", "x=1,2", "--detach", "-q").out.strip()
    wait_for(lambda: len(children(session, run)) == 2, what="two children")
    kill_driver(session, run)
    assert session.type("sweep", "resume", run).code == 0
    found = children(session, run)
    assert values(found) == [("succeeded", 10), ("succeeded", 20)]
    assert len(jobs_of(here, found)) == 2


def test_children_whose_driver_is_dead_are_cancelled_with_the_sweep(here: Space, session: Session):
    """The sweep itself has ended before; what goes on of it has not."""
    run = session.type("sweep", "n.ipynb::slow", "--sweep", "x=1,2", "-p", "s=300", "--detach", "-q").out.strip()
    wait_for(lambda: len(children(session, run)) == 2, what="two children")
    kill_driver(session, run)
    said = session.type("cancel", run, COLUMNS="200")
    assert "2 children that went on were asked to end" in said.out, said.err
    found = children(session, run)
    wait_for(lambda: not jobs_of(here, found), what="that no Job is left")
    assert {child["state"] for child in children(session, run)} == {"cancelled"}


def blocks_of(here: Space, run: str) -> dict[str, str]:
    """Return the Indexed Jobs of a sweep: name to UID."""
    template = "jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{'\\n'}{end}"
    words = ("get", "jobs", "--namespace", here.namespace, "--selector", f"mlrun-nb/run={run}", "--output", template)
    return dict(line.split() for line in kubectl(*words).splitlines())


def pods_of(here: Space, run: str) -> list[str]:
    """Return the index of each pod that a sweep has had, so far as it is still there."""
    mark = r"jsonpath={.items[*].metadata.annotations.batch\.kubernetes\.io/job-completion-index}"
    words = ("get", "pods", "--namespace", here.namespace, "--selector", f"mlrun-nb/run={run}", "--output", mark)
    return kubectl(*words).split()


def some_have_ended(session: Session, run: str) -> bool:
    """Tell whether a child has succeeded and another has not ended."""
    states = {child["state"] for child in children(session, run)}
    return "succeeded" in states and bool(states & {"pending", "running"})


def test_thirty_points_are_one_job_that_outlives_its_driver(here: Space, session: Session):
    """Children fail, one for want of memory; the driver is killed in between; no point is executed twice."""
    words = ("n.ipynb::mixed", "--sweep", THIRTY, "--parallel", "5", "--memory", "300Mi", "--maximize", "y", "--detach")
    run = session.type("sweep", *words, "-q").out.strip()
    wait_for(lambda: some_have_ended(session, run), what="the first child", patience_s=120)
    (block,) = blocks_of(here, run).items()
    kill_driver(session, run)
    resumed = session.start("sweep", "resume", run)
    out, err = resumed.communicate(timeout=400)
    assert resumed.returncode == 0, out + err
    assert blocks_of(here, run) == dict([block])
    assert sorted(map(int, pods_of(here, run))) == list(range(30))
    found = children(session, run)
    failed = {child["number"]: child["error"]["class"] for child in found if child["state"] != "succeeded"}
    assert failed == {3: "CellFailed", 5: "OutOfMemory", 13: "CellFailed", 23: "CellFailed"}
    assert [child["results"]["y"] for child in found if child["state"] == "succeeded"] == [
        10 * x for x in range(30) if x not in failed
    ]
    assert session.type("show", run, "--json").json["results"] == {"y": 290}


def test_a_block_that_is_cancelled_half_way_goes_on_where_it_was(here: Space, session: Session):
    """Those that had ended are not repeated; the others are a new Job."""
    words = ("n.ipynb::slow", "--sweep", TWELVE, "-p", "s=3", "--parallel", "3", "--detach", "-q")
    run = session.type("sweep", *words).out.strip()
    wait_for(lambda: some_have_ended(session, run), what="the first child", patience_s=120)
    assert session.type("cancel", run, "--wait").code == 0
    before = {child["id"]: child["ended"] for child in children(session, run) if child["state"] == "succeeded"}
    assert 0 < len(before) < 12
    assert {child["state"] for child in children(session, run)} == {"succeeded", "cancelled"}
    wait_for(lambda: not blocks_of(here, run) and not pods_of(here, run), what="that nothing is left")
    resumed = session.start("sweep", "resume", run)
    out, err = resumed.communicate(timeout=300)
    assert resumed.returncode == 0, out + err
    found = children(session, run)
    assert values(found) == [("succeeded", 10 * x) for x in range(12)]
    assert {child["id"]: child["ended"] for child in found if child["id"] in before} == before
    assert len(pods_of(here, run)) == 12 - len(before)


def test_a_child_of_a_block_is_not_cancelled_by_itself(here: Space, session: Session):
    """Its sweep is, and all of it, also without its driver."""
    words = ("n.ipynb::slow", "--sweep", TWELVE, "-p", "s=300", "--parallel", "2", "--detach", "-q")
    run = session.type("sweep", *words).out.strip()
    wait_for(lambda: len(children(session, run)) == 12, what="the children")
    said = session.type("cancel", children(session, run)[11]["id"], COLUMNS="200")
    assert said.code == 2
    assert "cannot be ended without the others" in said.err
    assert f"mlrun-nb cancel {run[:6]}" in said.err
    assert len(blocks_of(here, run)) == 1
    kill_driver(session, run)
    said = session.type("cancel", run, COLUMNS="200")
    assert "12 children that went on were asked to end" in said.out, said.err
    wait_for(lambda: not blocks_of(here, run), what="that nothing is left")
    wait_for(lambda: {child["state"] for child in children(session, run)} == {"cancelled"}, what="that it is known")


def test_drivers_killed_at_any_moment_leave_one_job(here: Space, session: Session):
    """Each is taken over by the next; in the end each point was executed once."""
    moments = random.Random(3)
    words = ("n.ipynb::slow", "--sweep", TWELVE, "-p", "s=3", "--parallel", "4", "--detach", "-q")
    run = session.type("sweep", *words).out.strip()
    for _ in range(4):
        time.sleep(moments.uniform(0.0, 3.0))
        kill_driver(session, run)
        assert session.type("sweep", "resume", run, "--detach").code == 0
    await_success(session, run)
    assert values(children(session, run)) == [("succeeded", 10 * x) for x in range(12)]
    assert len(blocks_of(here, run)) == 1
    assert sorted(map(int, pods_of(here, run))) == list(range(12))
