"""Function cells as ordinary cells, inside a run."""

from __future__ import annotations

import pytest

from mlrun_nb.notebook.nested import as_plain_cell, function_name


def test_the_line_of_the_magic_becomes_a_comment():
    """So that every line keeps its number."""
    cell = "\n  %%mlrun f --cpu 4\n  #| mlrun.memory: 1Gi\n  x: int = 1\n  y = x"
    assert as_plain_cell(cell) == "\n# %%mlrun f --cpu 4\n#| mlrun.memory: 1Gi\nx: int = 1\ny = x"


@pytest.mark.parametrize("cell", ["x = 1", "", "%%time\nx = 1", "# %%mlrun f\nx = 1"])
def test_other_cells_stay_as_they_are(cell):
    """Whatever they are."""
    assert as_plain_cell(cell) == cell


def test_a_single_def_is_called_with_its_defaults_and_inputs():
    """As the run of the function would, and binds its outputs."""
    cell = "%%mlrun f --input data --output a,b\ndef f(data, lr: float = 0.1):\n    return data, lr"
    assert as_plain_cell(cell).splitlines()[-1] == "a, b = f(data=data)"
    waiting = "%%mlrun g\nasync def g():\n    return 1"
    assert as_plain_cell(waiting).splitlines()[-1] == "result = await g()"


def test_a_cell_that_is_wrong_is_run_as_it_stands():
    """Python says what is wrong with it."""
    assert as_plain_cell("%%mlrun f --nonsense\nx = 1") == "# %%mlrun f --nonsense\nx = 1"
    assert (function_name("%%mlrun f --nonsense\nx = 1"), function_name("%%mlrun f\nx = 1")) == ("", "f")
