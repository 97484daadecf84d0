"""Whole notebooks of the corpus: what is captured runs alone and gives what the notebook gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlrun_nb.notebook.capture import capture
from mlrun_nb.notebook.cells import Captured, FunctionCell
from mlrun_nb.notebook.parsing import parse_function_cell
from tests.unit.notebook.corpus import FOLDER, read_corpus, run_sources

NOTEBOOKS = sorted((FOLDER / "capture").glob("*.cells"))


def capture_last(path: Path) -> tuple[FunctionCell, Captured]:
    """Capture the last cell of a notebook."""
    *above, last = read_corpus(path)
    function = parse_function_cell(last)
    assert function is not None
    inputs = function.options.get("input", [])
    assert isinstance(inputs, list)
    return function, capture(function.body, above, given=[str(name) for name in inputs])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_captured_cells_run_alone_and_give_what_the_notebook_gives(path):
    """Definitions and inputs are enough for the body, and its result is that of the whole notebook."""
    function, captured = capture_last(path)
    notebook = run_sources([cell.source for cell in read_corpus(path)], {})

    sources = [cell.source for cell in captured.cells]
    given = {name: notebook[name] for name in function.options.get("input", [])}
    inputs = "".join(f"{name} = __given__[{name!r}]\n" for name in given)
    alone = run_sources([*sources, inputs, function.body], {"__given__": given})

    assert repr(alone["result"]) == repr(notebook["result"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_exactly_the_needed_statements_are_captured(path):
    """Lines marked `# taken` are among the captured ones, lines marked `# left` are not."""
    captured = {line for cell in capture_last(path)[1].cells for line in cell.source.split("\n")}
    lines = {line for cell in read_corpus(path)[:-1] for line in cell.source.split("\n")}

    wanted = {line for line in lines if line.endswith("# taken")}
    assert (wanted - captured, {line for line in captured if line.endswith("# left")}) == (set(), set())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_captured_line_names_the_line_that_it_came_from(path):
    """The origin of a captured line holds that line, but for the blank lines put between statements."""
    above, captured = read_corpus(path), capture_last(path)[1]
    for cell, origin in zip(captured.cells, captured.origins, strict=True):
        own = above[origin.index].source.split("\n")
        for text, number in zip(cell.source.split("\n"), origin.lines, strict=True):
            assert not text or text.removeprefix(">>> ").strip() in own[number - 1]
