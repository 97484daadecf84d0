"""What workers lack, see and offer: said before a run is submitted, or made good."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Dask, Environment, Resources, Settings
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.testing.requests import wait_until_ended, wait_until_running, write_request
from tests.integration.engines.dask.separate import Separate
from tests.parts import require


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Separate]:
    """Give a scheduler without workers."""
    cluster = Separate(tmp_path_factory.mktemp("bare"))
    try:
        cluster.start(workers=0)
        yield cluster
    finally:
        cluster.end()


@pytest.fixture(autouse=True)
def _no_worker_stays(bare: Separate) -> Iterator[None]:
    yield
    bare.retire()


def _request(cluster: Separate, tmp_path: Path, *cells: str, settings: Settings = Settings()) -> RunRequest:  # noqa: B008
    return write_request(tmp_path / "runs", *cells, engine="dask", settings=replace(settings, dask=cluster.settings))


def _environment(folder: Path, *without: str) -> str:
    """Make an environment like ours that has no distribution named in *without*, and return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    there = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith((*without, "_virtualenv")):
            (there / path.name).symlink_to(path)
    return str(folder / "bin" / "python")


def test_a_run_waits_for_a_worker_and_says_so(bare: Separate, engine: DaskEngine, tmp_path: Path) -> None:
    """A cluster without workers may get some: that is a notice, and no refusal."""
    request = _request(bare, tmp_path, "x = 1")
    assert any("has no worker now" in notice.text for notice in engine.check(request))
    handle = engine.submit([request])[request.id]
    seen = engine.observe([handle])[request.id]
    assert (seen.state, seen.phase) == (RunState.PENDING, PendingPhase.QUEUED)
    bare.add_worker()
    assert wait_until_ended(engine, handle).state is RunState.SUCCEEDED


def test_a_worker_without_our_package_gets_it_with_the_run(bare: Separate, engine: DaskEngine, tmp_path: Path) -> None:
    """Also the kernel finds it, and such a run is cancelled as any other."""
    bare.add_worker(python=[_environment(tmp_path / "other", "mlrun_nb", "_mlrun_nb")])
    request = _request(bare, tmp_path, "import mlrun_nb, sys\nprint(sys.prefix, mlrun_nb.__file__)")
    assert engine.check(request) == []
    seen = wait_until_ended(engine, handle := engine.submit([request])[request.id])
    assert seen.state is RunState.SUCCEEDED, seen.error
    prefix, place = engine.read(handle, None).log.decode().split()
    assert prefix == str(tmp_path / "other")
    assert place.startswith(str(tmp_path / "home" / "dask" / "package-"))
    sleeps = _request(bare, tmp_path, "import time; time.sleep(60)")
    handle = engine.submit([sleeps])[sleeps.id]
    wait_until_running(engine, handle)
    engine.cancel(handle)
    assert wait_until_ended(engine, handle).state is RunState.CANCELLED


def test_workers_without_papermill_are_refused_by_name(bare: Separate, engine: DaskEngine, tmp_path: Path) -> None:
    """Before anything is submitted, with what to install where."""
    bare.add_worker(python=[_environment(tmp_path / "other", "papermill")])
    request = _request(bare, tmp_path, "x = 1")
    with pytest.raises(EngineRejected, match="lack papermill") as caught:
        engine.check(request)
    assert "pip install papermill" in caught.value.hint
    with pytest.raises(EngineRejected, match="lack papermill"):
        engine.submit([request])
    broken = [found for found in engine.examine(request, probe=False) if found.ok is False]
    assert [found.name.split(":")[0] for found in broken] == ["worker tls"]


def test_a_run_goes_where_it_can_be_executed(bare: Separate, engine: DaskEngine, tmp_path: Path) -> None:
    """One worker of two lacks something: a notice says so, and that one gets nothing."""
    bare.add_worker(python=[_environment(tmp_path / "other", "papermill")])
    bare.add_worker()
    requests = [_request(bare, tmp_path, "print('here')") for _ in range(3)]
    assert any("1 of 2 workers" in notice.text for notice in engine.check(requests[0]))
    handles = engine.submit(requests)
    assert {wait_until_ended(engine, handle).state for handle in handles.values()} == {RunState.SUCCEEDED}


def test_different_releases_are_named_all_three(bare: Separate, engine: DaskEngine, tmp_path: Path) -> None:
    """Client, scheduler and workers."""
    other = _environment(tmp_path / "other", "distributed-")
    there = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "other")}))
    own = next(Path(sysconfig.get_path("purelib")).glob("distributed-*.dist-info"))
    about = Path(shutil.copytree(own, there / "distributed-2025.1.0.dist-info"), "METADATA")
    about.write_text(about.read_text().replace(f"Version: {version('distributed')}", "Version: 2025.1.0"))
    bare.add_worker(python=[other])
    request = _request(bare, tmp_path, "x = 1")
    said = " ".join(notice.text for notice in engine.check(request))
    assert "client 20" in said
    assert "scheduler 20" in said
    assert "workers 2025.1.0" in said


def test_a_run_takes_what_workers_offer(bare: Separate, engine: DaskEngine, tmp_path: Path) -> None:
    """Dask counts it: a second one waits; more than any worker has is refused; what nobody counts is said."""
    bare.add_worker("--resources", "GPU=1 MEMORY=1e9", "--nthreads", "4")
    gpu = Settings(resources=Resources(gpu=1, memory="100Mi"))
    requests = [_request(bare, tmp_path, "import time; time.sleep(60)", settings=gpu) for _ in range(2)]
    assert engine.check(requests[0]) == []
    handles = list(engine.submit(requests).values())
    wait_until_running(engine, handles[0])
    assert engine.observe(handles)[requests[1].id].phase is PendingPhase.QUEUED
    for handle in reversed(handles):
        engine.cancel(handle)
    assert {wait_until_ended(engine, handle).state for handle in handles} == {RunState.CANCELLED}
    many = _request(bare, tmp_path, "x = 1", settings=Settings(resources=Resources(gpu=2)))
    with pytest.raises(EngineRejected, match="the most is 1"):
        engine.check(many)


def test_what_nobody_counts_is_said(bare: Separate, engine: DaskEngine, tmp_path: Path) -> None:
    """With how to start a worker that does."""
    bare.add_worker()
    request = _request(bare, tmp_path, "x = 1", settings=Settings(resources=Resources(gpu=1, memory="100Mi")))
    said = engine.check(request)
    assert [notice.text.split("`")[1] for notice in said] == ["GPU", "MEMORY"]
    assert "--resources" in said[0].hint


@pytest.mark.parametrize(
    ("dask", "said", "remedy"),
    [
        (Dask(dask_address="nonsense"), "`nonsense` cannot be used", "tcp://HOST:PORT"),
        (Dask(dask_address="tls://127.0.0.1:1"), "cannot be used", "--dask-tls-ca"),
        (Dask(dask_address="tls://127.0.0.1:1", dask_tls_ca="/nowhere.pem"), "--dask-tls-ca /nowhere.pem", "PEM"),
    ],
)  # fmt: skip
def test_an_address_that_means_nothing_is_refused(
    engine: DaskEngine, tmp_path: Path, dask: Dask, said: str, remedy: str
) -> None:
    """With what to write in its place."""
    request = write_request(tmp_path / "runs", "x = 1", engine="dask", settings=Settings(dask=dask))
    with pytest.raises(EngineRejected, match=said) as caught:
        engine.check(request)
    assert remedy in caught.value.hint


def test_requirements_are_met_on_this_machine_alone(bare: Separate, engine: DaskEngine, tmp_path: Path) -> None:
    """Elsewhere a notice says that they are not."""
    settings = Settings(environment=Environment(requirement=("papermill",)))
    there = _request(bare, tmp_path, "x = 1", settings=settings)
    here = replace(there, settings=replace(settings, dask=Dask(dask_address="local")))
    assert any("--requirement papermill" in notice.text for notice in engine.check(there))
    assert engine.check(here) == []
    assert engine.prepare(here).python == ""  # it is met by what there is


def test_workers_that_do_not_see_the_run_are_refused_by_name(
    bare: Separate, engine: DaskEngine, tmp_path: Path
) -> None:
    """They have another file system at the path where runs are kept: so it is said before and when it is submitted."""
    runs = tmp_path / "runs"
    runs.mkdir()
    elsewhere = (require("mounts"), "--map-root-user", "--mount", "sh", "-c")
    script = f'mount -t tmpfs none {runs} && exec "$0" "$@"'
    bare.add_worker(python=[*elsewhere, script, sys.executable])
    request = _request(bare, tmp_path, "x = 1")
    for refused in (engine.check, lambda request: engine.submit([request])):
        with pytest.raises(EngineRejected, match="sees") as caught:
            refused(request)
        assert "MLRUN_NB_HOME" in caught.value.hint
    blind = [found for found in engine.examine(request, probe=False) if found.name == "run directories"]
    assert [found.ok for found in blind] == [False]


def test_a_worker_that_comes_later_and_lacks_something_says_so(
    bare: Separate, engine: DaskEngine, tmp_path: Path
) -> None:
    """The run fails with its words, and not in silence."""
    request = _request(bare, tmp_path, "x = 1")
    handle = engine.submit([request])[request.id]
    bare.add_worker(python=[_environment(tmp_path / "other", "papermill")])
    seen = wait_until_ended(engine, handle)
    assert seen.error is not None
    assert (seen.error.cls, seen.error.fault) == ("WorkerLacks", "environment")
    assert "lacks papermill" in seen.error.summary
