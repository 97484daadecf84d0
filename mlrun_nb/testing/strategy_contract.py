"""
What every strategy of sweeps must do, as tests: inherit `StrategyContract`, give it your strategy, and get a verdict.

    class TestMyStrategy(StrategyContract):
        strategy_source = "from my.strategy import make; strategy = make(search, memory)"
        search = Search(strategy="mine", space=..., max_runs=10)

The source is executed for each new view of the same sweep, also in processes of their own. The search has at least five
points.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.model.search import Memory, Search
from mlrun_nb.model.space import Point
from mlrun_nb.protocols.strategy import PointState, Strategy

_MANY = 200
_READ = """
import json, sys
from mlrun_nb._lib.records import from_json
from mlrun_nb.model.search import Memory, Search
search, memory = from_json(Search, json.loads(sys.argv[1])), from_json(Memory, json.loads(sys.argv[2]))
"""
_WALK = """
for number in range(int(sys.argv[3])):
    print(json.dumps(strategy.ask(number)), flush=True)
    if len(sys.argv) > 4:
        sys.stdin.read()
    strategy.tell(number, number / 2, state="succeeded")
strategy.close()
"""
ENDS: tuple[tuple[float | None, PointState], ...] = (
    (0.5, "succeeded"),
    (None, "succeeded"),
    (math.nan, "succeeded"),
    (None, "failed"),
    (0.25, "pruned"),
    (math.inf, "succeeded"),
    (-math.inf, "succeeded"),
)


class StrategyContract:
    """What holds for every strategy."""

    strategy_source: ClassVar[str] = ""
    """Python that binds `strategy`, given `search` and `memory`."""
    search: ClassVar[Search]

    @pytest.fixture
    def memory(self, tmp_path: Path) -> Memory:
        """Give a place of this test's own; one that takes long to make may be shared, if the name is not."""
        return Memory(url=f"sqlite:///{tmp_path / 'memory.db'}", name=tmp_path.name)

    def opened(self, memory: Memory) -> Strategy:
        """Return one more view of the sweep."""
        names: dict[str, object] = {"search": self.search, "memory": memory}
        exec(self.strategy_source, names)  # noqa: S102  # the text is the test author's own
        strategy: Strategy = names["strategy"]  # type: ignore[assignment]  # the text's word
        return strategy

    @pytest.fixture
    def strategy(self, memory: Memory) -> Iterator[Strategy]:
        """Give the strategy under test."""
        strategy = self.opened(memory)
        yield strategy
        strategy.close()

    def test_points_come_until_there_are_no_more(self, strategy: Strategy) -> None:
        """As many as it says, and then none, however often it is asked."""
        points = _walked(strategy, _MANY)
        assert len(points) >= 5
        assert len(points) in {_MANY, strategy.total}
        if strategy.total is not None:
            assert strategy.ask(strategy.total) is None
            assert strategy.ask(strategy.total + 1) is None

    def test_a_point_has_the_parameters_of_the_search_and_is_json(self, strategy: Strategy) -> None:
        """No others, and nothing that a record could not hold."""
        names = {each.name for each in self.search.space.dimensions}
        names |= {name for point in self.search.points for name in point}
        for point in _walked(strategy, 20):
            assert set(point) <= names
            assert json.loads(json.dumps(point, allow_nan=False)) == point

    def test_a_number_has_the_same_point_again(self, strategy: Strategy, memory: Memory) -> None:
        """Asked by the same process, and by the next one, before and after it was told."""
        points = _walked(strategy, 5)
        assert [strategy.ask(number) for number in range(5)] == points
        strategy.close()
        other = self.opened(memory)
        assert [other.ask(number) for number in range(5)] == points
        other.tell(2, 0.5, state="succeeded")
        assert [other.ask(number) for number in (4, 2, 0)] == [points[4], points[2], points[0]]
        other.close()

    def test_the_same_search_has_the_same_points_in_another_process(self, memory: Memory, tmp_path: Path) -> None:
        """Of an adaptive strategy when it is told the same, in the same order."""
        here = self.opened(memory)
        points = []
        for number in range(5):
            points.append(here.ask(number))
            here.tell(number, number / 2, state="succeeded")
        here.close()
        elsewhere = Memory(url=f"sqlite:///{tmp_path / 'other.db'}", name="other")
        with self._process(elsewhere, "5") as process:
            out, _ = process.communicate()
        assert [json.loads(line) for line in out.splitlines()] == points

    def test_who_is_killed_after_asking_leaves_the_point_to_the_next(self, memory: Memory) -> None:
        """It is not lost, and not tried twice."""
        with self._process(memory, "5", "wait") as process:
            assert process.stdout is not None
            point = json.loads(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
        strategy = self.opened(memory)
        assert strategy.ask(0) == point
        strategy.tell(0, 0.5, state="succeeded")
        assert strategy.ask(1) is not None
        strategy.close()

    def test_a_point_can_end_in_any_way(self, strategy: Strategy) -> None:
        """With a value or without one, finite or not: the next point comes."""
        total = _MANY if strategy.total is None else strategy.total
        for number, (value, state) in zip(range(total), ENDS, strict=False):
            assert strategy.ask(number) is not None
            strategy.tell(number, value, state=state)

    def test_what_is_told_again_changes_nothing(self, strategy: Strategy) -> None:
        """Nor is it an error, whatever is said the second time."""
        points = _walked(strategy, 4)
        for value, state in ENDS:
            strategy.tell(1, value, state=state)
            strategy.tell(10**6, value, state=state)
        assert [strategy.ask(number) for number in range(4)] == points

    def test_only_an_adaptive_strategy_listens(self, strategy: Strategy, memory: Memory) -> None:
        """The points of any other are known beforehand, in any order."""
        other = self.opened(memory)
        before = [point for number in (4, 3, 2, 1, 0) if (point := other.ask(number)) is not None]
        for number in range(5):
            strategy.ask(number)
            strategy.tell(number, -number, state="succeeded")
        assert strategy.adaptive or _walked(strategy, 5) == before[::-1]
        other.close()

    def test_whether_a_run_goes_on_can_be_asked_again_and_again(self, strategy: Strategy) -> None:
        """Of the same step, of a number that is not there, and of one that has ended."""
        strategy.ask(0)
        answers = [strategy.should_prune(0, step, value) for step in (0, 0, 1) for value in (0.5, math.nan, math.inf)]
        strategy.tell(0, 0.5, state="succeeded")
        answers += [strategy.should_prune(0, 2, 0.5), strategy.should_prune(10**6, 0, 0.5)]
        assert {type(answer) for answer in answers} == {bool}
        assert answers[-2:] == [False, False]
        assert strategy.prunes or not any(answers)

    def test_it_can_be_closed_twice(self, strategy: Strategy) -> None:
        """Whoever cleans up need not know who did before."""
        strategy.ask(0)
        strategy.close()
        strategy.close()

    def test_a_search_means_the_same_after_it_was_recorded(self) -> None:
        """It travels as JSON in the sweep's own record."""
        assert from_json(Search, json.loads(json.dumps(to_json(self.search), sort_keys=True))) == self.search

    def _process(self, memory: Memory, *words: str) -> subprocess.Popen[str]:
        """Start a process that asks and tells as many points as it is told, or waits after the first."""
        records = [json.dumps(to_json(self.search)), json.dumps(to_json(memory))]
        return subprocess.Popen(
            [sys.executable, "-c", f"{_READ}\n{self.strategy_source}\n{_WALK}", *records, *words],
            env={**os.environ, "PYTHONHASHSEED": "7"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def _walked(strategy: Strategy, most: int) -> list[Point]:
    """Return the first points, not more than *most*, told nothing in between."""
    points: list[Point] = []
    while len(points) < most and (point := strategy.ask(len(points))) is not None:
        points.append(point)
    return points
