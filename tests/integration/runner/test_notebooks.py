"""Notebooks as people have them: other kernels, old formats, parameters, tags, large outputs."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pytest

from mlrun_nb.model.function import FunctionSpec, SourceCell
from mlrun_nb.model.parameters import Parameter


def _rewrite(run, **changes):
    file = run.path / "input.ipynb"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
    return run


def test_a_kernel_that_is_not_installed_is_named_with_those_that_are(make_run):
    """The environment's fault; nothing was executed."""
    run = make_run("x = 1", kernel="conda-old").execute()
    error = run.result.error
    assert (run.exit_code, error.cls, error.fault) == (4, "KernelMissing", "environment")
    assert "`conda-old`" in error.summary
    assert "`python3`" in error.summary
    assert "python -m ipykernel install --user --name conda-old" in error.hint


def test_a_notebook_without_a_kernel_runs_with_python3_and_a_notice(make_run):
    """As papermill would refuse to."""
    run = make_run("x = 1", kernel=None).execute()
    assert run.exit_code == 0
    assert "names no kernel" in run.result.notices[0]


def _install_kernel(home: Path, name: str, argv: list[str], **fields) -> None:
    folder = home / ".local/share/jupyter/kernels" / name
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": name, "language": "python", **fields})
    )


def test_a_kernel_that_does_not_start_shows_what_it_said(make_run, home):
    """The last words of its process are in the error."""
    _install_kernel(home, "broken", [sys.executable, "-c", "raise SystemExit('no licence')"])
    error = make_run("x = 1", kernel="broken").execute().result.error
    assert (error.cls, error.fault) == ("KernelDidNotStart", "environment")
    assert "no licence" in error.summary


def test_a_kernel_whose_program_is_gone_is_an_environment_fault(make_run, home):
    """A kernel spec outlives its environment."""
    _install_kernel(home, "gone", ["/nowhere/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"])
    error = make_run("x = 1", kernel="gone").execute().result.error
    assert (error.cls, error.fault) == ("KernelDidNotStart", "environment")
    assert "cannot be started: No such file or directory: `/nowhere/bin/python`" in error.summary


@pytest.mark.parametrize("spec", ['{"argv": []}', '["a"]', "{not json", '{"display_name": "x"}'])
def test_a_kernel_spec_that_gives_no_command_is_named_by_its_file(make_run, home, spec):
    """It is installed, and still there is nothing to start."""
    file = home / ".local/share/jupyter/kernels/odd/kernel.json"
    file.parent.mkdir(parents=True)
    file.write_text(spec)
    error = make_run("x = 1", kernel="odd").execute().result.error
    assert (error.cls, error.summary) == (
        "KernelMissing",
        f"the kernel `odd` cannot be used: `{file}` gives no command to start it",
    )


def test_a_kernel_of_somebody_elses_provisioner_is_refused(make_run, home):
    """Starting its command here would run it in the wrong place."""
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    _install_kernel(home, "far", argv, metadata={"kernel_provisioner": {"provisioner_name": "far-provisioner"}})
    error = make_run("x = 1", kernel="far").execute().result.error
    assert (error.cls, "far-provisioner" in error.summary) == ("KernelMissing", True)


def test_the_kernel_has_its_specs_environment(make_run, home, monkeypatch):
    """As under Jupyter."""
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    monkeypatch.setenv("MY_DATA", "/data")
    _install_kernel(home, "Mine", argv, env={"FROM_SPEC": "${MY_DATA}/x"})
    run = make_run("import os; print(os.environ['FROM_SPEC'])", kernel="mine").execute()
    assert (run.exit_code, run.log) == (0, "/data/x\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not JSON", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"nbformat": 4}', "cannot be read"),
        (b'{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"code"}]}', "cannot be read"),
        (
            b'{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"id":"a","cell_type":"raw","source":"1","metadata":{"tags":"x"}}]}',
            "is not valid: 'x' is not of type 'array'",
        ),
    ],
)
def test_a_broken_notebook_is_the_requests_fault(make_run, content, reason):
    """Exit code 2, no traceback of ours."""
    run = make_run("x = 1")
    (run.path / "input.ipynb").write_bytes(content)
    run.execute()
    assert (run.exit_code, run.result.error.cls) == (2, "NotebookError")
    assert reason in run.result.error.summary
    assert run.stderr == ""


def test_a_notebook_of_format_3_is_upgraded(make_run):
    """Worksheets, `input`, `prompt_number`."""
    run = make_run("x = 1")
    cell = {
        "cell_type": "code",
        "input": "print('old')",
        "language": "python",
        "outputs": [],
        "metadata": {},
        "collapsed": False,
    }
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [cell], "metadata": {}}],
    }
    (run.path / "input.ipynb").write_text(json.dumps(old))
    assert (run.execute().exit_code, run.log, run.output["nbformat"]) == (0, "old\n", 4)


def test_error_cells_of_an_earlier_papermill_do_not_shift_indices(make_run):
    """They are taken out before the cells are counted."""
    marker = {
        "id": "m",
        "cell_type": "markdown",
        "source": "An Exception",
        "metadata": {"tags": ["papermill-error-cell-tag"]},
    }
    run = make_run("x = 1", "1/0")
    _rewrite(run, cells=[marker, *json.loads((run.path / "input.ipynb").read_text())["cells"]]).execute()
    assert run.result.error.cell == 1
    assert len(run.output["cells"]) == 2


def test_parameters_are_injected_behind_the_tagged_cell_and_typed(make_run):
    """NaN and infinities are numbers for a float, and text for a text."""
    names = (("lr", "float"), ("steps", "list[float]"), ("label", "str"), ("n", "int"))
    parameters = tuple(Parameter(name=name, type=kind) for name, kind in names)
    spec = FunctionSpec(form="cell", cells=(SourceCell(role="body", source="pass"),), parameters=parameters)
    values = {"lr": "NaN", "steps": [1.5, "-Infinity"], "label": "NaN", "n": 3}
    run = make_run(("lr = 0.1", {"tags": ["parameters"]}), "print(lr, steps, label, n)", parameters=values, spec=spec)
    assert (run.execute().exit_code, run.log) == (0, "nan [1.5, -inf] NaN 3\n")
    assert run.events[0]["data"]["cells"] == ["lr = 0.1", "parameters of this run", "print(lr, steps, label, n)"]


def test_prose_and_skipped_cells_are_no_cells_to_execute(make_run):
    """They have no report and no event, and keep their place."""
    prose = {"id": "p", "cell_type": "markdown", "source": "# Title", "metadata": {}}
    run = make_run("x = 1", ("1/0", {"tags": ["skip-execution"]}), "")
    _rewrite(run, cells=[prose, *json.loads((run.path / "input.ipynb").read_text())["cells"]]).execute()
    assert (run.exit_code, [cell.index for cell in run.result.cells]) == (0, [1])
    assert run.events[0]["data"]["cells"][0] == "Title"


def test_a_progress_bar_leaves_its_last_line(make_run):
    """Text that was overwritten is in the log, not in the notebook."""
    source = "import time\nfor i in range(3):\n    print(f'\\r{i}', end='', flush=True)\n    time.sleep(.3)\nprint()"
    run = make_run(source).execute()
    outputs = run.output["cells"][0]["outputs"]
    assert [line for output in outputs for line in output["text"]] == ["2\n"]


def test_many_displays_all_arrive(make_run):
    """A flood of messages is no reason to lose one."""
    run = make_run("from IPython.display import display\nfor i in range(6000): display(i)").execute()
    assert (run.exit_code, len(run.output["cells"][0]["outputs"])) == (0, 6000)


def test_the_log_has_all_and_the_notebook_its_share_of_what_a_cell_prints(make_run):
    """30 MB printed: 20 million characters stay in the notebook, with a word on where the rest is."""
    run = make_run("for _ in range(300): print('x' * 100_000)").execute()
    assert run.exit_code == 0
    assert (run.path / "log/000000.log").stat().st_size == 300 * 100_001
    outputs = run.output["cells"][0]["outputs"]
    assert "is in the log" in outputs[-1]["text"][-1]
    assert (run.path / "output.ipynb").stat().st_size < 22_000_000


def test_the_executed_notebook_is_one_for_nbformat(make_run):
    """Valid by its own schema, also after a failure."""
    import nbformat

    run = make_run("from IPython.display import HTML; HTML('<b>x</b>')", "import os; os._exit(1)").execute()
    nbformat.validate(nbformat.read(run.path / "output.ipynb", as_version=4))


def test_top_level_await_works(make_run):
    """As in any notebook."""
    assert make_run("import asyncio; await asyncio.sleep(0); print('ok')").execute().log == "ok\n"


def test_measurements_see_the_cell_that_used_the_memory(make_run):
    """Peak and CPU time are those of the cell, not of the run so far."""
    run = make_run(
        "x = bytearray(300_000_000); x[::4096] = b'x' * len(x[::4096])", "del x", "sum(range(20_000_000))"
    ).execute()
    first, _, last = run.result.cells
    assert first.peak_memory_bytes > 300_000_000 > last.peak_memory_bytes
    assert last.cpu_s > 0.1
    assert run.result.peak_memory_bytes == first.peak_memory_bytes


def test_children_count_in_the_peak(make_run):
    """What a worker process holds, the run holds."""
    child = "import time; x = bytearray(200_000_000); x[::4096] = b'x' * len(x[::4096]); time.sleep(2)"
    run = make_run(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])").execute()
    assert run.result.cells[0].peak_memory_bytes > 200_000_000


def test_durations_add_up(make_run):
    """All from one monotonic clock."""
    run = make_run("import time; time.sleep(.5)").execute()
    assert 0.5 <= run.result.cells[0].duration_s < run.result.duration_s
    assert math.isclose((run.result.ended - run.result.started).total_seconds(), run.result.duration_s, abs_tol=0.05)
