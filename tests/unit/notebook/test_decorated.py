"""A `def` taken out of its cell."""

from __future__ import annotations

import ast

import pytest

from mlrun_nb.errors import NotebookError
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.decorated import take_definition


def is_ours(node: ast.expr) -> bool:
    """Take `function`, called or not, for our decorator."""
    return ast.unparse(node).partition("(")[0] == "function"


def take(source: str, name: str = "f"):
    """Return function and rest of a cell."""
    return take_definition(Cell(index=4, kind="code", source=source), name, {"memory": "1Gi"}, is_ours)


CELL = """import os
# what f does
@other
@function(
    memory="1Gi",
)
def f(x=1):
    return helper(x)
def helper(x): return os.sep * x
if __name__ == "__main__":
    f.run()
"""


def test_the_definition_goes_without_our_decorator_and_keeps_its_lines():
    """Comments and other decorators are its own; each line knows where it stood."""
    function, _ = take(CELL)
    assert function.body == "# what f does\n@other\ndef f(x=1):\n    return helper(x)"
    assert function.lines == (2, 3, 7, 8)
    assert (function.name, function.options, function.sources) == ("f", {"memory": "1Gi"}, {"memory": "the decorator"})
    assert function.cell.source.startswith("# what f does\n@other\n@function(")


def test_the_rest_of_the_cell_stays_without_what_only_a_program_does():
    """In the same lines."""
    _, rest = take(CELL)
    assert rest.source == "import os\n\n\n\n\n\n\n\ndef helper(x): return os.sep * x\n\n\n"


def test_of_two_definitions_the_last_counts():
    """As in Python; magics around it are no hindrance."""
    function, rest = take("%time 1\n@function\ndef f(): 1\n@function\ndef f(): 2\n!ls")
    assert function.body == "def f(): 2"
    assert "def f(): 1" in rest.source


# (source, what the error says)
BROKEN = [
    ("class A:\n    @function\n    def f(self): ...", "`f` is not defined at the top level"),
    ("def f(): ...", "`f` is not defined at the top level"),  # no decorator of ours
    ("@function\ndef f(: ...", "line 2 of cell 5, where `f` is defined, cannot be read as Python"),
]


@pytest.mark.parametrize(("source", "message"), BROKEN)
def test_what_does_not_stand_by_itself_is_refused(source, message):
    """With what to do."""
    with pytest.raises(NotebookError, match=message) as caught:
        take(source)
    assert caught.value.hint
