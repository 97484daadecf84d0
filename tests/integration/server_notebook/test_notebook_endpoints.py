"""What the server says of an open notebook, with a real project: its functions, proposals, edited options."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from mlrun_nb.errors import NotFoundError, OptionError
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.notebook.building import build_function
from mlrun_nb.notebook.cells import Cell, Notebook
from mlrun_nb.notebook.parsing import parse_function_cell
from mlrun_nb.project import Project, open_project
from mlrun_nb.server.dashboards import DashboardLinks
from mlrun_nb.server.endpoints import notebook as endpoint
from mlrun_nb.server.held import Held
from mlrun_nb.server.route import Asked, Call, Where
from mlrun_nb.server.shapes.notebook import CellText, EditAsked, FunctionCell, NotebookText, Proposal, ProposeAsked
from tests.unit.commands.records import NOW, make_run

Body = TypeVar("Body", bound=Asked)
TRAIN = "%%mlrun train --input a=s3://b/a.csv --input b --memory 8Gi --label 'team=a b'\nlr: float = 0.1\nmodel = lr"


@pytest.fixture
def project(tmp_path: Path):
    """Return a project in a folder of its own."""
    (tmp_path / "project.yaml").write_text("name: churn\n")
    with open_project(tmp_path) as opened:
        yield opened


def register(project: Project, source: str) -> str:
    """Record the version of a cell and return its hash."""
    cell = Cell(index=0, kind="code", source=source)
    function = parse_function_cell(cell)
    assert function is not None
    book = Notebook(name="work.ipynb", cells=(cell,))
    version = build_function(book, function, project=project.config.project, created=NOW)
    project.store.save_version(version)
    return version.hash


def record(project: Project, run_id: str, *, minutes: int = 0, function: str = "train") -> Run:
    """Record a run that was created that many minutes later than others."""
    place = {"project": project.config.project, "function": function, "created": NOW + timedelta(minutes=minutes)}
    return project.store.create_run(make_run(id=RunId(run_id), **place))


def texts(sources: Sequence[str]) -> tuple[CellText, ...]:
    """Return cells as a client sends them."""
    return tuple(CellText(index=index, source=source, id=f"c{index}") for index, source in enumerate(sources))


def call(project: Project, body: Body) -> Call[Where, Body]:
    """Return what the server makes of a request for the root's project."""
    return Call(project=project, held=Held(), dashboards=DashboardLinks(), query=Where(), body=body, root="")


def functions(project: Project, *sources: str) -> tuple[FunctionCell, ...]:
    """Ask for the functions of a notebook with these cells."""
    body = NotebookText(path="work.ipynb", cells=texts(sources))
    return endpoint.functions(call(project, body)).items


def propose(project: Project, *cells: CellText, index: int, name: str = "") -> Proposal:
    """Ask for a proposal."""
    body = ProposeAsked(cells=cells, index=index, name=name)
    return endpoint.propose(call(project, body))


def test_a_function_that_is_not_recorded_is_new(project):
    """It has no version and no run; what it states is shown as it would be typed, and as values."""
    [found] = functions(project, "x = 1", TRAIN)[:1]
    assert (found.index, found.id, found.name, found.standing) == (1, "c1", "train", "new")
    assert (found.version, found.last_run, found.problem) == (None, None, "")
    assert found.options == {"input": "a=s3://b/a.csv b", "memory": "8Gi", "label": "'team=a b'"}
    assert found.values == {"input": ["a", "b"], "memory": "8Gi", "label": {"team": "a b"}}


def test_a_function_is_unchanged_until_its_text_is_another(project):
    """A comment is an edit; line ends are none; the version is the latest."""
    digest = register(project, TRAIN)
    seen = [functions(project, source)[0] for source in (TRAIN, TRAIN.replace("\n", "\r\n"), f"{TRAIN}  # why")]
    assert [(found.standing, found.version) for found in seen] == [
        ("unchanged", digest),
        ("unchanged", digest),
        ("edited", digest),
    ]


def test_the_latest_version_counts_also_where_it_is_an_old_one(project):
    """Back to the old text and run again: that is what `latest` names."""
    first, second = TRAIN, f"{TRAIN}\nx = 2"
    for source in (first, second, first):
        register(project, source)
    assert [functions(project, source)[0].standing for source in (first, second)] == ["unchanged", "edited"]


def test_the_newest_run_of_the_name_is_shown(project):
    """Of whichever version it was, and of no other function."""
    register(project, TRAIN)
    for run, minutes in {"aaaaaaaaaaaa": 0, "bbbbbbbbbbbb": 1}.items():
        record(project, run, minutes=minutes)
    record(project, "cccccccccccc", minutes=2, function="other")
    [found] = functions(project, TRAIN)
    assert found.last_run is not None
    assert (found.last_run.id, found.last_run.function) == ("bbbbbbbbbbbb", "train")


BROKEN = {
    "%%mlrun train --bogus\nx = 1": "unknown option `bogus`",
    "%%mlrun train\nx = (": "is not valid Python",
    "%%mlrun train\nx: Frame = 1\nx": "cannot be of type `Frame`",
    "%%mlrun train": "has no code",
}


@pytest.mark.parametrize(("source", "said"), BROKEN.items())
def test_a_cell_that_cannot_be_read_is_broken(project, source, said):
    """With the words of the product; the version that there was is named all the same."""
    digest = register(project, TRAIN)
    [found] = functions(project, source)
    assert (found.standing, found.name, found.version) == ("broken", "train", digest)
    assert said in found.problem
    assert found.hint


def test_two_cells_with_one_name_are_both_broken(project):
    """The problem names both by their place in the notebook."""
    first, good, second = functions(project, TRAIN, "%%mlrun good\nx = 1", TRAIN)
    assert first.problem == second.problem == "cell 1 and cell 3 of `work.ipynb` are both named `train`"
    assert [each.standing for each in (first, good, second)] == ["broken", "new", "broken"]


def test_cells_that_were_sent_alone_keep_their_place(project):
    """A client may send only the functions."""
    body = NotebookText(cells=(CellText(index=7, source=TRAIN), CellText(index=3, source=TRAIN)))
    found = endpoint.functions(call(project, body)).items
    assert [each.index for each in found] == [3, 7]
    assert found[0].problem == "cell 4 and cell 8 of `this notebook` are both named `train`"


def test_a_notebook_without_functions_asks_no_store(tmp_path):
    """Nothing is opened for a notebook that has nothing to do with us."""
    with open_project(tmp_path) as project:
        assert functions(project, "x = 1", "%%time\ny = 2") == ()
        assert "store" not in vars(project)


def test_a_proposal_is_the_whole_cell(project):
    """Made from the cells as the client shows them."""
    found = propose(project, *texts(["rows = open('f')", "n = 3\ntotal = n * len(rows)", "print(total, n)"]), index=1)
    assert found.source == "%%mlrun cell_2 --input rows --output total\nn: int = 3\ntotal = n * len(rows)"
    assert (found.name, found.parameters, found.inputs) == ("cell_2", ("n: int = 3",), ("rows",))
    assert (found.outputs, found.problem) == (("total",), "")
    assert found.notices[0].startswith("cells below use `n`")


@pytest.mark.parametrize("cell", [{"tags": ("mlrun-setup",)}, {"source": "#| tags: [mlrun-setup]\nrows = open('f')"}])
def test_a_cell_that_is_taken_whole_gives_no_input(project, cell):
    """Its tag counts, wherever it stands."""
    setup = CellText(**{"index": 0, "source": "rows = open('f')", **cell})
    assert propose(project, setup, CellText(index=1, source="n = len(rows)"), index=1).inputs == ()


@pytest.mark.parametrize(("source", "name"), [("x = (", ""), ("%%mlrun f\nx = 1", ""), ("x = 1", "my-name")])
def test_a_refused_proposal_says_why_and_leaves_the_cell_alone(project, source, name):
    """Problem and hint, and the text as it was."""
    found = propose(project, *texts([source]), index=0, name=name)
    assert (found.source, found.parameters, found.outputs) == (source, (), ())
    assert found.problem
    assert found.hint


def test_a_proposal_for_a_cell_that_was_not_sent_is_an_error(project):
    """The client's mistake, not the user's."""
    with pytest.raises(NotFoundError, match="no cell with index 3"):
        propose(project, *texts(["x = 1"]), index=3)


def test_options_are_edited_in_the_text(project):
    """As they are typed, or as values; an empty text takes one away."""
    body = EditAsked(source=TRAIN, options={"input": "b", "memory": "", "gpu": 2, "label": None})
    edited = endpoint.edit(call(project, body))
    assert edited.source == "%%mlrun train --input b --gpu 2\nlr: float = 0.1\nmodel = lr"


def test_a_bad_option_is_an_error_with_a_remedy(project):
    """It names the option."""
    body = EditAsked(source=TRAIN, options={"memory": "8GiB"})
    with pytest.raises(OptionError, match="`memory`") as caught:
        endpoint.edit(call(project, body))
    assert caught.value.hint
