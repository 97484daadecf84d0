"""Runs on a cluster, against a bare Job that runs papermill, and 200 in flight against one poll for each of them."""

from __future__ import annotations

import json
import logging
import resource
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from mlrun_nb.config import Config
from mlrun_nb.engines.kubernetes.engine import KubernetesEngine
from mlrun_nb.kube.objects import CONFIG_MAPS, JOBS, PODS, condition, name_of
from mlrun_nb.kube.reflector import Pace
from mlrun_nb.model.run import Handle
from mlrun_nb.model.settings import Environment, Kubernetes, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import write_request
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.kube.cluster import Space, space
from tests.parts import require

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]

CELL = "total = sum(range(1000))\nprint(total)"
IN_FLIGHT = 200
WATCH_S = Pace().watch_s


@pytest.fixture
def here():
    """Give a namespace."""
    require("cluster")
    with space() as here:
        yield here


@pytest.fixture
def engine(tmp_path: Path):
    """Give an engine, and stop its watches at the end."""
    engine = KubernetesEngine(Config(home=tmp_path, store="memory://"))
    yield engine
    engine.close()


def request_in(folder: Path, here: Space, cell: str = CELL):
    """Return a request to run *cell*."""
    settings = Settings(environment=Environment(image=IMAGE), kubernetes=Kubernetes(namespace=here.namespace))
    return write_request(folder, cell, engine="kubernetes", settings=settings)


def wait(condition: Callable[[], Any]) -> None:
    """Ask until *condition* is true."""
    while not condition():
        time.sleep(0.1)


def bare_job(here: Space, notebook: str) -> None:
    """Run papermill on *notebook* in a Job, as one would by hand, and return when its pod has ended."""
    name = f"bare-{secrets.token_hex(4)}"
    here.api.post(CONFIG_MAPS, {"metadata": {"name": name}, "data": {"in.ipynb": notebook}})
    container = {
        "name": "main",
        "image": IMAGE,
        "command": ["python3", "-m", "papermill", "/in/in.ipynb", "/tmp/out.ipynb", "--log-output"],
        "env": [{"name": "HOME", "value": "/tmp"}],
        "volumeMounts": [{"name": "in", "mountPath": "/in"}],
    }
    pod = {
        "restartPolicy": "Never",
        "containers": [container],
        "volumes": [{"name": "in", "configMap": {"name": name}}],
    }
    here.api.post(JOBS, {"metadata": {"name": name}, "spec": {"backoffLimit": 0, "template": {"spec": pod}}})

    def ended() -> bool:
        pods = here.api.list(PODS, labels=f"job-name={name}").items
        phases = {pod["status"]["phase"] for pod in pods}
        assert "Failed" not in phases
        return phases == {"Succeeded"}

    wait(ended)


def test_a_run_against_a_bare_job_with_papermill(here: Space, engine: KubernetesEngine, tmp_path: Path):
    """From the request to the result that is home; goal at most 0.3 s beyond the pod's end of the bare one."""

    def ours() -> float:
        began = time.perf_counter()
        request = request_in(tmp_path / "runs", here)
        handle = engine.submit([request])[request.id]
        wait(lambda: engine.observe([handle])[request.id].state is RunState.SUCCEEDED)
        return time.perf_counter() - began

    def theirs() -> float:
        notebook = Path(request_in(tmp_path / "runs", here).run_directory, "input.ipynb").read_text()
        began = time.perf_counter()
        bare_job(here, notebook)
        return time.perf_counter() - began

    pairs = [(ours(), theirs()) for _ in range(6)][1:]
    beyond = median(one - other for one, other in pairs)
    one, other = (median(column) for column in zip(*pairs, strict=True))
    print(f"\na run on Kubernetes {one:.2f} s, a bare Job with papermill {other:.2f} s: {beyond:+.2f} s (goal ≤ +0.3)")
    assert beyond <= 0.3


def test_many_runs_in_flight_against_a_poll_for_each(here: Space, engine: KubernetesEngine, tmp_path: Path):
    """How many requests a run costs, and our share of a CPU, beside the naive loop over the same runs."""
    handles: list[Handle] = []
    with counted_requests() as requests:
        for _ in range(IN_FLIGHT):
            request = request_in(tmp_path / "runs", here, "import time\ntime.sleep(1)")
            handles.append(engine.submit([request])[request.id])
        began, cpu = time.perf_counter(), cpu_s()
        wait(lambda: all_ended(engine, handles))
        wall, ours_s = time.perf_counter() - began, cpu_s() - cpu
    began, cpu = time.perf_counter(), cpu_s()
    names = [str(handle.data["job"]) for handle in handles]
    rounds = 5
    for _ in range(rounds):
        poll_each(here, names)
    per_round_s = (cpu_s() - cpu) / rounds
    naive_s = per_round_s * wall  # one round a second for as long as ours watched
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"\n{IN_FLIGHT} runs in flight for {wall:.0f} s: {ours_s:.1f} s of CPU ({ours_s / wall:.1%}), "
        f"a poll for each run and second {naive_s:.1f} s, ratio {ours_s / naive_s:.2f}; {memory} MB; "
        f"{requests['watch']} watches of {WATCH_S} s, {requests['request'] / IN_FLIGHT:.1f} requests for a run"
    )
    assert ours_s < naive_s
    assert requests["watch"] <= 2 * (1 + wall // WATCH_S)
    assert requests["request"] <= 6 * IN_FLIGHT + 5 * wall  # what it takes to send them; and four logs a second


@contextmanager
def counted_requests() -> Iterator[Counter[str]]:
    """Count what is sent to the cluster, by what the connections write in their log: watches, and all the rest."""
    counts: Counter[str] = Counter()

    class Counting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said = record.getMessage()
            if " HTTP/" in said:
                counts["watch" if "watch=" in said else "request"] += 1

    log, handler = logging.getLogger("urllib3.connectionpool"), Counting()
    before = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield counts
    finally:
        log.removeHandler(handler)
        log.setLevel(before[0])
        log.propagate = before[1]


def all_ended(engine: KubernetesEngine, handles: list[Handle]) -> bool:
    """Look once, as a server does each second."""
    time.sleep(0.9)
    return all(seen.state.is_final for seen in engine.observe(handles).values())


def poll_each(here: Space, names: list[str]) -> None:
    """Read each Job and its pod, as a loop over runs would."""
    for name in names:
        job = here.api.get(JOBS, name)
        condition(job, "Complete")
        pods = here.api.list(PODS, labels=f"job-name={name}").items
        json.dumps([name_of(pod) for pod in pods])


def cpu_s() -> float:
    """Return the CPU time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
