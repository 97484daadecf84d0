"""
The first milliseconds of a supervisor: leave the parent, take the run's lock, start the runner, say so.

Everything heavier is imported while the runner starts. Called by the engine `local` as a program of its own, with the
run directory as working directory; what it prints on stdout, one word, is its answer to the engine.
"""

from __future__ import annotations

import fcntl
import os
import sys

from mlrun_nb._lib import processes
from mlrun_nb.engines.supervisor import cgroup, files
from mlrun_nb.engines.supervisor.bell import Bell
from mlrun_nb.engines.supervisor.launch import begin

READY = "ready"
HELD = "held"
"""Answers: the run is in good hands; another supervisor holds it."""


def main() -> None:
    """Supervise the run in the working directory until it has ended; returns at once when somebody else does."""
    if os.fork():
        os._exit(0)  # the child belongs to nobody now: no zombie is left to whoever started us
    lock = os.open(files.LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _answer(HELD)
        return
    if outside := os.environ.get(files.OUTSIDE):
        cgroup.leave(outside)
    bell, host = Bell(), files.take_host()
    orders = files.read_orders()
    if orders is None:
        sys.exit("there are no readable orders")
    state = files.read_state()  # there is one: a supervisor before this one began the attempt
    files.write_json(files.SUPERVISOR, processes.identify())
    own = state is None
    if own and not os.path.exists(files.CANCEL):
        state = begin(orders, attempt=1)
    _answer(READY)
    become_reaper()

    from mlrun_nb.engines.supervisor.supervise import Supervisor

    Supervisor(bell, orders, host).run(state, own=own)


def _answer(word: str) -> None:
    sys.stdout.write(word)
    sys.stdout.flush()
    os.dup2(2, 1)  # whoever asked has what it waited for, and reads no further


def become_reaper() -> None:
    """Have orphans below us become our children, so that no process of the run escapes (Linux; see man 2 prctl)."""
    if sys.platform == "linux":
        import ctypes

        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)
