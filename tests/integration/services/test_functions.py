"""Notebooks on disk become recorded runs: capture, files, inputs and layers of options, through the services."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from mlrun_nb.errors import CaptureError, EngineRejected, MlrunNbError, NotFoundError, OptionError, ParameterError
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project, open_project
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.follow import follow
from mlrun_nb.services.rerun import plan_rerun
from mlrun_nb.services.submit import Plan, plan, submit
from mlrun_nb.services.targets import parse_target


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Project:
    """Return a project in a folder of its own."""
    (tmp_path / "project.yaml").write_text("name: churn\n")
    return open_project(tmp_path)


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code *cells*."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return path


def make_plan(project: Project, target: str, **choice: object) -> Plan:
    """Plan *target* on the inline engine, unless *choice* says otherwise."""
    return plan(project, parse_target(target), Choice(**{"on": "inline", **choice}))  # type: ignore[arg-type]  # any field


def run(project: Project, planned: Plan) -> Run:
    """Submit *planned* and wait for its end."""
    return list(follow(project, submit(project, planned).run.id))[-1].run


def test_a_cell_runs_with_what_it_needs_and_leaves_its_results(project, tmp_path):
    """The thin path, and typed parameters on it."""
    path = write_notebook(
        tmp_path / "area.ipynb",
        "from math import pi",
        "def area(radius):\n    return pi * radius**2",
        "%%mlrun circle --output surface\nradius: float = 1.0\nsurface = area(radius)",
    )
    ended = run(project, make_plan(project, f"{path}::circle", parameters_text={"radius": "2"}))
    assert (ended.state, ended.parameters, ended.project) == (RunState.SUCCEEDED, {"radius": 2.0}, "churn")
    assert ended.results["surface"] == pytest.approx(12.566, abs=0.001)


def test_bad_input_leaves_no_trace(project, tmp_path):
    """Neither a version nor a run nor a folder."""
    path = write_notebook(tmp_path / "n.ipynb", "rows = open('x').read()", "%%mlrun f\nn: int = 1\nprint(rows, n)")
    good = write_notebook(tmp_path / "good.ipynb", "%%mlrun f --memory 1Gi\nn: int = 1\nprint(n)")
    attempts = [
        (f"{path}::f", {}, CaptureError),
        (f"{good}::g", {}, NotFoundError),
        (f"{good}::f", {"parameters_text": {"n": "many"}}, ParameterError),
        (f"{good}::f", {"parameters_text": {"m": "1"}}, ParameterError),
        (f"{good}::f", {"inputs": {"df": "x.csv"}}, OptionError),
        (f"{good}::f", {"on": "moon"}, MlrunNbError),
        (str(tmp_path / "none.ipynb"), {}, NotFoundError),
    ]
    for target, choice, error in attempts:
        with pytest.raises(error) as caught:
            make_plan(project, target, **choice)
        assert caught.value.hint
    assert list(project.store.functions("churn")) == []
    assert not project.config.runs.exists()


def test_project_modules_and_files_travel_with_the_version(project, tmp_path):
    """A recorded version runs as it was, whatever became of the files beside the notebook."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "prices.py").write_text("from shop.tax import TAX\nPRICE = 10 * TAX\n")
    (tmp_path / "shop" / "tax.py").write_text("TAX = 2\n")
    path = write_notebook(
        tmp_path / "n.ipynb", "from shop.prices import PRICE", "%%mlrun cost --output total\ntotal = PRICE + 1"
    )
    assert run(project, make_plan(project, f"{path}::cost", on="local")).results == {"total": 21}
    (tmp_path / "shop" / "tax.py").write_text("TAX = 5\n")
    assert run(project, make_plan(project, "cost", on="local")).results == {"total": 21}
    changed = make_plan(project, f"{path}::cost")
    assert changed.request.version.hash != project.store.get_version("churn", "cost", "latest").hash


def test_an_input_comes_from_a_file_or_from_the_last_good_run_above(project, tmp_path):
    """A URI wins; without one the output of an earlier `%%mlrun` cell is taken."""
    path = write_notebook(
        tmp_path / "n.ipynb",
        "%%mlrun make --output data\ndata = {'rows': [1, 2, 3]}",
        "%%mlrun use --input data --output total\ntotal = sum(data['rows'])",
    )
    with pytest.raises(NotFoundError, match="`data`"):
        make_plan(project, f"{path}::use")
    run(project, make_plan(project, f"{path}::make"))
    assert run(project, make_plan(project, f"{path}::use")).results == {"total": 6}
    (tmp_path / "other.json").write_text('{"rows": [10]}')
    given = {"data": str(tmp_path / "other.json")}
    assert run(project, make_plan(project, f"{path}::use", inputs=given)).results == {"total": 10}


def test_with_setup_runs_the_cells_that_define_an_input_first(project, tmp_path):
    """And the cells that those need in turn, but no others."""
    path = write_notebook(
        tmp_path / "n.ipynb",
        "raise SystemError('not needed')",
        "base = list(range(4))",
        "rows = [value * 2 for value in base]",
        "%%mlrun total --input rows --output answer\nanswer = sum(rows)",
    )
    ended = run(project, make_plan(project, f"{path}::total", with_setup=True))
    assert ended.results == {"answer": 12}


def test_the_value_in_force_names_the_layer_that_it_came_from(project, tmp_path):
    """This run > the cell > profile > project.yaml."""
    (tmp_path / "project.yaml").write_text(
        "name: churn\ndefaults: {memory: 1Gi, cpu: '1', retries: 1, timeout: 1h}\n"
        "profiles: {big: {engine: inline, memory: 8Gi, cpu: '4', retries: 2}}\n"
    )
    path = write_notebook(tmp_path / "n.ipynb", "%%mlrun f --retries 3 --cpu 2\n1 + 1")
    planned = make_plan(open_project(tmp_path), f"{path}::f", on="big", options={"cpu": "8"})
    assert {name: (item.value, item.source) for name, item in planned.options.items()} == {
        "cpu": ("8", "this run"),
        "retries": (3, "%%mlrun line"),
        "memory": ("8Gi", "profile big"),
        "timeout": ("1h", "project.yaml"),
    }
    assert planned.request.version.spec.options == {"retries": 3, "cpu": "2"}


def test_a_rerun_repeats_everything_but_what_is_changed(project, tmp_path):
    """Same version, even when the notebook says something else by now."""
    cell = "%%mlrun f --output total\na: int = 1\nb: int = 1\ntotal = {} * a + b"
    path = write_notebook(tmp_path / "n.ipynb", cell.format(10))
    first = run(project, make_plan(project, f"{path}::f", parameters_text={"a": "2"}))
    write_notebook(path, cell.format(1000))
    again = run(project, plan_rerun(project, first, Choice(parameters_text={"b": "5"})))
    assert (again.results, again.version, again.engine) == ({"total": 25}, first.version, "inline")


def test_the_same_cell_is_the_same_version_and_a_changed_one_says_what_changed(project, tmp_path):
    """Registration is idempotent, and the difference is one line."""
    path = write_notebook(tmp_path / "n.ipynb", "%%mlrun f\nn: int = 1\nprint(n)")
    assert submit(project, make_plan(project, f"{path}::f")).registered.new is True
    assert submit(project, make_plan(project, f"{path}::f")).registered.new is False
    write_notebook(path, "%%mlrun f --memory 2Gi\nn: int = 2\nprint(n)")
    registered = submit(project, make_plan(project, f"{path}::f")).registered
    assert registered.new is True
    assert "n default 1 → 2" in registered.change
    assert "memory" in registered.change


def test_a_failed_cell_is_a_failed_run_that_names_the_cell(project, tmp_path):
    """Class and value of the exception, and whose move it is."""
    path = write_notebook(tmp_path / "n.ipynb", "%%mlrun f\nx = 1\nx / 0")
    ended = run(project, make_plan(project, f"{path}::f", on="local"))
    assert (ended.state, ended.error.ename, ended.error.fault) == (RunState.FAILED, "ZeroDivisionError", "user")
    assert json.loads((Path(ended.run_directory) / "output.ipynb").read_text())["cells"]


def test_outputs_and_files_of_a_whole_notebook_can_be_named_for_it(project, tmp_path):
    """They enter the version, beside those that the notebook states itself."""
    (tmp_path / "rows.csv").write_text("1,2,3")
    path = write_notebook(tmp_path / "n.ipynb", "#| mlrun.output: total\ntotal = 1\nother = 2")
    planned = make_plan(project, str(path), options={"output": ["other"], "file": ["*.csv"]})
    assert planned.request.version.spec.outputs == ("total", "other")
    assert [file.path for file in planned.request.version.spec.files] == ["rows.csv"]
    assert planned.request.overrides == {}
    assert run(project, planned).results == {"total": 1, "other": 2}


def test_outputs_of_a_recorded_version_cannot_be_changed(project, tmp_path):
    """A version never changes; silence about the wish would be worse than an error."""
    path = write_notebook(tmp_path / "n.ipynb", "%%mlrun f\nx = 1")
    run(project, make_plan(project, f"{path}::f"))
    with pytest.raises(OptionError, match="`--output` cannot change `f`"):
        make_plan(project, "f", options={"output": ["x"]})


def test_a_parameter_without_a_default_has_to_be_given(project, tmp_path):
    """A bare annotation declares it; it is not looked for in the cells above."""
    path = write_notebook(tmp_path / "n.ipynb", "%%mlrun f --output y\nx: int\ny = x + 1")
    with pytest.raises(ParameterError, match="`x`"):
        make_plan(project, f"{path}::f")
    assert run(project, make_plan(project, f"{path}::f", parameters_text={"x": "4"})).results == {"y": 5}


# (what was chosen, what the error names)
UNUSABLE = [
    ({"tags": ("a b/c",)}, "`a b/c` cannot be a tag"),
    ({"parameters_text": {"name": "\udcff"}}, "are not UTF-8|holds bytes"),
    ({"labels": {"team": "\udcff"}}, "are not UTF-8"),
    ({"options": {"secret": {"TOKEN": "b"}}}, "`b` is not a reference to a secret"),
]


@pytest.mark.parametrize(("choice", "message"), UNUSABLE)
def test_what_no_record_could_hold_is_refused_before_anything_is_written(project, tmp_path, choice, message):
    """Tags that cannot be addressed, bytes that are no text, secrets that are no references."""
    path = write_notebook(tmp_path / "n.ipynb", "%%mlrun f\nname: str = ''\nprint(name)")
    with pytest.raises(OptionError, match=message):
        make_plan(project, f"{path}::f", **choice)


def test_a_kernel_that_is_not_installed_is_refused_before_anything_is_recorded(project, tmp_path):
    """The engine that would start it says so, and names those that are."""
    path = write_notebook(tmp_path / "n.ipynb", "%%mlrun f\n1")
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["kernelspec"]["name"] = "python-of-mars"
    nbformat.write(notebook, path)
    with pytest.raises(EngineRejected, match="python-of-mars") as caught:
        make_plan(project, f"{path}::f", on="local")
    assert "installed: `python3`" in caught.value.message


def test_an_output_that_cannot_be_kept_is_told_without_a_frame_of_ours(project, tmp_path):
    """What happened to which output and what to do; our own calls are nobody's business."""
    path = write_notebook(tmp_path / "n.ipynb", "%%mlrun f --output g\ng = (i for i in range(3))")
    ended = run(project, make_plan(project, f"{path}::f", on="local"))
    assert (ended.state, ended.error.ename) == (RunState.FAILED, "ArtifactError")
    assert "`g` (generator) cannot be kept" in ended.error.traceback
    assert "mlrun_nb" not in ended.error.traceback
