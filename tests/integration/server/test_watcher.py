"""The watcher looks while somebody does, slowly while only runs are open, and else not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from logging import getLogger
from pathlib import Path
from time import monotonic

import pytest

from mlrun_nb._lib.clock import now
from mlrun_nb.config import Config
from mlrun_nb.errors import StoreError
from mlrun_nb.project import Project
from mlrun_nb.server.watcher import Pace, Watcher
from mlrun_nb.stores.memory import MemoryStore
from mlrun_nb.testing.records import make_run

PACE = Pace(looked_for_s=0.3, quick_s=0.005, slow_s=0.05)


class CountingStore(MemoryStore):
    """A store that counts how often its revision is asked for, and fails as often as it is told to."""

    looks = 0
    failures: list[Exception]

    def __init__(self) -> None:
        super().__init__()
        self.failures = []

    def revision(self) -> str:
        """See `RunRecords`."""
        self.looks += 1
        if self.failures:
            raise self.failures.pop()
        return super().revision()


class OneProject(Project):
    """A project with a store that is given."""

    def __init__(self, given: CountingStore) -> None:
        super().__init__(Config(home=Path("nowhere"), project="demo", store="memory"))
        self.__dict__["store"] = given


@dataclass
class Scene:
    """A watcher over one store, and what it told."""

    store: CountingStore = field(default_factory=CountingStore)
    told: list[str] = field(default_factory=list)

    def opened(self) -> tuple[Project, ...]:
        """Return the one project."""
        return (OneProject(self.store),)

    async def watch(self, *, until: Callable[[], bool] = lambda: False, at_most_s: float = 20) -> int:
        """Have somebody look once, and watch; returns how often the store was asked in a while after *until*."""
        watcher = Watcher(self, lambda change: self.told.append(change["revision"]), getLogger("test"), pace=PACE)
        watcher.looked()
        deadline = monotonic() + at_most_s
        while not until() and monotonic() < deadline:  # noqa: ASYNC110  # what is awaited happens in another thread
            await asyncio.sleep(0.01)
        before = self.store.looks
        await asyncio.sleep(0.4)
        await watcher.stop()
        return self.store.looks - before


def test_it_sleeps_where_nothing_is_open_and_nobody_looks():
    """An idle server costs nothing: the store is not asked at all."""
    scene = Scene()
    assert asyncio.run(scene.watch(at_most_s=1)) == 0
    assert scene.store.looks > 1


def test_it_looks_now_and_then_while_a_run_is_open():
    """So that the truth about it is recorded although nobody asks."""
    scene = Scene()
    scene.store.create_run(make_run(project="demo", created=now()))
    assert 1 <= asyncio.run(scene.watch(at_most_s=1)) <= 0.4 / PACE.slow_s


def test_it_tells_of_a_state_once():
    """The first one too: a client may have read before the first look."""
    scene = Scene()
    asyncio.run(scene.watch(until=lambda: scene.store.looks > 3))
    assert scene.told == [MemoryStore.revision(scene.store)]


@pytest.mark.parametrize("error", [StoreError("it is away", hint="Wait."), RuntimeError("a bug")])
def test_what_ails_one_look_does_not_end_the_watch(error: Exception):
    """The next look tells what this one could not."""
    scene = Scene()
    scene.store.failures.append(error)
    asyncio.run(scene.watch(until=lambda: bool(scene.told)))
    assert len(scene.told) == 1
