"""Functions of MLRun become cells that say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mlrun_nb.imports.notebook import written
from mlrun_nb.notebook.parsing import parse_function_cell
from mlrun_nb.notebook.reading import read_notebook
from mlrun_nb.services.import_places import find_place
from tests.unit.imports.cases import CASES, DATA, cell, document, import_text, imported


@pytest.mark.parametrize("form", [".ipynb", ".py", ".md"])
@pytest.mark.parametrize("case", CASES)
def test_each_form_of_a_notebook_holds_the_same_cells(case: str, form: str):
    """What is read back is what was made, and its last cell is a function that we know."""
    found = imported(case)
    back = read_notebook(written(found.cells, f"x{form}"), name=f"x{form}")
    assert [each.source.strip() for each in back.cells] == [each.source.strip() for each in found.cells]
    last = parse_function_cell(back.cells[-1])
    assert (last.name if last else "") == found.function


@pytest.mark.parametrize("case", [case for case in CASES if case not in {"script", "with-main"}])
def test_the_code_is_as_it_was(case: str):
    """Whether it stood in base64 or in a file; only what is between lines is of the system."""
    [code] = (DATA / case).glob("*.py")
    text = code.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    assert text.strip("\n") in [each.source for each in imported(case).cells]


def test_what_a_file_does_as_a_program_stands_below_it():
    """A notebook's name is `__main__` too, so that it would run."""
    _, _, code, program, _ = imported("with-main").cells
    assert "__main__" not in code.source
    assert program.kind == "raw"
    assert 'function.run(params={"number": 4}, local=True)' in program.source


@pytest.mark.parametrize(
    "case", ["tidy-table", "all-defaults", "train-line", "events", "script", "in-the-way", "spread"]
)
def test_a_cell_is_what_a_person_would_write(case: str):
    """The golden cells are read by people."""
    assert imported(case).cells[-1].source == (Path(__file__).parent / "golden" / f"{case}.txt").read_text("utf-8")


def test_options_are_those_that_the_function_states():
    """Each of them has been checked as an option."""
    call = imported("kubernetes").call
    assert call is not None
    assert call.options == {
        "affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}},
        "backoff": "30s",
        "capacity": "spot",
        "cpu": "1",
        "cpu-limit": "2",
        "env": {"TZ": "UTC", "VERBOSE": "true"},
        "ephemeral-storage": "1Gi",
        "gpu": 1,
        "gpu-type": "amd.com/gpu",
        "image": "registry.example/everything:1",
        "memory": "1Gi",
        "memory-limit": "2Gi",
        "node-selector": {"disk": "ssd", "kubernetes.io/hostname": "node-7"},
        "pending-timeout": "1h30m",
        "priority-class": "high",
        "pull-secret": ["registry"],
        "requirement": ["packaging", "pyyaml"],
        "retries": 2,
        "secret": {"API_TOKEN": "env:API_TOKEN", "PASSWORD": "kubernetes:database/password"},
        "service-account": "trainer",
        "timeout": "24h",
        "toleration": ["gpu=true:NoSchedule", "spot:NoExecute"],
        "volume": ["pvc:datasets:/data:ro", "empty:/scratch", "configmap:settings:/settings"],
    }


def test_every_field_is_in_the_report_or_says_nothing():
    """A field of tomorrow is not lost either."""
    report = {each.field: each for each in imported("kubernetes").findings}
    left = {name for name, each in report.items() if each.outcome == "left out"}
    assert left == {
        "spec.build.base_image",
        "spec.build.commands[2]",
        "spec.build.extra",
        "spec.build.source",
        "spec.env.MLRUN_DBPATH",
        "spec.env.NODE",
        "spec.from_the_future",
        "spec.pythonpath",
        "spec.resources.hugepages-2Mi",
        "spec.security_context",
        "spec.state_thresholds.image_pull_backoff",
        "spec.volumes.fuse",
        "spec.volumes.nowhere",
        "spec.workdir",
    }
    assert all(each.why and each.todo.endswith((".", "`")) for each in report.values() if not each.became)


@pytest.mark.parametrize("case", CASES)
def test_the_report_says_what_to_do_about_all_that_is_not_mapped(case: str):
    """No line of it ends with the bad news."""
    findings = imported(case).findings
    assert findings
    assert all(each.why and each.todo for each in findings if each.outcome == "left out")


def test_a_value_that_an_option_cannot_have_is_reported():
    """It is not a reason to import nothing."""
    found = import_text(document(resources={"limits": {"memory": "much"}}, retry={"count": "twice"}))
    assert {each.field for each in found.findings if each.outcome == "left out"} == {
        "spec.resources.limits.memory",
        "spec.retry.count",
    }
    assert "memory" not in found.cells[-1].source


LEAVES = [
    ("return a, b", "--output a --output b"),
    ("return (a, b)", "--output a --output b"),
    ("return a", "--output a"),
    ("return a + b", "--output result"),
    ("if a:\n        return a\n    return b", "--output result"),
    ("return None", ""),
    ("return", ""),
    ("g = lambda: a\n    def h():\n        return a", ""),
    ("yield a", ""),
]


@pytest.mark.parametrize(("body", "words"), LEAVES)
def test_what_a_function_returns_is_its_output(body: str, words: str):
    """By the names that the code itself uses, where all lines agree."""
    line = cell(f"def f(n=1):\n    a, b = n, n\n    {body}\n").split("\n")[0]
    assert line == f"%%mlrun made {words}".rstrip()


def test_an_argument_for_everything_gets_the_stated_parameters():
    """Names in `**more` come from `spec.parameters`; others cannot be known."""
    source = cell("def f(**more):\n    print(more)\n", parameters={"lr": 0.1, "name": "x"})
    assert source == "%%mlrun made\nlr: float = 0.1\nname: str = 'x'\n\nf(lr=lr, name=name)\n"


def test_a_parameter_that_nothing_takes_is_reported():
    """MLRun drops it without a word."""
    found = import_text(document(parameters={"x": 3, "y": 1}))
    assert "x: int = 3" in found.cells[-1].source
    assert [each.field for each in found.findings if each.outcome == "left out"] == ["spec.parameters.y"]


def test_what_the_code_asks_the_context_for_is_declared():
    """With the default that it has there; a name that is computed cannot be known."""
    source = cell(
        "def f(context, name='z'):\n    context.get_param('lr', 0.1)\n    context.get_param(name)\n"
        "    context.get_input('my-data')\n    context.get_input('more', 'more.csv')\n"
    )
    assert source.startswith("%%mlrun made --input my_data\nname: str = 'z'\nlr: float = 0.1\nmore: str = 'more.csv'")
    assert '"my-data": mlrun_item(my_data, "my_data")' in source


def test_a_function_that_waits_is_waited_for():
    """A cell may do so."""
    assert cell("async def f(x: int):\n    return x\n") == ("%%mlrun made --output x_\nx: int\n\nx_ = await f(x=x)\n")


def test_one_of_several_functions_is_chosen():
    """Where none is stated, and where another is wanted."""
    code = "def one():\n    pass\n\n\ndef two():\n    pass\n"
    assert import_text(document(code), handler="two").handler == "two"
    assert import_text(document(code, default_handler="one")).handler == "one"
    assert import_text(document(code, default_handler="one"), handler="two").handler == "two"
    assert import_text(document("def one():\n    pass\n")).handler == "one"


@pytest.mark.parametrize("stated", ["tools.two", "tools/two", "two"])
def test_a_handler_may_be_stated_with_its_file(stated: str):
    """As items of MLRun's hub have it."""
    files = {"tools.py": b"def one():\n    pass\n\n\ndef two():\n    pass\n"}
    data = yaml.safe_dump({"name": "made", "spec": {"kind": "job", "filename": "tools.py", "handler": stated}}).encode()
    assert import_text(data, files=files).handler == "two"


def test_of_a_folder_the_function_counts_before_the_item(tmp_path: Path):
    """The first has the code that was run."""
    for name in ("item.yaml", "function.yaml"):
        (tmp_path / name).write_bytes(b"kind: job")
        with find_place(str(tmp_path)) as place:
            assert place.name == str(tmp_path / name)


def test_what_has_no_place_is_said():
    """Labels stand in the text; words for a program are no parameters of a function."""
    assert "Labels: `team=risk`." in imported("kubernetes").cells[0].source
    found = import_text(document(default_handler="f", args=["--day", "monday"]))
    (line,) = [each for each in found.findings if each.field == "spec.args"]
    assert (line.became, line.todo) == ("", "Give them as `--param NAME=VALUE`.")


@pytest.mark.parametrize("kind", ["serving", "nuclio:serving"])
def test_a_server_has_no_handler_that_runs(kind: str):
    """What Nuclio calls may be named, and stands in no code of the function."""
    code = "class Model:\n    def predict(self, body):\n        return body\n"
    found = import_text(document(code, kind=kind, handler="handler"))
    assert (found.function, found.handler) == ("", "")
    assert any("server of models" in each.why for each in found.findings)


@pytest.mark.parametrize("kind", ["generic", "monitoring_application"])
def test_a_module_is_code_for_others(kind: str):
    """Nothing of it is run unless one of its functions is chosen."""
    code = "class App:\n    pass\n\n\ndef count(x: int = 1):\n    return x\n"
    found = import_text(document(code, kind=kind, requirements=["polars"]))
    assert (found.function, found.command("a.ipynb"), found.cells[-1].source) == ("", "", code.strip())
    assert any("does nothing by itself" in each.why for each in found.findings)
    [line] = [each for each in found.findings if "requirements" in each.field]
    assert (line.outcome, line.todo) == ("left out", 'Write `#| mlrun.requirement: ["polars"]` there.')
    assert import_text(document(code, kind=kind), handler="count").handler == "count"


def test_a_name_that_the_code_defines_nowhere_is_none_and_said():
    """Python would run it until it comes there; a run of ours needs each name before it begins."""
    code = "def f(x: int = 1):\n    if x > 9:\n        return folder\n    return x\n"
    found = import_text(document(code), handler="f")
    assert found.cells[2].source == "folder = None  # the code reads it and defines it nowhere"
    [line] = [each for each in found.findings if each.field == "name `folder`"]
    assert (line.outcome, line.todo) == ("changed", "Give it the value that it was to have.")


def test_a_name_that_is_needed_at_once_is_only_said():
    """In its place None would be another error, further from its cause."""
    found = import_text(document("def f(x: Union[int, str] = 1):\n    return x\n"), handler="f")
    assert not [each for each in found.cells if "= None" in each.source]
    [line] = [each for each in found.findings if each.field == "name `Union`"]
    assert (line.outcome, line.todo) == ("left out", "Import or define it in a cell ahead of the code.")


def test_a_file_that_is_the_cell_needs_its_names_at_once():
    """What it does itself would meet None; its functions come to a name later."""
    found = import_text(document("def f():\n    return late\n\n\nprint(early)\nf()\n"))
    assert found.cells[2].source == "late = None  # the code reads it and defines it nowhere"
    assert {each.field: each.outcome for each in found.findings if each.field.startswith("name ")} == {
        "name `early`": "left out",
        "name `late`": "changed",
    }
