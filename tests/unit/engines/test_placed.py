"""What is said of a run that ended without a word of its own."""

from __future__ import annotations

import pytest

from mlrun_nb._lib.records import Json
from mlrun_nb.engines.unfinished import placed, result_of
from mlrun_nb.model.events import Event, EventType
from mlrun_nb.model.run import RunError, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.runner import faults
from mlrun_nb.testing.records import NOON

WHERE = faults.Where(index=1, name="fit", place="cell 1 of nb.ipynb", is_original=True)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (faults.cancelled(None), "the run was cancelled in cell 1 of nb.ipynb (`fit`)"),
        (
            RunError(cls="NodeLost", fault="environment", summary="node `a` is gone", hint="Wait."),
            "node `a` is gone, while executing cell 1 of nb.ipynb (`fit`)",
        ),
    ],
)
def test_an_error_names_the_cell_that_was_at_work(error: RunError, said: str):
    """In the words that fit."""
    found = placed(error, WHERE)
    assert (found.summary, found.cell, found.cell_name) == (said, 1, "fit")
    assert placed(error, None) == error


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([], "the run was cancelled before its first cell"),
        ([("run_started", {"cells": ["fit"]})], "the run was cancelled before its first cell"),
        (
            [("cell_started", {"index": 1, "name": "fit"}), ("cell_finished", {"index": 1, "name": "fit"})],
            "the run was cancelled between two cells",
        ),
        ([("children", {"done": 3, "total": 1200})], "the sweep was cancelled when 3 of 1,200 children had ended"),
        ([("children", {"done": 3, "total": None})], "the sweep was cancelled when 3 children had ended"),
    ],
)
def test_a_cancellation_says_how_far_the_run_had_come(events: list[tuple[EventType, dict[str, Json]]], said: str):
    """Whoever was to say so was killed; a sweep goes on from there."""
    known = [Event(type=kind, time=NOON, data=data) for kind, data in events]
    made = result_of(
        RunId("abcdef123456"), known, faults.cancelled(None), attempt=1, started=NOON, ended=NOON, duration_s=0.0
    )
    assert made.error is not None
    assert (made.state, made.error.summary) == (RunState.CANCELLED, said)
    assert ("sweep resume abcdef" in made.error.hint) == ("sweep" in said)
