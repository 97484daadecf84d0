"""Discovery: functions of a notebook by name."""

from __future__ import annotations

import pytest

from mlrun_nb.errors import NotebookError, NotFoundError
from mlrun_nb.notebook.discovery import find_function, function_cells
from tests.unit.notebook.notebooks import notebook

WORK = ("import os", "%%mlrun prepare\nx = 1", "y = 2", "%%mlrun train\nz = 3")


def test_functions_come_in_the_order_of_their_cells():
    """Every `%%mlrun` cell is one, no other cell is."""
    assert [(cell.name, cell.cell.index) for cell in function_cells(notebook(*WORK))] == [("prepare", 1), ("train", 3)]


def test_a_function_is_found_by_name():
    """The cell comes with its body."""
    assert find_function(notebook(*WORK), "train").body == "z = 3"


def test_two_cells_with_one_name_are_an_error_that_names_both():
    """Which of the two runs must not depend on their order."""
    with pytest.raises(NotebookError, match=r"cell 1 and cell 3 of `work.ipynb` are both named `a`") as caught:
        function_cells(notebook("%%mlrun a\nx = 1", "y = 1", "%%mlrun a --cpu 1\nx = 2"))
    assert "cell 3" in caught.value.hint


MISSED = {
    "trian": (WORK, "Did you mean `train`? Functions there: prepare, train."),
    "nothing": (WORK, "Functions there: prepare, train."),
    "alone": (("x = 1",), "begin a cell with `%%mlrun alone`"),
    "below": (("# a comment\n%%mlrun below\nx = 1",), "Move `%%mlrun below` to the first line of cell 1"),
}


@pytest.mark.parametrize(("name", "cells", "said"), [(name, *rest) for name, rest in MISSED.items()])
def test_an_unknown_function_lists_those_there_with_the_nearest(name, cells, said):
    """The hint is the thing to type or to move."""
    with pytest.raises(NotFoundError, match=f"`work.ipynb` has no function `{name}`") as caught:
        find_function(notebook(*cells), name)
    assert said in caught.value.hint


def test_a_notebook_of_another_language_has_no_function_cells():
    """`%%mlrun` is a magic of IPython; elsewhere the same text is the language's own matter."""
    assert function_cells(notebook("%%mlrun train\nx <- 1", language="R")) == ()
