"""Capture over random notebooks: it never fails in a way of its own, and what it captures means what the notebook means."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlrun_nb.errors import CaptureError
from mlrun_nb.notebook.capture import capture
from tests.unit.notebook.corpus import cells, run_sources
from tests.unit.notebook.programs import Grower, cell_texts


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


FAILURES = (NameError, TypeError, RecursionError, AttributeError, OverflowError, ValueError)
"""How a random notebook may fail by itself."""


@settings(max_examples=400, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.integers(0, 2**32), st.sets(st.integers(0, 3), max_size=1))
def test_what_is_captured_gives_what_the_notebook_gives(seed, setup):
    """A body that runs below its notebook gives the same on the captured cells alone, or is refused before."""
    grower = Grower(seed)
    sources = [grower.cell(size) for size in (2, 3, 2, 3)]
    body = grower.cell(3) + "".join(
        f"\ntotal = total + {name}" for name in grower.kinds if grower.kinds[name] == "number"
    )
    notebook = _run([*sources, f"total = 0\n{body}"])
    assume(notebook is not None)
    try:
        captured = capture(f"total = 0\n{body}", cells(*sources, setup=setup))
    except CaptureError:
        return
    assert _run([*(cell.source for cell in captured.cells), f"total = 0\n{body}"]) == notebook


def _run(sources: list[str]) -> object:
    try:
        return run_sources(sources, {})["total"]
    except FAILURES:
        return None
