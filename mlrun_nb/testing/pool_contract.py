"""
What every pool of an engine must do, as tests: inherit `PoolContract`, give it your engine, and get a verdict.

    class TestMyPool(PoolContract):
        engine_source = "from my.engine import MyEngine; engine = MyEngine(...)"
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.ids import new_id
from mlrun_nb._lib.records import to_json
from mlrun_nb.model.function import FunctionSpec, SourceCell
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.settings import Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.model.sweep import Sweep
from mlrun_nb.notebook.compose import compose
from mlrun_nb.protocols.engine import Engine
from mlrun_nb.protocols.pool import Pool, Pooling, Start
from mlrun_nb.testing.engine_contract import EngineFixtures
from mlrun_nb.testing.records import make_version
from mlrun_nb.testing.requests import PATIENCE_S, wait_for, wait_until_running

POINTS = 12
"""Points of each sweep here: so many that a pool is worth it everywhere."""
SLOTS = 3
_PLAIN = Settings()
_PARAMETERS = (Parameter(name="x", type="int", default=1, default_source="1"),)


def write_sweep(
    folder: Path,
    cell: str,
    *above: SourceCell,
    engine: str = "local",
    settings: Settings = _PLAIN,
    outputs: tuple[str, ...] = ("y",),
) -> RunRequest:
    """Return the request of a sweep over `x` of *cell*, below the cells *above*, from a new run directory."""
    run = RunId(new_id())
    directory = folder / run
    directory.mkdir(parents=True)
    cells = (*above, SourceCell(role="body", source=cell))
    spec = FunctionSpec(form="cell", cells=cells, parameters=_PARAMETERS, outputs=outputs)
    request = RunRequest(
        id=run,
        version=replace(make_version(cell), spec=spec),
        engine="local",
        sweep=Sweep(strategy="grid", seed=0, engine=engine, total=POINTS),
        settings=settings,
        run_directory=str(directory),
        artifacts=str(directory / "artifacts"),
        working_directory=str(folder),
        parameters={"x": 1},
        created=now(),
    )
    (directory / "input.ipynb").write_text(json.dumps(compose(request.version)), encoding="utf-8")
    (directory / "request.json").write_text(json.dumps(to_json(request)), encoding="utf-8")
    return request


@dataclass
class Children:
    """The children of one sweep as its driver has them: *pool* executes them, and may be left for another."""

    sweep: RunRequest
    pool: Pool
    handles: dict[RunId, Handle] = field(default_factory=dict)
    told: list[RunId] = field(default_factory=list)
    """Whose end the pool has told, as often as it did."""
    found: dict[RunId, Observation] = field(default_factory=dict)

    def child(self, x: int) -> RunRequest:
        """Return the request of the child at *x*."""
        sweep = self.sweep.sweep
        assert sweep is not None
        run = RunId(new_id())
        folder = Path(self.sweep.run_directory, "children", run)
        return replace(
            self.sweep,
            id=run,
            engine=sweep.engine,
            sweep=None,
            parent=self.sweep.id,
            number=x,
            parameters={"x": x},
            run_directory=str(folder),
            artifacts=str(folder / "artifacts"),
            created=now(),
        )

    def begin(self, requests: Sequence[RunRequest]) -> None:
        """Begin children, as there is room for them; for the second time those that were begun before."""
        again = set(self.handles)

        def all_begun() -> bool:
            left = [request for request in requests if request.id not in begun][: self.pool.room()]
            starts = [Start(request=request, attempt=2 if request.id in again else 1) for request in left]
            begun.update(self.pool.start(starts) if starts else {})
            if len(begun) < len(requests):
                self.look()
            return len(begun) == len(requests)

        begun: dict[RunId, Handle] = {}
        wait_for(all_begun, what="that all children are begun", patience_s=2 * PATIENCE_S)
        self.handles |= begun

    def look(self, wait_s: float = 0.1) -> None:
        """Take note of those that have ended."""
        found = self.pool.ended(wait_s)
        self.told += found
        self.found |= found

    def end(self, requests: Sequence[RunRequest], *, patience_s: float = PATIENCE_S) -> list[Observation]:
        """Return how children ended."""

        def all_ended() -> bool:
            self.look()
            return all(request.id in self.found for request in requests)

        wait_for(all_ended, what="the end of all children", patience_s=patience_s)
        return [self.found[request.id] for request in requests]


def outcomes(seen: Sequence[Observation]) -> list[tuple[str, Mapping[str, object]]]:
    """Return of each child how it ended, and its results."""
    return [(one.state.value, dict(one.result.results) if one.result is not None else {}) for one in seen]


class PoolContract(EngineFixtures):
    """What holds for every pool. A sweep that takes long may need more than *patience_s*."""

    patience_s = PATIENCE_S

    @pytest.fixture
    def opened_pools(self) -> Iterator[ExitStack]:
        """Give what closes the pools of a test."""
        with ExitStack() as opened:
            yield opened

    def sweep(self, engine: Engine, tmp_path: Path, cell: str) -> RunRequest:
        """Return the request of a sweep of *cell*."""
        return write_sweep(tmp_path / "runs", cell, engine=engine.name, settings=self.settings(_PLAIN))

    def open(self, engine: Engine, sweep: RunRequest, opened: ExitStack) -> Children:
        """Return the sweep's children with a new pool."""
        assert isinstance(engine, Pooling)
        pool = engine.pool(sweep, slots=SLOTS, is_adaptive=False)
        assert not isinstance(pool, str), pool
        opened.enter_context(closing(pool))
        return Children(sweep=sweep, pool=pool)

    def test_each_child_has_the_outcome_of_its_point(
        self, engine: Engine, tmp_path: Path, opened_pools: ExitStack
    ) -> None:
        """Its end is told once, and its handle shows the same to whoever asks the engine."""
        children = self.open(engine, self.sweep(engine, tmp_path, "y = 10 * x"), opened_pools)
        requests = [children.child(x) for x in range(POINTS)]
        children.begin(requests)
        seen = children.end(requests, patience_s=self.patience_s)
        assert outcomes(seen) == [("succeeded", {"y": 10 * x}) for x in range(POINTS)]
        children.look()
        assert sorted(children.told) == sorted(request.id for request in requests)
        another = self.opened(tmp_path).observe([children.handles[request.id] for request in requests])
        assert [another[request.id].state for request in requests] == [RunState.SUCCEEDED] * POINTS

    def test_a_child_that_fails_is_data_and_hinders_nobody(
        self, engine: Engine, tmp_path: Path, opened_pools: ExitStack
    ) -> None:
        """The others have their outcome."""
        children = self.open(engine, self.sweep(engine, tmp_path, "y = 10 / (x - 1)"), opened_pools)
        requests = [children.child(x) for x in range(3)]
        children.begin(requests)
        first, failed, last = children.end(requests, patience_s=self.patience_s)
        assert outcomes([first, last]) == [("succeeded", {"y": -10.0}), ("succeeded", {"y": 10.0})]
        assert failed.state is RunState.FAILED
        assert failed.error is not None
        assert failed.error.ename == "ZeroDivisionError"

    def test_cancelled_children_end_and_are_told(self, engine: Engine, tmp_path: Path, opened_pools: ExitStack) -> None:
        """A second time nothing happens."""
        children = self.open(engine, self.sweep(engine, tmp_path, "import time\ntime.sleep(600)\ny = x"), opened_pools)
        requests = [children.child(x) for x in range(SLOTS)]
        children.begin(requests)
        wait_until_running(engine, children.handles[requests[0].id])
        for request in (*requests, *requests):
            children.pool.cancel(request.id)
        seen = children.end(requests, patience_s=self.patience_s)
        assert {one.state for one in seen} == {RunState.CANCELLED}

    def test_another_pool_of_the_sweep_goes_on_with_what_is_left(
        self, engine: Engine, tmp_path: Path, opened_pools: ExitStack
    ) -> None:
        """Children whose pool was closed are found where they go on, or begun anew; each has its outcome."""
        sweep = self.sweep(engine, tmp_path, "import time\ntime.sleep(2)\ny = 10 * x")
        children = self.open(engine, sweep, opened_pools)
        requests = [children.child(x) for x in range(SLOTS)]
        children.begin(requests)
        children.pool.close()
        after = self.open(self.opened(tmp_path), sweep, opened_pools)
        after.handles = children.handles
        after.begin(requests)
        seen = after.end(requests, patience_s=self.patience_s)
        assert outcomes(seen) == [("succeeded", {"y": 10 * x}) for x in range(SLOTS)]
