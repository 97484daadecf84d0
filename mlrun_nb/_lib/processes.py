"""
Processes as things with an identity: who they are, whether they still live, what belongs to them, and their end.

A process id is reused, so an identity also holds the start time, the boot and the pid namespace. Linux is read from
/proc; elsewhere psutil, which is loaded when needed. Imports almost nothing, on purpose.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping

Identity = dict[str, int | str]
"""JSON: pid, started (in the system's own unit), and the place: machine, boot_id, pid_namespace."""

LINUX = sys.platform == "linux"
_POLL_S = 0.02
_EXEC_S = 0.1  # longer than any exec that is not stopped in the middle


def place() -> dict[str, str]:
    """Return what names this place among all in which a process id can mean something."""
    machine = _read("/etc/machine-id").decode().strip() or os.uname().nodename
    if LINUX:
        boot_id = _read("/proc/sys/kernel/random/boot_id").decode().strip()
        return {"machine": machine, "boot_id": boot_id, "pid_namespace": os.readlink("/proc/self/ns/pid")}
    import psutil

    return {"machine": machine, "boot_id": str(int(psutil.boot_time())), "pid_namespace": ""}


def identify(pid: int | None = None) -> Identity:
    """Return the identity of process *pid*, by default this one; raises ProcessLookupError when there is none."""
    pid = os.getpid() if pid is None else pid
    started = _started(pid, zombie=True)
    if started is None:
        raise ProcessLookupError(f"there is no living process {pid}")
    return {"pid": pid, "started": started, **place()}


def is_same_process(identity: Mapping[str, object]) -> bool:
    """Tell whether the process of *identity* lives; a zombie does not, nor one of another place."""
    if any(identity.get(name) != value for name, value in place().items()):
        return False
    pid, started = identity.get("pid"), identity.get("started")
    return isinstance(pid, int) and started is not None and _started(pid) == started


def signal_process(identity: Mapping[str, object], number: signal.Signals) -> bool:
    """Send a signal to the process of *identity* if it still lives; returns whether it did."""
    pid = identity.get("pid")
    if not isinstance(pid, int) or not is_same_process(identity):
        return False
    return bool(_signal_all([pid], number))


def descendants(root: int, *, apart: str = "") -> set[int]:
    """
    Return the living processes below *root*, without it.

    With *apart*, processes that have this name in their environment stay out, and all below them.
    """
    return _below({root}, _parents(), apart) - {root}


def marked(name: str, value: str, *, apart: str = "") -> set[int]:
    """
    Return the living processes whose environment at their start had *name* set to *value*, and all below them.

    Finds what fled its parent, its group and its session. *apart* as for `descendants`.
    """
    parents = _parents()
    wanted = f"{name}={value}".encode()
    return _below({pid for pid in parents if wanted in _environment(pid)}, parents, apart) - {os.getpid()}


def end_all(find: Callable[[], Iterable[int]], *, grace_s: float) -> bool:
    """
    End every process that *find* returns: SIGTERM, after *grace_s* seconds SIGKILL, until it returns none.

    Returns whether there was any. Gives up after ten more seconds: a process in the kernel's hands cannot be killed.
    """
    first = set(find())
    if not first:
        return False
    if grace_s > 0:
        _signal_all(first, signal.SIGTERM)
        _wait_until_none(find, grace_s)
    deadline = time.monotonic() + 10
    while (left := set(find())) and time.monotonic() < deadline:
        _signal_all(left, signal.SIGKILL)
        _wait_until_none(find, _POLL_S)
    return True


def memory_bytes(pids: Iterable[int]) -> int:
    """Return what *pids* hold in memory together; pages that several share are counted for each (RSS)."""
    return sum(_resident(pid) for pid in pids)


def proportional_bytes(pids: Iterable[int]) -> int:
    """Return what *pids* hold in memory together, shared pages counted once (PSS; RSS where that cannot be read)."""
    return sum(_proportional(pid) for pid in pids)


def _wait_until_none(find: Callable[[], Iterable[int]], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and set(find()):
        time.sleep(_POLL_S)


def _signal_all(pids: Iterable[int], number: signal.Signals) -> int:
    sent = 0
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
            sent += 1
    return sent


def _below(roots: set[int], parents: Mapping[int, int], apart: str) -> set[int]:
    children: dict[int, list[int]] = {}
    for pid, parent in parents.items():
        children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid in found or (apart and pid not in roots and _has(pid, apart)):
            continue
        found.add(pid)
        waiting += children.get(pid, [])
    return found


def _has(pid: int, name: str) -> bool:
    prefix = f"{name}=".encode()
    return any(entry.startswith(prefix) for entry in _environment(pid))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


if LINUX:

    def _stat(pid: int, *, zombie: bool = False) -> list[bytes]:
        """Return the fields of /proc/PID/stat from the state on (man 5 proc: field 3), none when it does not live."""
        fields = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
        return [] if not fields or (fields[0] in {b"Z", b"X"} and not zombie) else fields

    def _started(pid: int, *, zombie: bool = False) -> int | None:
        fields = _stat(pid, zombie=zombie)
        return int(fields[19]) if fields else None

    def _parents() -> dict[int, int]:
        pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
        return {pid: int(fields[1]) for pid in pids if (fields := _stat(pid))}

    def _environment(pid: int) -> list[bytes]:
        """
        Return what *pid* was given at its start, waiting for the end of an exec, in which it has none for a moment.

        In an exec it has memory (field 23) and no code yet (field 26), which Linux's binfmt_elf states last; where we
        may not ask, that field is 1. Threads of the kernel have no memory.
        """
        entries = _read(f"/proc/{pid}/environ")
        deadline = time.monotonic() + _EXEC_S
        while not entries and (fields := _stat(pid)) and fields[20] != b"0":
            entries = _read(f"/proc/{pid}/environ")  # after the look at its state: exec may have ended in between
            if fields[23] != b"0" or time.monotonic() > deadline:
                break
            time.sleep(_EXEC_S / 100)
        return entries.split(b"\0")

    def _resident(pid: int) -> int:
        fields = _read(f"/proc/{pid}/statm").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if fields else 0

    def _proportional(pid: int) -> int:
        for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
        return _resident(pid)

else:

    def _started(pid: int, *, zombie: bool = False) -> int | None:
        import psutil

        try:
            process = psutil.Process(pid)
            ended = process.status() == psutil.STATUS_ZOMBIE and not zombie
            return None if ended else int(process.create_time() * 1000)
        except psutil.Error:
            return None

    def _parents() -> dict[int, int]:
        import psutil

        return {process.pid: process.info["ppid"] for process in psutil.process_iter(["ppid"])}

    def _environment(pid: int) -> list[bytes]:
        import psutil

        try:
            return [f"{name}={value}".encode() for name, value in psutil.Process(pid).environ().items()]
        except psutil.Error:
            return []

    def _resident(pid: int) -> int:
        import psutil

        try:
            return int(psutil.Process(pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _proportional(pid: int) -> int:
        return _resident(pid)
