"""
Peak memory and CPU time of the kernel and its children, cell by cell.

The kernel's own peak comes from Linux, which keeps the highest resident size since it was last reset; children are
sampled, by proportional size, so that pages shared after a fork count once.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import psutil

_RESET_PEAK = "5"
"""Source: proc(5), /proc/[pid]/clear_refs: 5 resets the peak resident set size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """CPU seconds and peak bytes of one cell."""

    cpu_s: float = 0.0
    peak_memory_bytes: int = 0


class Meter:
    """Measures the tree of one process; `sample` from a thread, the rest from the loop over the cells."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = self._cpu = 0.0
        self._next_sample = 0.0

    def begin(self) -> None:
        """Begin a cell."""
        with suppress(OSError):
            Path(f"/proc/{self._pid}/clear_refs").write_text(_RESET_PEAK)
        self._peak = 0.0
        self._cpu = self._cpu_s()
        self._next_sample = 0.0

    def end(self) -> Usage:
        """Return what the cell took."""
        self._sample()
        return Usage(
            cpu_s=round(max(0.0, self._cpu_s() - self._cpu), 4),
            peak_memory_bytes=int(max(self._peak, _peak_of(self._pid))),
        )

    def sample(self) -> None:
        """Look at the tree, if it is time: looking takes longer the more memory there is."""
        begin = monotonic()
        if begin >= self._next_sample:
            self._sample()
            self._next_sample = monotonic() + max(0.25, 20 * (monotonic() - begin))

    def _sample(self) -> None:
        tree = self._tree()
        if len(tree) > 1:
            self._peak = max(self._peak, sum(map(_proportional, tree)))
        elif tree:
            with suppress(psutil.Error):
                self._peak = max(self._peak, tree[0].memory_info().rss)

    def _cpu_s(self) -> float:
        total = 0.0
        for process in self._tree():
            with suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
        return total

    def _tree(self) -> list[psutil.Process]:
        """Return the process and its descendants; empty when it is gone."""
        with suppress(psutil.Error):
            process = psutil.Process(self._pid)
            return [process, *process.children(recursive=True)]
        return []


class OwnMeter:
    """
    Measures this process and those of its children that have ended: what a loop in the same process can know.

    Without *resets* a cell's peak is the highest of all cells so far: resetting it costs a walk over all pages.
    """

    def __init__(self, *, resets: bool = True) -> None:
        self._cpu_s, self._resets = 0.0, resets

    def begin(self) -> None:
        """Begin a cell."""
        if self._resets:
            with suppress(OSError):
                Path("/proc/self/clear_refs").write_text(_RESET_PEAK)
        self._cpu_s = _own_cpu_s()

    def end(self) -> Usage:
        """Return what the cell took."""
        peak = _peak_of(os.getpid()) or psutil.Process().memory_info().rss
        return Usage(cpu_s=round(max(0.0, _own_cpu_s() - self._cpu_s), 4), peak_memory_bytes=peak)


def _own_cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _proportional(process: psutil.Process) -> int:
    try:
        text = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii")
        return 1024 * int(text.split("\nPss:", 1)[1].split(None, 1)[0])
    except (OSError, IndexError, ValueError):
        with suppress(psutil.Error):
            return int(process.memory_info().rss)
        return 0


def _peak_of(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text("ascii")
        return 1024 * int(text.split("\nVmHWM:", 1)[1].split(None, 1)[0])
    except (OSError, IndexError, ValueError):
        return 0
