"""Functions and classes that captured code knows without naming them come along, or are a notice."""

from __future__ import annotations

import pytest

from mlrun_nb.notebook.capture import capture
from tests.unit.notebook.corpus import cells

TAKEN = [
    # the cells, the one that nobody names last
    ("from functools import singledispatch\n@singledispatch\ndef x(a): ...", "@x.register(int)\ndef _(a): ..."),
    ("y = []\ndef x(f):\n    y.append(f)\n    return f", "@x\ndef unnamed(): ..."),
    ("y = {}\ndef x(f):\n    y[f.__name__] = f\n    return f", "@x\nclass Unnamed: ..."),
    ("x = []\ndef y(f):\n    x.append(f)\n    return f", "@y\ndef unnamed(): ..."),
    ("y = {}\ndef x(name):\n    def keep(f): y[name] = f\n    return keep", "@x('a')\ndef unnamed(): ..."),
    ("class x:\n    def __init_subclass__(cls): ...", "class Unnamed(x): ..."),
    ("class M(type): ...\nclass x(metaclass=M): ...", "class Unnamed(x, metaclass=M): ..."),
    ("class y:\n    def __init_subclass__(cls): ...\nclass x(y): ...", "class Unnamed(x): ..."),
    ("class x:\n    def __init_subclass__(cls): ...\nclass x(x): ...", "class Unnamed(x): ..."),
    ("class x:\n    @classmethod\n    def all(cls): return cls.__subclasses__()", "class Unnamed(x): ..."),
]
LEFT = [
    ("def x(f):\n    def run(): y.append(1)\n    return run\ny = []", "@x\ndef unnamed(): ..."),
    ("import functools as x", "@x.lru_cache\ndef unnamed(): ..."),
    ("class x: ...", "class Unnamed(x): ..."),
    ("def x(f): f.seen = True; return f", "@x\ndef unnamed(): ..."),
]


@pytest.mark.parametrize(("above", "unnamed"), TAKEN)
def test_what_tells_captured_code_of_itself_is_captured(above, unnamed):
    """Without it the captured code would do less, and nobody would be told."""
    captured = capture("print(x)", cells(above, unnamed))
    assert captured.cells[-1].source == unnamed


@pytest.mark.parametrize(("above", "unnamed"), LEFT)
def test_what_nothing_learns_of_is_left(above, unnamed):
    """A decorator that only wraps and a class that counts nothing are no reason to take a cell."""
    assert unnamed not in [cell.source for cell in capture("print(x)", cells(above, unnamed)).cells]


def test_what_needs_data_is_left_with_a_notice():
    """It may not matter to this function, so it is no error."""
    above = cells(TAKEN[0][0], "data = load()", "@x.register(int)\ndef _(a): return data")
    captured = capture("print(x)", above)
    assert [(notice.cell, notice.line) for notice in captured.notices] == [(2, 1)]
    assert len(captured.cells) == 1


def test_in_a_kernel_a_registry_may_hold_what_its_decorator_put_there():
    """It has another value than its source gives it, and its functions give it that again."""
    above = cells("known = []\ndef keep(f): known.append(f)", "@keep\ndef unnamed(): ...")
    captured = capture("known", above, live={"known": [print], "keep": print, "unnamed": print})
    assert [cell.source for cell in captured.cells] == [cell.source for cell in above]
