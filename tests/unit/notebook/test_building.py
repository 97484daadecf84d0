"""Building: a cell, a `def` or a whole notebook becomes a version."""

from __future__ import annotations

import pytest

from mlrun_nb.errors import NotebookError
from mlrun_nb.model.function import CellOrigin, Provenance, SourceCell, SourceFile
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.building import build_function
from mlrun_nb.notebook.cells import Captured, Cell
from mlrun_nb.notebook.drafts import notebook_function_name
from tests.unit.notebook.notebooks import CREATED, code, function_cell, notebook, notebook_version, version

TRAIN = '''\
%%mlrun train --memory 4Gi --on local -p lr=1 --input data --output model,accuracy --file 'data/*.csv'
"""Train a model.

In many words.
"""
lr: float = 0.1

model = fit(data, lr)
accuracy = 1.0
'''

CAPTURED = Captured(
    cells=(SourceCell(role="definition", source="def fit(data, lr): return lr"),),
    origins=(CellOrigin(index=0, id="a", lines=(1,)),),
)


def test_a_cell_becomes_a_version_with_everything_that_it_states():
    """Options of a run are no part of the version."""
    made = version(TRAIN, CAPTURED)
    assert (made.function, made.project, made.description) == ("train", "test", "Train a model.")
    assert (made.spec.form, made.spec.inputs, made.spec.outputs) == ("cell", ("data",), ("model", "accuracy"))
    assert made.spec.options == {"memory": "4Gi"}
    assert made.spec.parameters == (Parameter(name="lr", type="float", default=0.1),)
    assert [cell.role for cell in made.spec.cells] == ["definition", "parameters", "body"]
    assert made.spec.cells[2].source == "model = fit(data, lr)\naccuracy = 1.0"


def test_every_source_cell_knows_its_lines_in_the_notebook():
    """Origins run parallel to the cells; errors in a run can name the author's line."""
    origins = version(TRAIN, CAPTURED).provenance.origins
    assert [(origin.index, origin.id, origin.lines) for origin in origins] == [
        (0, "a", (1,)),
        (0, "origin", (2, 3, 4, 5, 6)),
        (0, "origin", (8, 9)),
    ]


def test_a_run_option_or_a_trailing_blank_makes_no_new_version():
    """The hash covers what the function is, not how it was run this time."""
    other = TRAIN.replace("--on local -p lr=1", "--on kubernetes --detach --input data=s3://b/k") + "\n\n"
    assert version(other, CAPTURED).hash == version(TRAIN, CAPTURED).hash
    assert version(TRAIN.replace("4Gi", "8Gi"), CAPTURED).hash != version(TRAIN, CAPTURED).hash


def test_provenance_and_files_are_kept_and_only_files_are_hashed():
    """Who made a version does not change what it is."""
    cell = function_cell("%%mlrun train\nx = 1")
    file = SourceFile(path="m.py", digest="sha256:a", code_digest="sha256:b", size=1)

    def build(provenance: Provenance, *files: SourceFile):
        return build_function(
            notebook(cell.cell), cell, files=files, project="test", created=CREATED, provenance=provenance
        )

    alone, other, more = build(Provenance()), build(Provenance(author="me", notebook="n")), build(Provenance(), file)
    assert (other.provenance.author, other.provenance.notebook, alone.provenance.notebook) == ("me", "n", "")
    assert alone.hash == other.hash != more.hash
    assert more.spec.files == (file,)


DEF = '%%mlrun train --input df\n@dec\ndef fit(df, lr: float = 0.1, *, n=3):\n    """Fit it."""\n    return lr\n'


def test_a_cell_that_is_a_single_def_takes_parameters_from_its_signature():
    """Arguments that are inputs are no parameters, and there is one output."""
    made = version(DEF)
    assert (made.spec.form, made.function, made.description) == ("def", "train", "Fit it.")
    assert [item.name for item in made.spec.parameters] == ["lr", "n"]
    assert (made.spec.inputs, made.spec.outputs) == (("df",), ("result",))
    assert made.spec.cells[0].source.startswith("@dec\ndef fit(")


def test_outputs_of_a_def_can_be_named():
    """They name the elements of the tuple that it returns."""
    assert version("%%mlrun train -o a,b\ndef f():\n    return 1, 2").spec.outputs == ("a", "b")


SHADOWING = {
    "its own name": ("%%mlrun t\ndef lr(lr=1):\n    return lr", Captured()),
    "a captured name": (
        "%%mlrun t\ndef f(lr=1):\n    return g(lr)",
        Captured(cells=(SourceCell(role="definition", source="lr = 5\ndef g(x): return lr"),), origins=(CellOrigin(),)),
    ),
}


@pytest.mark.parametrize(("source", "captured"), SHADOWING.values(), ids=SHADOWING)
def test_an_argument_of_a_def_must_not_change_what_other_code_sees(source, captured):
    """Parameters become global variables in the composed notebook; a helper would read the wrong one in silence."""
    with pytest.raises(NotebookError, match="argument `lr` of `t`"):
        version(source, captured)


def test_a_default_may_be_the_constant_of_the_same_name():
    """`def f(lr=lr)` is common and means the same in the composed notebook."""
    captured = Captured(cells=(SourceCell(role="definition", source="lr = 5"),), origins=(CellOrigin(),))
    assert version("%%mlrun t\ndef f(lr=lr):\n    return lr", captured).spec.parameters[0].default_source == "lr"


BOUND = [
    "model = 1",
    "model, x = 1, 2",
    "for model in []: pass",
    "with f() as model: pass",
    "import a as model",
    "def f():\n    global model\n    model = 1",
    "def f():\n    def g():\n        global model\n        model = 1",
    "def model(): pass\nx = 1",
    "if (model := 1): pass",
    "[(model := x) for x in []]",
    "model: int = 1",
    "%time model = 1",
    "%%time\nmodel = 1",
    "model = !ls",
    "from a import *",
    "exec('model = 1')",
    "%run other.py",
    "async with f() as model: await g()",
]


@pytest.mark.parametrize("body", BOUND)
def test_an_output_that_the_cell_binds_or_may_bind_is_accepted(body):
    """Nobody is told of a mistake that is none."""
    assert version(f"%%mlrun train --output model\n{body}").spec.outputs == ("model",)


UNBOUND = ["modle = 1", "def f():\n    model = 1\n    modle = 2\nx = modle = f()", "[model for model in []]; modle = 1"]


@pytest.mark.parametrize("body", UNBOUND)
def test_an_output_that_is_never_bound_is_an_error_with_the_nearest_name(body):
    """A run of hours must not end with nothing to save."""
    with pytest.raises(NotebookError, match="output `model` of `train`") as caught:
        version(f"%%mlrun train --output model\n{body}")
    assert caught.value.hint == "Did you mean `--output modle`?"


def test_an_input_may_be_an_output():
    """It is changed in place."""
    assert version("%%mlrun train -i df -o df\ndf.sort()").spec.outputs == ("df",)


@pytest.mark.parametrize("body", ["", "\n\n", "# nothing\n"])
def test_a_function_without_code_is_an_error(body):
    """Most likely the code stands in the next cell."""
    with pytest.raises(NotebookError, match="has no code"):
        version(f"%%mlrun train\n{body}")


def test_a_whole_notebook_keeps_its_cells_tags_and_prose():
    """Options in comments are taken out of the text, so that they cannot change its code."""
    made = notebook_version(
        Cell(index=0, kind="markdown", source="Intro\n\n## The report ##\n\ntext"),
        Cell(index=1, kind="code", source="#| mlrun.memory: 4Gi\n#| mlrun.on: k8s\nlr = 0.1", tags=("parameters", "x")),
        Cell(index=2, kind="raw", source="raw"),
        Cell(index=3, kind="code", source="#| mlrun.cpu: 3\nscore = lr"),
        name="reports/02-my report.ipynb",
    )
    assert (made.function, made.spec.form, made.description) == ("nb_02_my_report", "notebook", "The report")
    assert [(cell.role, cell.source, cell.tags) for cell in made.spec.cells] == [
        ("markdown", "Intro\n\n## The report ##\n\ntext", ()),
        ("parameters", "lr = 0.1", ("parameters", "x")),
        ("raw", "raw", ()),
        ("body", "#| mlrun.cpu: 3\nscore = lr", ()),
    ]
    assert made.spec.parameters == (Parameter(name="lr", type="float", default=0.1),)
    assert made.spec.options == {"memory": "4Gi"}
    assert made.provenance.origins[1].lines == (3,)


def test_a_whole_notebook_without_prose_or_parameters_is_a_function():
    """Nothing has to be prepared to run a notebook."""
    made = notebook_version("x = 1", "y = = 2")
    assert (made.function, made.description, made.spec.parameters) == ("work", "", ())


def test_a_notebook_of_another_language_is_a_function():
    """Its parameters are read as far as a line tells them."""
    made = notebook_version(code("lr <- 0.1", tags=("parameters",)), language="R", kernel="ir")
    assert (made.spec.language, made.spec.kernel) == ("R", "ir")
    assert made.spec.parameters == (Parameter(name="lr", type="float", default=0.1),)


NAMES = {"a/train.ipynb": "train", "02-report.py": "nb_02_report", "ünï x.md": "ünï_x", "---.ipynb": "notebook"}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_a_whole_notebook_is_named_by_its_file(name, expected):
    """Two files of a folder never get one name by losing what tells them apart."""
    assert notebook_function_name(name) == expected
    assert expected.isidentifier()
