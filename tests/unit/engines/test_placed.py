"""What is said of a run that ended without a word of its own."""

from __future__ import annotations

import pytest

from mlrun_nb.engines.unfinished import placed
from mlrun_nb.model.run import RunError
from mlrun_nb.runner import faults

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
