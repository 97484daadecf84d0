"""How many cores this process may use: its affinity, and a container's share of the machine."""

from __future__ import annotations

import math
import os
from pathlib import Path

_V2 = Path("/sys/fs/cgroup/cpu.max")
_V1 = Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us")


def usable_cores() -> int:
    """Return the number of cores, at least 1; a share of a core counts as one."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(affinity, _share() or affinity))


def _share() -> int:
    """Return the cores that the cgroup of a container may use, 0 for as many as there are."""
    try:
        quota, period = _V2.read_text("ascii").split() if _V2.exists() else [path.read_text("ascii") for path in _V1]
        return math.ceil(int(quota) / int(period)) if int(quota) > 0 else 0
    except (OSError, ValueError):  # no cgroup, or no limit: `max`
        return 0
