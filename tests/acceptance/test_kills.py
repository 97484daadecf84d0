"""Random kills of the command line and of what it started; `make soak` has many more."""

from __future__ import annotations

from tests.soak.kill_cli import kill_commands
from tests.soak.kill_sweep import sweep_under_fire


def test_thirty_killed_commands_leave_a_true_history(tmp_path):
    """No run missing, no wrong final state, no unreadable notebook or store."""
    assert kill_commands(tmp_path, count=30, seed=11) == []


def test_a_sweep_comes_to_the_same_whoever_is_killed(tmp_path):
    """Child, generation, driver, supervisor: no point is lost, none succeeds twice, none is drawn anew."""
    assert sweep_under_fire(tmp_path, deaths=20, seed=11) == []
