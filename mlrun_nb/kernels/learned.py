"""
Which modules runs have imported, so that a helper has them ready, and which of them must never be in one.

One small file for each interpreter, below the user's home. What was not used for a month is forgotten, and a module is
given another chance when the installed distributions change.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

_DAY_S = 86_400
KEPT_DAYS = 30
MOST = 64


def file_for(home: str, prefix: str = sys.prefix) -> str:
    """Return the file of the interpreter in *prefix*."""
    from mlrun_nb.kernels.key import name_of

    return os.path.join(home, "warm", f"learned-{name_of(prefix.encode())}.json")


class Notes:
    """The notes in the file *path*, read when asked and written when something is new."""

    def __init__(self, path: str, *, installed: str) -> None:
        self._path, self._installed = path, installed
        self._plain = _read(path)

    def modules(self) -> list[str]:
        """Return names of modules in the order in which they are to be imported: used most often first."""
        used: dict[str, Any] = self._plain.get("modules", {})
        since = _today() - KEPT_DAYS
        names = [name for name, note in used.items() if note["day"] >= since]
        return sorted(names, key=lambda name: -used[name]["runs"])[:MOST]

    def unsafe(self) -> dict[str, str]:
        """Return modules that no helper may import, with the reason."""
        notes: dict[str, Any] = self._plain.get("unsafe", {})
        return {name: note["why"] for name, note in notes.items() if note["installed"] == self._installed}

    def add_unsafe(self, modules: Mapping[str, str]) -> None:
        """Note that *modules* are unsafe."""
        notes = {name: {"why": why, "installed": self._installed} for name, why in modules.items()}
        _change(self._path, lambda plain: plain.setdefault("unsafe", {}).update(notes))


def add_used(path: str, modules: Iterable[str]) -> None:
    """Note in the file *path* that a run has imported *modules*; costs a look where that is known since today."""
    names, today = sorted(set(modules)), _today()
    known = _read(path).get("modules", {})
    if all(known.get(name, {}).get("day") == today for name in names):
        return

    def change(plain: dict[str, Any]) -> None:
        used = plain.setdefault("modules", {})
        for name in names:
            used[name] = {"runs": used.get(name, {}).get("runs", 0) + 1, "day": today}

    _change(path, change)


def _change(path: str, change: Any) -> None:  # noqa: ANN401  # a function of the plain notes
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        plain = _read(path)
        change(plain)
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump(plain, file)
        os.replace(f"{path}.new", path)
    finally:
        os.close(lock)


def _read(path: str) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            plain = json.load(file)
    except (OSError, ValueError):
        return {}
    return plain if isinstance(plain, dict) else {}


def _today() -> int:
    return int(time.time() // _DAY_S)
