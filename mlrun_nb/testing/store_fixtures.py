"""
What the parts of the store's contract share: the fixtures, and the steps that many claims begin with.

Internal to `mlrun_nb.testing`; authors of stores inherit from `store_contract`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.change import Ingest
from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.testing.records import NOON, make_run

Opened = Callable[[], RunStore]


class Given:
    """The fixtures: `opened` is the author's, the others are made of it."""

    @pytest.fixture
    def opened(self) -> Opened:
        """Return what opens the store under test, again and again."""
        raise NotImplementedError("override the fixture `opened`")

    @pytest.fixture
    def store(self, opened: Opened) -> Iterator[RunStore]:
        """Give the store under test, empty."""
        store = opened()
        yield store
        store.close()


def advanced(store: RunStore, run: Run, ingest: Ingest) -> Run:
    """Return *run* after *ingest* was recorded for it."""
    changed = store.advance(run, run, ingest)
    assert changed is not None
    return changed


def in_state(
    store: RunStore, state: RunState, *, project: str = "demo", function: str = "train", ended: datetime | None = None
) -> Run:
    """Return a new run that has gone from pending to *state*, at *ended*."""
    run = store.create_run(make_run(project=project, function=function))
    if state is run.state:
        return run
    changed = store.advance(run, replace(run, state=state, phase=None, ended=ended))
    assert changed is not None
    return changed


def make_artifact(name: str, *, size: int = 1) -> Artifact:
    """Return an artifact called *name*."""
    return Artifact(name=name, kind="json", uri=f"/runs/{name}.json", size=size, digest="sha256:0")


def make_metric(*, step: int | None = 0, seconds: int = 0, value: float = 0.5) -> Metric:
    """Return a point of the series `loss`, logged *seconds* after noon."""
    return Metric(name="loss", value=value, step=step, time=NOON + timedelta(seconds=seconds))
