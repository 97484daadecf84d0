"""Discovery: functions of a notebook by name."""

from __future__ import annotations

import pytest

from mlrun_nb.errors import NotebookError, NotFoundError, OptionError
from mlrun_nb.notebook.discovery import BrokenCell, distinct_cells, find_function, function_cells, notices_beside
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
        find_function(notebook("%%mlrun a\nx = 1", "y = 1", "%%mlrun a --cpu 1\nx = 2"), "a")
    assert "Give cell 3 another name: `%%mlrun a_2`." in caught.value.hint


def test_a_broken_cell_of_the_same_name_counts():
    """Correcting it must not change what another cell means."""
    with pytest.raises(NotebookError, match="are all named `a`"):
        find_function(notebook("%%mlrun a\nx = 1", "%%mlrun a --bogus\nx = 1", "%%mlrun a\nx = 2"), "a")


BROKEN = {
    "line": ("%%mlrun bad --bogus\nx = 1", "unknown option `bogus`"),
    "value": ("%%mlrun bad --cpu many\nx = 1", "`many` is not a Kubernetes quantity"),
    "quotes": ("%%mlrun bad --label 'x\nx = 1", "quot"),
    "comment": ("%%mlrun bad\n#| mlrun.memory: lots\nx = 1", "`lots` is not a Kubernetes quantity"),
    "nameless": ("%%mlrun --cpu 1\nx = 1", "gives its function no name"),
}


@pytest.mark.parametrize(("cell", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_cell_stops_nobody_but_those_who_ask_for_it(cell, said):
    """Others run, with a notice that has the words of the error."""
    cells = notebook("%%mlrun good\nx = 1", cell)
    assert find_function(cells, "good").body == "x = 1"
    [notice] = notices_beside(cells, "good")
    assert said in notice.text
    assert "cell 2" in notice.text
    assert notice.hint


@pytest.mark.parametrize(("cell", "said"), [pair for key, pair in BROKEN.items() if key != "nameless"])
def test_a_broken_cell_that_is_asked_for_is_the_error(cell, said):
    """The same words as ever, and no notice beside them."""
    cells = notebook("%%mlrun good\nx = 1", cell)
    with pytest.raises(OptionError, match=said):
        find_function(cells, "bad")
    assert list(notices_beside(cells, "bad")) == []


def test_a_name_that_others_have_twice_is_a_notice():
    """Said once, with both cells."""
    cells = notebook("%%mlrun a\nx = 1", "%%mlrun good\nx = 1", "%%mlrun a\nx = 2")
    assert find_function(cells, "good").body == "x = 1"
    assert [notice.text for notice in notices_beside(cells, "good")] == [
        "cell 1 and cell 3 of `work.ipynb` are both named `a`"
    ]


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


def test_of_two_cells_with_one_name_both_are_broken():
    """Each has the error that names both; others are as they are."""
    first, good, second = distinct_cells(
        notebook("%%mlrun a\nx = 1", "%%mlrun good\nx = 1", "%%mlrun a --bogus\nx = 2")
    )
    assert isinstance(first, BrokenCell)
    assert isinstance(second, BrokenCell)
    assert first.error is second.error
    assert first.error.message == "cell 1 and cell 3 of `work.ipynb` are both named `a`"
    assert (good.name, isinstance(good, BrokenCell)) == ("good", False)


def test_cells_without_a_name_do_not_share_one():
    """Each is broken by what is wrong with itself."""
    found = distinct_cells(notebook("%%mlrun --cpu 1\nx = 1", "%%mlrun\nx = 1"))
    assert ["gives its function no name" in each.error.message for each in found if isinstance(each, BrokenCell)] == [
        True,
        True,
    ]
