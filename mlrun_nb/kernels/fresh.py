"""
The first milliseconds of a forked child: away with what is the parent's, in with what is its own.

In the order in which one step needs the other. Whatever raises here makes the child end unborn.
"""

from __future__ import annotations

import ctypes
import fcntl
import importlib
import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from io import TextIOWrapper
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

from mlrun_nb._lib.death import die_with
from mlrun_nb.kernels import lineage, surroundings, threads, title

if TYPE_CHECKING:
    from mlrun_nb.kernels.birth import Birth

_FREE = 64
"""Where descriptors are put while 0 to 2 are taken over."""
_UNCATCHABLE = {signal.SIGKILL, signal.SIGSTOP}


def become(birth: Birth, parent: int) -> None:
    """Make this process, a moment after the fork, what *birth* says."""
    if birth.session == "session":
        os.setsid()
    elif birth.session == "group":
        os.setpgid(0, 0)
    if birth.dies_with_parent:
        die_with(parent)
    _take_files(birth.files, birth.keep)
    _take_environment(birth.environment)
    if birth.surroundings is not None:
        surroundings.take(dict(birth.surroundings))
    if birth.directory:
        os.chdir(birth.directory)
    if birth.imports_from_directory and (reason := lineage.clash([os.getcwd()])):
        raise ImportError(reason)
    _take_streams()
    _seed()
    _take_main(birth.argv, birth.environment)
    title.show(birth.argv, birth.environment)
    adjust_matplotlib(birth.environment)
    if birth.uses_threads:
        threads.limit(birth.environment)
    _take_signals(birth.surroundings or {})  # last: until here nothing interrupts us


def exit_interpreter(code: int) -> NoReturn:
    """
    End as an interpreter ends: threads joined, exit handlers called, files of the user's flushed and closed.

    `sys.exit` would climb through the parent's frames first and run what they have under `finally`.
    """
    ctypes.pythonapi.Py_Exit(code)
    os._exit(code)


def close_all_but(keep: Iterable[int]) -> None:
    """Close every descriptor of this process that is not one of *keep*."""
    kept = set(keep)
    for number in [int(name) for name in os.listdir("/proc/self/fd")]:
        if number not in kept:
            with suppress(OSError):  # the one that the list was read through is closed
                os.close(number)


def _take_files(files: Sequence[int], keep: Sequence[int]) -> None:
    high = [fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _FREE) for number in files]
    for target, number in enumerate(high):
        os.dup2(number, target)
    close_all_but([*range(len(files)), *keep])


def _take_environment(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    if (tempfile := sys.modules.get("tempfile")) is not None:
        tempfile.tempdir = None  # type: ignore[attr-defined]  # looked up again, with the new TMPDIR


def _take_streams() -> None:
    """Make the three streams anew, as the interpreter makes them: what is behind a descriptor decides on buffering."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        before = getattr(sys, f"__{name}__")
        stream = open(  # noqa: SIM115  # it lives as long as the process
            number, mode, encoding=before.encoding, errors=before.errors, closefd=False
        )
        if mode == "w" and isinstance(stream, TextIOWrapper):
            line_buffering = stream.isatty() or name == "stderr"
            stream.reconfigure(line_buffering=line_buffering, write_through=before.write_through)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _seed() -> None:
    """Let each child draw numbers of its own; Python's own generator has seen to itself."""
    if (numpy := sys.modules.get("numpy.random")) is not None:
        numpy.seed()
    if (torch := sys.modules.get("torch")) is not None:
        torch.seed()


def _take_main(argv: Sequence[str], environment: Mapping[str, str]) -> None:
    sys.modules["__main__"] = ModuleType("__main__")
    sys.argv[:] = argv
    sys.orig_argv[:] = [sys.executable, *argv]
    sys.path[:] = lineage.search_path(environment)
    importlib.invalidate_caches()  # what was installed or written meanwhile


def adjust_matplotlib(environment: Mapping[str, str]) -> None:
    """Let MPLBACKEND mean what it means to `import matplotlib`, which was done without it."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None and environment.get("MPLBACKEND"):
        matplotlib.rcParams["backend"] = environment["MPLBACKEND"]


def _take_signals(inherited: Mapping[str, int]) -> None:
    signal.set_wakeup_fd(-1)
    ignored = inherited.get("ignored", 0)
    for number in signal.valid_signals() - _UNCATCHABLE:
        wanted: signal._HANDLER = signal.SIG_DFL
        if ignored >> (number - 1) & 1 or number in {signal.SIGPIPE, signal.SIGXFSZ}:  # as every Python has it
            wanted = signal.SIG_IGN
        elif number == signal.SIGINT:
            wanted = signal.default_int_handler
        if signal.getsignal(number) != wanted:
            signal.signal(number, wanted)
    blocked = inherited.get("blocked", 0)
    signal.pthread_sigmask(
        signal.SIG_SETMASK, [number for number in signal.valid_signals() if blocked >> (number - 1) & 1]
    )
