"""Parsing: the `%%mlrun` line, `#| mlrun.` lines, and what of a cell is its body."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from mlrun_nb.errors import MlrunNbError, OptionError
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.option_line import parse_option_line
from mlrun_nb.notebook.parsing import buried_name, parse_function_cell, parse_notebook_options, strip_magic
from tests.unit.notebook.notebooks import attempt, code, function_cell, notebook

READ = {
    "train": {},
    "train --cpu 4 --memory 16Gi --gpu 1": {"cpu": "4", "memory": "16Gi", "gpu": 1},
    "train --memory=16Gi": {"memory": "16Gi"},
    "--memory 16Gi train": {"memory": "16Gi"},
    "train --isolated --cpu 1": {"isolated": True, "cpu": "1"},
    "train --isolated=false": {"isolated": False},
    "train --input a,b --input b --input c": {"input": ["a", "b", "c"]},
    "train -i a -o model -p lr=0.2 -p n=3": {"input": ["a"], "output": ["model"], "param": {"lr": "0.2", "n": "3"}},
    "train --label 'team=a b' --env X=": {"label": {"team": "a b"}, "env": {"X": ""}},
    "train --requirement 'numpy>=2' --requirement pandas": {"requirement": ["numpy>=2", "pandas"]},
    "train --node_selector disk=ssd": {"node-selector": {"disk": "ssd"}},
    "train --dask-workers 2..8 --timeout 1h30m": {"dask-workers": "2..8", "timeout": "1h30m"},
}


@pytest.mark.parametrize(("text", "options"), READ.items())
def test_a_line_says_name_and_options(text, options):
    """Options are read as a shell would, in their JSON form."""
    line = parse_option_line(text, "a cell")
    assert (line.name, line.options) == ("train", options)


REFUSED = {
    "": "no name",
    "--cpu 4": "no name",
    "train score": "a word too many: `score`",
    "train --mem 4Gi": "unknown option `mem`",  # a prefix is no option
    "train --memroy 4Gi": "unknown option `memroy`",
    "train -m 4Gi": "unknown option `-m`",
    "train --memory": "has no value",
    "train --memory --cpu 4": "has no value",
    "train --memory 16GiB": "`16GiB` is not a Kubernetes quantity",
    "train --memory 4Gi --memory 8Gi": "is given 2 times",
    "train --label 'x": "cannot be split into words",
    "train-model": "`train-model` in a cell cannot name a function",
    "class": "`class` in a cell cannot name a function",
    "print": "`print` in a cell cannot name a function: Python has a builtin of that name",
    "train --input 1x": "cannot be `1x`: it is not a Python name",
    "train --input s3://bucket/x": "is not a Python name",
    "train --isolated=perhaps": "true or false",
}


@pytest.mark.parametrize(("text", "said"), REFUSED.items())
def test_a_line_that_means_nothing_is_an_error_with_a_remedy(text, said):
    """The message names the cell and the word."""
    with pytest.raises(OptionError) as caught:
        parse_option_line(text, "a cell")
    assert said in caught.value.message
    assert "a cell" in caught.value.message or "is given" in caught.value.message
    assert caught.value.hint


def test_an_input_may_be_given_with_its_uri_for_this_run():
    """The name belongs to the version, the URI to the run."""
    line = parse_option_line("train --input df=s3://bucket/a,b.parquet --input other", "a cell")
    assert line.options == {"input": ["df", "other"]}
    assert line.input_uris == {"df": "s3://bucket/a,b.parquet"}


def test_names_are_normalised_as_python_normalises_them():
    """A ligature in a name is the same name to Python."""
    line = parse_option_line("ﬁt --output ﬁgure", "a cell")
    assert (line.name, line.options) == ("fit", {"output": ["figure"]})


def test_comment_lines_give_options_and_leave_the_body():
    """`#| mlrun.` lines are taken out; lines of Quarto stay; the map of lines leads back to the cell."""
    source = (
        "%%mlrun train\n#| echo: false\n#| mlrun.memory: 16Gi\n# why\n#| mlrun.env: {TZ: UTC}\nx = 1\n#| mlrun.cpu: 4"
    )
    cell = function_cell(source)
    assert cell.options == {"memory": "16Gi", "env": {"TZ": "UTC"}}
    assert cell.body == "#| echo: false\n# why\nx = 1\n#| mlrun.cpu: 4"
    assert (cell.lines, cell.body_line) == ((2, 4, 6, 7), 2)


def test_the_line_beats_the_comments_and_each_value_says_where_it_stands():
    """Precedence inside one cell, and what `show` names as the source."""
    cell = function_cell("%%mlrun train --memory 8Gi --input a\n#| mlrun.memory: 4Gi\n#| mlrun.cpu: 2\nx = 1")
    assert cell.options == {"memory": "8Gi", "cpu": "2", "input": ["a"]}
    assert cell.sources == {"memory": "%%mlrun line", "cpu": "#| line", "input": "%%mlrun line"}


BAD_COMMENTS = {
    "#| mlrun.memroy: 4Gi": "unknown option `memroy` in line 2 of cell 1",
    "#| mlrun.memory 4Gi": "lacks a colon",
    "#| mlrun.memory: [": "is not YAML",
    "#| mlrun.memory: 16GiB": "not a Kubernetes quantity",
    "#| mlrun.timeout: 2024-99-99": "is not YAML",
    "#| mlrun.gpu: true": "cannot be `True`",
}


@pytest.mark.parametrize(("line", "said"), BAD_COMMENTS.items())
def test_a_bad_comment_line_is_an_error(line, said):
    """Misspelt keys and bad values in comments are as loud as on the line."""
    with pytest.raises(OptionError) as caught:
        function_cell(f"%%mlrun train\n{line}\nx = 1")
    assert said in caught.value.message


IS_MAGIC = {
    "%%mlrun train\nx = 1": True,
    "\n  \n%%mlrun train\nx = 1": True,
    "  %%mlrun train\n  x = 1": True,
    "%%mlrun\ttrain\nx = 1": False,  # IPython splits at a blank only
    "# why\n%%mlrun train\nx = 1": False,
    "%%mlrunner train\nx = 1": False,
    "%mlrun runs": False,
    "x = '%%mlrun train'": False,
    "%%time\n%%mlrun train": False,
}


@pytest.mark.parametrize(("source", "expected"), IS_MAGIC.items())
def test_a_cell_is_a_function_exactly_where_ipython_runs_the_magic(source, expected):
    """The same text must mean the same headless and in a kernel."""
    in_kernel = TransformerManager().transform_cell(source).startswith("get_ipython().run_cell_magic('mlrun',")
    assert (parse_function_cell(code(source)) is not None) is expected
    assert in_kernel is expected


def test_a_cell_of_prose_is_no_function():
    """Only code cells are."""
    assert parse_function_cell(Cell(index=0, kind="markdown", source="%%mlrun train\nx")) is None


def test_an_indented_cell_is_dedented_as_ipython_does():
    """What runs is what a kernel would run."""
    assert function_cell("\n  %%mlrun train\n  if x:\n    y = 1").body == "if x:\n  y = 1"


def test_a_magic_below_another_line_is_recognised_for_the_message():
    """It is no function, but most likely meant to be one."""
    assert buried_name(code("# best so far\n%%mlrun train\nx = 1")) == "train"
    assert buried_name(code("%%time\n%%mlrun train\nx = 1")) == "train"
    assert buried_name(code("%%mlrun train\nx = 1")) is None


def test_stripping_the_magic_keeps_the_number_of_the_first_line():
    """Messages about the body can name lines of the cell."""
    assert strip_magic("\n%%mlrun train --cpu 1\nx = 1\ny = 2") == ("x = 1\ny = 2", 3)
    assert strip_magic("x = 1") == ("x = 1", 1)


def test_a_whole_notebook_states_options_in_its_first_code_cell_or_its_parameters_cell():
    """The parameters cell wins; its text comes back without those lines."""
    made = notebook(
        "#| mlrun.memory: 4Gi\n#| mlrun.cpu: 1\nimport os",
        code("#| mlrun.memory: 8Gi\nlr = 0.1", 1, tags=("parameters",)),
        "#| mlrun.gpu: 1\nx = 1",
    )
    stated = parse_notebook_options(made)
    assert stated.options == {"memory": "8Gi", "cpu": "1"}
    assert {index: part.text for index, part in stated.cells.items()} == {0: "import os", 1: "lr = 0.1"}


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


@given(labels=st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), words, min_size=1, max_size=4))
def test_what_a_shell_quotes_comes_back_as_it_was(labels):
    """Any value survives quoting and splitting."""
    text = " ".join(f"--label {shlex.quote(f'{key}={value}')}" for key, value in labels.items())
    assert parse_option_line(f"train {text}", "a cell").options == {"label": labels}


@given(text=st.text(st.sampled_from("train --=#'\"\\mlrun.memory 1GiB\n,|"), max_size=40) | st.text(max_size=30))
def test_any_line_is_read_or_refused(text):
    """No text at all makes the parser raise anything but an error of ours."""
    found = attempt(lambda: parse_option_line(text, "a cell"))
    assert found.hint if isinstance(found, MlrunNbError) else found.name.isidentifier()


@given(body=st.text(st.sampled_from("#| mlrun.cpu: 4\n[]{}\"'x=!&*"), max_size=60))
def test_any_cell_is_read_or_refused_and_its_lines_lead_back(body):
    """Each line of the body is the line of the cell that the map names."""
    source = f"%%mlrun train\n{body}"
    cell = attempt(lambda: function_cell(source))
    if isinstance(cell, MlrunNbError):
        return
    assert [source.split("\n")[number - 1] for number in cell.lines] == cell.body.split("\n") or not cell.lines
