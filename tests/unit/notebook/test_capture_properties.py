"""Capture over random notebooks: it never fails in a way of its own, and keeps what the notebook means."""

from __future__ import annotations

import contextlib
import re

from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from mlrun_nb.errors import CaptureError
from mlrun_nb.notebook.capture import capture
from tests.unit.notebook.corpus import cells, run_sources
from tests.unit.notebook.programs import Grower, cell_texts


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(cell_texts, max_size=4), cell_texts, st.sets(st.integers(0, 3)), st.booleans())
def test_capture_raises_nothing_but_its_own_error(sources, body, setup, kernel):
    """Whatever the cells hold, the answer is code or a CaptureError."""
    with contextlib.suppress(CaptureError):
        captured = capture(body, cells(*sources, setup=setup), live={"a": 1, "K": "s"} if kernel else None)
        assert len(captured.cells) == len(captured.origins)


FAILURES = (NameError, TypeError, RecursionError, AttributeError, OverflowError, ValueError)
"""How a random notebook may fail by itself."""


ALIASED = re.compile(r"^\w+ = (\w+)$", re.MULTILINE)


def refused_names(body: str, sources: list[str], setup: set[int]) -> list[str]:
    """Return the inputs that make *body* capturable, as the errors name them; drop the example when nothing does."""
    inputs: set[str] = set()
    for _ in range(3):
        try:
            capture(body, cells(*sources, setup=setup), given=inputs)
        except CaptureError as error:
            inputs |= set(re.findall(r"--input (\w+)", error.hint))
        else:
            return sorted(inputs)
    return reject()


def total_of(sources: list[str]) -> object:
    """Run *sources* and return what they add up, or None where they fail."""
    try:
        return run_sources(sources, {})["total"]
    except FAILURES:
        return None


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.integers(0, 2**32), st.sets(st.integers(0, 3), max_size=1))
def test_what_is_captured_gives_what_the_notebook_gives(seed, setup):
    """A body gives the same on captured cells and inputs as below its notebook, or it is refused before."""
    grower = Grower(seed)
    sources = [grower.cell(size) for size in (2, 3, 2, 3)]
    numbers = [name for name, kind in grower.kinds.items() if kind == "number"]
    body = "\n".join(["total = 0", grower.cell(3), *(f"total = total + {name}" for name in numbers)])
    wanted = total_of([*sources, body])
    assume(wanted is not None and not (setup and "global" in "".join(sources)))
    assume(not any(grower.kinds.get(name) == "function" for name in ALIASED.findall(body)))  # limits.md says so

    inputs = refused_names(body, sources, setup)
    notebook = run_sources(sources, {})
    assume(all(isinstance(notebook.get(name), int) for name in inputs))
    captured = capture(body, cells(*sources, setup=setup), given=inputs)

    given_values = "\n".join(f"{name} = {notebook[name]}" for name in inputs)
    assert total_of([*(cell.source for cell in captured.cells), given_values, body]) == wanted
