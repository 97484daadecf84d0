"""An error is told at its place in the notebook that the user wrote, whatever was executed in its stead."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.acceptance.session import Session, write_notebook

CELLS = [
    "import math\nA = 1\n\n\ndef share(x):\n    return 1 / x\n\nprint(A)\n\ndef twice(x):\n    return share(x)",
    "%%mlrun body\n#| mlrun.retries: 0\n# why\nn: int = 0\n\nprint(n)\ntwice(n)",
    "%%mlrun alone\ndef alone(n: int = 0):\n    '''Say.'''\n    return twice(n)",
    "%%mlrun magics\nn: int = 0\n!echo one \\\n  two\nmath.sqrt(4)\n%time twice(n)",
    "%%mlrun timed\nn: int = 0\n%%time\n\nprint(n)\ntwice(n)",
    "%%mlrun parsed\nn: int = 0\nx = 1\nfrom __future__ import nonsense",
    "%%mlrun lacking --output out\nn: int = 0\nif n:\n    out = 1",
]
WHOLE = ["n = 0", "\n\ndef share(x):\n    return 1 / x", "x = 1\nshare(n)"]

# function: cells and lines of its traceback from the outside in, and code that stands there
PLACES = {
    "body": [(2, 7, "twice(n)"), (1, 11, "return share(x)"), (1, 6, "return 1 / x")],
    "alone": [(3, 4, "return twice(n)"), (1, 11, "return share(x)"), (1, 6, "return 1 / x")],
    "magics": [(4, 6, "%time twice(n)"), (1, 11, "return share(x)"), (1, 6, "return 1 / x")],
    "timed": [(5, 6, "twice(n)"), (1, 11, "return share(x)"), (1, 6, "return 1 / x")],
    "parsed": [(6, 4, "from __future__ import nonsense")],
}
ON_INLINE = ["body", "alone", "parsed"]
"""What needs no IPython."""


@pytest.fixture(scope="module")
def written(warm_exports, tmp_path_factory) -> Session:
    """Return a session with notebooks that fail."""
    folder = tmp_path_factory.mktemp("places")
    write_notebook(folder / "n.ipynb", CELLS)
    write_notebook(folder / "whole.ipynb", WHOLE, parameters=True)
    return Session(folder, warm_exports)


def _places(text: str, notebook: str) -> list[tuple[int, int]]:
    found = re.findall(rf"^ *Cell (\d+) of {notebook}, line (\d+)", text, re.MULTILINE)
    return [(int(cell), int(line)) for cell, line in found]


@pytest.mark.parametrize(
    ("engine", "function"), [*(("local", name) for name in PLACES), *(("inline", name) for name in ON_INLINE)]
)
def test_every_frame_is_told_at_its_place_in_the_notebook(written, engine, function):
    """Body, helpers of other cells, a `def`, magics over several lines, `%%time`, text that does not parse."""
    out = written.type("run", f"n.ipynb::{function}", "--on", engine).out
    assert _places(out, "n.ipynb") == [(cell, line) for cell, line, _ in PLACES[function]]
    assert f"cell {PLACES[function][0][0]} of n.ipynb (`" in out.splitlines()[1]
    for _, line, code in PLACES[function]:
        if engine == "local" and function != "parsed":
            assert re.search(rf"^ *-+> {line} +{re.escape(code)}$", out, re.MULTILINE)
    assert "In[" not in out
    assert ".py, line" not in out


@pytest.mark.parametrize("engine", ["local", "inline"])
def test_a_whole_notebook_keeps_its_numbers(written, engine):
    """Although a cell with the values of the run was executed too."""
    out = written.type("run", "whole.ipynb", "--on", engine).out
    assert _places(out, "whole.ipynb") == [(3, 2), (2, 4)]


def test_the_executed_notebook_has_numbers_of_its_own(written):
    """Who opens it looks at its cells; index and name in the record are of that notebook too."""
    error = written.type("run", "n.ipynb::body", "--output-notebook", "out.ipynb", "--json").json["error"]
    cells = json.loads((written.folder / "out.ipynb").read_text())["cells"]
    assert "".join(cells[error["cell"]]["source"]).endswith("twice(n)")
    trace = "\n".join(cells[error["cell"]]["outputs"][-1]["traceback"])
    assert re.search(rf"In\[\D*{error['cell'] + 1}\D", trace)


def test_wherever_the_error_is_told_it_is_told_at_the_same_place(written):
    """JSON, log, progress, `show`, JUnit, Markdown."""
    files = ("--junit", "j.xml", "--summary", "s.md")
    run = written.type("run", "n.ipynb::body", "--json", *files).json
    case = ET.parse(written.folder / "j.xml").getroot()[0].find("testcase[@name='2. body']/failure")
    expected = [(cell, line) for cell, line, _ in PLACES["body"]]
    for text in (
        written.type("logs", run["id"]).out,
        written.type("show", run["id"]).out,
        case.text,
        (written.folder / "s.md").read_text(),
    ):
        assert _places(text, "n.ipynb") == expected
    assert run["error"]["summary"] == "cell 2 of n.ipynb (`body`) raised `ZeroDivisionError`: division by zero"
    assert case.get("message") == run["error"]["summary"]


def test_code_that_nobody_wrote_is_called_generated(written):
    """It has no place in the notebook; its name says what it does."""
    lacking = written.type("run", "n.ipynb::lacking").out
    assert "the generated cell (`save outputs`) raised `UsageError`" in lacking
    assert "Generated cell `call of alone`, line 1" in written.type("run", "n.ipynb::alone").out


def test_a_frame_of_code_that_is_no_cell_is_left_alone(written):
    """What a cell hands to IPython as text comes under the number of another cell; no line of it is invented."""
    hand_over = "get_ipython().run_cell('def divide():\\n    return 1 / 0')"
    write_notebook(written.folder / "h.ipynb", [hand_over, "x = 1\ndivide()"])
    out = written.type("run", "h.ipynb").out
    assert _places(out, "h.ipynb") == [(2, 2)]
    assert re.search(r"Cell In\[2\], line 2, in divide\(\)\n.*\n +----> 2     return 1 / 0", out)


def test_a_killed_run_names_the_cell_of_the_notebook(written):
    """Also where the runner's supervisor has to speak for it."""
    kill = "import os, signal\nx = 1\nos.kill(os.getppid(), signal.SIGKILL)"
    write_notebook(Path(written.folder, "k.ipynb"), ["y = 1", f"%%mlrun dies\nn: int = 0\n{kill}"])
    run = written.type("run", "k.ipynb::dies", "--json").json
    assert "while executing cell 2 of k.ipynb (`dies`)" in run["error"]["summary"]
