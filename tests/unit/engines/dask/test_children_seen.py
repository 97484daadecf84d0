"""What is known of a child that is begun once more, while what its last attempt has left is still there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.pool import children_seen
from mlrun_nb.engines.dask.target import Target
from mlrun_nb.model.run import Handle, RunId, RunResult
from mlrun_nb.model.states import RunState

CHILD = RunId("4k7q2m000000")
NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Cluster:
    """A cluster that executes every batch."""

    def states(self, keys: Sequence[str]) -> dict[str, str]:
        """Return that each is executed."""
        return dict.fromkeys(keys, "processing")


@pytest.mark.parametrize(("attempt", "state"), [(1, RunState.FAILED), (2, RunState.RUNNING)])
def test_an_earlier_attempt_s_end_is_not_that_of_the_child(tmp_path: Path, attempt: int, state: RunState):
    """Its result lies there until the next one is written."""
    result = RunResult(id=CHILD, state=RunState.FAILED, attempt=1, started=NOW, ended=NOW, duration_s=1.0)
    (tmp_path / "result.json").write_text(json.dumps(to_json(result)))
    data: dict[str, Json] = {
        "run_directory": str(tmp_path), "batch": "b", "attempt": attempt, "target": to_json(Target(address="tcp://s")),
    }  # fmt: skip
    handle = Handle(engine="dask", run=CHILD, data=data)
    seen = children_seen([handle], lambda _: cast("Connection", Cluster()))
    assert seen[CHILD].state is state
