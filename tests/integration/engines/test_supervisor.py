"""What the supervisor does for a runner that is slow, greedy, deaf or dead."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from mlrun_nb.model.quantities import more_memory
from mlrun_nb.model.settings import Policy, Resources, Settings
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.testing.requests import wait_for

READY = "import time\nopen('ready', 'w').write('1')\ntime.sleep(60)"
RETRY_ONCE = Settings(policy=Policy(retries=1, backoff_s=0.05))


@pytest.mark.parametrize(
    ("end", "state"),
    [
        ("result('succeeded')", RunState.SUCCEEDED),
        ("result('failed', fault='user', code=1)", RunState.FAILED),
        ("result('cancelled', fault='cancelled', code=7)", RunState.CANCELLED),
    ],
)
def test_a_result_record_is_the_last_word(scripted, end, state):
    """The run ends in the state that its runner wrote."""
    run = scripted(end)
    assert run.ended().state is state
    wait_for(lambda: run.engine.read(run.handle, None).at_end, what="the end of the record")


@pytest.mark.parametrize(
    ("end", "cls", "fault", "words"),
    [
        ("os.kill(os.getpid(), 9)", "RunnerKilled", "resources", "killed by SIGKILL"),
        ("os._exit(3)", "RunnerFailed", "product", "exit code 3"),
        ("os._exit(4)", "RunnerFailed", "environment", "exit code 4"),
        ("sys.exit('no module named x')", "RunnerFailed", "user", "no module named x"),
    ],
)
def test_a_runner_without_a_result_gets_one_that_says_what_is_known(scripted, end, cls, fault, words):
    """How it ended, which cell was executing, and what had been logged."""
    announced = "event('run_started', cells=['load', 'train'], roles=['prepare', 'body'], origins=[None, 4])"
    script = f"{announced}\nevent('cell_started', index=1, name='train')\n"
    seen = scripted(f"{script}event('result', name='x', value=7)\n{end}").ended()
    assert (seen.state, seen.error.cls, seen.error.fault) == (RunState.FAILED, cls, fault)
    assert words in seen.error.summary
    assert "while executing cell 5 of train.ipynb (`train`)" in seen.error.summary
    assert seen.result.results == {"x": 7}
    assert [cell.state for cell in seen.result.cells] == ["pending", "failed"]


def test_a_failed_attempt_is_followed_by_another_after_a_wait(scripted):
    """What the first left is put aside, and events tell of both."""
    script = "result('succeeded') if ATTEMPT == 2 else result('failed', fault='environment', code=4)"
    run = scripted(script, settings=RETRY_ONCE)
    seen = run.ended()
    assert (seen.state, seen.attempt) == (RunState.SUCCEEDED, 2)
    assert json.loads((run.folder / "attempts/1/result.json").read_text())["state"] == "failed"
    kinds = [(event.type, event.attempt) for event in run.events()]
    assert kinds == [("attempt_ended", 1), ("attempt_started", 2)]
    assert run.events()[0].data == {"exit_code": 4, "reason": "it failed", "retry_in_s": 0.05}


@pytest.mark.parametrize(
    ("end", "attempts"),
    [
        ("result('failed', fault='user', code=1)", 2),
        ("result('failed', fault='timeout', code=6)", 2),
        ("os.kill(os.getpid(), 9)", 2),
        ("result('failed', fault='request', code=2)", 1),
        ("result('failed', fault='product', code=3)", 1),
        ("result('cancelled', fault='cancelled', code=7)", 1),
    ],
)
def test_only_what_may_end_better_is_tried_again(scripted, end, attempts):
    """A broken request stays broken, and nobody wants a cancelled run back."""
    assert scripted(end, settings=RETRY_ONCE).ended().attempt == attempts


def test_a_run_that_waits_for_its_next_attempt_says_so_and_can_be_cancelled(scripted):
    """Pending in back-off with the reason; then cancelled, at once."""
    slow = Settings(policy=Policy(retries=1, backoff_s=60))
    run = scripted("result('failed', fault='user', code=1)", settings=slow)
    seen = wait_for(lambda: (o := run.observe()).phase is PendingPhase.BACKOFF and o, what="the back-off")
    assert seen.reason == "attempt 1 failed: it failed"
    run.engine.cancel(run.handle)
    assert run.ended().state is RunState.CANCELLED


def test_memory_beyond_the_limit_ends_the_kernel_and_names_limit_peak_and_remedy(scripted):
    """The children die, the runner reports, the reason is corrected."""
    child = "import time; x = bytearray(400 << 20); time.sleep(60)"
    script = f"import subprocess\nsubprocess.run([sys.executable, '-S', '-c', {child!r}])\n"
    script += "result('failed', fault='resources', cls='KernelDied', code=5)"
    seen = scripted(script, settings=Settings(resources=Resources(memory="200Mi"))).ended()
    assert (seen.error.cls, seen.error.fault) == ("OutOfMemory", "resources")
    assert "its memory limit is `200Mi`" in seen.error.summary
    assert seen.result.peak_memory_bytes > 200 << 20
    amount = more_memory("200Mi", held_bytes=seen.result.peak_memory_bytes)
    assert seen.error.hint == f"Give it more, `--memory {amount}`, or less to do."


def test_shared_memory_counts_once(scripted):
    """Ten forks of a process of 100 MiB hold little more than 100 MiB."""
    script = "import time\nx = bytearray(100 << 20)\n"
    script += "for _ in range(10):\n    if not os.fork():\n        time.sleep(1)\n        os._exit(0)\n"
    script += "if all(os.wait()[1] == 0 for _ in range(10)): result('succeeded')"
    run = scripted(script, settings=Settings(resources=Resources(memory="400Mi")))
    assert run.ended().state is RunState.SUCCEEDED


def test_a_deaf_runner_is_killed_when_its_grace_is_over(scripted):
    """Cancelled is cancelled, result or not; so is the cell that was at work."""
    at_work = "event('run_started', cells=['load', 'train'])\nevent('cell_started', index=0, name='load')\n"
    run = scripted(at_work + "import signal, time\nsignal.signal(15, signal.SIG_IGN)\n" + READY)
    run.wait_for_file("ready")
    run.engine.cancel(run.handle)
    seen = run.ended()
    assert (seen.state, seen.error.cls) == (RunState.CANCELLED, "Cancelled")
    assert [cell.state for cell in seen.result.cells] == ["cancelled", "pending"]


FLED = """
import subprocess, time
command = [sys.executable, "-S", "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(120)"]
def start(**more): print(subprocess.Popen(command, **more).pid, file=open("family", "a"))
start()
start(start_new_session=True)
if not os.fork():
    start(start_new_session=True, env={})
    os._exit(0)
time.sleep(0.5)
result("failed", fault="user", code=1)
"""


def test_nothing_of_a_run_is_left_when_it_has_ended(scripted):
    """Neither a child that ignores SIGTERM nor one that fled without a trace of where it came from."""
    run = scripted(FLED)
    run.ended()
    family = [Path("/proc", pid, "cmdline") for pid in run.wait_for_file("family").split()]
    assert len(family) == 3
    assert not [path for path in family if path.exists() and b"SIG_IGN" in path.read_bytes()]


def test_a_runner_that_cannot_be_started_is_a_failed_run(scripted, tmp_path):
    """An interpreter that is gone is the environment's fault."""
    gone = str(tmp_path / "gone" / "python")
    seen = scripted("pass", python=gone).ended()
    assert (seen.state, seen.error.cls, seen.error.fault) == (RunState.FAILED, "RunnerNotStarted", "environment")
    assert "gone/python` cannot be started" in seen.error.summary


def test_signals_mean_to_the_runner_what_they_mean_to_any_program(scripted):
    """Whatever its ancestors ignore."""
    names = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGCHLD", "SIGPIPE"]
    script = "import signal\nopen('ready', 'w').write(' '.join(n for n in " + repr(names) + " if signal.getsignal("
    script += "getattr(signal, n)) is signal.SIG_IGN and n != 'SIGPIPE') or 'none')\nresult('succeeded')"
    assert scripted(script).wait_for_file("ready") == "none"


def test_time_spent_is_measured_by_a_clock_that_does_not_jump(scripted):
    """The verdict on a killed runner says how long it lived."""
    began = time.monotonic()
    seen = scripted("import time; time.sleep(0.3); os.kill(os.getpid(), 9)").ended()
    assert 0.3 <= seen.result.duration_s <= time.monotonic() - began
