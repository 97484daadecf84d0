"""
What becomes of a run over its limits, by whatever this machine has to keep them: cgroups (v2) or the watchdog.

Which of the two stands at the head of the tests' report.
"""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.config import Config
from mlrun_nb.engines import supervisor_orders, supervisor_start
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.engines.supervisor import cgroup
from mlrun_nb.engines.supervisor.supervise import REFUSED
from mlrun_nb.model.run import Handle
from mlrun_nb.model.settings import Policy, Resources, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for, write_request
from tests.integration.engines.conftest import SCRIPTED, ScriptedRun

LIMIT = Settings(resources=Resources(memory="200Mi"))
RETRIED = Settings(resources=Resources(memory="200Mi"), policy=Policy(retries=1, backoff_s=0.05))


def python(body: str) -> str:
    """Return the command of a Python that executes *body*, for a script."""
    return f"[sys.executable, '-S', '-c', {dedent(body)!r}]"


HUNGRY = python("import time; block = bytearray(400 << 20); time.sleep(60)")
MANY = python("import time; block = bytearray(60 << 20); time.sleep(60)")
COPING = python(f"import subprocess, sys, time; subprocess.run({HUNGRY}); time.sleep(60)")
FLEEING = python(f"import subprocess, sys; subprocess.Popen({HUNGRY}, start_new_session=True, env={{}})")
REPORTS = "\nresult('failed', fault='resources', cls='KernelDied', code=5)"
"""What a runner does whose kernel is dead."""


def cgroups(run: ScriptedRun) -> list[Path]:
    """Return the cgroups of a run that are left on this machine."""
    return list(Path(cgroup.ROOT).rglob(f"mlrun-nb-{run.handle.run}*"))


def wait_until_gone(run: ScriptedRun) -> None:
    """Wait until no process of the run and no cgroup is left."""
    wait_for(lambda: not run.processes() and not cgroups(run), what="the end of all that the run had")


@pytest.mark.parametrize(
    "script",
    [
        f"import subprocess\nsubprocess.run({HUNGRY})" + REPORTS,
        f"import subprocess\nfor child in [subprocess.Popen({MANY}) for _ in range(6)]: child.wait()" + REPORTS,
        f"import subprocess\nsubprocess.run({COPING})" + REPORTS,
        f"import subprocess, time\nsubprocess.run({FLEEING})\ntime.sleep(60)",
        "import time\nblock = bytearray(400 << 20)\ntime.sleep(60)",
    ],
    ids=["the kernel", "many together", "a child that the kernel would do without", "a child that fled", "the runner"],
)
def test_a_run_over_its_limit_ends_as_out_of_memory(scripted, script):
    """Whichever of its processes it was; with the limit in its words, and nothing left behind."""
    run = scripted(script, settings=LIMIT)
    seen = run.ended()
    assert (seen.state, seen.error.cls, seen.error.fault) == (RunState.FAILED, "OutOfMemory", "resources")
    assert "its memory limit is `200Mi`" in seen.error.summary
    assert seen.result.peak_memory_bytes >= 200 << 20
    wait_until_gone(run)


@pytest.mark.parametrize(
    "end", ["result('succeeded')", "result('failed', fault='user', code=1)", "os.kill(os.getpid(), 9)"]
)
def test_nothing_is_left_of_a_run_below_its_limit(scripted, end):
    """However it ended."""
    run = scripted(f"block = bytearray(100 << 20)\n{end}", settings=LIMIT)
    assert run.ended().error is None or run.ended().error.cls != "OutOfMemory"
    wait_until_gone(run)


def test_nothing_is_left_of_a_run_that_could_not_be_started(scripted):
    """Its limits were prepared before."""
    run = scripted("", settings=LIMIT, python="/nowhere/python")
    assert run.ended().error.cls == "RunnerNotStarted"
    wait_until_gone(run)


def test_the_next_attempt_is_not_blamed_for_the_last_one(scripted):
    """Each attempt is measured by itself."""
    too_much = "    import time\n    block = bytearray(400 << 20)\n    time.sleep(60)"
    run = scripted(f"if ATTEMPT == 1:\n{too_much}\nresult('succeeded')", settings=RETRIED)
    seen = run.ended()
    assert (seen.state, seen.attempt) == (RunState.SUCCEEDED, 2)
    wait_until_gone(run)


def test_whoever_looks_clears_away_what_a_dead_supervisor_left(scripted):
    """Supervisor and runner were killed."""
    run = scripted("import time\nopen('ready', 'w').write('1')\ntime.sleep(60)", settings=LIMIT)
    run.wait_for_file("ready")
    runner = run.runner
    run.kill_supervisor()
    processes.end_all(lambda: [runner["pid"]] if processes.is_same_process(runner) else [], grace_s=0)
    assert run.observe().state is RunState.LOST
    wait_until_gone(run)


INSIDE = """
import json, sys
from pathlib import Path
from mlrun_nb._lib.records import from_json
from mlrun_nb.config import Config
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.model.run import RunRequest
folder = Path({folder!r})
request = from_json(RunRequest, json.loads((folder / "request.json").read_bytes()))
engine = LocalEngine(Config(home=folder / "home", store="memory://"), runner_command={command!r}, grace_s=0.2)
engine.submit([request])
"""


@pytest.fixture
def unstarted(tmp_path):
    """Give a function that prepares a run which somebody else starts: it ends when the file `go` is there."""

    def prepare(script: str, settings: Settings) -> ScriptedRun:
        request = write_request(tmp_path / "unstarted", "pass", settings=settings)
        folder = Path(request.run_directory)
        (folder / "script.py").write_text(script)
        engine = LocalEngine(Config(home=tmp_path / "home", store="memory://"), runner_command=SCRIPTED, grace_s=0.2)
        data = {"run_directory": str(folder)}
        return ScriptedRun(
            engine, Handle(engine="local", run=request.id, reach=processes.place(), data=data), folder, request
        )

    return prepare


@pytest.mark.parametrize("settings", [Settings(), LIMIT], ids=["without a limit", "with one"])
def test_a_run_that_was_started_inside_a_limited_run_does_not_end_with_it(scripted, unstarted, settings):
    """It stands on its own, whatever becomes of the outer one."""
    inner = unstarted("import time\nwhile not os.path.exists('go'): time.sleep(0.02)\nresult('succeeded')", settings)
    starts = [sys.executable, "-c", INSIDE.format(folder=str(inner.folder), command=SCRIPTED)]
    outer = scripted(f"import subprocess\nsubprocess.run({starts!r}, check=True)\nresult('succeeded')", settings=LIMIT)
    assert outer.ended().state is RunState.SUCCEEDED
    wait_until_gone(outer)
    wait_for(lambda: not processes.is_same_process(outer.supervisor), what="the end of the outer supervisor")
    assert processes.is_same_process(inner.supervisor)
    (inner.folder / "go").touch()
    assert inner.ended().state is RunState.SUCCEEDED
    wait_until_gone(inner)


def test_where_the_system_refuses_a_cgroup_the_watchdog_keeps_the_limit_and_the_run_says_so(unstarted):
    """What was foretold does not come true, but the limit is kept."""
    run = unstarted("import time\nblock = bytearray(400 << 20)\ntime.sleep(60)", LIMIT)
    orders = supervisor_orders.make(run.request, SCRIPTED, grace_s=0.2)
    supervisor_orders.write(run.folder, {**orders, "cgroup": str(run.folder / "nowhere")})
    supervisor_start.start(run.folder, run=run.handle.run).wait()
    assert run.ended().error.cls == "OutOfMemory"
    assert [event.data["text"] for event in run.events() if event.type == "notice"] == [REFUSED]
