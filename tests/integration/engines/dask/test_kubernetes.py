"""Runs on a Dask cluster of ours on a real Kubernetes: begun, found, grown, shrunk, shared and ended."""

from __future__ import annotations

import getpass
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import s3fs

from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.config import Config
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.errors import EngineRejected
from mlrun_nb.kube.objects import SERVICES, part
from mlrun_nb.model.run import Handle
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for
from tests.integration.engines.dask.operated import PATIENCE_S, Ground, ground, named
from tests.integration.kube.cluster import kubectl
from tests.integration.kube.dask_operator import install_operator, what_is_there
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

UNTIL_TOLD = (
    "import pathlib, time\nprint('begun', flush=True)\nwhile not pathlib.Path('end').exists():\n    time.sleep(0.2)"
)
CRUNCH = """
from distributed import Client
import dask.array as da
client = Client()
parts = da.random.default_rng(0).random((9_000, 9_000), chunks=(1_500, 1_500))  # 650 MB, more than a worker may hold
mean = float((parts + parts.T).mean().compute())
names = {worker["id"] for worker in client.scheduler_info(n_workers=-1)["workers"].values()}
print("mean", round(mean, 2), "workers", len(names), min(names), flush=True)
"""
_SUBMIT = """
import json, os, signal, sys
from pathlib import Path
from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.config import Config
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.model.run import RunRequest
home, folder = map(Path, sys.argv[1:])
request = from_json(RunRequest, json.loads((folder / "request.json").read_bytes()))
handle = DaskEngine(Config(home=home, store="memory://")).submit([request])[request.id]
print(json.dumps(to_json(handle)), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Ground]:
    """Give a ground for the tests of a module."""
    require("cluster")
    install_operator()
    with ground() as made:
        yield made
        print(what_is_there(made.space.namespace))


@pytest.fixture(autouse=True)
def _cluster_of_its_own(place: Ground, request: pytest.FixtureRequest) -> Iterator[None]:
    """Have each test mean another cluster: names of one that has gone lead nowhere for a while."""
    place.settings = named(place.settings, request.node.name)
    yield
    place.clear()


def end(place: Ground, *handles: Handle) -> None:
    """Tell runs of UNTIL_TOLD to end."""
    for handle in handles:
        work = Path(str(handle.data["run_directory"]))
        (work / "end").touch()


def test_it_begins_with_its_first_run_and_any_process_finds_it(place: Ground):
    """Submitting returns before a pod is there; the run has the cluster's own address; another image, another one."""
    handle = place.submit("import os\nprint(os.environ['DASK_SCHEDULER_ADDRESS'])")
    assert place.observed(handle).state is RunState.PENDING
    seen = place.ended(handle)
    assert seen.state is RunState.SUCCEEDED, seen
    (name,) = place.clusters()
    assert place.log(handle).decode().startswith(f"tcp://{name}-scheduler.{place.space.namespace}.")
    found = place.as_another_process().cluster(place.settings)
    assert found is not None
    assert (found.name, found.workers, found.least, found.most, found.slots) == (name, 1, 1, 3, 1)
    assert (found.owner, found.idle_timeout_s, found.trouble) == (getpass.getuser(), 600.0, "")
    assert found.core_hours > 0
    assert found.memory_bytes > 0
    other = replace(place.settings, environment=replace(place.settings.environment, image="docker.io/local/other:1"))
    assert place.engine.cluster(other) is None


def test_it_grows_with_what_waits_and_shrinks_without_ending_what_works(place: Ground):
    """1 → 3 → 1 by itself; the run that has lasted from the first moment to the last is left alone."""
    first = place.submit(UNTIL_TOLD)
    place.said(first, b"begun")
    others = [place.submit(UNTIL_TOLD) for _ in range(2)]
    for other in others:
        place.said(other, b"begun")
    place.has_workers(3)
    with pytest.raises(EngineRejected, match="3 runs"):
        place.engine.scale_cluster(place.settings, least=1, most=1, force=False)
    end(place, *others)
    assert [place.ended(other).state for other in others] == [RunState.SUCCEEDED] * 2
    place.has_workers(1)
    assert place.observed(first).state is RunState.RUNNING
    end(place, first)
    seen = place.ended(first)
    assert (seen.state, seen.attempt) == (RunState.SUCCEEDED, 1)


def test_a_cell_computes_on_the_cluster_that_it_is_on(place: Ground):
    """More than a worker may hold; it gets no other cluster inside."""
    handle = place.submit(CRUNCH)
    seen = place.ended(handle)
    assert seen.state is RunState.SUCCEEDED, (seen, place.log(handle))
    (name,) = place.clusters()
    words = place.log(handle).decode().split()
    assert words[words.index("mean") + 1] == "1.0"
    assert words[-1].startswith(name)
    assert not [event for event in place.engine.read(handle, None).events if event.type == "dask_cluster"]


def test_who_submitted_may_die_before_there_is_a_scheduler(place: Ground):
    """Another process gives the run to it, once; what it was is in the run directory."""
    request = place.request("print('made', flush=True)")
    command = [sys.executable, "-c", _SUBMIT, str(place.home), request.run_directory]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert done.stdout, done.stderr
    handle = from_json(Handle, json.loads(done.stdout))
    seen = place.ended(handle)
    assert seen.state is RunState.SUCCEEDED, seen
    assert place.log(handle) == b"made\n"


def test_without_work_it_ends_by_itself(place: Ground):
    """The operator sees to it, also where nobody looks any more."""
    settings = replace(place.settings, dask=replace(place.settings.dask, dask_idle_timeout_s=10.0))
    handle = place.submit("x = 1", settings=settings)
    assert place.ended(handle).state is RunState.SUCCEEDED
    wait_for(lambda: not place.clusters(), what="the end of the cluster", patience_s=PATIENCE_S)
    assert place.standing(settings) is None


def test_a_scheduler_that_dies_takes_no_run_along_that_only_waits(place: Ground):
    """What a worker had begun has failed with it; what waited goes to the scheduler that comes after."""
    settings = replace(place.settings, dask_workers=(1,))
    works = place.submit(UNTIL_TOLD, settings=settings)
    place.said(works, b"begun")
    waits = place.submit("print('after all', flush=True)", settings=settings)
    assert place.observed(waits).state is RunState.PENDING
    (scheduler,) = place.pods("scheduler")
    kubectl("delete", "pod", scheduler, "--namespace", place.space.namespace, "--grace-period", "0", "--force")
    seen = place.ended(works)
    assert seen.state is RunState.FAILED, seen
    assert seen.error is not None
    assert seen.error.cls == "WorkerLost"
    assert place.ended(waits).state is RunState.SUCCEEDED
    assert place.log(waits) == b"after all\n"


def test_an_image_that_does_not_exist_is_why_a_run_waits_and_fails(place: Ground):
    """And of the cluster nothing is left that the operator would not end."""
    broken = replace(place.settings.environment, image="docker.io/local/nobody-has-this:1")
    settings = replace(
        place.settings, environment=broken, policy=replace(place.settings.policy, pending_timeout_s=25.0)
    )
    handle = place.submit("x = 1", settings=settings)
    wait_for(lambda: "nobody-has-this" in place.observed(handle).reason, what="the reason", patience_s=PATIENCE_S)
    seen = place.ended(handle)
    assert seen.state is RunState.FAILED
    assert seen.error is not None
    assert seen.error.cls.startswith("ImagePull")
    wait_for(lambda: not place.clusters(), what="the end of the cluster", patience_s=PATIENCE_S)


def test_workers_that_fit_nowhere_are_why_a_run_waits_and_fails(place: Ground):
    """The hint names the option of the workers."""
    settings = replace(
        place.settings,
        dask_worker_memory="900Gi",
        policy=replace(place.settings.policy, pending_timeout_s=20.0),
    )
    handle = place.submit("x = 1", settings=settings)
    wait_for(lambda: "memory" in place.observed(handle).reason, what="the reason", patience_s=PATIENCE_S)
    standing = place.standing(settings)
    assert standing is not None
    assert "memory" in standing.trouble
    seen = place.ended(handle)
    assert seen.error is not None
    assert (seen.state, seen.error.cls) == (RunState.FAILED, "Unschedulable.Resources")
    assert "--dask-worker-memory" in seen.error.hint


def test_an_image_without_dask_is_named(place: Ground):
    """Its containers end again and again; the run says of what, and what to do."""
    image = os.environ.get("MLRUN_NB_TEST_IMAGE", "docker.io/local/run:1")
    settings = replace(
        place.settings,
        environment=replace(place.settings.environment, image=image),
        policy=replace(place.settings.policy, pending_timeout_s=30.0),
    )
    seen = place.ended(place.submit("x = 1", settings=settings))
    assert seen.error is not None
    assert seen.state is RunState.FAILED
    assert "No module named dask" in seen.error.summary
    assert "distributed" in seen.error.hint
    wait_for(lambda: not place.clusters(), what="the end of the cluster", patience_s=PATIENCE_S)


def test_a_run_is_cancelled_before_its_cluster_is_there(place: Ground):
    """It never begins, whatever the scheduler does when it comes."""
    handle = place.submit("print('never', flush=True)")
    place.engine.cancel(handle)
    assert place.observed(handle).state is RunState.CANCELLED
    after = place.submit("print('later', flush=True)")
    assert place.ended(after).state is RunState.SUCCEEDED
    assert place.observed(handle).state is RunState.CANCELLED
    assert place.log(handle) == b""


def test_where_its_service_leads_nowhere_a_port_is_forwarded(place: Ground):
    """The same run, by the same engine, through the API server."""
    assert place.ended(place.submit("x = 1")).state is RunState.SUCCEEDED
    begun = place.standing()
    assert begun is not None
    name = begun.name
    nobody = {"spec": {"selector": {"dask.org/component": "nobody"}}}
    place.space.api.patch(SERVICES, f"{name}-scheduler", nobody)
    wait_for(lambda: _is_silent(place, name), what="that the Service leads nowhere")
    outside = place.as_another_process()
    request = place.request("print('through', flush=True)")
    handle = outside.submit([request])[request.id]

    def has_ended() -> bool:
        seen = outside.observe([handle]).get(handle.run)
        return seen is not None and seen.state is RunState.SUCCEEDED

    wait_for(has_ended, what="the end of the run", patience_s=PATIENCE_S)
    assert outside.read(handle, None).log == b"through\n"
    standing = outside.cluster(place.settings)
    assert standing is not None
    assert (standing.workers, standing.dashboard) == (1, "")


def test_without_a_shared_volume_files_go_through_the_object_store(place: Ground):
    """With keys that pods get from a Secret; without a store either the run is refused before it is recorded."""
    endpoint, secret = require("s3"), f"s3-{secrets.token_hex(4)}"
    keys = {name: os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    literals = [f"--from-literal={name}={value}" for name, value in keys.items()]
    kubectl("create", "secret", "generic", secret, *literals, "--namespace", place.space.namespace)
    environment = replace(
        place.settings.environment,
        env={**place.settings.environment.env, "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1"},
        secret={name: f"kubernetes:{secret}/{name}" for name in keys},
    )
    request = place.request(
        "print('away', flush=True)", settings=replace(place.settings, environment=environment, volumes=())
    )
    with pytest.raises(EngineRejected, match="no worker on Kubernetes would see"):
        place.engine.check(request)
    url = f"s3://mlrun-nb-{secrets.token_hex(4)}/artifacts"
    s3fs.S3FileSystem().mkdir(url.split("/")[2])
    request = replace(request, artifacts=f"{url}/{request.id}")
    Path(request.run_directory, "request.json").write_text(json.dumps(to_json(request)))
    assert place.engine.check(request) == []
    handle = place.engine.submit([request])[request.id]
    assert place.ended(handle).state is RunState.SUCCEEDED
    assert place.log(handle) == b"away\n"


def test_the_range_can_be_changed_and_the_end_takes_all_along(place: Ground):
    """`up`, `scale` and `down`; each says how it stands then."""
    begun = place.engine.begin_cluster(place.settings)
    assert (begun.least, begun.most) == (1, 3)
    assert begun.trouble
    place.has_workers(1)
    scaled = place.engine.scale_cluster(place.settings, least=2, most=2, force=False)
    assert (scaled.least, scaled.most) == (2, 2)
    place.has_workers(2)
    assert place.engine.end_cluster(place.settings, force=False)
    assert place.standing() is None
    left = ("pods", "services", "deployments", "daskclusters", "daskworkergroups", "daskautoscalers")
    listed = lambda: json.loads(kubectl("get", ",".join(left), "-o", "json", "-n", place.space.namespace))["items"]  # noqa: E731
    wait_for(lambda: not listed(), what="that nothing is left", patience_s=PATIENCE_S)
    assert not place.engine.end_cluster(place.settings, force=False)


def test_a_cluster_that_no_profile_leads_to_is_seen_and_ended_by_its_name(place: Ground):
    """An option of a cell had led a run there; who has another home sees none of them."""
    other = named(place.settings, "cell")
    names = [place.engine.begin_cluster(settings).name for settings in (other, place.settings)]
    assert [each.name for each in place.engine.clusters(place.settings)] == names[::-1]
    assert place.engine.end_cluster(place.settings, name=names[0], force=False)
    assert [each.name for each in place.engine.clusters(place.settings)] == names[1:]
    with pytest.raises(EngineRejected, match=f"no Dask cluster `{names[0]}`"):
        place.engine.scale_cluster(place.settings, name=names[0], least=1, most=1, force=False)
    stranger = DaskEngine(Config(home=place.home / "elsewhere", store="memory://"))
    assert stranger.clusters(place.settings) == []
    stranger.close()


def _is_silent(place: Ground, name: str) -> bool:
    import socket

    address = str(part(place.space.api.get(SERVICES, f"{name}-scheduler"), "spec")["clusterIP"])
    try:
        socket.create_connection((address, 8786), timeout=1).close()
    except OSError:
        return True
    return False
