"""The whole table of transitions, written out a second time by hand."""

from __future__ import annotations

import itertools

import pytest

from mlrun_nb.model.states import RunState, may_follow

ALLOWED = {
    ("pending", "running"),
    ("pending", "succeeded"),  # so short that nobody saw it run
    ("pending", "failed"),
    ("pending", "cancelled"),
    ("pending", "lost"),
    ("pending", "cached"),
    ("running", "pending"),  # preempted, requeued, tried again
    ("running", "succeeded"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("running", "lost"),
    ("lost", "succeeded"),  # a late result record
    ("lost", "failed"),
    ("lost", "cancelled"),
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(RunState, RunState)))
def test_only_these_transitions_are_allowed(before, after):
    """Every pair of states is either in the table above, or the same state twice, or refused."""
    assert may_follow(before, after) == (before is after or (before.value, after.value) in ALLOWED)


def test_the_open_states_are_pending_and_running():
    """Everything else is an end."""
    assert [state.value for state in RunState if not state.is_final] == ["pending", "running"]
