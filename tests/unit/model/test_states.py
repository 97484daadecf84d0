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


RESUMED = {("failed", "pending"), ("cancelled", "pending"), ("lost", "pending")}
"""What a sweep and its children may do beside these."""


@pytest.mark.parametrize(("before", "after"), list(itertools.product(RunState, RunState)))
def test_only_these_transitions_are_allowed(before, after):
    """Every pair of states is either in the table above, or the same state twice, or refused."""
    assert may_follow(before, after) == (before is after or (before.value, after.value) in ALLOWED)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(RunState, RunState)))
def test_a_sweep_may_be_resumed_and_do_nothing_else_that_others_may_not(before, after):
    """Every pair again, for the parent of a sweep and its children."""
    allowed = before is after or (before.value, after.value) in ALLOWED | RESUMED
    assert may_follow(before, after, of_sweep=True) == allowed


def test_the_open_states_are_pending_and_running():
    """Everything else is an end."""
    assert [state.value for state in RunState if not state.is_final] == ["pending", "running"]
