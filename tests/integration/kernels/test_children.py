"""What a child of a helper is: to all who look, an ordinary start; and nothing of another's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mlrun_nb.kernels import client
from mlrun_nb.testing.requests import wait_for
from tests.integration.kernels.conftest import LIBRARIES

LOOK = """
import json, os, random, signal, sys, threading
import numpy
print(json.dumps({
    "random": random.random(), "numpy": numpy.random.random(),
    "threads": threading.active_count(), "tasks": len(os.listdir("/proc/self/task")),
    "files": [n for n in os.listdir("/proc/self/fd") if int(n) > 2 and os.path.lexists(f"/proc/self/fd/{n}")],
    "ignored": [n for n in signal.valid_signals() if signal.getsignal(n) is signal.SIG_IGN],
    "caught": [n for n in signal.valid_signals() if callable(signal.getsignal(n))],
    "session": [os.getpid(), os.getsid(0), os.getpgid(0)], "main": sorted(vars(sys.modules["__main__"]))[:3],
    "argv": sys.argv, "path": sys.path,
}))
"""


def look(helper, folder, **order):
    """Return what a child sees of itself."""
    status, said = helper.run(LOOK, "a", "b", folder=folder, **order)
    assert status == 0, said
    return json.loads(said)


def test_each_child_draws_its_own_numbers(helper, tmp_path):
    """Python's generator and numpy's are seeded anew; the same numbers in all runs would be a silent disaster."""
    seen = [look(helper, tmp_path) for _ in range(3)]
    assert len({child["random"] for child in seen}) == len({child["numpy"] for child in seen}) == 3


def test_nothing_of_the_helper_is_inherited(helper, tmp_path):
    """No socket, no pipe, no thread, no handler; what is ignored is what we ignore who ask."""
    child = look(helper, tmp_path)
    ignored = [number for number in sorted(signal.valid_signals()) if signal.getsignal(number) is signal.SIG_IGN]
    assert (child["threads"], child["tasks"]) == (1, 1)
    assert child["files"] == []
    assert child["ignored"] == ignored
    assert child["caught"] == ([] if signal.SIGINT in ignored else [signal.SIGINT])


def test_words_and_path_are_those_of_an_ordinary_start(helper, tmp_path):
    """`sys.argv` as given; PYTHONPATH before the rest, and the program's folder nowhere."""
    child = look(helper, tmp_path)
    assert child["argv"] == [str(tmp_path / "program.py"), "a", "b"]
    assert child["path"][0] == helper.environment["PYTHONPATH"]
    assert "" not in child["path"]


@pytest.mark.parametrize(
    ("session", "leads"), [("session", (True, True)), ("group", (False, True)), ("", (False, False))]
)
def test_a_child_leads_what_it_is_asked_to_lead(helper, tmp_path, session, leads):
    """A session of its own for a supervisor, a group for a kernel."""
    pid, leader, group = look(helper, tmp_path, session=session)["session"]
    assert (leader == pid, group == pid) == leads


SURROUNDINGS = """
import os, resource
mask = os.umask(0)
print(os.getcwd(), oct(mask), resource.getrlimit(resource.RLIMIT_NOFILE)[0], os.getpriority(os.PRIO_PROCESS, 0))
print(sorted(os.sched_getaffinity(0)), os.environ["WHO"], os.environ.get("MLRUN_NB_ROOM"))
"""
ASK = """
import os, resource, sys
from mlrun_nb.kernels import client
os.umask(0o027); os.chdir(sys.argv[1]); os.nice(3); os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
resource.setrlimit(resource.RLIMIT_NOFILE, (321, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
order = {"entry": "tests.integration.kernels.program:main", "argv": [sys.argv[2]], "bound": True}
given = client.ask(order, [0, 1, 2], {**os.environ, "WHO": "me"})
sys.exit(given.status())
"""


def test_a_child_has_the_surroundings_of_who_asked(helper, tmp_path):
    """Working directory, umask, limits, niceness and CPUs of the client, not of the helper."""
    (tmp_path / "look.py").write_text(SURROUNDINGS)
    command = [sys.executable, "-c", ASK, str(tmp_path), str(tmp_path / "look.py")]
    said = subprocess.run(command, env=dict(helper.environment), capture_output=True, text=True, check=True).stdout
    first = min(os.sched_getaffinity(0))
    assert said.splitlines() == [f"{tmp_path} 0o27 321 3", f"[{first}] me None"]


def test_ignored_signals_stay_ignored(helper, tmp_path):
    """`nohup` means what it says."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert signal.SIGHUP in look(helper, tmp_path)["ignored"]
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_a_child_ends_as_an_interpreter_ends(helper, tmp_path):
    """Exit handlers are called, threads waited for, and what was written to an open file is there."""
    code = """
import atexit, sys, threading, time
file = open(sys.argv[1], "w"); file.write("kept")
atexit.register(lambda: print("handler"))
threading.Thread(target=lambda: (time.sleep(0.1), print("thread"))).start()
sys.exit(5)
"""
    status, said = helper.run(code, str(tmp_path / "file"), folder=tmp_path)
    assert (status, said.split()) == (5, ["thread", "handler"])
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("import os; os._exit(9)", 9),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("1 / 0", 1),
        ("raise SystemExit('x')", 1),
    ],
)
def test_the_status_of_a_child_is_told(helper, tmp_path, code, status):
    """Exit codes and signals, as `wait` would have it."""
    assert helper.run(code, folder=tmp_path)[0] == status


USE = {
    "a matrix product with threads": """
import numpy as np, threadpoolctl
a = np.random.default_rng(1).random((400, 400))
assert np.allclose(a @ np.linalg.inv(a), np.eye(400))
assert {i["num_threads"] for i in threadpoolctl.threadpool_info()} == {2}
""",
    "a frame through Parquet with threads": """
import sys, pandas as pd, pyarrow as pa, pyarrow.parquet
frame = pd.DataFrame({"a": range(200_000), "b": [str(i % 97) for i in range(200_000)]})
frame.to_parquet(sys.argv[1]); back = pd.read_parquet(sys.argv[1])
pd.testing.assert_frame_equal(frame, back); assert pa.cpu_count() >= 1
assert pyarrow.parquet.read_table(sys.argv[1], use_threads=True).num_rows == 200_000
assert frame.groupby("b").a.sum().sum() == sum(range(200_000))
""",
    "an estimator with OpenMP and processes": """
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
x = np.random.default_rng(0).random((2000, 5)); y = (x[:, 0] > 0.5).astype(int)
assert HistGradientBoostingClassifier(max_iter=10).fit(x, y).score(x, y) > 0.95
assert RandomForestClassifier(10, n_jobs=2).fit(x, y).score(x, y) > 0.95
""",
    "a figure": """
import sys, matplotlib.pyplot as plt
figure, axes = plt.subplots(); axes.plot([1, 2, 3]); figure.savefig(sys.argv[1], format="png")
assert open(sys.argv[1], "rb").read(4) == b"\\x89PNG"
""",
    "processes of its own": """
import concurrent.futures, subprocess, sys
with concurrent.futures.ProcessPoolExecutor(2) as pool: assert list(pool.map(abs, [-1, -2])) == [1, 2]
assert subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True).stdout == b"1\\n"
""",
}


@pytest.mark.parametrize("what", USE)
def test_loaded_libraries_work_in_a_child(helper, tmp_path, what):
    """numpy, pandas, pyarrow, scikit-learn and matplotlib were imported before the fork and are used after it."""
    assert helper.about()["unsafe"] == {}
    assert set(LIBRARIES) <= set(helper.about()["seconds"])
    environment = {**helper.environment, "OMP_NUM_THREADS": "2", "MPLBACKEND": "agg"}
    order = {"environment": environment, "uses_threads": True}
    status, said = helper.run(USE[what], str(tmp_path / "file"), folder=tmp_path, **order)
    assert status == 0, said


def test_a_child_whose_client_dies_is_ended(helper, tmp_path):
    """It stood for that process: kill the one, and the other has no reason to live."""
    (tmp_path / "sleep.py").write_text("import os, time; print(os.getpid(), flush=True); time.sleep(60)")
    command = [sys.executable, "-c", ASK, str(tmp_path), str(tmp_path / "sleep.py")]
    with subprocess.Popen(command, env=dict(helper.environment), stdout=subprocess.PIPE, text=True) as process:
        pid = int(process.stdout.readline())
        process.kill()
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), what="the end of the child")


def test_a_client_that_nobody_answers_gets_no_child(helper, tmp_path):
    """A helper that hangs costs patience, and nothing is started twice: what it does later finds nobody."""
    pid = helper.about()["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        order = {"entry": "tests.integration.kernels.program:main", "argv": ["/nowhere"]}
        assert client.ask(order, [0, 1, 2], helper.environment) is None
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for(lambda: helper.about().get("living") == 0, what="the refused child's end")


def test_another_environment_is_served_by_nobody(helper):
    """The key is compared whole: a variable that numpy reads when it is imported makes another helper."""
    environment = {**helper.environment, "NPY_DISABLE_CPU_FEATURES": "AVX512F"}
    assert client.ask({"entry": "os:getpid", "argv": []}, [0, 1, 2], environment) is None


KILLED = """
import os, signal
from mlrun_nb.kernels.birth import Birth
from mlrun_nb.kernels.fork import Child, fork
for _ in range(50):
    birth = Birth(entry="signal:pause", argv=["x"], environment=dict(os.environ), files=[0, 1, 2], session="group")
    child = Child(fork(birth))
    os.killpg(child.pid, signal.SIGKILL)
    assert child.wait(10) == -signal.SIGKILL
print("all")
"""


def test_a_group_can_be_killed_from_the_first_moment(helper, tmp_path):
    """A run that fails while its kernel is being born would else wait for that kernel for ever."""
    assert helper.run(KILLED, folder=tmp_path) == (0, "all\n")
