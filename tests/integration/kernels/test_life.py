"""How a helper begins and ends, and what it costs when it does so at the wrong moment: time, and nothing else."""

from __future__ import annotations

import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from mlrun_nb.config import Config, Warm
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.kernels import client, kindle, learned, wire
from mlrun_nb.kernels.key import key_of, name_of
from mlrun_nb.model.states import RunState
from mlrun_nb.testing.requests import wait_for, wait_until_ended, write_request
from tests.integration.kernels.conftest import Warmth, kindled

PRINT = "print('here')"


@pytest.fixture
def environment(home, monkeypatch):
    """Return an environment of the test's own, in which there may be helpers."""
    monkeypatch.setenv("MLRUN_NB_WARM", "on")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    return dict(os.environ)


@pytest.fixture
def own_helper(environment):
    """Return a helper of the test's own."""
    warmth = kindled(environment)
    yield warmth
    warmth.stop()


def is_gone(pid):
    """Tell whether process *pid* is no more; a zombie still is."""
    return not Path(f"/proc/{pid}").exists()


def run(tmp_path, code=PRINT):
    """Return the state of a finished run of the engine, warm or not."""
    engine = LocalEngine(Config(home=tmp_path / "home", store="memory://", warm=Warm(mode="on")))
    request = write_request(tmp_path, code)
    handle = engine.submit([request])[request.id]
    return wait_until_ended(engine, handle).state


def test_a_helper_ends_when_nobody_asks_and_leaves_nothing(environment, tmp_path):
    """Neither a process nor a socket."""
    helper = kindled(environment, idle_s=1.0)
    pid = helper.about()["pid"]
    wait_for(lambda: is_gone(pid), what="the end of an idle helper")
    assert list(Path(client.folder_of(environment)).glob("*.sock")) == []
    assert run(tmp_path) is RunState.SUCCEEDED


def test_only_one_helper_is_started_for_a_key(own_helper):
    """A second wish finds the first fulfilled."""
    assert not kindle.kindle(own_helper.environment)


def test_its_folder_and_socket_are_the_users_alone(own_helper):
    """0700 and 0600; a folder that others may enter is not trusted."""
    folder = Path(client.folder_of(own_helper.environment))
    sockets = list(folder.glob("*.sock"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in sockets] == [0o600]
    folder.chmod(0o755)
    assert own_helper.about() == {}
    folder.chmod(0o700)


def test_another_users_process_is_refused(own_helper, tmp_path):
    """By the kernel's word on who is at the other end, whatever the permissions say."""
    folder = Path(client.folder_of(own_helper.environment))
    name = next(folder.glob("*.sock")).name
    if os.geteuid() != 0:
        return  # only root can be somebody else
    for path in (*folder.parents, folder):
        if path.is_relative_to(Path("/tmp")) and path != Path("/tmp"):
            path.chmod(0o755)
    (folder / name).chmod(0o666)
    child = os.fork()
    if not child:
        os.setresuid(65534, 65534, 65534)
        try:
            connection = wire.Socket(1, 1)
            connection.settimeout(5)
            connection.connect(str(folder / name))
            wire.send(connection, {"verb": "about", "key": key_of(own_helper.environment)})
            os._exit(1 if wire.receive(connection) else 0)
        except OSError:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    folder.chmod(0o700)
    assert own_helper.about()["pid"]


def test_a_killed_helper_costs_nothing_but_time(environment, tmp_path):
    """Children go on; the next start is an ordinary one; the socket that is left is in nobody's way."""
    helper = kindled(environment)
    engine = LocalEngine(Config(home=tmp_path / "home", store="memory://", warm=Warm(mode="on")))
    request = write_request(tmp_path, "import time; open('begun', 'w'); time.sleep(1); print('done')")
    handle = engine.submit([request])[request.id]
    wait_for((Path(request.run_directory) / "begun").exists, what="the cell's beginning")
    os.kill(pid := helper.about()["pid"], signal.SIGKILL)
    wait_for(lambda: is_gone(pid), what="the helper's death")
    assert wait_until_ended(engine, handle).state is RunState.SUCCEEDED
    assert len(list(Path(client.folder_of(environment)).glob("*.sock"))) == 1
    assert run(tmp_path) is RunState.SUCCEEDED
    again = kindled(environment)
    assert again.about()["pid"] != pid
    again.stop()


def test_a_child_tells_its_exit_code_when_its_helper_is_dead(own_helper, tmp_path):
    """The command line of a person who waits ends with the right code."""
    code = f"import os, signal, sys\nos.kill({own_helper.about()['pid']}, signal.SIGKILL)\nsys.exit(7)"
    assert own_helper.run(code, folder=tmp_path, ends_at_once=True)[0] == 7


def test_a_helper_that_is_told_to_stop_sees_its_clients_to_the_end(environment, tmp_path):
    """Whoever waits is told; nobody new is served, and another helper may take the place."""
    helper = kindled(environment)
    pid = helper.about()["pid"]
    code = "import sys, time\nopen(sys.argv[1], 'w')\ntime.sleep(1)\nsys.exit(4)"
    import threading

    ended = []
    begun = tmp_path / "begun"
    thread = threading.Thread(target=lambda: ended.append(helper.run(code, str(begun), folder=tmp_path)[0]))
    thread.start()
    wait_for(begun.exists, what="the child's beginning")
    client.tell(environment, verb="stop")
    wait_for(lambda: not helper.about(), what="a helper that serves nobody")
    thread.join()
    assert ended == [4]
    wait_for(lambda: is_gone(pid), what="the helper's end")


def test_an_installation_makes_a_helper_out_of_date(environment, tmp_path):
    """Its key is no longer the one that starts have, and it finds that out itself."""
    packages = tmp_path / "site-packages"
    packages.mkdir()
    environment["PYTHONPATH"] += os.pathsep + str(packages)
    helper = _helper_with_path(environment, packages)
    pid = helper["pid"]
    (packages / "new-1.0.dist-info").mkdir()
    client.tell(environment, verb="about")
    os.kill(pid, signal.SIGCHLD)  # anything that wakes it
    wait_for(lambda: is_gone(pid), what="the end of the helper")


def _helper_with_path(environment, packages):
    """Start a helper from a process that has *packages* on its path, and return what it says of itself."""
    import subprocess

    code = "import os, json; from mlrun_nb.kernels import kindle; kindle.kindle(os.environ)"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    ask = (
        "import os, json; from mlrun_nb.kernels import client; print(json.dumps(client.tell(os.environ, verb='about')))"
    )

    def about():
        import json

        return json.loads(
            subprocess.run([sys.executable, "-c", ask], env=environment, check=True, capture_output=True).stdout
        )

    return wait_for(about, what="a helper")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("import threading, time; threading.Thread(target=time.sleep, args=(99,), daemon=True).start()", "a thread"),
        ("import socket; held = socket.socket()", "opens"),
        ("import subprocess, sys; child = subprocess.Popen(['sleep', '99'])", "a process"),
    ],
)
def test_a_module_that_must_not_be_forked_is_found_out_and_left_out(environment, tmp_path, body, reason):
    """By what its import leaves behind; noted, with the reason, and the helper is there without it."""
    packages = tmp_path / "site-packages"
    packages.mkdir()
    (packages / "restless.py").write_text(body)
    (packages / "quiet.py").write_text("")
    environment["PYTHONPATH"] += os.pathsep + str(packages)
    notes = learned.file_for(environment["MLRUN_NB_HOME"])
    learned.add_used(notes, ["restless", "quiet", "no_such_module"])
    about = _helper_with_path(environment, packages)
    assert reason in about["unsafe"]["restless"]
    assert "quiet" in about["seconds"]
    assert "restless" not in about["seconds"]
    os.kill(about["pid"], signal.SIGTERM)


def test_a_socket_that_leads_nowhere_is_an_ordinary_start(environment, tmp_path):
    """Left by a machine that lost power, say."""
    folder = Path(client.folder_of(environment))
    folder.mkdir(mode=0o700, parents=True)
    wire.listen(str(folder), f"{name_of(key_of(environment))}.sock").close()
    assert Warmth(environment).about() == {}
    assert run(tmp_path) is RunState.SUCCEEDED
    kindled(environment).stop()


def test_what_runs_import_is_loaded_next_time(environment, tmp_path):
    """Learned from the cells, by the runner; the next helper has it."""
    assert run(tmp_path, "import numpy.linalg as la\nfrom json import tool") is RunState.SUCCEEDED
    wait_for(lambda: learned.Notes(_notes(tmp_path), installed="").modules(), what="notes")
    assert {"numpy.linalg", "json", "json.tool"} <= set(learned.Notes(_notes(tmp_path), installed="").modules())


def _notes(tmp_path):
    return learned.file_for(str(tmp_path / "home"))
