"""
A cgroup of its own for an attempt, where this process may make one (cgroup v2, handed to the user).

The kernel then keeps memory and CPU limits exactly, for every process of the run. Everything here may be refused by the
system; then it says so and the caller has other means. Source: Linux, admin-guide/cgroup-v2.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

PERIOD_US = 100_000
SHORTEST_QUOTA_US = 1_000
"""The kernel refuses less."""
ROOT = "/sys/fs/cgroup"
OWN = "/proc/self/cgroup"
NAME = "mlrun-nb-"
"""What the names of all our cgroups begin with."""
PATIENCE_S = 5.0
"""How long a killed process may take to be gone."""


def parent(root: str = ROOT, own: str = OWN, *, cpu: bool = False) -> str:
    """
    Return the nearest cgroup above this process in which it may make others with a memory limit, or nothing.

    With *cpu* one that gives them a CPU limit too is preferred: a desktop's session has that further up.
    """
    found = [folder for folder in _upward(root, own) if _hands_out(folder, "memory") and _writable(folder)]
    return next((folder for folder in found if cpu and can_limit_cpu(folder)), next(iter(found), ""))


def can_limit_cpu(above: str) -> bool:
    """Tell whether cgroups made in the folder *above* may have a CPU limit."""
    return _hands_out(above, "cpu")


def make(folder: str, *, memory_bytes: int | None, cores: float | None) -> bool:
    """Make the cgroup *folder* with those of these limits that its parent hands out; returns whether it may."""
    try:
        os.mkdir(folder)
        if memory_bytes is not None:
            _write(folder, "memory.max", str(memory_bytes))
            with contextlib.suppress(OSError):  # a kernel without swap accounting has no such file
                _write(folder, "memory.swap.max", "0")
        if cores is not None and can_limit_cpu(os.path.dirname(folder)):
            _write(folder, "cpu.max", f"{max(int(cores * PERIOD_US), SHORTEST_QUOTA_US)} {PERIOD_US}")
    except OSError:
        return False
    return True


def enter(folder: str, pid: int) -> bool:
    """Put *pid* and all that it starts from now on into the cgroup; returns whether it was allowed to."""
    try:
        _write(folder, "cgroup.procs", str(pid))
    except OSError:
        return False
    return True


def leave(outside: str) -> None:
    """Move this process to the cgroup *outside* if it was started inside a run that has a cgroup of its own."""
    if os.path.basename(_own(ROOT, OWN)).startswith(NAME):
        enter(outside, os.getpid())


def here() -> str:
    """Return the folder of the cgroup of this process, or nothing."""
    return _own(ROOT, OWN)


class MemoryEvents:
    """
    What the kernel counts of a cgroup's memory limit.

    `alarm` holds what a `select` for exceptional conditions may wait for; it is empty where the kernel keeps no limit.
    """

    def __init__(self, folder: str) -> None:
        self.alarm: list[int] = []
        with contextlib.suppress(OSError):
            self.alarm = [os.open(os.path.join(folder, "memory.events"), os.O_RDONLY)] if folder else []

    def is_over(self) -> bool | None:
        """
        Tell whether the kernel ended a process because of the cgroup's own limit; None where it does not keep it.

        One that it ended because the machine, or a cgroup above, ran out of memory counts as `oom_kill` only.
        """
        if not self.alarm:
            return None
        try:
            lines = os.pread(self.alarm[0], 4096, 0).decode().splitlines()  # sets the alarm again, too
        except OSError:  # who owns the cgroup above has taken its memory limits away
            self.close()
            return None
        counts = dict(line.split() for line in lines)
        return all(int(counts.get(name, 0)) > 0 for name in ("oom", "oom_kill"))

    def close(self) -> None:
        """Read no more."""
        while self.alarm:
            os.close(self.alarm.pop())


def peak_bytes(folder: str) -> int:
    """Return the most memory that the cgroup held; 0 where the kernel (before 5.19) does not say."""
    text = _read(folder, "memory.peak").strip()
    return int(text) if text.isdigit() else 0


def kill(folder: str) -> None:
    """End all processes of the cgroup at once, if the kernel (from 5.14) can."""
    with contextlib.suppress(OSError):
        _write(folder, "cgroup.kill", "1")


def end(folder: str) -> None:
    """End all processes of the cgroup and remove it, with those that the run made in it."""
    kill(folder)
    deadline = time.monotonic() + PATIENCE_S
    while not _removed(folder) and time.monotonic() < deadline:
        time.sleep(0.01)


def _removed(folder: str) -> bool:
    """Remove a cgroup, which the kernel refuses while a process is in it; returns whether it is gone."""
    with contextlib.suppress(OSError):
        for inner, _, _ in os.walk(folder, topdown=False):
            os.rmdir(inner)
    return not os.path.exists(folder)


def _upward(root: str, own: str) -> Iterator[str]:
    folder = _own(root, own)
    while folder.startswith(root):
        yield folder
        folder = os.path.dirname(folder) if folder != root else ""


def _own(root: str, own: str) -> str:
    try:
        with open(own, encoding="utf-8") as file:
            return next((root + line[3:].strip().rstrip("/") for line in file if line.startswith("0::/")), "")
    except OSError:
        return ""


def _hands_out(folder: str, controller: str) -> bool:
    return controller in _read(folder, "cgroup.subtree_control").split()


def _writable(folder: str) -> bool:
    return os.access(folder, os.W_OK) and os.access(os.path.join(folder, "cgroup.procs"), os.W_OK)


def _read(folder: str, name: str) -> str:
    try:
        with open(os.path.join(folder, name), encoding="ascii") as file:
            return file.read()
    except OSError:
        return ""


def _write(folder: str, name: str, text: str) -> None:
    with open(os.path.join(folder, name), "w", encoding="ascii") as file:
        file.write(text)
