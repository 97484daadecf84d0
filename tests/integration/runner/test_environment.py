"""Where cells run: folders, modules, variables, places behind a URL; and what happens without a usable request."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.artifacts.loading import load_artifact
from mlrun_nb.model.run import RunResult
from mlrun_nb.model.settings import Environment, Settings
from mlrun_nb.model.states import RunState
from tests.parts import require


def test_cells_find_modules_and_data_that_travel_with_the_function(make_run):
    """Modules from `source/`, data by the name that it has in the project."""
    run = make_run("import helper; print(helper.__file__); print(open('data/x.txt').read())")
    (run.path / "source" / "data").mkdir(parents=True)
    (run.path / "source" / "helper.py").write_text("")
    (run.path / "source" / "data" / "x.txt").write_text("42")
    assert run.execute().log == f"{run.path}/source/helper.py\n42\n"


def test_travelling_modules_win_over_those_in_the_working_directory(make_run, tmp_path):
    """What was captured is what runs, whatever lies there now."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "helper.py").write_text("which = 'changed since'")
    run = make_run("import helper, other; print(helper.which, other.x)", working_directory=str(tmp_path / "project"))
    (tmp_path / "project" / "other.py").write_text("x = 'beside'")
    (run.path / "source").mkdir()
    (run.path / "source" / "helper.py").write_text("which = 'captured'")
    assert run.execute().log == "captured beside\n"


def test_the_working_directory_is_the_one_asked_for(make_run, tmp_path):
    """Or `work/` in the run directory."""
    (tmp_path / "here").mkdir()
    run = make_run("import os; print(os.getcwd())", working_directory=str(tmp_path / "here"))
    assert run.execute().log == f"{tmp_path / 'here'}\n"


def test_a_working_directory_that_is_gone_is_the_requests_fault(make_run, tmp_path):
    """Nothing is run somewhere else instead."""
    run = make_run("x = 1", working_directory=str(tmp_path / "gone")).execute()
    assert (run.exit_code, run.result.error.fault) == (2, "request")
    assert "does not exist" in run.result.error.summary


def test_variables_and_secrets_are_in_the_kernels_environment(make_run, tmp_path):
    """A file's content without its last newline."""
    (tmp_path / "token").write_text("short\n")
    environment = Environment(env={"A": "1"}, secret={"TOKEN": f"file:{tmp_path / 'token'}"})
    run = make_run(
        "import os; print(os.environ['A'], repr(os.environ['TOKEN']))", settings=Settings(environment=environment)
    )
    assert run.execute().log == "1 'short'\n"


@pytest.mark.parametrize(
    ("reference", "says"),
    [("env:NOT_SET_ANYWHERE", "is not set"), ("file:/nowhere/x", "cannot be read"), ("kubernetes:a/b", "is not set"),
     ("vault:x", "is not a secret reference")],
)  # fmt: skip
def test_a_secret_that_cannot_be_resolved_stops_the_run_before_it_begins(make_run, reference, says):
    """With the reference in the message, and never a value."""
    run = make_run("x = 1", settings=Settings(environment=Environment(secret={"T": reference}))).execute()
    assert (run.exit_code, says in run.result.error.summary) == (2, True)
    assert not (run.path / "output.ipynb").exists()


def test_what_was_installed_is_recorded(make_run):
    """A digest in the result, the list beside it."""
    run = make_run("x = 1").execute()
    assert run.result.distributions.startswith("sha256:")
    assert any(line.startswith("papermill==") for line in (run.path / "distributions.txt").read_text().splitlines())


def test_another_interpreters_kernel_gets_this_package_and_no_other_of_ours(make_run, home):
    """Its own environment stays its own."""
    python = home / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')  # the same packages under another name
    python.chmod(0o755)
    folder = home / ".local/share/jupyter/kernels/other"
    folder.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "o", "language": "python"}))
    run = make_run(
        "import os, mlrun_nb.runner.inside as i; print(os.environ['PYTHONPATH']); i.log_result('a', 1)", kernel="other"
    )
    assert run.execute().log == f"{run.path}/package\n"
    assert dict(run.result.results) == {"a": 1}


def _at_url(run, url: str) -> RunResult:
    folder = open_folder(url)
    request = replace(run.request, run_directory=url, artifacts=f"{url}/artifacts")
    folder.write("request.json", json.dumps(to_json(request)).encode())
    folder.write("input.ipynb", (run.path / "input.ipynb").read_bytes())
    folder.write("source/helper.py", b"x = 'from afar'")
    subprocess.run([sys.executable, "-m", "mlrun_nb.runner", url], check=True, timeout=120)
    return from_json(RunResult, json.loads(folder.read("result.json")))


AFAR = """
import helper, time
from mlrun_nb.runner.inside import log_artifact
print(helper.x)
log_artifact({'a': 1}, 'table')
time.sleep(1.5)"""


def test_a_run_directory_behind_a_url(make_run, tmp_path):
    """Segments instead of appending; source is fetched; everything ends up there."""
    url = f"local://{tmp_path}/afar"
    result = _at_url(make_run(AFAR, "print(2)"), url)
    folder = open_folder(url)
    assert result.state is RunState.SUCCEEDED
    assert load_artifact(result.artifacts[0]) == {"a": 1}
    assert len(folder.names("events")) > 1
    events = [json.loads(line) for name in folder.names("events") for line in folder.read(name).splitlines()]
    assert [event["type"] for event in events][-1] == "run_ended"
    assert b"".join(folder.read(name) for name in folder.names("log")) == b"from afar\n2\n"
    assert json.loads(folder.read("output.ipynb"))["cells"][0]["metadata"]["papermill"]["status"] == "completed"


@pytest.mark.cluster
def test_a_run_directory_on_s3(make_run):
    """The same on a real object store."""
    import uuid

    import s3fs

    require("s3")
    bucket = f"runs-{uuid.uuid4().hex[:8]}"
    s3fs.S3FileSystem().mkdir(bucket)
    result = _at_url(make_run(AFAR), f"s3://{bucket}/p/run")
    assert load_artifact(result.artifacts[0]) == {"a": 1}


@pytest.mark.parametrize("content", [None, b"{", b"[]", b"{}", b'{"format": 99}'])
def test_without_a_request_there_is_a_message_and_exit_code(tmp_path, content):
    """No result record can be written for an unknown run; no traceback either."""
    if content is not None:
        (tmp_path / "request.json").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "mlrun_nb.runner", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == (2 if content else 4)
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_said_and_the_result_still_written(make_run):
    """Space for the result is kept from the beginning; here only the log's disk is full."""
    run = make_run("x = 1", "print('x')", "x = 1")
    (run.path / "log").mkdir()
    (run.path / "log" / "000000.log").symlink_to("/dev/full")
    run.execute()
    assert (run.exit_code, run.result.error.cls, run.result.error.fault) == (4, "DiskFull", "environment")
    assert run.result.cells[0].state == "succeeded"
