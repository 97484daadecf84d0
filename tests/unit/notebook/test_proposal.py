"""Proposals: what a plain cell could be as a function, from its text alone."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlrun_nb.errors import CaptureError, MlrunNbError, NotebookError, OptionError, UsageError
from mlrun_nb.notebook.capture import capture
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.declarations import parse_parameters
from mlrun_nb.notebook.drafts import names_of
from mlrun_nb.notebook.parsing import strip_magic
from mlrun_nb.notebook.proposal import Proposal, propose
from mlrun_nb.services.sources import load_notebook
from tests.unit.notebook.corpus import FOLDER, cells, read_corpus
from tests.unit.notebook.notebooks import attempt, function_cell
from tests.unit.notebook.programs import Grower, cell_texts

IMPORTS = "import numpy as np\nfrom lab import load, train, score"


def proposed(*sources: str, index: int | None = None, name: str = "") -> Proposal:
    """Return what the cell at *index* could be, the last one where none is named."""
    return propose(cells(*sources), len(sources) - 1 if index is None else index, name)


def test_a_typical_cell_becomes_a_function_with_all_that_it_takes_and_leaves():
    """Name, parameters, inputs and outputs in one look."""
    found = proposed(
        IMPORTS,
        "frame = load('x.csv')",
        "# Train, and say how well\nlr = 0.1  # step\nn = 10\n\nmodel = train(frame, lr, n)\nquality = score(model)",
        "print(model, quality)",
        index=2,
    )
    assert found.source == (
        "%%mlrun train_say --input frame --output model --output quality\n"
        "# Train, and say how well\nlr: float = 0.1  # step\nn: int = 10\n\n"
        "model = train(frame, lr, n)\nquality = score(model)"
    )
    assert (found.parameters, found.inputs) == (("lr: float = 0.1", "n: int = 10"), ("frame",))
    assert (found.name, found.outputs, found.notices) == ("train_say", ("model", "quality"), ())


TOPS = {
    "numbers, texts and truth": (
        "a = 1\nb = -1.5\nc = 'x'\nd = True\ne = None\nprint(a)",
        "a: int = 1\nb: float = -1.5\nc: str = 'x'\nd: bool = True\ne: object = None\nprint(a)",
    ),
    "lists and objects": (
        "f = [1, 2]\ng = {'k': .5}\nh = [1, 'x']\ni = {'a': [1]}\nprint(f)",
        "f: list[int] = [1, 2]\ng: dict[str, float] = {'k': .5}\nh: list = [1, 'x']\ni: dict = {'a': [1]}\nprint(f)",
    ),
    "imports before": (
        "# train it\nimport os\n\n# step\nlr = 0.1  # small\n\nprint(lr)",
        "# train it\n# step\nlr: float = 0.1  # small\n\nimport os\n\nprint(lr)",
    ),
    "imports between": (
        "a = 1\nimport os\nb = 2\nprint(a, b)",
        "a: int = 1\nb: int = 2\n\nimport os\nprint(a, b)",
    ),
    "a docstring and the future": (
        '"""Why."""\nfrom __future__ import annotations\nimport os\na = 1\nprint(a)',
        '"""Why."""\nfrom __future__ import annotations\na: int = 1\n\nimport os\nprint(a)',
    ),
    "what is annotated already": (
        "a: float = 1\nb = 2\nprint(a)",
        "a: float = 1\nb: int = 2\nprint(a)",
    ),
    "what is annotated below imports": (
        "import os\na: 'float' = 1  # why\nprint(a)",
        "a: 'float' = 1  # why\n\nimport os\nprint(a)",
    ),
    "several on a line": ("a = 1; b = 'é'  # two\nprint(a)", "a: int = 1\nb: str = 'é'  # two\nprint(a)"),
    "values over several lines": ("a = [\n  1,  # one\n]\nprint(a)", "a: list[int] = [\n  1,  # one\n]\nprint(a)"),
    "letters that take two bytes": ("é = 'é'; a = 1\nprint(a)", "é: str = 'é'\na: int = 1\nprint(a)"),
    "a magic above": ("%matplotlib inline\na = 1\nprint(a)", "a: int = 1\n\n%matplotlib inline\nprint(a)"),
    "what is counted up": ("i = 0\na = 1\ni += a", "a: int = 1\n\ni = 0\ni += a"),
    "what is filled": ("found = [0]\nfound.append(1)", "found = [0]\nfound.append(1)"),
    "what is bound again": ("a = 1\nif a:\n    a = 2", "a = 1\nif a:\n    a = 2"),
    "what a star may bind": ("from lab import *\na = 1\nprint(a)", "from lab import *\na = 1\nprint(a)"),
    "what another file may bind": ("%run lab.py\na = 1\nprint(a)", "%run lab.py\na = 1\nprint(a)"),
    "what is empty": ("found = []\nprint(found)", "found = []\nprint(found)"),
    "what is private": ("_a = 1\nprint(_a)", "_a = 1\nprint(_a)"),
    "what is no JSON": ("a = (1, 2)\nb = {1: 2}\nc = {2}\nprint(a)", "a = (1, 2)\nb = {1: 2}\nc = {2}\nprint(a)"),
    "several names": ("a = b = 1\nc, d = 1, 2\nprint(a)", "a = b = 1\nc, d = 1, 2\nprint(a)"),
    "what stands below code": ("print(1)\na = 1", "print(1)\na = 1"),
    "a type that is shadowed": ("int = 3\na = 1\nb = 'x'\nprint(a)", "b: str = 'x'\n\nint = 3\na = 1\nprint(a)"),
    "a type that no parameter has": ("x: Frame = print()\nx", "x = print()\nx"),
    "a value that is computed": ("a = 1\nx: int = max(a, 2)\nx", "a: int = 1\nx = max(a, 2)\nx"),
    "a value in brackets": ("x: int = (max(1, 2))\nx", "x = (max(1, 2))\nx"),
    "an annotation alone": ("x: int\nx = max(1, 2)", "# x: int\nx = max(1, 2)"),
    "prompts": (">>> a = 1\n>>> print(a)", "a: int = 1\nprint(a)"),
}


@pytest.mark.parametrize(("source", "body"), TOPS.values(), ids=TOPS)
def test_literals_at_the_beginning_become_parameters_and_nothing_else_does(source, body):
    """Text is annotated and moved; what computes stays where it is."""
    assert proposed("class Frame: pass", source).source.partition("\n")[2] == body


INPUTS = {
    "data is an input": ("x = open('f')\ny = f(x)", "z = [x, y]", ("x", "y")),
    "a constant is captured": ("LIMIT = 5", "z = LIMIT + 1", ()),
    "helpers are captured": ("def f(x):\n    return x", "z = f(1)", ()),
    "what helpers need is an input": ("x = open('f')\ndef g():\n    return x", "z = g()", ("x",)),
    "what no cell binds is an input": ("import os", "z = whence", ("whence",)),
    "what a magic binds is an input": ("rows = !ls", "z = len(rows)", ("rows",)),
    "an output of a function is an input": ("%%mlrun first --output x\nx = 1", "z = x", ("x",)),
}


@pytest.mark.parametrize(("above", "source", "inputs"), INPUTS.values(), ids=INPUTS)
def test_what_cannot_be_captured_is_an_input(above, source, inputs):
    """The rules are those of capture."""
    assert proposed(above, source).inputs == inputs


OUTPUTS = {
    "what later cells use": ("a = max(1, 2)\nb = a + 1\nc = b", "print(b)\nc = 1\nprint(c)", ("b",)),
    "what a later function takes": ("a = max(1, 2)\nb = 2", "%%mlrun f --input a\nx = a", ("a",)),
    "what a later helper reads": ("a = max(1, 2)\nb = 2", "def f():\n    return a", ("a",)),
    "what is shown last": ("a = max(1, 2)\nb = max(1, 3)\na", "", ("a",)),
    "what is shown in a row": ("a = max(1, 2)\nb = max(1, 3)\na, b", "", ("a", "b")),
    "what is bound last": ("a = max(1, 2)\nb = max(a, 3)\nprint(b)", "", ("b",)),
    "what is called a result": ("best_model = max(1, 2)\nb = max(1, 3)", "", ("best_model", "b")),
    "nothing private": ("_a = max(1, 2)", "print(_a)", ()),
    "no variable of a loop": ("for i in [1]:\n    a = i", "print(i, a)", ("a",)),
    "no open file": ("with open('f') as file:\n    a = file.read()", "print(file, a)", ("a",)),
    "no module": ("import os\na = os.getcwd()", "print(os, a)", ("a",)),
    "no function": ("def f():\n    pass\na = f()", "f()", ("a",)),
    "no parameter": ("a = 1\nb = max(a, 2)", "print(a, b)", ("b",)),
    "nothing that is gone": ("a = max(1, 2)\nb = a\ndel a", "print(a, b)", ("b",)),
    "in the order of the text": ("z, a = max([[1, 2]])", "print(a, z)", ("z", "a")),
}


@pytest.mark.parametrize(("source", "below", "outputs"), OUTPUTS.values(), ids=OUTPUTS)
def test_what_later_cells_use_or_what_looks_like_a_result_is_an_output(source, below, outputs):
    """Later cells come first, then looks."""
    assert proposed(source, below, index=0).outputs == outputs


def test_what_later_cells_would_miss_is_said():
    """Imports, functions and parameters stay in the run."""
    [notice] = proposed(
        "import os\nrate = 1\ndef f():\n    return rate\nx = f()", "print(os, f, rate, x)", index=0
    ).notices
    assert "cells below use `rate`, `f`, `os`" in notice.text
    assert "cell above" in notice.hint


NAMES = {
    "a comment": (["# Train the model!\nx = max(1, 2)"], "train_model"),
    "a numbered comment": (["# 2. Prepare data\nx = max(1, 2)"], "prepare_data"),
    "a ruled comment": (["# --- Évaluer ---\nx = max(1, 2)"], "évaluer"),
    "a sentence is none": (["# this is how we do it here because of that\nx = max(1, 2)"], "cell_1"),
    "commented code is none": (["# x = train(y)\nx = max(1, 2)"], "cell_1"),
    "a Quarto option is none": (["#| echo: false\nx = max(1, 2)"], "cell_1"),
    "a call": (["def train(x):\n    return x", "model = train(1)"], "train"),
    "a call of a package's function": ([IMPORTS, "data = load('x')"], "load"),
    "a call that only shows": (["def plot_it(x):\n    return x", "figure = plot_it(1)"], "plot_it"),
    "a fit": (["from sklearn.svm import SVC", "model = SVC().fit([[1]], [1])"], "fit"),
    "a method": (["import pandas as pd", "frame = pd.read_csv('x')"], "read_csv"),
    "a name that means something else": (["def train(x):\n    return x", "train(3)", "model = train(1)"], "cell_3"),
    "a name of an output": (["# model\nmodel = max(1, 2)"], "cell_1"),
    "a name of a function": (["%%mlrun train\nx = 1", "# train\ny = max(1, 2)"], "train_2"),
    "a builtin is none": (["# Filter\nx = max(1, 2)"], "cell_1"),
    "nothing": (["x = max(1, 2)"], "cell_1"),
}


@pytest.mark.parametrize(("sources", "name"), NAMES.values(), ids=NAMES)
def test_a_name_is_taken_from_a_heading_or_from_what_is_called(sources, name):
    """A name that says something, or the number of the cell."""
    assert proposed(*sources).name == name


def test_a_name_is_taken_from_the_heading_right_above():
    """Not from the notebook's title, and not from a heading of another cell."""
    title, heading = (
        Cell(index=0, kind="markdown", source="# My work"),
        Cell(index=2, kind="markdown", source="## 1. Fit it"),
    )
    made = [title, *(Cell(index=index, kind="code", source="max(1, 2)") for index in (1, 3, 4))]
    found = [propose(sorted([*made, heading], key=lambda cell: cell.index), index).name for index in (1, 3, 4)]
    assert found == ["cell_2", "fit", "cell_5"]


def test_a_name_that_is_given_is_taken():
    """In the form in which Python sees it."""
    assert proposed("x = max(1, 2)", name="ﬁt").source.startswith("%%mlrun fit ")


def test_a_name_that_is_none_is_refused():
    """With the nearest that is one."""
    with pytest.raises(OptionError, match="`my-fit` in cell 1 cannot name a function") as caught:
        proposed("x = max(1, 2)", name="my-fit")
    assert caught.value.hint == "Write `my_fit`."


def test_a_name_that_another_cell_has_is_refused():
    """One name, one cell."""
    with pytest.raises(NotebookError, match="cell 1 is named `fit` already") as caught:
        proposed("%%mlrun fit --bogus\nx = 1", "x = max(1, 2)", name="fit")
    assert "fit_2" in caught.value.hint


def test_a_def_says_by_itself_what_it_takes():
    """Plain values are parameters, everything else an input; it has one output."""
    found = proposed(
        "frame = open('f')\nclass Model: pass", "def fit(frame, model: Model, lr: float = 0.1):\n    return frame"
    )
    assert (found.name, found.inputs, found.outputs) == ("fit", ("frame", "model"), ("result",))
    assert found.parameters == ("lr: float = 0.1",)
    assert found.source.startswith("%%mlrun fit --input frame --input model\ndef fit(")


def test_a_long_line_is_continued_in_comments():
    """Outputs first, then inputs; the cell means the same, also where YAML has words of its own."""
    names = [f"a_rather_long_name_{number}" for number in range(9)]
    above, source = f"{', '.join(names)} = open('f')", f"no, on = max({', '.join(names)}), 1"
    found = proposed(above, source, "print(no, on)", index=1)
    *head, last = found.source.split("\n")
    assert [head[0], head[-1], last] == ["%%mlrun cell_2", "#| mlrun.output: ['no', 'on']", source]
    assert max(map(len, head)) <= 100
    assert (found.inputs, found.outputs) == (tuple(names), ("no", "on"))


REFUSED = {
    "%%time\nx = 1": ("begins with `%%time`", "Remove"),
    "%%bash\nls": ("begins with `%%bash`", "Remove"),
    "%%mlrun fit\nx = 1": ("is a function already, `fit`", "`%%mlrun` line"),
    "# so far\n%%mlrun fit\nx = 1": ("stands below another line", "first line"),
    "# nothing": ("has no code", "Write"),
    "": ("has no code", "Write"),
    "x = (": ("is not valid Python", "correct"),
    "return 1": ("cannot be read as Python", "Correct"),
    "def f(*rest):\n    pass": ("takes `*rest`", "Write out"),
    "print(alpah)": ("needs `alpah`", "did you mean `alpha`"),
    "#| mlrun.memory: lots\nx = max(1, 2)": ("`lots`", "suffixes"),
}


@pytest.mark.parametrize(("source", "said", "hint"), [(source, *rest) for source, rest in REFUSED.items()])
def test_a_cell_that_cannot_be_a_function_is_refused_with_a_remedy(source, said, hint):
    """The words are those that running it would have."""
    with pytest.raises(UsageError) as caught:
        proposed("alpha = 1", source)
    assert said in caught.value.message
    assert hint in caught.value.hint


def test_prose_is_refused():
    """It runs nothing."""
    with pytest.raises(NotebookError, match="cell 1 is not code"):
        propose([Cell(index=0, kind="markdown", source="x = 1")], 0)


def test_a_class_that_only_a_cell_below_defines_is_no_input():
    """The error says where it belongs."""
    with pytest.raises(CaptureError, match="needs `Net`, which is not defined in any cell above"):
        proposed("net = Net()", "class Net: pass", index=0)


def is_whole(found: Proposal, above: Sequence[Cell], index: int) -> bool:
    """Parse and capture a proposal as its run would."""
    function = function_cell(found.source)
    parameters = parse_parameters(function.body, inputs=found.inputs).parameters
    capture(function.body, above, given=[*found.inputs, *(item.name for item in parameters)])
    return (function.name, len(parameters)) == (found.name, len(found.parameters)) or found.outputs == ("result",)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(cell_texts, max_size=4), cell_texts, st.lists(cell_texts, max_size=2))
def test_whatever_a_notebook_holds_a_proposal_is_whole_or_refused(above, source, below):
    """No text makes it fail in a way of its own."""
    made = cells(*above, source, *below)
    found = attempt(lambda: propose(made, len(above)))
    assert isinstance(found, MlrunNbError) or is_whole(found, made[: len(above)], len(above))


LITERALS = (
    "a = 1",
    "b = 'x'  # text",
    "import math",
    "# why\nK = [1, 2]",
    "c: float = 2",
    "d = 1; e = 2",
    '"""Doc."""',
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.lists(st.sampled_from(LITERALS), max_size=4))
def test_a_cell_that_can_be_captured_has_a_proposal_that_does_the_same(seed, beginning):
    """The statements are those of the cell, annotated and in another order."""
    grower = Grower(seed)
    made = cells(grower.cell(3), grower.cell(3), "\n".join([*beginning, grower.cell(4)]), grower.cell(2))
    if isinstance(attempt(lambda: capture(made[2].source, made[:2])), MlrunNbError):
        return
    found = propose(made, 2)
    function = function_cell(found.source)
    assert is_whole(found, made[:2], 2)
    assert sorted(map(plain, ast.parse(function.body).body)) == sorted(map(plain, ast.parse(made[2].source).body))


def plain(node: ast.stmt) -> str:
    """Return a statement without its annotation."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return ast.unparse(ast.Assign(targets=[node.target], value=node.value, lineno=1))
    return ast.unparse(node)


@pytest.mark.parametrize("path", sorted((FOLDER / "capture").glob("*.cells")), ids=lambda path: path.stem)
def test_the_functions_of_the_corpus_are_proposed_again(path: Path):
    """Without its magic, each last cell is found to take what its author said, where it is data."""
    *above, last = read_corpus(path)
    function = function_cell(last.source)
    found = propose([*above, replace(last, source=function.body)], last.index)
    assert is_whole(found, above, last.index)
    assert set(found.inputs) <= set(names_of(function.options, "input"))


@pytest.mark.parametrize("path", sorted((FOLDER / "notebooks").glob("*.*")), ids=lambda path: path.stem)
def test_every_cell_of_a_real_notebook_has_a_whole_proposal_or_is_refused(path: Path):
    """Also its functions, without their magic."""
    made = load_notebook(path).cells
    for cell in made:
        above, below = made[: cell.index], made[cell.index + 1 :]
        cells_now = [*above, replace(cell, source=strip_magic(cell.source)[0]), *below]
        found = attempt(partial(propose, cells_now, cell.index))
        assert isinstance(found, MlrunNbError) or is_whole(found, above, cell.index)
