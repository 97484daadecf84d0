"""Capture over random notebooks: it never fails in a way of its own, and what it captures means what the notebook means."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlrun_nb.errors import CaptureError
from mlrun_nb.notebook.capture import capture
from tests.unit.notebook.corpus import cells, run_sources
from tests.unit.notebook.programs import cell_texts, working_programs


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(cell_texts, max_size=4), cell_texts, st.sets(st.integers(0, 3)), st.booleans())
def test_capture_raises_nothing_but_its_own_error(sources, body, setup, kernel):
    """Whatever the cells hold, the answer is code or a CaptureError."""
    try:
        captured = capture(body, cells(*sources, setup=setup), live={"a": 1, "K": "s"} if kernel else None)
    except CaptureError as error:
        assert error.hint
    else:
        assert len(captured.cells) == len(captured.origins)


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.lists(working_programs, min_size=1, max_size=4), working_programs, st.sets(st.integers(0, 3), max_size=1))
def test_what_is_captured_gives_what_the_notebook_gives(sources, body, setup):
    """A body that runs below its notebook runs on the captured cells alone, to the same values, or is refused before."""
    body += "\nresult = {n: v for n, v in sorted(globals().items()) if n in watched and isinstance(v, int)}"
    watched = {"a", "b", "c", "f", "g", "K"}
    names = [name for name in watched if f"{name} = " in body]
    try:
        notebook = run_sources([*sources, body], {"watched": names})
        captured = capture(body, cells(*sources, setup=setup), inputs=["watched"])
    except CaptureError:
        return
    except (NameError, TypeError, RecursionError, SyntaxError, AttributeError, OverflowError, MemoryError):
        assume(False)
    alone = run_sources([*(cell.source for cell in captured.cells), body], {"watched": names})
    assert alone["result"] == notebook["result"]
