"""Notebooks on disk become recorded runs: capture, files, inputs and layers of options, through the services."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from mlrun_nb.errors import CaptureError, EngineRejected, MlrunNbError, NotFoundError, OptionError, ParameterError
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.notebook.cells import Cell, Notebook
from mlrun_nb.notebook.parsing import parse_function_cell
from mlrun_nb.project import Project, open_project
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.follow import follow
from mlrun_nb.services.rerun import plan_rerun
from mlrun_nb.services.submit import Plan, plan, submit
from mlrun_nb.services.targets import CellTarget, parse_target


@pytest.fixture
def project(tmp_path: Path, warm: None) -> Project:
    """Return a project in a folder of its own."""
    (tmp_path / "project.yaml").write_text("name: churn\n")
    return open_project(tmp_path)


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code *cells*."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)
    return path


def make_plan(
    project: Project, target: str | CellTarget, *, live: Mapping[str, object] | None = None, **choice
) -> Plan:
    """Plan *target* on the inline engine, unless *choice* says otherwise."""
    found = parse_target(target) if isinstance(target, str) else replace(target, live=live)
    return plan(project, found, Choice(**{"on": "inline", **choice}))


def in_hand(folder: Path, *cells: str) -> CellTarget:
    """Return the last of *cells*, as a kernel has it in which they ran."""
    made = [Cell(index=index, kind="code", source=source, count=index + 1) for index, source in enumerate(cells)]
    function = parse_function_cell(made[-1])
    assert function is not None
    return CellTarget(
        cell=function, above=tuple(made[:-1]), notebook=Notebook(name="this notebook", cells=()), folder=folder
    )


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


def test_project_modules_travel_with_a_whole_notebook_too(project, tmp_path):
    """The version runs as it was, from anywhere, whatever became of the files beside the notebook."""
    (tmp_path / "books").mkdir()
    (tmp_path / "shop.py").write_text("from tax import TAX\nPRICE = 10 * TAX\n")
    (tmp_path / "tax.py").write_text("TAX = 2\n")
    path = write_notebook(
        tmp_path / "books" / "n.ipynb", "#| mlrun.output: total\nimport shop", "total = shop.PRICE + 1"
    )
    planned = make_plan(project, str(path), on="local")
    assert [file.path for file in planned.request.version.spec.files] == ["shop.py", "tax.py"]
    assert run(project, planned).results == {"total": 21}
    (tmp_path / "tax.py").write_text("TAX = 5\n")
    assert run(project, make_plan(project, "n", on="local")).results == {"total": 21}
    changed = make_plan(project, str(path))
    assert changed.request.version.hash != planned.request.version.hash
    assert run(project, changed).results == {"total": 51}


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


def test_an_input_is_not_taken_from_a_namesake_in_another_notebook(project, tmp_path):
    """Two notebooks of a project have a `make`; each `use` gets what its own has left, edited since or not."""
    use = "%%mlrun use --input data --output total\ntotal = data"
    mine = write_notebook(tmp_path / "mine.ipynb", "%%mlrun make --output data\ndata = 1", use)
    other = write_notebook(tmp_path / "other.ipynb", "%%mlrun make --output data\ndata = 2", use)
    run(project, make_plan(project, f"{other}::make"))
    with pytest.raises(NotFoundError, match="`data`"):
        make_plan(project, f"{mine}::use")
    run(project, make_plan(project, f"{mine}::make"))
    run(project, make_plan(project, f"{other}::make"))
    write_notebook(mine, "%%mlrun make --output data\ndata = 1  # edited", use)
    assert run(project, make_plan(project, f"{mine}::use")).results == {"total": 1}
    assert run(project, make_plan(project, f"{other}::use")).results == {"total": 2}


def test_a_cell_in_hand_is_planned_with_the_variables_of_its_kernel(project, tmp_path):
    """No file is read; a live value is kept once by its content, and a URI given for the run wins over it."""
    target = in_hand(
        tmp_path, "def total(d):\n    return sum(d['rows'])", "%%mlrun f --input d --output n\nn = total(d)"
    )
    planned = make_plan(project, target, live={"d": {"rows": [1, 2]}})
    assert (planned.request.inputs, Path(project.config.inputs).exists()) == ({}, False)
    runs = [run(project, planned), run(project, make_plan(project, target, live={"d": {"rows": [1, 2]}}))]
    assert [each.results for each in runs] == [{"n": 3}, {"n": 3}]
    assert len([path for path in Path(project.config.inputs).rglob("*") if path.is_file()]) == 1
    (tmp_path / "d.json").write_text('{"rows": [10]}')
    given = make_plan(project, target, live={"d": {"rows": [1, 2]}}, inputs={"d": str(tmp_path / "d.json")})
    assert run(project, given).results == {"n": 10}


def test_messages_call_cells_of_a_kernel_by_their_number_there(project, tmp_path):
    """`cell [1]` as people see it beside the cell, and what it says of a missing input fits a kernel."""
    target = in_hand(tmp_path, "rows = open('x').read()", "%%mlrun f\nprint(rows)")
    with pytest.raises(CaptureError, match=r"`f` \(cell \[2\]\) needs `rows`, which is data of cell \[1\]") as caught:
        make_plan(project, target, live={"rows": "a"})
    assert "tag cell [1] `mlrun-setup`" in caught.value.hint
    with pytest.raises(NotFoundError) as missing:
        make_plan(project, in_hand(tmp_path, "%%mlrun f --input df\nprint(df)"), live={})
    assert missing.value.hint.startswith("Assign `df` in the notebook")


def test_what_the_cell_states_for_its_runs_is_laid_below_what_is_chosen(project, tmp_path):
    """`--param`, `--label` and `--tag` on the line hold for each run of the cell, wherever it starts."""
    path = write_notebook(
        tmp_path / "n.ipynb", "%%mlrun f --param n=2 --param m=5 --label a=b --tag prod\nn: int = 1\nm: int = 1"
    )
    planned = make_plan(project, f"{path}::f", parameters_text={"n": "3"}, labels={"c": "d"}, tags=("best",))
    assert planned.request.parameters == {"n": 3, "m": 5}
    assert (planned.request.labels, planned.tags) == ({"a": "b", "c": "d"}, ("prod", "best"))


def test_with_setup_leaves_an_input_alone_that_has_a_value(project, tmp_path):
    """What an earlier run left comes before running cells again."""
    path = write_notebook(
        tmp_path / "n.ipynb",
        "%%mlrun make --output data\ndata = {'rows': [1, 2, 3]}",
        "factor = len('ab')",
        "%%mlrun use --input data --input factor --output total\ntotal = factor * sum(data['rows'])",
    )
    run(project, make_plan(project, f"{path}::make"))
    planned = make_plan(project, f"{path}::use", with_setup=True)
    assert (planned.request.version.spec.inputs, run(project, planned).results) == (("data",), {"total": 12})


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
    ({"options": {"secret": {"TOKEN": "b"}}}, "`--secret TOKEN=…` gives something else than a reference"),
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
