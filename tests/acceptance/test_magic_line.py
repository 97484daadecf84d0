"""`%mlrun VERB` and Tab in a real kernel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.frontend import Frontend, Shown, opened

BODY = "\nlr: float = 0.1\nmodel = fit(lr)\naccuracy = score(model)"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory) -> Iterator[Frontend]:
    """Return a notebook with one function and one run, for tests that only look."""
    folder = tmp_path_factory.mktemp("line")
    with opened(folder, MLRUN_NB_HOME=str(folder / "home")) as frontend:
        assert frontend.run("%load_ext mlrun_nb\ndata, other = [1], {}\nimport math").status == "ok"
        shown = frontend.run("%%mlrun train --on inline --output y\nx: int = 1\ny = x")
        assert shown.status == "ok", shown.everything
        yield frontend


def test_a_verb_prints_what_it_prints_in_a_terminal(notebook):
    """Coloured, since front ends show colours."""
    shown = notebook.run("%mlrun runs")
    assert (shown.status, shown.err) == ("ok", "")
    assert "train" in shown.out
    assert "\x1b[" in shown.out


def test_words_of_a_line_may_be_variables(notebook):
    """As in every line magic."""
    shown = notebook.run("%mlrun show {train.name} --code")
    assert "x: int = 1" in shown.out


def test_the_code_of_a_function_can_be_looked_at(notebook):
    """As text, as a notebook, and by the verb."""
    assert "x: int = 1\n" in notebook.run("print(train.source)").out
    assert notebook.value("[cell['source'] for cell in train.notebook()['cells']][0]") == "'x: int = 1'"


def test_a_verb_that_fails_fails_the_cell_with_one_line_more(notebook):
    """What is wrong and what to do was said by the verb."""
    shown = notebook.run("%mlrun show nothing")
    assert shown.status == "error"
    assert "there is no run `nothing`" in shown.err
    assert shown.error["traceback"] == ["CommandFailed: `mlrun-nb show nothing` ended with exit code 2"]


def test_without_a_verb_all_are_listed(notebook):
    """Nobody knows them by heart."""
    assert "doctor" in notebook.run("%mlrun").out


def test_an_interrupt_reaches_the_verb(tmp_path):
    """`run` cancels its run, as Ctrl-C makes it in a terminal."""
    pressed = []
    with opened(tmp_path) as notebook:

        def press(shown: Shown) -> None:
            if "begun" in shown.everything and not pressed:
                pressed.append(shown)
                notebook.interrupt()

        assert notebook.run("%load_ext mlrun_nb").status == "ok"
        cell = "%%mlrun slow --define\nimport time\nprint('begun', flush=True)\ntime.sleep(600)"
        assert notebook.run(cell).status == "ok"
        shown = notebook.run("%mlrun run slow --verbose", when=press)
    assert shown.status == "error"
    assert "cancelling run" in shown.err
    assert shown.error["traceback"] == ["CommandFailed: interrupted"]


OFFERS = [
    ("%%mlrun train --mem", ["--memory", "--memory-limit"]),
    ("%%mlrun train --capacity s", ["spot"]),
    ("%%mlrun train --capacity=s", ["spot"]),
    ("%%mlrun train --input ", ["data", "other", "y"]),
    ("%%mlrun train --input data --input ", ["other", "y"]),
    ("%%mlrun train -i o", ["other"]),
    (f"%%mlrun train --output |{BODY}", ["accuracy", "model"]),
    (f"%%mlrun train --param |{BODY}", ["lr="]),
    ("%%mlrun train --on l", ["local"]),
    ("%mlrun sho", ["show"]),
    ("%mlrun run train --memory-", ["--memory-limit"]),
]


@pytest.mark.parametrize("jedi", [True, False])
def test_tab_offers_what_may_follow(notebook, jedi):
    """Options and values from the one table, names from the kernel and the cell; with either of two completers."""
    assert notebook.run(f"%config IPCompleter.use_jedi = {jedi}").status == "ok"
    assert [(text, notebook.complete(text)) for text, _ in OFFERS] == OFFERS
    assert "--gpu" in notebook.complete("%%mlrun train ")
    assert notebook.complete("mat") != []


def test_the_manual_page_lists_every_option_with_an_example(notebook):
    """`%%mlrun?` as for every magic; Shift-Tab finds it too."""
    text = notebook.page("%%mlrun?")
    assert "%%mlrun NAME [options]" in text
    assert "--memory 16Gi" in text
    assert "%%mlrun train --input df" in text
    assert "--memory 16Gi" in notebook.inspect("%%mlrun")
