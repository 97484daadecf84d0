"""How a run can end: in each case the result, the exit code, the events and the executed notebook tell the truth."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import psutil
import pytest

from mlrun_nb.model.settings import Environment, Policy, Settings
from mlrun_nb.model.states import RunState

DEAD = "import os; os._exit(1)"
HUNGRY = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
FOREVER = "import time\nprint('begun', flush=True)\ntime.sleep(600)"
STUBBORN = (
    "import time\nprint('begun', flush=True)\nwhile True:\n    try: time.sleep(600)\n    except KeyboardInterrupt: pass"
)


def _wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def _has_begun(run):
    log = run.path / "log/000000.log"
    return log.exists() and "begun" in log.read_text()


def test_a_run_whose_cells_end_well_has_succeeded(make_run):
    """Exit code 0, every cell completed, every event there, and the result is the last thing written."""
    run = make_run("x = 6", "print('out'); x * 7").execute()
    assert (run.exit_code, run.result.state, run.result.error) == (0, RunState.SUCCEEDED, None)
    assert run.statuses == ["completed", "completed"]
    kinds = [event["type"] for event in run.events]
    assert kinds == ["run_started", *["cell_started", "cell_finished"] * 2, "run_ended"]
    assert run.log == "out\n42\n"
    assert run.stderr == ""


ENDINGS = {
    # what the cell does: source, exit code, class, exception, what the summary says
    "it raises": ("1/0", 1, "CellFailed", "ZeroDivisionError", "cell 2 (`1/0`) raised `ZeroDivisionError`"),
    "it exits with a code": ("import sys; sys.exit(3)", 1, "CellFailed", "SystemExit", "`SystemExit`: 3"),
    "its magic is unknown": ("%nonsense", 1, "CellFailed", "UsageError", "cell 2 (`%nonsense`) raised `UsageError`"),
    "it does not parse": ("x = = 1", 1, "CellFailed", "SyntaxError", "raised `SyntaxError`"),
    "it runs out of memory": ("raise MemoryError", 5, "OutOfMemory", "MemoryError", "raised `MemoryError`"),
    "it ends the kernel": (DEAD, 5, "KernelDied", "", "while executing cell 2"),
    "it is killed for its memory": (HUNGRY, 5, "OutOfMemory", "", "SIGKILL"),
}


@pytest.mark.parametrize(("source", "code", "cls", "ename", "summary"), ENDINGS.values(), ids=ENDINGS)
def test_a_failed_cell_is_named_whatever_made_it_fail(make_run, source, code, cls, ename, summary):
    """Result, exit code, event and notebook agree: the second cell failed, the third was not reached."""
    run = make_run("x = 1", source, "x = 3").execute()
    error = run.result.error
    assert (run.exit_code, error.cls, error.cell, error.ename) == (code, cls, 1, ename)
    assert summary in error.summary
    assert error.hint
    assert run.statuses == ["completed", "failed", "pending"]
    assert [cell.state for cell in run.result.cells] == ["succeeded", "failed", "pending"]
    assert run.events[-2]["type"] == "cell_failed"
    assert (
        any(output["output_type"] == "error" for output in run.output["cells"][1]["outputs"]) or ename == "UsageError"
    )


def _limited(make_run, *cells, environ=None):
    """Run with a time limit that is long enough for this machine, today, to reach the cells."""
    for limit_s in (6, 24, 96):
        run = make_run(*cells, settings=Settings(policy=Policy(timeout_s=limit_s)), environ=environ).execute()
        if run.result.error.cell is not None:
            break
    return run, limit_s


def test_a_time_limit_ends_the_run_and_names_the_cell(make_run):
    """The limit covers the whole attempt; the cell that was executing is failed, not completed."""
    run, limit_s = _limited(make_run, "x = 1", FOREVER)
    error = run.result.error
    assert (run.exit_code, error.cls, error.fault, error.cell) == (6, "Timeout", "timeout", 1)
    assert f"had not ended after {limit_s} s" in error.summary
    assert run.statuses == ["completed", "failed"]


def test_a_cell_that_swallows_interrupts_is_killed_at_the_time_limit(make_run):
    """Interrupting is a courtesy; the limit holds."""
    run, limit_s = _limited(make_run, STUBBORN, environ={"MLRUN_NB_GRACE_S": "1"})
    assert (run.exit_code, run.result.error.cls, run.result.error.cell) == (6, "Timeout", 0)
    assert limit_s <= run.result.duration_s < limit_s + 20


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_cancels_the_run_and_everything_is_saved(make_run, number):
    """The cell is interrupted, notebook and result are written, and the exit code says cancelled."""
    run = make_run("x = 1", FOREVER, "x = 3")
    process = run.start()
    _wait_for(lambda: _has_begun(run))
    process.send_signal(number)
    process.communicate(timeout=20)
    assert (process.returncode, run.result.state, run.result.error.cls) == (7, RunState.CANCELLED, "Cancelled")
    assert run.result.error.cell == 1
    assert run.statuses == ["completed", "failed", "pending"]  # papermill has no other word
    assert [cell.state for cell in run.result.cells] == ["succeeded", "cancelled", "pending"]
    assert (run.events[-2]["type"], "ename" in run.events[-2]["data"]) == ("cell_cancelled", False)


def test_a_cancelled_run_leaves_within_the_grace_even_if_its_cell_resists(make_run):
    """The kernel is killed in time for the rest of the grace to be enough for saving."""
    run = make_run(STUBBORN, environ={"MLRUN_NB_GRACE_S": "4"})
    process = run.start()
    _wait_for(lambda: _has_begun(run))
    begin = time.monotonic()
    process.terminate()
    process.communicate(timeout=20)
    assert time.monotonic() - begin < 6
    assert (process.returncode, run.result.state) == (7, RunState.CANCELLED)


def test_a_run_that_is_cancelled_before_its_kernel_is_up_says_so(make_run):
    """There is a result from the first moment on."""
    run = make_run("x = 1")
    process = run.start()
    _wait_for((run.path / "events/000000.jsonl").exists)
    process.terminate()
    process.communicate(timeout=20)
    assert (process.returncode, run.result.error.cls) == (7, "Cancelled")
    assert "before its first cell" in run.result.error.summary


@pytest.mark.parametrize("source", ["raise SystemExit(0)", "import sys; sys.exit()", "exit()"])
def test_exit_0_ends_a_run_early_and_well(make_run, source):
    """As it does a script; that cells were left out is a notice, and they stay pending."""
    run = make_run(source, "x = 2").execute()
    assert (run.exit_code, run.result.state) == (0, RunState.SUCCEEDED)
    assert "ended the run early; 1 cells after it did not run" in run.result.notices[0]
    assert run.statuses == ["completed", "pending"]


SAVE = (
    "from mlrun_nb.runner.inside import save_outputs\nsave_outputs('x', namespace=globals())",
    {"mlrun_nb": {"role": "save", "name": "save outputs"}},
)


def test_outputs_are_saved_after_exit_0(make_run):
    """Ending early is no way to lose what was asked for."""
    run = make_run("x = 5; raise SystemExit(0)", "x = 6", SAVE).execute()
    assert (run.exit_code, dict(run.result.results)) == (0, {"x": 5})
    assert run.statuses == ["completed", "pending", "completed"]


def test_a_kernel_that_exits_with_unsaved_outputs_has_failed(make_run):
    """`exit()` ends the kernel and the outputs with it."""
    run = make_run("x = 5; exit()", SAVE).execute()
    assert (run.exit_code, run.result.error.cls) == (1, "CellFailed")
    assert "raise SystemExit(0)" in run.result.error.hint


def test_a_missing_output_is_said_in_the_words_of_the_user(make_run):
    """The error names the variable, and its hint becomes the run's."""
    run = make_run("y = 1", SAVE).execute()
    assert "output `x` is not defined" in run.result.error.evalue
    assert "Assign `x` in the cell" in run.result.error.hint


def test_a_cell_that_may_raise_does_not_end_the_run(make_run):
    """The tag `raises-exception` is honoured."""
    run = make_run(("1/0", {"tags": ["raises-exception"]}), "x = 2").execute()
    assert (run.exit_code, run.statuses) == (0, ["completed", "completed"])


def test_the_kernel_dies_with_the_runner(make_run):
    """Even if the runner is killed without a chance to say goodbye."""
    run = make_run(f"import os; print(os.getpid(), flush=True)\n{FOREVER}")
    process = run.start()
    _wait_for(lambda: _has_begun(run))
    kernel = int(run.log.split()[0])
    assert psutil.pid_exists(kernel)
    process.kill()
    process.communicate(timeout=10)
    _wait_for(lambda: not psutil.pid_exists(kernel), seconds=5)


def test_children_of_the_kernel_end_with_the_run(make_run):
    """A process that a cell left behind does not outlive the run."""
    run = make_run("import subprocess; print(subprocess.Popen(['sleep', '600']).pid)").execute()
    child = int(run.log)
    _wait_for(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie", seconds=5)


def test_a_traceback_has_the_users_frames_only(make_run):
    """Frames of libraries are left to the executed notebook."""
    run = make_run("import json\ndef read(text):\n    return json.loads(text)", "read('{')").execute()
    text = run.result.error.traceback
    assert "read('{')" in text
    assert "in read(text)" in text
    assert "json/decoder.py" not in text
    assert "\x1b" not in text


def test_the_log_keeps_colours_and_no_other_order_to_a_terminal(make_run):
    """Wherever a kernel's pieces end; a secret is masked whose digits were painted."""
    cell = r"""
import os, sys
for c in "\x1b[1;31mred\x1b[0m \x1b]52;c;eA==\x07\x1b[2Kx\n": print(c, end="", flush=True)
print("token", os.environ["TOKEN"].replace("2", "\x1b[36m2\x1b[0m"))"""
    settings = Settings(environment=Environment(secret={"TOKEN": "env:SOURCE_OF_TOKEN"}))
    run = make_run(cell, settings=settings, environ={"SOURCE_OF_TOKEN": "hunter2-hunter2"}).execute()
    assert run.log == "\x1b[1;31mred\x1b[0m x\ntoken ***\x1b[36m\x1b[0m\x1b[36m\x1b[0m\n"


def test_secrets_are_masked_wherever_they_appear(make_run):
    """Output, log, events, result and notebook have `***`; the cell itself has the value."""
    secret = "hunter2-hunter2"
    cells = (
        "import os, sys\nfor c in os.environ['TOKEN']: print(c, end='', flush=True)\nprint()",
        "os.environ['TOKEN']",
        "from mlrun_nb.runner.inside import log_result\nlog_result('t', os.environ['TOKEN'])",
        "assert len(os.environ['TOKEN']) == 15",
        "raise ValueError('bad ' + os.environ['TOKEN'])",
    )
    settings = Settings(environment=Environment(secret={"TOKEN": "env:SOURCE_OF_TOKEN"}))
    run = make_run(*cells, settings=settings, environ={"SOURCE_OF_TOKEN": secret}).execute()
    assert run.exit_code == 1
    assert run.result.error.evalue == "bad ***"
    assert run.result.results["t"] == "***"
    for path in run.path.rglob("*"):
        if path.is_file():
            assert secret not in path.read_text(errors="replace"), path


def test_a_second_attempt_goes_on_in_the_same_files(make_run):
    """Events carry the number of their attempt."""
    run = make_run("x = 1").execute()
    (run.path / "result.json").unlink()
    run.execute(attempt=2)
    assert run.result.attempt == 2
    assert [event.get("attempt", 1) for event in run.events] == [1] * 4 + [2] * 4


def test_a_runner_without_streams_ends_as_any(make_run):
    """Started in the ordinary way, by a parent that has closed them."""
    run = make_run("x = 1")
    command = [sys.executable, "-m", "mlrun_nb.runner", str(run.path)]
    ended = subprocess.run(["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *command], check=False)
    assert (ended.returncode, run.result.state) == (0, "succeeded")
