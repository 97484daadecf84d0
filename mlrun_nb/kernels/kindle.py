"""
Start a helper in the background, where none is and one is wanted.

Costs the caller a look and a spawn, prints nothing and fails in silence: it is a favour to the next start.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Mapping, Sequence

from mlrun_nb._lib.places import home
from mlrun_nb.kernels import learned, threads, title
from mlrun_nb.kernels.client import folder_of
from mlrun_nb.kernels.key import is_plain, key_of, name_of

IDLE_S = 600.0
ROOM = "MLRUN_NB_ROOM"
"""Variable without meaning, which makes room for the variables of children: see `title`."""
_NOT_INHERITED = ("MLRUN_NB_RUN", "MLRUN_NB_CONTEXT", "MLRUN_NB_SUPERVISES")
"""Variables of one run or one shell: a helper belongs to none."""
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_PROGRAM = (
    f"import sys; sys.path[:1] = []; sys.path.append({_ROOT!r}) if {_ROOT!r} not in sys.path else 0; "
    "from mlrun_nb.kernels.serving import main; main()"
)


def kindle(
    environment: Mapping[str, str], *, idle_s: float = IDLE_S, modules: Sequence[str] = (), delay_s: float = 0.0
) -> bool:
    """
    Start a helper for starts with *environment* unless there is one; returns whether one was started.

    It imports *modules* beside what it has learned, begins with that after *delay_s* and ends *idle_s* after its use.
    """
    if not is_plain():
        return False  # its options would not reach the helper
    try:
        return _started(environment, {"idle_s": idle_s, "modules": list(modules), "delay_s": delay_s})
    except OSError:
        return False


def _started(environment: Mapping[str, str], settings: dict[str, object]) -> bool:
    key, folder = key_of(environment), folder_of(environment)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    if _is_held(os.path.join(folder, f"{name_of(key)}.lock")):
        return False
    own = {name: value for name, value in environment.items() if name not in _NOT_INHERITED}
    notes = learned.file_for(home(environment))
    settings |= {"key": key.hex(), "folder": folder, "notes": notes}
    _spawn(settings, {**own, **threads.WHILE_LOADING, ROOM: "x" * title.ENVIRONMENT_ROOM})
    return True


def _spawn(settings: Mapping[str, object], environment: Mapping[str, str]) -> None:
    argv = [sys.executable, "-c", _PROGRAM, json.dumps(settings), "x" * title.ARGUMENT_ROOM]
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    # a shell in between, which ends at once, so that the helper is nobody's child
    command = ["/bin/sh", "-c", '"$0" "$@" &', *argv]
    pid = os.posix_spawn(command[0], command, environment, file_actions=nowhere, setsid=True, setsigmask=())
    os.waitpid(pid, 0)


def _is_held(path: str) -> bool:
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False
