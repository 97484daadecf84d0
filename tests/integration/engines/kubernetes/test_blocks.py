"""Children of a sweep as indexes of one Job: what they share, what each has for itself, and what outlives whom."""

from __future__ import annotations

import json
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.ids import new_id
from mlrun_nb._lib.records import to_json
from mlrun_nb.config import Config
from mlrun_nb.engines.kubernetes.engine import KubernetesEngine
from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.kube.objects import CONFIG_MAPS, JOBS, PODS
from mlrun_nb.kube.pods import completion_index
from mlrun_nb.model.function import Version
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.settings import Kubernetes, Policy, Settings
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.notebook.compose import compose
from mlrun_nb.protocols.pool import Pool, Start
from mlrun_nb.testing.pool_contract import write_sweep
from mlrun_nb.testing.requests import wait_for
from tests.fault_proxy import FaultProxy
from tests.integration.engines.kubernetes.cases import ABSENT, IMAGE
from tests.integration.engines.kubernetes.conftest import Bench

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]

BALLAST = Parameter(name="ballast", type="str", default="", default_source="''")
KEEP = "print('x is', x, flush=True)\nmodel = [x] * 3\ny = 10 * x"
SLOW = "import time\nprint('begun', x, flush=True)\ntime.sleep(300)\ny = x"
_PLAIN = Settings()


@dataclass
class Sweeper:
    """A sweep with a pool for its children, which may be left for another: as after a death of its driver."""

    bench: Bench
    request: RunRequest
    slots: int
    handles: dict[RunId, Handle] = field(default_factory=dict)
    found: dict[RunId, Observation] = field(default_factory=dict)
    engine: KubernetesEngine = field(init=False)
    pool: Pool = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Be a process that knows nothing but what lies in files."""
        self.engine = KubernetesEngine(Config(home=self.bench.folder, store="memory://"))
        pool = self.engine.pool(self.request, slots=self.slots, is_adaptive=False)
        assert not isinstance(pool, str), pool
        self.pool = pool

    def reopen(self) -> None:
        """Forget all that is in memory."""
        self.close()
        self.open()

    def close(self) -> None:
        """Let go."""
        self.pool.close()
        self.engine.close()

    def child(self, x: int) -> RunRequest:
        """Return the request of a child."""
        run = RunId(new_id())
        folder = Path(self.request.run_directory, "children", run)
        artifacts = str(folder / "artifacts")
        if self.request.artifacts.startswith("s3:"):
            artifacts = f"{self.request.artifacts.rpartition('/')[0]}/{run}"
        return replace(
            self.request, id=run, number=x, parent=self.request.id, sweep=None, parameters={"x": x},
            run_directory=str(folder), artifacts=artifacts, created=now(),
        )  # fmt: skip

    def start(self, requests: Sequence[RunRequest]) -> None:
        """Begin children, for the second time those that were begun before."""
        attempts = {request.id: 2 if request.id in self.handles else 1 for request in requests}
        starts = [Start(request=request, attempt=attempts[request.id]) for request in requests]
        self.handles |= self.pool.start(starts)

    def end(self, requests: Sequence[RunRequest]) -> list[Observation]:
        """Return how children ended."""

        def all_ended() -> bool:
            self.found.update(self.pool.ended(1.0))
            return all(request.id in self.found for request in requests)

        wait_for(all_ended, what="the end of all children", patience_s=300)
        return [self.found[request.id] for request in requests]

    def run(self, *points: int) -> list[Observation]:
        """Execute children at *points* and return how they ended."""
        requests = [self.child(x) for x in points]
        self.start(requests)
        return self.end(requests)

    @property
    def left(self) -> Counter[str]:
        """What the cluster has of it, by kind."""
        labels, api = f"mlrun-nb/run={self.request.id}", self.bench.space.api
        return Counter(kind.plural for kind in (JOBS, PODS, CONFIG_MAPS) for _ in api.list(kind, labels=labels).items)

    @property
    def attempts(self) -> Counter[int]:
        """How many pods each index has had."""
        pods = self.bench.space.api.list(PODS, labels=f"mlrun-nb/run={self.request.id}").items
        return Counter(completion_index(pod) for pod in pods)


class MakeSweeper:
    """Makes sweeps of a cell."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.made: list[Sweeper] = []

    def __call__(
        self, cell: str, *, settings: Settings = _PLAIN, slots: int = 4, folder: Path | None = None, artifacts: str = ""
    ) -> Sweeper:
        """Return a sweep of *cell*."""
        image = settings.environment.image or IMAGE
        settings = replace(
            settings,
            environment=replace(settings.environment, image=image),
            kubernetes=Kubernetes(namespace=self._bench.space.namespace),
        )
        outputs = ("y", "model") if "model" in cell else ("y",)
        request = write_sweep(
            folder or self._bench.folder, cell, engine="kubernetes", settings=settings, outputs=outputs
        )
        request = replace(request, version=_with_ballast(request.version), working_directory="")
        if artifacts:
            request = replace(request, artifacts=f"{artifacts}/{request.id}")
        Path(request.run_directory, "input.ipynb").write_text(json.dumps(compose(request.version)))
        Path(request.run_directory, "request.json").write_text(json.dumps(to_json(request)))
        self.made.append(Sweeper(self._bench, request, slots))
        return self.made[-1]


def _with_ballast(version: Version) -> Version:
    spec = version.spec
    return replace(version, spec=replace(spec, parameters=(*spec.parameters, BALLAST)))


@pytest.fixture
def make(bench: Bench) -> Iterator[MakeSweeper]:
    """Give a maker of sweeps."""
    maker = MakeSweeper(bench)
    yield maker
    for sweeper in maker.made:
        sweeper.close()


def check(sweeper: Sweeper, requests: Sequence[RunRequest], seen: Sequence[Observation]) -> None:
    """Assert that all of each child came home, to a place of its own."""
    for request, one in zip(requests, seen, strict=True):
        assert one.state is RunState.SUCCEEDED, one
        assert one.result is not None
        assert one.result.id == request.id
        assert one.result.results == {"y": 10 * (request.number or 0)}
        assert {artifact.name for artifact in one.result.artifacts} == {"model"}
        assert sweeper.engine.read(sweeper.handles[request.id], None).log == b"x is %d\n" % (request.number or 0)
        notebook = json.loads((Path(request.run_directory) / "output.ipynb").read_text())
        assert any(f"x = {request.number}" in "".join(cell["source"]) for cell in notebook["cells"])


def sweep_of(sweeper: Sweeper, count: int) -> None:
    """Sweep over *count* points and check what came home."""
    requests = [sweeper.child(x) for x in range(count)]
    sweeper.start(requests)
    check(sweeper, requests, sweeper.end(requests))


def test_children_share_a_job_and_nothing_else(make: MakeSweeper, proxy: FaultProxy):
    """Two requests begin them all; each alone takes two of its own, and is looked at more often."""
    sweeper = make(KEEP)
    sweep_of(sweeper, 8)
    of_block = len(proxy.orders())
    assert len(proxy.orders("^POST")) == 2
    assert sweeper.left == {"jobs": 1, "configmaps": 1, "pods": 8}
    requests = [replace(sweeper.child(x), engine="kubernetes") for x in range(8)]
    for request in requests:
        Path(request.run_directory).mkdir()
        for name in ("input.ipynb", "request.json"):
            Path(request.run_directory, name).write_bytes(Path(sweeper.request.run_directory, name).read_bytes())
    handles = [sweeper.engine.submit([request])[request.id] for request in requests]

    def all_ended() -> bool:
        seen = sweeper.engine.observe(handles)
        return len(seen) == 8 and all(each.state.is_final for each in seen.values())

    wait_for(all_ended, what="the end of the others", patience_s=200)
    assert len(proxy.orders("^POST")) == 2 + 16
    singly = len(proxy.orders()) - of_block
    assert 2 * of_block < singly


def test_through_an_object_store(make: MakeSweeper, store: tuple[str, Settings]):
    """Each child has a folder of its own there."""
    url, settings = store
    sweep_of(make(KEEP, settings=settings, artifacts=url), 3)


def test_in_a_shared_volume(make: MakeSweeper, shared: tuple[Path, Settings]):
    """Each pod works in the run directory of its own child."""
    folder, settings = shared
    sweeper = make(KEEP, settings=settings, folder=folder)
    requests = [sweeper.child(x) for x in range(3)]
    for request in requests:
        Path(request.run_directory).mkdir(parents=True)
    for path in folder.rglob("*"):  # here somebody else works than there
        path.chmod(0o777)
    sweeper.start(requests)
    check(sweeper, requests, sweeper.end(requests))


WAYS_TO_DIE = {
    "before the Job": r"^POST \S+/jobs",
    "after the Job": r"^POST \S+/configmaps",
}


@pytest.mark.parametrize("way", [*WAYS_TO_DIE, "after all", "before the block was noted"])
def test_whoever_comes_after_a_death_finds_the_block_and_starts_nothing_twice(
    make: MakeSweeper, proxy: FaultProxy, way: str
):
    """Between any two requests: one Job, one pod for each child, nothing left over."""
    sweeper = make(KEEP)
    requests = [sweeper.child(x) for x in range(3)]
    blocks = Path(sweeper.request.run_directory, "blocks")
    if way == "after all":
        sweeper.start(requests)
        (blocks / "1.json.sent").unlink()
    else:
        pattern = WAYS_TO_DIE.get(way, WAYS_TO_DIE["before the Job"])
        busy = b'{"kind": "Status", "reason": "ServiceUnavailable", "message": "busy"}'
        proxy.answer(pattern, 503, busy, times=100)
        with pytest.raises(EngineUnavailable):
            sweeper.start(requests)
        proxy.forget()
        if way == "before the block was noted":
            (blocks / "1.json").unlink()
    sweeper.reopen()
    more = sweeper.child(3)
    sweeper.start([*requests, more])
    seen = sweeper.end(requests)
    assert [(each.state, each.error) for each in seen] == [(RunState.SUCCEEDED, None)] * 3
    if more.id not in sweeper.handles:  # it had to wait for those that were found
        sweeper.start([more])
    assert sweeper.end([more])[0].state is RunState.SUCCEEDED
    jobs = 1 if way == "before the block was noted" else 2
    assert sweeper.left == {"jobs": jobs, "configmaps": jobs, "pods": 4}


def test_children_that_ended_while_nobody_drove_are_not_begun_again(make: MakeSweeper):
    """Whoever looked at them meanwhile has written down their ends; those are told as they are."""
    sweeper = make("assert x != 1\ny = 10 * x")
    requests = [sweeper.child(x) for x in range(3)]
    sweeper.start(requests)
    handles = list(sweeper.handles.values())
    sweeper.reopen()

    def all_ended() -> bool:
        seen = sweeper.engine.observe(handles)
        return len(seen) == 3 and all(each.state.is_final for each in seen.values())

    wait_for(all_ended, what="the ends, as somebody else sees them", patience_s=200)
    sweeper.start(requests)
    assert [each.state.value for each in sweeper.end(requests)] == ["succeeded", "failed", "succeeded"]
    assert sweeper.left == {"jobs": 1, "configmaps": 1, "pods": 3}


def test_each_child_has_attempts_of_its_own(make: MakeSweeper):
    """Of failures that may pass; what the cell says is final."""
    sweeper = make("assert x != 1, 'final'\ny = x", settings=Settings(policy=Policy(retries=1)))
    seen = sweeper.run(0, 1, 2)
    assert [each.state.value for each in seen] == ["succeeded", "failed", "succeeded"]
    assert seen[1].error is not None
    assert "final" in seen[1].error.summary
    assert sweeper.attempts[0] == sweeper.attempts[2] == 1


def test_one_child_cannot_be_cancelled_but_all_can(make: MakeSweeper):
    """What those at work had printed is home, those whose turn had not come say so, and nothing is left."""
    sweeper = make(SLOW, slots=2)
    requests = [sweeper.child(x) for x in range(4)]
    sweeper.start(requests)
    handles = [sweeper.handles[request.id] for request in requests]

    def seen() -> Mapping[RunId, Observation]:
        return sweeper.engine.observe(handles)

    def at_work() -> bool:
        seen()
        return all(b"begun" in sweeper.engine.read(handle, None).log for handle in handles[:2])

    wait_for(at_work, what="two children at work")
    waiting = seen()[requests[3].id]
    assert (waiting.state, waiting.phase) == (RunState.PENDING, PendingPhase.QUEUED)
    assert waiting.reason.endswith("executes 2 of its 4 children at a time")
    for handle in handles[:3]:
        with pytest.raises(EngineRejected, match="cannot be ended without the others") as caught:
            sweeper.engine.cancel(handle)
        assert f"mlrun-nb cancel {sweeper.request.id[:6]}" in caught.value.hint
    assert sweeper.left["jobs"] == 1
    sweeper.engine.cancel(handles[3])
    assert [each.state for each in sweeper.end(requests)] == [RunState.CANCELLED] * 4
    assert sweeper.engine.read(handles[0], None).log.startswith(b"begun 0\n")
    wait_for(lambda: not sweeper.left, what="that nothing is left")


def test_cancelled_children_begin_anew_in_another_job(make: MakeSweeper):
    """As when a sweep is resumed."""
    sweeper = make(SLOW.replace("300", "300 if not os.path.exists('/mlrun/nothing') and x == 9 else 0").replace(
        "import time", "import os, time"), slots=2)  # fmt: skip
    requests = [sweeper.child(x) for x in (9, 1)]
    sweeper.start(requests)
    assert sweeper.end(requests[1:])[0].state is RunState.SUCCEEDED
    sweeper.pool.cancel(requests[0].id)
    assert sweeper.end(requests[:1])[0].state is RunState.CANCELLED
    again = replace(requests[0], parameters={"x": 2}, number=2)
    sweeper.found.clear()
    sweeper.reopen()
    sweeper.start([again])
    assert sweeper.handles[again.id].data["job"] != sweeper.handles[requests[1].id].data["job"]
    seen = sweeper.end([again])[0]
    assert seen.state is RunState.SUCCEEDED, seen
    assert sweeper.engine.read(sweeper.handles[again.id], None).log == b"begun 2\n"


def test_a_block_that_cannot_start_is_given_up_with_its_reason(make: MakeSweeper):
    """For those too whose turn never came."""
    settings = Settings(policy=Policy(pending_timeout_s=15.0))
    settings = replace(settings, environment=replace(settings.environment, image=ABSENT))
    sweeper = make(KEEP, settings=settings, slots=2)
    seen = sweeper.run(0, 1, 2)
    assert {(each.state, each.error.cls if each.error else "") for each in seen} == {(RunState.FAILED, "ImagePull")}
    wait_for(lambda: not sweeper.left, what="that nothing is left")


def test_a_job_that_others_deleted_is_no_cancel(make: MakeSweeper):
    """Its children are lost, but those that had ended."""
    sweeper = make("import time\ntime.sleep(0 if x == 0 else 300)\ny = x", slots=2)
    requests = [sweeper.child(x) for x in range(3)]
    sweeper.start(requests)
    assert sweeper.end(requests[:1])[0].state is RunState.SUCCEEDED
    sweeper.bench.space.api.delete(JOBS, str(sweeper.handles[requests[0].id].data["job"]))
    assert {each.state for each in sweeper.end(requests)[1:]} <= {RunState.LOST, RunState.FAILED}
    assert sweeper.found[requests[0].id].state is RunState.SUCCEEDED


def test_points_that_do_not_fit_are_another_block(make: MakeSweeper):
    """Which begins when few of the one before are left, so that no more are at work than may be."""
    sweeper = make(KEEP, slots=4)
    heavy = [replace(each, parameters={**each.parameters, "ballast": secrets.token_hex(40_000)})
             for each in map(sweeper.child, range(8))]  # fmt: skip
    sweeper.start(heavy)
    first = [request for request in heavy if request.id in sweeper.handles]
    assert 0 < len(first) < 8
    assert sweeper.pool.room() == 0
    sweeper.end(first)
    assert sweeper.pool.room() > 0
    sweeper.start(heavy[len(first) :])
    check(sweeper, heavy, sweeper.end(heavy))
    assert sweeper.left == {"jobs": 2, "configmaps": 2, "pods": 8}


def test_a_child_whose_files_were_thrown_away_hinders_no_end(make: MakeSweeper):
    """As a sweep does with those that are not the best."""
    sweeper = make("import time\ntime.sleep(0 if x == 0 else 300)\ny = x", slots=2)
    requests = [sweeper.child(x) for x in range(3)]
    sweeper.start(requests)
    assert sweeper.end(requests[:1])[0].state is RunState.SUCCEEDED
    shutil.rmtree(requests[0].run_directory)
    sweeper.pool.cancel(requests[1].id)
    assert [each.state for each in sweeper.end(requests)[1:]] == [RunState.CANCELLED] * 2


def test_why_children_are_jobs_of_their_own(make: MakeSweeper):
    """Where few or nobody knows how many, or where not all may have their turn."""
    sweeper = make(KEEP)
    sweep = sweeper.request.sweep
    assert sweep is not None
    for other in (replace(sweep, total=3), replace(sweep, stop="y>1"), replace(sweep, max_time_s=5.0)):
        request = replace(sweeper.request, sweep=other)
        assert isinstance(sweeper.engine.pool(request, slots=1, is_adaptive=False), str)
    assert isinstance(sweeper.engine.pool(sweeper.request, slots=1, is_adaptive=True), str)
