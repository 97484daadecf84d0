"""Runs on workers that do not see the run directory: there and home through an object store, on a real cluster."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import s3fs

from mlrun_nb.config import Config
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.artifact import InputReference
from mlrun_nb.model.run import Observation, RunRequest
from mlrun_nb.model.settings import Policy, Resources, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.engine import Engine
from mlrun_nb.testing.engine_contract import DetachedEngineContract, ExaminableContract
from mlrun_nb.testing.pool_contract import write_sweep
from mlrun_nb.testing.requests import wait_for, wait_until_ended, wait_until_running, write_request
from tests.integration.engines.dask.pods import DaskPods
from tests.integration.engines.dask.views import DaskViews
from tests.integration.kube.cluster import kubectl, space
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_SLEEP = "print('begun', flush=True)\nimport time\ntime.sleep(100)"


@pytest.fixture(scope="module")
def pods() -> Iterator[DaskPods]:
    """Give a scheduler and two workers that reach the store, for a module; a test that kills one adds one."""
    require("cluster")
    exports = {"AWS_ENDPOINT_URL": require("s3"), "AWS_REGION": "us-east-1", **{key: os.environ[key] for key in _KEYS}}
    with space() as here:
        found = DaskPods(here, exports)
        found.start()
        for _ in range(2):
            found.add_worker()
        yield found


@pytest.fixture(scope="module")
def bucket() -> str:
    """Return the URL of a folder of the store."""
    require("s3")
    url = f"s3://mlrun-nb-{secrets.token_hex(4)}/artifacts"
    s3fs.S3FileSystem().mkdir(url.split("/")[2])
    return url


def _away(request: RunRequest, bucket: str) -> RunRequest:
    return replace(request, artifacts=f"{bucket}/{request.id}")


class _OnPods(DaskViews):
    """On workers that see nothing of this machine."""

    @pytest.fixture(autouse=True)
    def _on_pods(self, pods: DaskPods, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TEST_DASK_HOME", str(tmp_path / "home"))
        self._pods, self._bucket = pods, bucket

    def request_for(self, engine: Engine, tmp_path: Path, *cells: str, settings: Settings = Settings()) -> RunRequest:  # noqa: B008
        """Return a request whose artifacts go to the store."""
        request = _away(super().request_for(engine, tmp_path, *cells, settings=settings), self._bucket)
        Path(request.run_directory, "request.json").write_text(json.dumps(_plain(request)))
        return request

    def settings(self, asked: Settings) -> Settings:
        """Return *asked* with the address of the scheduler."""
        return replace(asked, dask=self._pods.settings)

    def secret(self, value: str, monkeypatch: pytest.MonkeyPatch) -> str:
        """Return a reference to a file that each worker has."""
        for name in self._pods.workers:
            write = ("exec", name, "--namespace", self._pods.space.namespace, "--", "sh", "-c")
            kubectl(*write, f"echo -n {value} > /tmp/secret")
        return "file:/tmp/secret"


class TestAway(_OnPods, DetachedEngineContract, ExaminableContract):
    """Through the object store."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DaskEngine]:
    """Give an engine."""
    engine = DaskEngine(Config(home=tmp_path / "home", store="memory://"))
    yield engine
    engine.close()


def _plain(request: RunRequest) -> object:
    from mlrun_nb._lib.records import to_json

    return to_json(request)


def _request(
    pods: DaskPods, bucket: str, tmp_path: Path, *cells: str, settings: Settings = Settings()  # noqa: B008
) -> RunRequest:  # fmt: skip
    settings = replace(settings, dask=pods.settings)
    return _away(write_request(tmp_path / "runs", *cells, engine="dask", settings=settings), bucket)


def _log(engine: DaskEngine, request: RunRequest) -> bytes:
    return engine.read(engine.submit([request])[request.id], None).log


def test_all_that_a_run_leaves_is_at_home(pods: DaskPods, bucket: str, engine: DaskEngine, tmp_path: Path):
    """Inputs of this machine went there; log, notebook, events, artifacts and paths are as they are anywhere."""
    source = tmp_path / "words.txt"
    source.write_text("from home")
    cells = ("import mlrun_nb as mn", "print('said')\nmn.log_artifact(b'bytes', 'kept')\nmn.log_result('y', 3)")
    request = _request(pods, bucket, tmp_path, *cells)
    request = replace(request, inputs={"words": InputReference(uri=str(source), kind="text")})
    handle = engine.submit([request])[request.id]
    seen = wait_until_ended(engine, handle)
    assert seen.state is RunState.SUCCEEDED, seen
    assert seen.result is not None
    assert seen.result.results == {"y": 3}
    assert [artifact.uri for artifact in seen.result.artifacts] == [f"{bucket}/{request.id}/kept.bin"]
    assert engine.read(handle, None).log == b"said\n"
    folder = Path(request.run_directory)
    assert "said" in (folder / "output.ipynb").read_text()
    events = [json.loads(line) for line in (folder / "events/000000.jsonl").read_text().splitlines()]
    assert events[0]["type"] == "run_started"
    assert str(folder) not in json.dumps(events) or "/mlrun/run" not in json.dumps(events)


def test_a_cell_s_client_is_connected_to_the_cluster_that_it_is_on(
    pods: DaskPods, bucket: str, engine: DaskEngine, tmp_path: Path
):
    """Without a word: the run has one slot, the other computes."""
    cell = "from distributed import Client\nwith Client() as client:\n    print(client.submit(sum, [1, 2]).result())"
    request = _request(pods, bucket, tmp_path, cell)
    seen = wait_until_ended(engine, engine.submit([request])[request.id])
    assert seen.state is RunState.SUCCEEDED, seen
    assert b"3\n" in _log(engine, request)


def test_a_run_that_holds_too_much_says_so(pods: DaskPods, bucket: str, engine: DaskEngine, tmp_path: Path):
    """The limit is kept where it runs, and the worker goes on."""
    hog = "held = []\nwhile True:\n    held.append(bytearray(b'x') * (16 << 20))"
    settings = Settings(resources=Resources(memory="300Mi"))
    request = _request(pods, bucket, tmp_path, hog, settings=settings)
    seen = wait_until_ended(engine, engine.submit([request])[request.id])
    assert seen.error is not None
    assert seen.error.cls == "OutOfMemory"


def test_a_lost_worker_s_run_is_tried_again_on_another(pods: DaskPods, bucket: str, engine: DaskEngine, tmp_path: Path):
    """Its log and events until then are kept, attempts counted; without retries it would have failed."""
    settings = Settings(policy=Policy(retries=1, backoff_s=0.1))
    cell = (
        "import os, time\nimport mlrun_nb as mn\nprint('on', os.uname().nodename, flush=True)\n"
        "time.sleep(100 if mn.current_run().attempt == 1 else 0)"
    )
    request = _request(pods, bucket, tmp_path, cell, settings=settings)
    handle = engine.submit([request])[request.id]
    wait_for(lambda: b"on " in engine.read(handle, None).log, what="the first words")
    pods.kill(_log(engine, request).split()[1].decode())
    pods.add_worker()

    def final() -> Observation | None:
        seen = engine.observe([handle]).get(handle.run)
        return seen if seen is not None and seen.state.is_final else None

    seen = wait_for(final, what="the end, after the time in which a lost worker may speak", patience_s=240)
    assert (seen.state, seen.attempt) == (RunState.SUCCEEDED, 2), seen
    events = [event.type for event in engine.read(handle, None).events]
    assert events.count("run_started") == 2
    assert events.count("attempt_ended") == 1
    assert _log(engine, request).count(b"on ") == 2


def test_a_run_that_waits_is_cancelled_and_never_begins(
    pods: DaskPods, bucket: str, engine: DaskEngine, tmp_path: Path
):
    """As many as there are slots go on until they are cancelled too."""
    requests = [_request(pods, bucket, tmp_path, _SLEEP) for _ in range(3)]
    handles = engine.submit(requests)
    for request in requests[:2]:
        wait_until_running(engine, handles[request.id])
    for request in reversed(requests):
        engine.cancel(handles[request.id])
    seen = [wait_until_ended(engine, handles[request.id]) for request in requests]
    assert [each.state for each in seen] == [RunState.CANCELLED] * 3
    assert _log(engine, requests[2]) == b""
    assert _log(engine, requests[0]).startswith(b"begun\n")


def test_another_process_finds_a_run_and_brings_it_home(
    pods: DaskPods, bucket: str, engine: DaskEngine, tmp_path: Path
):
    """By its handle alone; what the first one had brought is not there twice."""
    request = _request(
        pods, bucket, tmp_path, "import time\nfor n in range(5):\n    print(n, flush=True)\n    time.sleep(1)"
    )
    handle = engine.submit([request])[request.id]
    wait_for(lambda: b"1\n" in engine.read(handle, None).log, what="the first lines")
    engine.close()
    another = DaskEngine(Config(home=tmp_path / "elsewhere", store="memory://"))
    assert wait_until_ended(another, handle).state is RunState.SUCCEEDED
    assert another.read(handle, None).log == b"0\n1\n2\n3\n4\n"
    another.close()


def test_children_of_a_sweep_travel_one_by_one(pods: DaskPods, bucket: str, engine: DaskEngine, tmp_path: Path):
    """A batch would need a place that worker and driver see."""
    sweep = write_sweep(tmp_path / "runs", "y = x", engine="dask", settings=Settings(dask=pods.settings))
    sweep = replace(sweep, artifacts=f"{bucket}/{sweep.id}")
    assert engine.pool(sweep, slots=2, is_adaptive=False) == "workers do not see where runs are kept"
    assert engine.slots(sweep) == 2


def test_without_a_store_the_run_is_refused_with_both_ways_out(pods: DaskPods, engine: DaskEngine, tmp_path: Path):
    """Before anything is recorded."""
    request = write_request(tmp_path / "runs", "x = 1", engine="dask", settings=Settings(dask=pods.settings))
    with pytest.raises(EngineRejected, match="sees") as caught:
        engine.check(request)
    assert "MLRUN_NB_HOME" in caught.value.hint
    assert "artifacts: s3://" in caught.value.hint


def test_a_store_that_workers_do_not_reach_is_named(pods: DaskPods, engine: DaskEngine, tmp_path: Path):
    """Before anything is recorded, with what they said."""
    request = write_request(tmp_path / "runs", "x = 1", engine="dask", settings=Settings(dask=pods.settings))
    request = replace(request, artifacts=f"gs://nowhere/{request.id}")
    with pytest.raises(EngineRejected, match="reaches `gs://nowhere`") as caught:
        engine.check(request)
    assert caught.value.cls == "StoreUnreachable"
