"""
Children that are ended early: what they log of the goal is shown to the strategy while they run.

The way to a child and back are files of its run directory: lines of its spool, and `stop`, which `should_stop` looks
for. A child that nobody can reach so, on another machine, goes on to its end.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mlrun_nb._lib.records import number_from_json
from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import RunId
from mlrun_nb.model.selection import Goal
from mlrun_nb.protocols.strategy import Strategy
from mlrun_nb.runner import layout
from mlrun_nb.runner.spool import Spool

LOOKS_EACH_S = 0.1


def was_pruned(folder: Path) -> bool:
    """Tell whether the child whose run directory is *folder* was asked to stop."""
    return (folder / layout.STOP).exists()


@dataclass(slots=True)
class _Watched:
    number: int
    folder: Path
    spool: Spool
    steps: int = 0
    """Points that had no step of their own are counted."""


@dataclass(slots=True, kw_only=True)
class Pruner:
    """Shows to *strategy* what children under way log of *goal*."""

    strategy: Strategy
    goal: Goal | None
    _watched: dict[RunId, _Watched] = field(default_factory=dict)
    _looked_at: float = 0.0

    @property
    def is_needed(self) -> bool:
        """Whether any child may be ended early."""
        return self.goal is not None and self.strategy.prunes

    def begun(self, run: RunId, number: int, folder: Path) -> None:
        """Watch the child *run*, which is under way in *folder*."""
        if self.is_needed:
            self._watched[run] = _Watched(number, folder, Spool(folder / layout.SPOOL))

    def ended(self, run: RunId, logged: Iterable[Metric]) -> None:
        """Watch it no more, and show all that it has *logged*: it may have been quicker than we look."""
        watched = self._watched.pop(run, None)
        if watched is not None and self.goal is not None:
            points = [metric for metric in logged if metric.name == self.goal.result]
            for index, metric in enumerate(points):
                step = index if metric.step is None else metric.step
                self.strategy.should_prune(watched.number, step, metric.value)

    def look(self) -> None:
        """Look at all that are watched, if it is time; raises StoreError."""
        if not self._watched or time.monotonic() - self._looked_at < LOOKS_EACH_S:
            return
        self._looked_at = time.monotonic()
        for watched in self._watched.values():
            if not was_pruned(watched.folder) and self._is_hopeless(watched):
                with suppress(OSError):  # it has ended meanwhile, and its folder is gone
                    (watched.folder / layout.STOP).touch()

    def _is_hopeless(self, watched: _Watched) -> bool:
        is_hopeless = False
        for step, value in self._points(watched):  # each is to be seen
            is_hopeless = self.strategy.should_prune(watched.number, step, value) or is_hopeless
        return is_hopeless

    def _points(self, watched: _Watched) -> Iterator[tuple[int, float]]:
        assert self.goal is not None  # else nobody is watched
        with suppress(OSError):
            for line in watched.spool.take():
                value = number_from_json(line.data.get("value"))
                if line.type != "metric" or line.data.get("name") != self.goal.result or not isinstance(value, float):
                    continue
                step = line.data.get("step")
                yield step if isinstance(step, int) else watched.steps, value
                watched.steps += 1
