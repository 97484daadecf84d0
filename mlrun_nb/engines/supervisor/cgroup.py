# ruff: noqa: PTH
# imported before the runner starts; pathlib costs 10 ms
"""
A cgroup of its own for an attempt, where this process may make one (cgroup v2, delegated to the user).

The kernel then keeps memory and CPU limits exactly, for every process of the run. Everything here may be refused by the
system; then it returns nothing and the caller has other means. Source: Linux, admin-guide/cgroup-v2.
"""

from __future__ import annotations

import contextlib
import os

PERIOD_US = 100_000
ROOT = "/sys/fs/cgroup"
OWN = "/proc/self/cgroup"


def parent(root: str = ROOT, own: str = OWN) -> str:
    """Return the nearest cgroup above this process in which it may make others with a memory limit, or nothing."""
    folder = _own(root, own)
    while folder and folder.startswith(root):
        if "memory" in _read(folder, "cgroup.subtree_control").split() and _writable(folder):
            return folder
        if folder == root:
            break
        folder = os.path.dirname(folder)
    return ""


def can_limit_cpu(above: str) -> bool:
    """Tell whether cgroups made in the folder *above* may have a CPU limit."""
    return "cpu" in _read(above, "cgroup.subtree_control").split()


def make(run: str, *, memory_bytes: int | None, cores: float | None, parent_folder: str | None = None) -> str:
    """Make a cgroup with these limits and return its folder; nothing where it may not be made or not limit memory."""
    above = parent() if parent_folder is None else parent_folder
    if not above:
        return ""
    folder = os.path.join(above, f"mlrun-nb-{run}")
    try:
        os.makedirs(folder, exist_ok=True)
        if memory_bytes is not None:
            _write(folder, "memory.max", str(memory_bytes))
            with contextlib.suppress(OSError):  # a kernel without swap accounting has no such file
                _write(folder, "memory.swap.max", "0")
        if cores is not None and can_limit_cpu(above):
            _write(folder, "cpu.max", f"{int(cores * PERIOD_US)} {PERIOD_US}")
    except OSError:
        remove(folder)
        return ""
    return folder


def enter(folder: str, pid: int) -> str:
    """Put *pid* and all that it starts from now on into the cgroup; returns its folder, nothing if refused."""
    try:
        _write(folder, "cgroup.procs", str(pid))
    except OSError:
        remove(folder)
        return ""
    return folder


def kills(folder: str) -> int:
    """Return how many processes of the cgroup the kernel ended because of the memory limit."""
    lines = (line.split() for line in _read(folder, "memory.events").splitlines())
    return next((int(count) for name, count in lines if name == "oom_kill"), 0)


def peak_bytes(folder: str) -> int:
    """Return the most memory that the cgroup held; 0 where the kernel (before 5.19) does not say."""
    text = _read(folder, "memory.peak").strip()
    return int(text) if text.isdigit() else 0


def kill(folder: str) -> None:
    """End all processes of the cgroup at once, if the kernel (from 5.14) can."""
    with contextlib.suppress(OSError):
        _write(folder, "cgroup.kill", "1")


def remove(folder: str) -> None:
    """Remove the cgroup; one that still has processes stays."""
    with contextlib.suppress(OSError):
        os.rmdir(folder)


def _own(root: str, own: str) -> str:
    try:
        with open(own, encoding="utf-8") as file:
            return next((root + line[3:].strip().rstrip("/") for line in file if line.startswith("0::/")), "")
    except OSError:
        return ""


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
