"""Processes: identities, families, and their end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from signal import SIGKILL

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.testing.requests import wait_for

SLEEP = [sys.executable, "-S", "-c", "import time; print(1, flush=True); time.sleep(60)"]
DEAF = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
]


@pytest.fixture
def start():
    """Give a function that starts a process and have it ended at last."""
    started = []

    def start(command=SLEEP, **options):
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, **options))
        return started[-1]

    yield start
    for process in started:
        with process:
            process.kill()


def test_an_identity_is_json_and_means_one_process(start):
    """It lives, then it does not."""
    process = start()
    identity = json.loads(json.dumps(processes.identify(process.pid)))
    assert processes.is_same_process(identity)
    process.kill()
    process.wait()
    assert not processes.is_same_process(identity)


@pytest.mark.parametrize(
    ("name", "value"), [("started", 1), ("boot_id", "other"), ("pid_namespace", "pid:[1]"), ("pid", 1)]
)
def test_an_identity_with_another_value_is_another_process(name, value):
    """A number that was used again, another boot, another container."""
    assert processes.is_same_process(processes.identify())
    assert not processes.is_same_process({**processes.identify(), name: value})


def test_a_zombie_does_not_live(start):
    """It has ended and only its parent has not heard."""
    process = start()
    identity = processes.identify(process.pid)
    os.kill(process.pid, SIGKILL)
    wait_for(lambda: not processes.is_same_process(identity), what="the end")
    assert process.pid not in processes.descendants(os.getpid())
    assert not processes.signal_process(identity, SIGKILL)


def test_descendants_are_found_in_all_sessions_but_not_apart(start):
    """One that has the name in its environment stands for itself."""
    child, other = start(start_new_session=True), start(env={**os.environ, "APART": "x"})
    found = processes.descendants(os.getpid(), apart="APART")
    assert child.pid in found
    assert other.pid not in found
    assert {child.pid, other.pid} <= processes.descendants(os.getpid())


def test_one_that_just_begins_is_known_by_its_environment(start):
    """Linux shows none while exec builds the new program; many of these are caught in it."""
    for _ in range(30):
        marked = start(env={**os.environ, "APART": "x"})
        assert marked.pid not in processes.descendants(os.getpid(), apart="APART")
        assert marked.pid in processes.marked("APART", "x")


def test_one_with_an_empty_environment_is_nobody_s(start):
    """No name is in it, and none comes later."""
    bare = start(env={})
    assert bare.pid in processes.descendants(os.getpid(), apart="APART")
    assert bare.pid not in processes.marked("APART", "x")


def test_those_marked_are_found_wherever_they_fled(start):
    """With what they started, whatever its environment."""
    fork = "import os, subprocess, sys; p = subprocess.Popen(sys.argv[1:], env={}, stdout=2, start_new_session=True)"
    fork += "\nprint(p.pid, flush=True); p.wait()"
    process = start(
        [sys.executable, "-S", "-c", fork, *SLEEP], env={**os.environ, "MARK": "me"}, start_new_session=True
    )
    grandchild = int(process.stdout.readline())
    assert processes.marked("MARK", "me") == {process.pid, grandchild}
    assert processes.marked("MARK", "m") == set()
    processes.end_all(lambda: processes.marked("MARK", "me"), grace_s=0)


def test_the_deaf_are_killed_when_their_grace_is_over(start):
    """And the call says that there was somebody."""
    process = start(DEAF)
    process.stdout.readline()
    assert processes.end_all(lambda: {process.pid} & processes.descendants(os.getpid()), grace_s=0.1)
    assert process.wait() == -SIGKILL
    assert not processes.end_all(list, grace_s=0.1)


def test_shared_pages_count_for_each_or_once(start):
    """The sum of RSS is never less than that of PSS."""
    other = start()
    other.stdout.readline()  # it grows until then, also between the two sums
    pids = {os.getpid(), other.pid}
    assert processes.memory_bytes(pids) > processes.proportional_bytes(pids) > 1 << 20
