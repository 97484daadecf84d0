"""
What others see of a process in /proc: its command line and the environment that it was started with.

A forked child has its ancestor's there. Supervisors find the processes of a run by their first environment, and people
by `ps`, so both are written anew, into the room that the helper's own start has left for it.

Source: Linux, fs/proc/base.c, `get_mm_cmdline`: a last byte that is not NUL says that a title was written.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence

ARGUMENT_ROOM = 1024
ENVIRONMENT_ROOM = 8192
"""Bytes that a helper is started with more than it needs."""
_FIRST = ("MLRUN_NB_RUN", "MLRUN_NB_SUPERVISES")
_ARG_START = 45
"""Of the fields of /proc/self/stat behind the command's name; man 5 proc counts three more and from 1."""


def show(argv: Sequence[str], environment: Mapping[str, str]) -> None:
    """Write *argv* and *environment* where /proc reads them, cut to the room there; what marks a run comes first."""
    arg_start, arg_end, env_start, env_end = _places()
    text = " ".join(["python", *argv]).encode("utf-8", "replace")[: max(0, arg_end - arg_start - 2)]
    _write(arg_start, arg_end, text, last=b".")
    names = sorted(environment, key=lambda name: name not in _FIRST)
    entries = b""
    for name in names:
        entry = f"{name}={environment[name]}\0".encode("utf-8", "surrogateescape")
        if len(entries) + len(entry) < env_end - env_start:
            entries += entry
    _write(env_start, env_end, entries, last=b"\0")


def _places() -> tuple[int, int, int, int]:
    with open("/proc/self/stat", encoding="utf-8", errors="replace") as file:  # pathlib costs 10 ms
        fields = file.read().rpartition(")")[2].split()
    arg_start, arg_end, env_start, env_end = map(int, fields[_ARG_START : _ARG_START + 4])
    return arg_start, arg_end, env_start, env_end


def _write(start: int, end: int, text: bytes, *, last: bytes) -> None:
    ctypes.memset(start, 0, end - start)
    ctypes.memmove(start, text, len(text))
    ctypes.memmove(end - 1, last, 1)
