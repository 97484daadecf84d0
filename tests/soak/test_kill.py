"""Random kills, many; `make test` has a few of them."""

from __future__ import annotations

import pytest

from mlrun_nb.config import Config
from mlrun_nb.engines.local import LocalEngine
from tests.soak.kill import kill_runs
from tests.soak.kill_cli import kill_commands
from tests.soak.kill_sweep import sweep_under_fire

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_killed_runs_tell_the_truth(tmp_path, seed):
    """Whoever dies at whatever moment: the right state, no process left, a notebook that can be read."""
    engine = LocalEngine(Config(home=tmp_path / "home", store="memory://"))
    assert kill_runs(engine, tmp_path / "runs", count=50, seed=seed) == []


@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_killed_commands_leave_a_true_history(tmp_path, seed):
    """No run missing, no wrong final state, no unreadable notebook or store."""
    assert kill_commands(tmp_path, count=50, seed=seed) == []


@pytest.mark.parametrize("seed", range(10))
def test_a_sweep_comes_to_the_same_after_a_hundred_deaths(tmp_path, seed):
    """Ten of them in each of ten sweeps."""
    assert sweep_under_fire(tmp_path, deaths=10, seed=seed) == []
