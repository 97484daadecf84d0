"""Random kills of the command line and of what it started; `make soak` has many more."""

from __future__ import annotations

from tests.soak.kill_cli import kill_commands


def test_thirty_killed_commands_leave_a_true_history(tmp_path):
    """No run missing, no wrong final state, no unreadable notebook or store."""
    assert kill_commands(tmp_path, count=30, seed=11) == []
