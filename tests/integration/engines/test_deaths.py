"""Who may die at which moment, and what is true of the run then."""

from __future__ import annotations

from dataclasses import replace
from signal import SIGHUP, SIGINT, SIGKILL

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.engines.supervisor import files
from mlrun_nb.model.run import Handle
from mlrun_nb.model.settings import Policy, Resources, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for

UNTIL_TOLD = """
import time
event("run_started", cells=["train"])
open("ready", "w").write("1")
while not os.path.exists("go"):
    time.sleep(0.02)
"""


@pytest.fixture
def orphan(scripted):
    """Give a function that starts a run and kills its supervisor while the runner waits for the file `go`."""

    def start(then, **options):
        run = scripted(UNTIL_TOLD + then, **options)
        run.wait_for_file("ready")
        run.kill_supervisor()
        return run

    return start


def test_a_runner_outlives_its_supervisor_and_its_result_counts(orphan):
    """The work of a user is not thrown away because ours died."""
    run = orphan("result('succeeded')")
    (run.folder / "go").touch()
    wait_for(lambda: not run.processes(), what="the end of the runner")
    assert run.observe().state is RunState.SUCCEEDED


def test_whoever_looks_at_an_orphaned_run_gives_it_a_new_supervisor(orphan):
    """It is running as before, and its next attempt takes place."""
    script = "result('succeeded') if ATTEMPT == 2 else result('failed', fault='user', code=1)"
    run = orphan(script, settings=Settings(policy=Policy(retries=1, backoff_s=0.05)))
    first = run.handle.data["pid"]
    assert run.observe().state is RunState.RUNNING
    assert run.supervisor["pid"] != first
    (run.folder / "go").touch()
    assert (run.ended().state, run.ended().attempt) == (RunState.SUCCEEDED, 2)


def test_a_new_supervisor_keeps_the_memory_limit(orphan):
    """A limit does not end with the process that kept it."""
    script = "x = bytearray(400 << 20)\ntime.sleep(60)"
    run = orphan(script, settings=Settings(resources=Resources(memory="200Mi")))
    run.observe()
    (run.folder / "go").touch()
    assert run.ended().error.cls == "OutOfMemory"


def test_an_orphaned_run_can_be_cancelled(orphan):
    """Cancelling finds no supervisor and brings one."""
    run = orphan("time.sleep(60)")
    run.engine.cancel(run.handle)
    assert run.ended().state is RunState.CANCELLED
    assert run.processes() == set()


def test_a_run_is_lost_when_supervisor_and_runner_are_dead_and_what_they_left_is_ended(orphan):
    """With proof, and nothing stays behind."""
    run = orphan("time.sleep(60)")
    processes.end_all(run.processes, grace_s=0)
    seen = run.observe()
    assert seen.state is RunState.LOST
    assert seen.reason == f"supervisor process {run.handle.data['pid']} ended without leaving a result"


def test_the_kernel_of_a_lost_run_is_ended(scripted):
    """A child that the runner started does not outlive its run, once anybody has looked."""
    script = "import subprocess, time\nsubprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(99)'])\n"
    run = scripted(script + "open('ready', 'w').write('1')\ntime.sleep(60)")
    run.wait_for_file("ready")
    run.kill_supervisor()
    runner = run.runner
    processes.signal_process(runner, SIGKILL)
    wait_for(lambda: not processes.is_same_process(runner), what="the runner's death")
    assert len(run.processes()) == 1
    assert run.observe().state is RunState.LOST
    assert run.processes() == set()


def test_what_an_ended_run_left_behind_is_ended_even_if_its_supervisor_could_not(orphan):
    """The runner told its result; the duty of the dead supervisor is done by whoever looks."""
    child = "import subprocess\nsubprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(99)'])\n"
    run = orphan(child + "result('failed', fault='user', code=1)")
    (run.folder / "go").touch()
    wait_for(lambda: not processes.is_same_process(run.runner), what="the end of the runner")
    assert len(run.processes()) == 1
    assert run.observe().state is RunState.FAILED
    assert run.processes() == set()


def test_who_reads_an_ended_run_does_what_its_supervisor_was_killed_over(scripted):
    """The run had ended for everybody before: the end of its record means that no process is left either."""
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); open('deaf', 'w').write('1'); time.sleep(99)"
    script = f"import subprocess, time\nsubprocess.Popen([sys.executable, '-S', '-c', {deaf!r}])\n"
    run = scripted(script + "while not os.path.exists('deaf'): time.sleep(0.02)\nresult('succeeded')")
    assert run.ended().state is RunState.SUCCEEDED
    run.kill_supervisor()
    assert len(run.processes()) == 1
    assert run.engine.read(run.handle, None).at_end
    assert run.processes() == set()


def test_a_result_that_turns_up_late_is_found(orphan):
    """Lost is what is known now, not a verdict for ever."""
    run = orphan("time.sleep(60)")
    processes.end_all(run.processes, grace_s=0)
    assert run.observe().state is RunState.LOST
    other = orphan("result('succeeded')")
    (other.folder / "go").touch()
    other.wait_for_file("result.json")
    (run.folder / "result.json").write_bytes((other.folder / "result.json").read_bytes())
    assert run.observe().state is RunState.SUCCEEDED


@pytest.mark.parametrize("number", [SIGHUP, SIGINT])
def test_signals_of_a_terminal_do_not_reach_the_supervisor(scripted, number):
    """Only a cancel ends a run."""
    run = scripted(UNTIL_TOLD + "result('succeeded')")
    run.wait_for_file("ready")
    processes.signal_process(run.supervisor, number)
    (run.folder / "go").touch()
    assert run.ended().state is RunState.SUCCEEDED


def elsewhere(handle: Handle, **reach: str) -> Handle:
    """Return *handle* as if it came from another place."""
    return replace(handle, reach={**handle.reach, **reach})


@pytest.mark.parametrize(
    ("reach", "state"),
    [
        ({"boot_id": "before"}, RunState.LOST),  # this machine, restarted
        ({"boot_id": "other", "machine": "other"}, None),  # another machine
        ({"pid_namespace": "pid:[1]"}, None),  # another container
    ],
)
def test_only_runs_within_reach_are_judged(orphan, reach, state):
    """A restart of this machine is proof; not to see a process of another one is not."""
    run = orphan("time.sleep(60)")
    seen = run.engine.observe([elsewhere(run.handle, **reach)]).get(run.handle.run)
    assert (seen.state if seen else None) is state
    assert seen is None or "restarted" in seen.reason


def test_a_result_is_seen_from_everywhere(scripted):
    """A shared folder is enough."""
    run = scripted("result('failed', fault='user', code=1)")
    run.ended()
    far = elsewhere(run.handle, machine="other", boot_id="other")
    assert run.engine.observe([far])[far.run].state is RunState.FAILED
    assert run.engine.read(far, None).at_end


def test_a_supervisor_whose_pid_was_given_to_another_process_is_dead(orphan):
    """A number is not an identity."""
    run = orphan("time.sleep(60)")
    processes.end_all(run.processes, grace_s=0)
    impostor = {**run.supervisor, "pid": processes.identify()["pid"]}
    files.write_json(str(run.folder / files.SUPERVISOR), impostor)
    assert run.observe().state is RunState.LOST


def test_a_run_that_was_started_inside_a_run_does_not_end_with_it(scripted, monkeypatch):
    """Each stands on its own."""
    monkeypatch.setenv(files.MARK, "outer")
    inner = scripted(UNTIL_TOLD + "result('succeeded')")
    inner.wait_for_file("ready")
    assert processes.marked(files.MARK, "outer", apart=files.SUPERVISES) == set()
    (inner.folder / "go").touch()
    assert inner.ended().state is RunState.SUCCEEDED
