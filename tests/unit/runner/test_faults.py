"""The words of the result record."""

from __future__ import annotations

from mlrun_nb.runner import faults

WHERE = faults.Where(index=1, name="fit", place="cell 1 of nb.ipynb", is_original=True)


def test_a_summary_that_is_cut_says_so():
    """An exception may say a megabyte in one line; a short one stays as it is."""
    long = faults.cell_failed(WHERE, faults.Raised(ename="ValueError", evalue="x" * 1_000_000)).summary
    assert (len(long), long[-2:]) == (500, "x…")
    short = faults.cell_failed(WHERE, faults.Raised(ename="ValueError", evalue="no")).summary
    assert short == "cell 1 of nb.ipynb (`fit`) raised `ValueError`: no"
