"""Bugs of ours in a cell."""

from __future__ import annotations

import pytest

from mlrun_nb.errors import OptionError, ProductBroken
from mlrun_nb.magics.failure import reported


def test_a_bug_of_ours_is_two_lines_and_a_report(home):
    """The traceback is in the report, together with the names of the options, but no value."""
    with pytest.raises(ProductBroken) as caught, reported("%%mlrun", "train --memory 4Gi --secret=x"):
        raise RuntimeError("a defect")
    lines = caught.value._render_traceback_()
    (report,) = (home / "mlrun-nb" / "reports").iterdir()
    assert "RuntimeError: a defect" in lines[0]
    assert str(report) in lines[1]
    assert "%%mlrun … --memory … …" in report.read_text()
    assert "Traceback" in report.read_text()


@pytest.mark.parametrize("error", [OptionError("wrong", hint="Do it right."), KeyboardInterrupt()])
def test_what_is_no_bug_passes(error):
    """Errors with a hint, and the stop button."""
    with pytest.raises(type(error)) as caught, reported("%%mlrun", "train"):
        raise error
    assert caught.value is error
