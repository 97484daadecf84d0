"""`%%mlrun` in a real kernel, as a person uses it from a notebook."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.frontend import Frontend, Shown, opened
from tests.acceptance.session import write_notebook

LOAD = "%load_ext mlrun_nb"
FIT = "def fit(lr, epochs):\n    for epoch in range(epochs):\n        print('epoch', epoch)\n    return [lr] * epochs"
TRAIN = """%%mlrun train --output model --output accuracy
lr: float = 0.1
epochs: int = 2
model = fit(lr, epochs)
accuracy = 1 - lr / SCALE"""


@pytest.fixture
def notebook(tmp_path, warm) -> Iterator[Frontend]:
    """Return a notebook of the test's own, with the extension loaded."""
    with opened(tmp_path) as frontend:
        assert frontend.run(LOAD).status == "ok"
        yield frontend


def shown_ok(shown: Shown) -> Shown:
    """Return *shown* of a cell that went well."""
    assert shown.status == "ok", shown.everything
    return shown


def test_a_cell_runs_elsewhere_and_its_outputs_come_back_as_variables(notebook):
    """Definitions of other cells go along, also of one that ran before the extension was there; one card tells all."""
    shown_ok(notebook.run("SCALE = 3"))
    shown_ok(notebook.run(FIT))
    shown = shown_ok(notebook.run(TRAIN))
    assert "✓ train" in shown.card
    assert "accuracy  0.9667" in shown.card
    assert (shown.out, shown.err, shown.updates > 0) == ("", "", True)
    assert notebook.value("(model, round(accuracy, 4), train.name)") == "([0.1, 0.1], 0.9667, 'train')"


def test_cells_that_ran_before_the_extension_was_loaded_are_known(tmp_path):
    """Nobody loads an extension first."""
    with opened(tmp_path) as notebook:
        shown_ok(notebook.run("SCALE = 3"))
        shown_ok(notebook.run(FIT))
        shown_ok(notebook.run(LOAD))
        shown_ok(notebook.run(TRAIN + "\nprint(SCALE)"))


def test_an_unchanged_cell_is_the_same_version_and_a_changed_one_says_what_changed(notebook):
    """In one line above the card."""
    cell = "%%mlrun f --on inline --output y\nx: int = 1\ny = x"
    assert shown_ok(notebook.run(cell, cell="a")).out == ""
    assert shown_ok(notebook.run(cell, cell="a")).out == ""
    assert "f@" in (changed := shown_ok(notebook.run(cell.replace("= 1", "= 2"), cell="a")).out)
    assert "x default 1 → 2" in changed
    assert notebook.value("y") == "2"


def test_a_failed_run_fails_the_cell_with_the_users_frames_only(notebook):
    """So that "Run all" stops; the card has the traceback, the error is one line and a hint, and nothing is bound."""
    shown = notebook.run("%%mlrun bad --on inline --output y\nx: int = 1\ny = 2\n1 / (x - x)")
    assert (shown.status, shown.error["ename"]) == ("error", "RunFailed")
    assert "ZeroDivisionError: division by zero" in shown.card
    assert "1 / (x - x)" in shown.card
    assert "mlrun_nb" not in shown.traceback
    assert "site-packages" not in shown.everything
    assert len(shown.error["traceback"]) == 2
    assert notebook.value("'y' in globals()") == "False"


def test_what_cannot_be_used_is_said_with_a_hint_before_anything_starts(notebook):
    """Names that are missing are named with the cell as people see it, and the fix to paste."""
    shown_ok(notebook.run("rows = open('/etc/hostname').read()"))
    shown = notebook.run("%%mlrun f\nprint(rows)")
    assert "`f` (cell [3]) needs `rows`, which is data of cell [2]" in shown.traceback
    assert "hint: Add `--input rows`" in shown.traceback
    assert (shown.cards, "Traceback" in shown.traceback) == ({}, False)
    wrong = notebook.run("%%mlrun f --memroy 1Gi\nprint(1)")
    assert "Did you mean `memory`?" in wrong.traceback


def test_a_variable_is_an_input_and_an_unchanged_one_is_kept_once(notebook, tmp_path, home):
    """By content, so that the value that a run got is known, and not stored again for each run."""
    shown_ok(notebook.run("data = {'rows': list(range(10))}\nK = 2"))
    cell = "%%mlrun f --on inline --input data --output total\ntotal = K * sum(data['rows'])"
    shown_ok(notebook.run(cell))
    shown_ok(notebook.run(cell.replace("K *", "10 *")))
    assert notebook.value("total") == "450"
    assert len([path for path in (home / "mlrun-nb" / "inputs").rglob("*") if path.is_file()]) == 1


def test_a_value_that_cannot_be_kept_is_told_before_anything_is_recorded(notebook, home):
    """What to give instead, and neither a version nor a run."""
    shown_ok(notebook.run("import threading\nlock = threading.Lock()"))
    shown = notebook.run("%%mlrun f --input lock\nprint(lock)")
    assert "input `lock` (_thread.lock) cannot be kept" in shown.traceback
    assert "hint: Give the data in it, or a file: `--input lock=PATH`." in shown.traceback
    assert not (home / "mlrun-nb" / "runs").exists()


def test_numbers_that_json_lacks_and_instances_of_the_notebooks_classes_come_back(notebook):
    """A NaN is a float, and `isinstance` holds."""
    shown_ok(notebook.run("class Model:\n    def __init__(self, w):\n        self.w = w"))
    shown_ok(notebook.run("%%mlrun f --output model --output score\nmodel = Model(3)\nscore = float('nan')"))
    assert notebook.value("(isinstance(model, Model), model.w, score)") == "(True, 3, nan)"


def test_define_registers_and_runs_nothing(notebook):
    """The function is there under its name."""
    shown = shown_ok(notebook.run("%%mlrun f --define\nprint('ran')"))
    assert (shown.cards, "ran" in shown.everything) == ({}, False)
    assert shown.out.startswith("f@")
    assert notebook.value("f.name") == "'f'"


def test_a_dry_run_shows_what_would_be_sent_and_changes_nothing(notebook, home):
    """Neither a version nor a run nor an input."""
    shown_ok(notebook.run("data = [1]"))
    shown = shown_ok(notebook.run("%%mlrun f --dry-run --memory 1Gi --input data\nprint(data)"))
    assert "mlrun_nb.runner" in shown.out
    assert not (home / "mlrun-nb" / "inputs").exists()
    assert not (home / "mlrun-nb" / "runs").exists()


def test_a_detached_run_binds_nothing_but_the_function(notebook):
    """The cell is done when the run is handed over."""
    shown = shown_ok(notebook.run("%%mlrun f --detach --output y\nimport time\ntime.sleep(1)\ny = 1"))
    assert "%mlrun logs" in shown.card
    assert notebook.value("('y' in globals(), f.name)") == "(False, 'f')"


def test_parameters_of_the_line_hold_for_the_run(notebook):
    """`--param` overrides the default and makes no version."""
    cell = "%%mlrun f --on inline --output y\nx: int = 1\ny = x"
    shown_ok(notebook.run(cell, cell="a"))
    assert shown_ok(notebook.run(cell.replace("--output", "--param x=5 --output"), cell="a")).out == ""
    assert notebook.value("y") == "5"


def test_notices_come_before_the_run_with_cell_and_line(notebook):
    """A seed of an earlier cell would be missed; so would a limit that the engine does not keep."""
    shown_ok(notebook.run("import random\nrandom.seed(0)"))
    shown = shown_ok(notebook.run("%%mlrun f --on inline --memory 1Gi --output y\ny = random.random()"))
    assert "cell [2], line 2: `random.seed(0)`" in shown.card
    assert "--memory" in shown.card


def test_an_interrupt_cancels_the_run_and_says_so(notebook):
    """The stop button ends what the cell started."""
    pressed = []

    def press(shown: Shown) -> None:
        if not pressed and "begun" in "".join(str(card["text/plain"]) for card in shown.cards.values()):
            pressed.append(shown)
            notebook.interrupt()

    shown = notebook.run(
        "%%mlrun f --output y\nimport time\nprint('begun', flush=True)\ntime.sleep(600)\ny = 1", when=press
    )
    assert (shown.status, shown.error["ename"]) == ("error", "Interrupted")
    assert "cancelling run" in shown.err
    assert "⊘ f" in shown.card
    assert "cancelled" in shown.traceback


def test_a_second_interrupt_leaves_the_run_alone(notebook):
    """A run that does not end when asked keeps nobody waiting."""
    pressed: list[Shown] = []

    def press(shown: Shown) -> None:
        text = shown.everything
        if (not pressed and "begun" in text) or (len(pressed) == 1 and "cancelling run" in text):
            pressed.append(shown)
            notebook.interrupt()

    cell = """%%mlrun f --output y
import signal, time
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
print('begun', flush=True)
time.sleep(600)
y = 1"""
    shown = notebook.run(cell, when=press)
    assert (shown.status, shown.error["ename"]) == ("error", "Interrupted")
    assert "left run" in shown.traceback


def test_what_the_cell_displayed_is_shown_below_the_card(notebook):
    """As if it had run here: a figure, and the value of the last line."""
    cell = "%%mlrun f\nfrom IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\nprint('text')\n40 + 2"
    shown = shown_ok(notebook.run(cell))
    _, bold, value = shown.cards.values()
    assert (bold["text/html"], value["text/plain"]) == ("<b>bold</b>", "42")


def test_what_an_inline_run_displays_is_kept_too(notebook, home):
    """Seen at once, and in the executed notebook."""
    cell = (
        "%%mlrun f --on inline\nfrom IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\nprint('text')"
    )
    shown = shown_ok(notebook.run(cell))
    assert shown.out == "text\n"
    assert next(card["text/html"] for card in shown.cards.values()) == "<b>bold</b>"
    (executed,) = (home / "mlrun-nb" / "runs").glob("*/*/output.ipynb")
    assert "<b>bold</b>" in executed.read_text()


@pytest.mark.parametrize("way", ["tag", "comment"])
def test_a_setup_cell_of_the_notebook_is_taken_whole(notebook, way):
    """By the cell's tag, where the front end tells the kernel of it, or a line of its text."""
    setup = "rows = [len(text) for text in ('a', 'bc')]"
    tags = ("mlrun-setup",) if way == "tag" else ()
    shown_ok(notebook.run(setup if way == "tag" else f"#| tags: [mlrun-setup]\n{setup}", tags=tags))
    shown_ok(notebook.run("%%mlrun f --on inline --output n\nn = sum(rows)"))
    assert notebook.value("n") == "3"


def test_a_missing_helper_of_a_failed_cell_is_not_taken_from_it(notebook):
    """What stands below the line that raised was never defined."""
    notebook.run("A = 1\n1 / 0\ndef helper():\n    return A")
    shown = notebook.run("%%mlrun f\nprint(A, helper())")
    assert "`helper`, which no cell that ran in this kernel defines" in shown.traceback


def test_a_cell_that_has_not_run_in_this_kernel_is_named(tmp_path):
    """As after a restart; where the front end tells which file the notebook is."""
    cells = ["# Helpers", "def helper():\n    return 1", "%%mlrun f --on inline --output y\ny = helper()"]
    write_notebook(tmp_path / "n.ipynb", cells)
    with opened(tmp_path, JPY_SESSION_NAME=str(tmp_path / "n.ipynb")) as notebook:
        shown_ok(notebook.run(LOAD))
        said = notebook.run(cells[2], cell="cell-2").traceback
        assert "`helper`, which cell 2 of `n.ipynb` defines, but that has not run in this kernel" in said
        assert "hint: Run cell 2 of `n.ipynb`, then this one again." in said
        shown_ok(notebook.run(cells[1], cell="cell-1"))
        shown_ok(notebook.run(cells[2], cell="cell-2"))


def test_magics_shell_lines_and_await_run_in_the_function(notebook):
    """The body is taken as it stands."""
    body = "import asyncio\nfiles = !echo a b\n%time x = 1\nawait asyncio.sleep(0)\nout = [files[0], x]"
    shown_ok(notebook.run(f"%%mlrun f --output out\n{body}"))
    assert notebook.value("out") == "['a b', 1]"


def test_the_outputs_of_an_equal_run_come_back_too(notebook):
    """With `--cache` nothing is executed a second time, and the cell ends as if it had been."""
    cell = "%%mlrun f --cache --output y\ny = [1]"
    shown_ok(notebook.run(cell))
    shown_ok(notebook.run("y = None"))
    assert "same as run" in shown_ok(notebook.run(cell)).card
    assert notebook.value("y") == "[1]"


def test_the_name_of_a_def_stays_the_function_that_was_defined(notebook):
    """A cell that is a single `def` has one output, `result`."""
    shown_ok(notebook.run("%%mlrun area --on inline\ndef area(width: float = 2.0):\n    return width * 3"))
    assert notebook.value("(result, area(3))") == "(6.0, 9)"


def test_a_line_that_is_no_python_is_shown_and_counted_as_the_cell_counts(notebook):
    """With the magic's line and those of options."""
    shown = notebook.run("%%mlrun area --output size\n#| mlrun.memory: 1Gi\nwidth: float = 2.0\nsize = width*")
    assert shown.status == "error"
    assert "is not valid Python, line 4: invalid syntax: `size = width*`" in shown.everything
    assert "hint: Look at that line, and correct it." in shown.everything
