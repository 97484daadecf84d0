"""
Stand over one attempt from its start to its end: its limits, the wish to cancel, and what it leaves behind.

Says how the attempt ended; what that means for the run is decided in `supervise`.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mlrun_nb._lib import processes
from mlrun_nb.engines.supervisor import cgroup, files
from mlrun_nb.engines.supervisor.bell import Bell
from mlrun_nb.engines.supervisor.files import Orders, State

Cause = Literal["", "cancelled", "host", "memory", "timeout"]

LATE_S = 30.0
"""How much later than the runner its supervisor ends an attempt that has run out of time."""
AFTER_KILL_S = 15.0
"""How long the runner may take to report after the kernel was killed for memory."""
LEFTOVER_GRACE_S = 2.0
"""Between SIGTERM and SIGKILL for what an attempt leaves behind."""
GROWTH_BYTES_S = 4 << 30
"""The fastest growth of memory that is planned for: it sets how soon the watchdog looks again."""
SHORTEST_S, LONGEST_S = 0.05, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How an attempt's runner ended: exit code, negative for a signal, None where it was not our child."""

    exit_code: int | None
    cause: Cause = ""
    peak_bytes: int = 0
    duration_s: float = 0.0


class Watch:
    """One attempt under supervision. *own*: the runner is a child of this process; it ends with *host*, if given."""

    def __init__(
        self, bell: Bell, orders: Orders, state: State, *, own: bool, host: processes.Identity | None = None
    ) -> None:
        self._bell, self._orders, self._state, self._own, self._host = bell, orders, state, own, host
        self._cause: Cause = ""
        self._peak_bytes = 0
        self._memory = cgroup.MemoryEvents(state["cgroup"])
        self._last_s: float | None = None
        """When patience ends and the runner is killed, on the monotonic clock."""

    def until_ended(self) -> Ended:
        """Wait for the end of the runner, enforcing limits; returns when no process of the attempt is left."""
        self._keep_place()
        exit_code, ended = self._look()
        while not ended:
            self._bell.wait(min(self._keep_memory(), self._keep_time()), self._memory.alarm)
            self._hear_cancel()
            self._keep_place()
            exit_code, ended = self._look()
        duration_s = time.monotonic() - self._state["began"]
        processes.end_all(self._members, grace_s=LEFTOVER_GRACE_S)
        files.remove_sockets(self._orders["run"])
        self._take_cgroup()
        return Ended(exit_code=exit_code, cause=self._cause, peak_bytes=self._peak_bytes, duration_s=duration_s)

    def _look(self) -> tuple[int | None, bool]:
        """Return the runner's exit code and whether it has ended; buries every other child on the way."""
        runner = self._state["runner"]
        while self._own:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return None, True
            if runner is not None and pid == runner["pid"]:
                return os.waitstatus_to_exitcode(status), True
            if pid == 0:
                return None, False
        return None, runner is None or not processes.is_same_process(runner)

    def _hear_cancel(self) -> None:
        if self._cause or not cancel_is_wished(self._bell):
            return
        self._cause = "cancelled"
        self._last_s = time.monotonic() + self._orders["grace_s"]
        self._signal_runner(signal.SIGTERM)

    def _keep_place(self) -> None:
        """End the kernel when the place of the run is gone; the runner lives to tell."""
        if not self._cause and host_is_gone(self._host):
            processes.end_all(self._below_runner, grace_s=0)
            self._cause, self._last_s = "host", time.monotonic() + AFTER_KILL_S

    def _keep_time(self) -> float:
        """Kill what has run out of time; returns the seconds to the next look."""
        now, limit_s = time.monotonic(), self._orders["timeout_s"]
        if self._last_s is None and limit_s is not None and now > self._state["began"] + limit_s + LATE_S:
            self._cause, self._last_s = "timeout", now
        if self._last_s is not None and now >= self._last_s:
            self._kill()
        return LONGEST_S if self._own else 0.2

    def _kill(self) -> None:
        self._signal_runner(signal.SIGKILL)
        if self._state["cgroup"]:
            cgroup.kill(self._state["cgroup"])

    def _keep_memory(self) -> float:
        """End the kernel when the attempt holds too much; the runner lives to tell. Returns when to look next, in s."""
        limit, is_over = self._orders["memory_bytes"], self._memory.is_over()
        if limit is None or self._cause:
            return LONGEST_S
        if is_over is None:
            return self._watch_memory(limit)
        if is_over:  # the system has ended one process; the others may wait for it for ever
            self._end_for_memory(limit)
        return LONGEST_S

    def _watch_memory(self, limit: int) -> float:
        members = self._members()
        held = processes.memory_bytes(members)
        if held > limit:  # never less than the true sum, and much cheaper to read
            held = processes.proportional_bytes(members)
        self._peak_bytes = max(self._peak_bytes, held)
        if held > limit:
            self._end_for_memory(limit)
        return min(max((limit - held) / GROWTH_BYTES_S, SHORTEST_S), LONGEST_S)

    def _end_for_memory(self, limit: int) -> None:
        """End the kernel and its children, and the runner too if it is the one that holds so much."""
        processes.end_all(self._below_runner, grace_s=0)
        is_enough = processes.proportional_bytes(self._members()) <= limit
        self._cause, self._last_s = "memory", time.monotonic() + (AFTER_KILL_S if is_enough else 0.0)

    def _members(self) -> set[int]:
        run = self._orders["run"]
        fled = processes.marked(files.MARK, run, apart=files.SUPERVISES)
        return processes.descendants(os.getpid(), apart=files.SUPERVISES) | fled

    def _below_runner(self) -> set[int]:
        runner = self._state["runner"]
        return self._members() - ({int(runner["pid"])} if runner else set())

    def _signal_runner(self, number: signal.Signals) -> None:
        if self._state["runner"] is not None:
            processes.signal_process(self._state["runner"], number)

    def _take_cgroup(self) -> None:
        folder = self._state["cgroup"]
        if not folder:
            return
        self._peak_bytes = max(self._peak_bytes, cgroup.peak_bytes(folder))
        if self._memory.is_over() and not self._cause:
            self._cause = "memory"
        if self._cause == "memory":  # then it held that, whether the kernel can tell or not
            self._peak_bytes = max(self._peak_bytes, self._orders["memory_bytes"] or 0)
        self._memory.close()
        cgroup.end(folder)


def cancel_is_wished(bell: Bell) -> bool:
    """Tell whether somebody asked for the end of the run: by the file, which lasts, or by a signal."""
    return bell.cancelled or Path(files.CANCEL).exists()


def host_is_gone(host: processes.Identity | None) -> bool:
    """Tell whether the process is gone in whose place the run is; None where it is in nobody's."""
    return host is not None and not processes.is_same_process(host)
