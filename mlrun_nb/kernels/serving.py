"""
The life of a helper from its start to its end: `python -c "…serving:main"`, see `kindle`.

Takes its key's lock, imports, listens, serves, and leaves no socket behind. A helper that finds out that a module must
not be in a process that forks notes that and starts anew under the same process id.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from typing import Any

from mlrun_nb.kernels import fresh, learned, lineage, preload, threads, wire
from mlrun_nb.kernels.key import installed, key_of, name_of


def main() -> None:
    """Be a helper as `sys.argv[1]` says; without a word when that cannot be."""
    os.chdir("/")
    settings: dict[str, Any] = json.loads(sys.argv[1])
    key, folder = bytes.fromhex(settings["key"]), settings["folder"]
    name = name_of(key)
    if key_of(os.environ) != key:
        return  # whoever wanted a helper is limited or privileged in another way than we are
    lock = os.open(os.path.join(folder, f"{name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # there is one
    time.sleep(settings["delay_s"])
    _serve(settings, key, name, lock)


def _serve(settings: dict[str, Any], key: bytes, name: str, lock: int) -> None:
    from mlrun_nb.kernels.zygote import Zygote

    folder = settings["folder"]
    environment = dict(os.environ)  # before imports change it
    lineage.become_ancestor(environment)
    notes = learned.Notes(settings["notes"], installed=installed())
    began = time.perf_counter()
    loaded = preload.load([*preload.OURS, *settings["modules"], *notes.modules()], without=notes.unsafe())
    if loaded.unsafe:
        notes.add_unsafe(loaded.unsafe)
        fresh.close_all_but(range(3))
        os.execve(sys.executable, sys.orig_argv, environment)  # noqa: S606  # the same command; the lock is let go and taken again
    threads.find()
    preload.settle()
    about = {
        "pid": os.getpid(),
        "started": time.time(),
        "took_s": time.perf_counter() - began,
        "seconds": loaded.seconds,
        "absent": loaded.absent,
        "unsafe": notes.unsafe(),
    }
    path = os.path.join(folder, f"{name}.sock")
    _remove(path)  # of a helper that was killed; we have the lock
    listener = wire.listen(folder, f"{name}.sock")

    def retire() -> None:
        _remove(path)
        os.close(lock)

    Zygote(listener, key=key, idle_s=settings["idle_s"], about=about, retire=retire).serve()
    if listener.fileno() >= 0:
        retire()


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
