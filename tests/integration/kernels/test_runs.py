"""Runs whose supervisor, runner and kernel are forks."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.engines.supervisor import files
from mlrun_nb.model.settings import Environment, Policy, Resources, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for, wait_until_ended, write_request

FAMILY = """
import os
def parent(pid): return int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
def name(pid): return open(f"/proc/{pid}/cmdline").read().split("\\0")[0]
line = [os.getpid()]
while line[-1] > 1 and len(line) < 4: line.append(parent(line[-1]))
print(*map(name, line[:3]), sep="|")
"""


def run(engine, tmp_path, *cells, settings=None):
    """Return the observation of a run that has ended, and its folder."""
    request = write_request(tmp_path, *cells, settings=settings or Settings())
    handle = engine.submit([request])[request.id]
    return wait_until_ended(engine, handle), Path(request.run_directory)


def log(folder):
    """Return what a run printed."""
    return (folder / "log/000000.log").read_text()


def test_kernel_runner_and_supervisor_are_forks_with_the_parents_of_an_ordinary_start(engine, helper, tmp_path):
    """Kernel below runner below supervisor, each with a title of its own, and nobody below the helper."""
    births = helper.about()["births"]
    seen, folder = run(engine, tmp_path, FAMILY)
    assert seen.state is RunState.SUCCEEDED, seen
    kernel, runner, supervisor = log(folder).strip().split("|")
    assert "ipykernel_launcher" in kernel
    assert "mlrun_nb.runner" in runner
    assert "supervisor" in supervisor
    assert helper.about()["births"] == births + 1


def test_a_forked_run_leaves_the_record_of_an_ordinary_one(engine, tmp_path):
    """The same events and notebook, but for times and sizes; a user who reads them cannot tell."""
    cells = ("x = 2\nx", "print('hello')", "import sys; print(sys.flags.safe_path, sys.argv[1:2])")
    warm = run(engine, tmp_path / "warm", *cells)[1]
    assert engine._warm
    engine._warm = False
    cold = run(engine, tmp_path / "cold", *cells)[1]
    assert _kinds(warm) == _kinds(cold)
    assert _outputs(warm) == _outputs(cold)
    assert log(warm) == log(cold)
    assert (warm / "supervisor/runner.log").read_text() == (cold / "supervisor/runner.log").read_text() == ""


def test_processes_of_a_forked_run_carry_its_mark(engine, tmp_path):
    """As after an ordinary start: by it, a supervisor finds those that fled."""
    request = write_request(tmp_path, "import time; time.sleep(60)")
    handle = engine.submit([request])[request.id]
    wait_for(lambda: len(processes.marked(files.MARK, request.id)) == 2, what="runner and kernel")
    engine.cancel(handle)
    assert wait_until_ended(engine, handle).state is RunState.CANCELLED
    wait_for(lambda: not processes.marked(files.MARK, request.id), what="the end of both")


def test_a_run_has_its_own_environment_folder_and_threads(engine, tmp_path):
    """Variables, working directory and the threads that `--cpu` grants."""
    settings = Settings(environment=Environment(env={"COLOUR": "blue"}), resources=Resources(cpu="2"))
    code = "import os, threadpoolctl; print(os.environ['COLOUR'], os.getcwd())\n"
    code += "print({i['num_threads'] for i in threadpoolctl.threadpool_info()}, os.environ.get('OPENBLAS_NUM_THREADS'))"
    seen, folder = run(engine, tmp_path, code, settings=settings)
    assert seen.state is RunState.SUCCEEDED, seen
    assert log(folder).splitlines() == [f"blue {folder}", "{2} None"]


def test_a_variable_that_is_read_at_import_leads_to_an_ordinary_kernel(engine, tmp_path):
    """What numpy or Python read when they were loaded cannot be changed later."""
    settings = Settings(environment=Environment(env={"PYTHONHASHSEED": "7"}))
    seen, folder = run(engine, tmp_path, "import sys; print('numpy' in sys.modules)", settings=settings)
    assert seen.state is RunState.SUCCEEDED
    assert log(folder) == "False\n"


@pytest.mark.parametrize("name", ["numpy.py", "sitecustomize.py", "matplotlibrc"])
def test_a_file_that_an_ordinary_kernel_would_read_leads_to_one(engine, tmp_path, name):
    """A module of the notebook's folder that has the name of a loaded one, and files that are read at the start."""
    request = write_request(tmp_path, "import sys; print('numpy' in sys.modules)")
    Path(request.run_directory, name).write_text("")
    if name == "sitecustomize.py":
        environment = Environment(env={"PYTHONPATH": f"{request.run_directory}:{os.environ['PYTHONPATH']}"})
        request = replace(request, settings=Settings(environment=environment))
        _rewrite(request)
    handle = engine.submit([request])[request.id]
    assert wait_until_ended(engine, handle).state is RunState.SUCCEEDED
    assert log(Path(request.run_directory)) == "False\n"


def test_limits_of_a_forked_run_are_kept(engine, tmp_path):
    """Time and memory end it as they end any other, with the same words."""
    late, _ = run(engine, tmp_path, "import time; time.sleep(60)", settings=Settings(policy=Policy(timeout_s=1)))
    assert (late.state, late.error.fault) == (RunState.FAILED, "timeout")
    greedy = "x = bytearray(900 << 20); import time; time.sleep(60)"
    seen, _ = run(engine, tmp_path, greedy, settings=Settings(resources=Resources(memory="700Mi")))
    assert (seen.state, seen.error.cls) == (RunState.FAILED, "OutOfMemory")


def test_a_failed_run_is_tried_again_in_a_fork(engine, tmp_path):
    """The second attempt comes from the supervisor as the first did."""
    code = "import os, sys\nprint('numpy' in sys.modules)\nif not os.path.exists('x'): open('x', 'w'); 1/0"
    seen, folder = run(engine, tmp_path, code, settings=Settings(policy=Policy(retries=1, backoff_s=0.01)))
    assert (seen.state, seen.attempt) == (RunState.SUCCEEDED, 2)
    assert set(log(folder).split()) >= {"True"}
    assert "False" not in log(folder)


def test_the_peak_memory_of_a_cell_counts_what_is_loaded(engine, tmp_path):
    """What the run would need on a machine of its own, shared with a helper or not."""
    seen, _ = run(engine, tmp_path, "1 + 1", "x = b'1' * (200 << 20)")
    small, big = (cell.peak_memory_bytes for cell in seen.result.cells)
    assert 200 << 20 < big - small < 230 << 20


def _kinds(folder):
    lines = (folder / "events/000000.jsonl").read_text().splitlines()
    return [(event["type"], sorted(event["data"])) for event in map(json.loads, lines)]


def _outputs(folder):
    return [cell["outputs"] for cell in json.loads((folder / "output.ipynb").read_text())["cells"]]


def _rewrite(request):
    from mlrun_nb._lib.records import to_json

    Path(request.run_directory, "request.json").write_text(json.dumps(to_json(request)))


@pytest.mark.parametrize("count", [5, pytest.param(300, marks=pytest.mark.soak)])
def test_a_short_run_ends_as_an_interpreter_ends(engine, tmp_path, count):
    """What a cell has written and not flushed is in the file: no kernel hung at its end and had to be killed."""
    for number in range(count):
        cell = f"kept = open({str(tmp_path / 'kept')!r}, 'w'); _ = kept.write('{number}')"
        assert run(engine, tmp_path / "runs", cell)[0].state is RunState.SUCCEEDED
        assert (tmp_path / "kept").read_text() == str(number)
