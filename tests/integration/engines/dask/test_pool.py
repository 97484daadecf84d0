"""Children of a sweep in batches: each is executed once, whoever dies; the scheduler keeps nothing of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.ids import new_id
from mlrun_nb._lib.records import to_json
from mlrun_nb.config import Config
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.engines.dask.target import target_of
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.model.function import FunctionSpec, SourceCell
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.settings import Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.model.sweep import Sweep
from mlrun_nb.notebook.compose import compose
from mlrun_nb.protocols.pool import Pool, Start
from mlrun_nb.testing.records import make_version
from mlrun_nb.testing.requests import wait_for
from tests.integration.engines.dask.separate import Separate

_TWICE = "print('once')\ny = x * 2"
_DONE = Observation(state=RunState.SUCCEEDED)
_LONG = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(60)"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Separate]:
    """Give a scheduler and two workers, of which tests may kill one."""
    cluster = Separate(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.end()


@dataclass
class Sweeping:
    """A sweep, and pools for its children."""

    engine: DaskEngine
    request: RunRequest
    handles: dict[RunId, Handle] = field(default_factory=dict)

    def pool(self) -> Pool:
        """Return a pool, as each process that drives the sweep has one."""
        pool = self.engine.pool(self.request, slots=2, is_adaptive=False)
        assert not isinstance(pool, str), pool
        return pool

    def children(self, count: int) -> list[Start]:
        """Return *count* children that are to be begun."""
        return [self._child(x) for x in range(count)]

    def start(self, pool: Pool, starts: Sequence[Start]) -> None:
        """Begin children."""
        self.handles.update(pool.start(starts))

    def ended(self, pool: Pool, count: int) -> Mapping[RunId, Observation]:
        """Return how *count* children ended."""
        found: dict[RunId, Observation] = {}

        def all_ended() -> bool:
            found.update(pool.ended(0.1))
            return len(found) >= count

        wait_for(all_ended, what=f"the end of {count} children")
        return found

    def log(self, start: Start) -> bytes:
        """Return what a child printed."""
        return self.engine.read(self.handles[start.request.id], None).log

    def _child(self, x: int) -> Start:
        child = RunId(new_id())
        folder = Path(self.request.run_directory, "children", child)
        request = replace(
            self.request, id=child, number=x, parent=self.request.id, sweep=None, parameters={"x": x},
            run_directory=str(folder), artifacts=str(folder / "artifacts"), created=now(),
        )  # fmt: skip
        return Start(request=request)


@pytest.fixture
def sweep_of(cluster: Separate, tmp_path: Path) -> Iterator[object]:
    """Give a maker of sweeps over a cell."""
    engine = DaskEngine(Config(home=tmp_path / "home", store="memory://"))

    def make(cell: str, at: Separate = cluster) -> Sweeping:
        spec = FunctionSpec(
            form="cell", cells=(SourceCell(role="body", source=cell),), outputs=("y",),
            parameters=(Parameter(name="x", type="int", default=1, default_source="1"),),
        )  # fmt: skip
        run = RunId(new_id())
        directory = tmp_path / run
        directory.mkdir()
        request = RunRequest(
            id=run, version=replace(make_version(cell), spec=spec), engine="dask", parameters={"x": 1}, created=now(),
            sweep=Sweep(strategy="grid", seed=0, engine="dask"), settings=Settings(dask=at.settings),
            run_directory=str(directory), artifacts=str(directory / "artifacts"),
        )  # fmt: skip
        (directory / "input.ipynb").write_text(json.dumps(compose(request.version)))
        (directory / "request.json").write_text(json.dumps(to_json(request)))
        return Sweeping(engine, request)

    yield make
    engine.close()


def test_each_child_has_its_own_outcome_and_the_scheduler_forgets_it(sweep_of, cluster: Separate) -> None:
    """No more are given at a time than make it worth while, and no result is held anywhere but in its folder."""
    sweep = sweep_of(_TWICE)
    pool = sweep.pool()
    starts = sweep.children(60)
    room = pool.room()
    sweep.start(pool, starts)
    assert 60 <= room < 1000
    assert len({handle.data["batch"] for handle in sweep.handles.values()}) == 2
    assert pool.room() == 0
    found = sweep.ended(pool, 60)
    assert [found[start.request.id].result.results for start in starts] == [{"y": 2 * x} for x in range(60)]
    assert {sweep.log(start) for start in starts} == {b"once\n"}
    assert sweep.engine.observe(list(sweep.handles.values())) == found
    connection = Connection(target_of(cluster.settings), cluster.address)
    batches = {str(handle.data["batch"]) for handle in sweep.handles.values()}
    wait_for(lambda: not any(connection.states(sorted(batches)).values()), what="an empty scheduler")
    connection.close()


def test_a_failed_child_fails_alone(sweep_of) -> None:
    """With its cell and its error."""
    sweep = sweep_of("y = 1 // x")
    pool = sweep.pool()
    starts = sweep.children(3)
    sweep.start(pool, starts)
    found = sweep.ended(pool, 3)
    states = [found[start.request.id].state for start in starts]
    assert states == [RunState.FAILED, RunState.SUCCEEDED, RunState.SUCCEEDED]
    assert found[starts[0].request.id].error.ename == "ZeroDivisionError"


def test_a_child_is_cancelled_while_it_waits_and_while_it_is_executed(sweep_of) -> None:
    """By its pool, or by whoever has its handle."""
    sweep = sweep_of(_LONG)
    pool = sweep.pool()
    starts = sweep.children(4)  # two batches of two: one at work in each, one that waits
    sweep.start(pool, starts)
    wait_for(lambda: list(Path(sweep.request.run_directory).rglob("begun")), what="the first child")
    for start in starts[::2]:
        pool.cancel(start.request.id)
    for start in starts[1::2]:
        sweep.engine.cancel(sweep.handles[start.request.id])
        Path(start.request.run_directory).mkdir(parents=True, exist_ok=True)
        pool.cancel(start.request.id)
    assert {seen.state for seen in sweep.ended(pool, 4).values()} == {RunState.CANCELLED}


def test_a_cancelled_child_is_begun_again_where_its_sweep_is_resumed(sweep_of, tmp_path: Path) -> None:
    """Its wish for the end has been carried out, and means nothing any more."""
    go = tmp_path / "go"
    sweep = sweep_of(f"import os, time\ntime.sleep(0 if os.path.exists({str(go)!r}) else 60)\ny = x")
    pool, starts = sweep.pool(), sweep.children(1)
    sweep.start(pool, starts)
    pool.cancel(starts[0].request.id)
    assert sweep.ended(pool, 1)[starts[0].request.id].state is RunState.CANCELLED
    go.touch()
    again = sweep.pool()
    sweep.start(again, starts)
    assert sweep.ended(again, 1)[starts[0].request.id].state is RunState.SUCCEEDED


def test_another_process_takes_over_and_nothing_is_executed_twice(sweep_of) -> None:
    """The first was killed with children under way: they go on, and the second hears of their end."""
    sweep = sweep_of("import time\nprint('once')\ntime.sleep(0.3)\ny = x")
    first, starts = sweep.pool(), sweep.children(6)
    sweep.start(first, starts)
    wait_for(lambda: first.ended(0.1), what="the end of the first child")
    second = sweep.pool()
    sweep.start(second, starts)
    found = sweep.ended(second, 6)
    assert {seen.state for seen in found.values()} == {RunState.SUCCEEDED}
    assert {sweep.log(start) for start in starts} == {b"once\n"}


def test_children_of_a_killed_worker_are_begun_elsewhere_and_ended_ones_are_not(sweep_of, cluster: Separate) -> None:
    """By Dask, which executes a batch again, or by the sweep that hears of them as pending."""
    sweep = sweep_of("import time\nprint('once')\ntime.sleep(0.5)\ny = x")
    pool, starts = sweep.pool(), sweep.children(8)
    sweep.start(pool, starts)
    ended = dict(wait_for(lambda: pool.ended(0.1), what="the end of the first child"))
    cluster.kill(cluster.workers.pop(0))

    def all_ended() -> bool:
        for run, seen in pool.ended(0.1).items():
            ended[run] = seen
            if seen.state is RunState.PENDING:
                sweep.start(pool, [start for start in starts if start.request.id == run])
        return len([seen for seen in ended.values() if seen.state.is_final]) == len(starts)

    wait_for(all_ended, what="the end of all children")
    assert {seen.state for seen in ended.values()} == {RunState.SUCCEEDED}
    twice = [start for start in starts if sweep.log(start) != b"once\n"]
    assert len(twice) <= 1  # the one that was at work on the killed worker


def test_what_cannot_be_shared_is_said(sweep_of) -> None:
    """Then children are runs of their own."""
    sweep = sweep_of(_TWICE)
    assert sweep.engine.slots(sweep.request) >= 1
    assert "depend" in str(sweep.engine.pool(sweep.request, slots=2, is_adaptive=True))


def test_a_scheduler_that_comes_back_is_given_what_it_has_forgotten(tmp_path: Path, sweep_of) -> None:
    """Until then the pool says that it cannot be asked; children that had ended stay as they are."""
    cluster = Separate(tmp_path / "passing")
    try:
        cluster.start(workers=1)
        port = int(cluster.address.rpartition(":")[2])
        sweep = sweep_of("import time\nprint('once', flush=True)\ntime.sleep(0.5 if x else 0)\ny = x", cluster)
        pool, starts = sweep.pool(), sweep.children(4)
        sweep.start(pool, starts)
        ended = dict(wait_for(lambda: pool.ended(0.1), what="the end of the first child"))
        cluster.end()
        with pytest.raises(EngineUnavailable, match="cannot be reached"):
            wait_for(lambda: pool.ended(2.0) and False, what="that it is missed")
        cluster.start(workers=1, port=port)

        def all_ended() -> bool:
            try:
                found = pool.ended(0.1)
            except EngineUnavailable:
                return False
            again = [start for start in starts if found.get(start.request.id, _DONE).state is RunState.PENDING]
            ended.update({run: each for run, each in found.items() if each.state is not RunState.PENDING})
            if again:
                sweep.start(pool, [replace(start, attempt=start.attempt + 1) for start in again])
            return len(ended) == 4

        wait_for(all_ended, what="the end of the others")
        assert {each.state for each in ended.values()} == {RunState.SUCCEEDED}
        assert sweep.log(starts[0]) == b"once\n"
    finally:
        cluster.end()
