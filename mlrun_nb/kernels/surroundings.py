"""
What a process inherits from who starts it, beside its environment: looked at in one process, put in place in another.

Working directory, umask, limits, CPUs, niceness, signals that are ignored or held back.
"""

from __future__ import annotations

import os
from typing import Any

_AS_PYTHON_STARTS = 1 << (13 - 1) | 1 << (25 - 1)
"""SIGPIPE and SIGXFSZ, which every Python ignores; a parent that is one has said nothing by it."""


def look() -> dict[str, Any]:
    """Return this process's surroundings; raises OSError where there is no working directory any more."""
    status = _status()
    return {
        "directory": os.getcwd(),
        "umask": int(status["Umask"], 8),
        "ignored": int(status["SigIgn"], 16) & ~_AS_PYTHON_STARTS,
        "blocked": int(status["SigBlk"], 16),
        "limits": _limits(),
        "cpus": sorted(os.sched_getaffinity(0)),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
    }


def take(surroundings: dict[str, Any]) -> None:
    """Put *surroundings* in place, but for signals; raises OSError or ValueError for what this process may not have."""
    import resource

    here = _limits()
    for number, limits in surroundings["limits"].items():
        if here[number] != limits:
            resource.setrlimit(number, limits)
    if surroundings["nice"] != os.getpriority(os.PRIO_PROCESS, 0):
        os.setpriority(os.PRIO_PROCESS, 0, surroundings["nice"])
    if surroundings["cpus"] != sorted(os.sched_getaffinity(0)):
        os.sched_setaffinity(0, surroundings["cpus"])
    os.umask(surroundings["umask"])
    os.chdir(surroundings["directory"])


def _status() -> dict[str, str]:
    with open("/proc/thread-self/status", encoding="utf-8", errors="replace") as file:
        return dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)


def _limits() -> dict[int, tuple[int, int]]:
    import resource

    numbers = {getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}
    return {number: resource.getrlimit(number) for number in sorted(numbers)}
