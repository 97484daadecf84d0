"""`%%mlrun NAME --sweep …` in a real kernel: the cell is run for each of many points, and the best one comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.frontend import Frontend, Shown, opened
from tests.acceptance.session import write_notebook

HILL = """%%mlrun hill --output height --output path --sweep "x=1,2,3 steep=1,2" --maximize height
x: int = 0
steep: int = 1
path = [x, steep]
height = steep * (10 - (x - 2) ** 2)"""
SLOW = """%%mlrun slow --output y --sweep "x=1,2,3,4,5,6,7,8" --maximize y --parallel 2
x: int = 0
import time
time.sleep(0 if x < 3 else 600)
y = x"""


@pytest.fixture
def notebook(tmp_path, warm) -> Iterator[Frontend]:
    """Return a notebook of the test's own, with the extension loaded."""
    with opened(tmp_path) as frontend:
        assert frontend.run("%load_ext mlrun_nb\nimport mlrun_nb as mn").status == "ok"
        yield frontend


def test_the_outputs_of_the_best_child_come_back_as_variables(notebook):
    """One card tells of all; the name is bound to the function, whose newest run is the sweep."""
    shown = notebook.run(HILL)
    assert shown.status == "ok", shown.everything
    assert len(shown.cards) == 1
    assert "6 children" in shown.card
    assert "✓ 6 succeeded" in shown.card
    assert "height  20" in shown.card
    assert notebook.value("(height, path, hill.name)") == "(20, [2, 2], 'hill')"
    assert notebook.value("[type(each).__name__ for each in hill.runs()]") == "['Sweep']"
    assert notebook.value("hill.runs()[0].best.parameters") == "{'x': 2, 'steep': 2}"
    assert notebook.value("hill.run(x=2).results") == "{'height': 10}"


def test_options_of_a_sweep_may_stand_in_comments(notebook):
    """As any option may; they are about runs, and part of no version."""
    cell = "%%mlrun f --output y\n#| mlrun.sweep: x=1,2\n#| mlrun.minimize: y\nx: int = 0\ny = -x"
    assert notebook.run(cell, cell="a").status == "ok"
    assert notebook.value("y") == "-2"
    again = notebook.run(cell.replace("x=1,2", "x=1,2,3"), cell="a")
    assert (again.status, again.out) == ("ok", "")
    assert notebook.value("(y, len(f.versions()))") == "(-3, 1)"


def test_an_interrupt_cancels_the_sweep(notebook):
    """What its children came to by then stays, and is shown."""
    pressed: list[Shown] = []

    def press(shown: Shown) -> None:
        if not pressed and "2 of 8" in shown.everything:
            pressed.append(shown)
            notebook.interrupt()

    shown = notebook.run(SLOW, when=press)
    assert (shown.status, shown.error["ename"]) == ("error", "Interrupted")
    assert "⊘ slow" in shown.card
    assert notebook.value("mn.get_run('last').best.parameters") == "{'x': 2}"
    assert notebook.value("'y' in globals()") == "False"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("--maximize y", "`--maximize` is about a sweep, and there is nothing to vary"),
        ("--sweep z=1,2", "unknown parameter of `f`: `z`"),
        ("--sweep x=1,2 --param x=3", "is to vary, and is given one value too"),
        ("--sweep x=1,2 --maximize y --minimize y", "cannot be maximized"),
        ("--sweep x=1,2 --cache", "a sweep reuses no earlier runs"),
        ("--sweep x", "is not `NAME=VALUES`"),
    ],
)
def test_what_cannot_be_is_said_with_a_hint_before_anything_starts(notebook, options, says):
    """And nothing is recorded."""
    shown = notebook.run(f"%%mlrun f --output y {options}\nx: int = 0\ny = x")
    assert shown.status == "error"
    assert says in shown.traceback
    assert "hint:" in shown.traceback
    assert notebook.value("len(mn.runs())") == "0"


def test_a_sweep_may_be_left_to_itself_and_shown_before_it_starts(notebook):
    """`--detach` binds the function only, `--dry-run` sends nothing."""
    dry = notebook.run(HILL.replace("--sweep", "--dry-run --sweep"))
    assert (dry.status, dry.cards) == ("ok", {})
    assert "a sweep of 6 points, strategy grid" in dry.out
    assert notebook.run(HILL.replace("--sweep", "--detach --sweep")).status == "ok"
    assert notebook.value("hill.runs()[0].wait().results") == "{'height': 20}"


def test_inside_a_run_the_cell_runs_once_as_it_stands(notebook, tmp_path):
    """A notebook that sweeps can itself be run; its sweep is not one more sweep."""
    write_notebook(tmp_path / "nested.ipynb", [HILL, "assert height == 6", "import mlrun_nb as mn"])
    assert notebook.run("%mlrun run nested.ipynb").status == "ok"
    assert notebook.value("[type(run).__name__ for run in mn.runs()]") == "['Run']"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("%%mlrun f --swe", "--sweep"),
        ("%%mlrun f --output y --maximize |\nx: int = 0\ny = z = x", "y"),
        ("%%mlrun f --sweep |\nx: int = 0\ny = x", "x="),
        ("%%mlrun f --strategy ra", "random"),
        ("%%mlrun f --keep ", "best"),
        ("%mlrun swe", "sweep"),
        ("%mlrun sweep n.ipynb::f --strategy o", "optuna"),
    ],
)
def test_tab_offers_what_a_sweep_may_be_told(notebook, text, offered):
    """Options, names of what varies and of what counts, strategies."""
    assert offered in notebook.complete(text)
