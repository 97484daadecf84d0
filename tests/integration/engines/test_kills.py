"""Random kills, as many as fit into a minute; `make soak` has more."""

from __future__ import annotations

from mlrun_nb.config import Config
from mlrun_nb.engines.local import LocalEngine
from tests.soak.kill import kill_runs


def test_thirty_killed_runs_tell_the_truth(tmp_path):
    """Whoever dies at whatever moment: the right state, no process left, a notebook that can be read."""
    engine = LocalEngine(Config(home=tmp_path / "home", store="memory://"))
    assert kill_runs(engine, tmp_path / "runs", count=30, seed=11) == []
