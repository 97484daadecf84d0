"""
The project in force for Python code and magics: found from a folder, as the command line does, and kept open.

One for each configuration in a process; a changed `project.yaml`, variable or folder leads to another one.
"""

from __future__ import annotations

import atexit
import os
from pathlib import Path
from threading import Lock

from mlrun_nb.project import Project, open_project

_open: list[Project] = []
_lock = Lock()


def project_in_force(folder: Path | None = None) -> Project:
    """Return the project for work in *folder*, or the working directory; any thread may ask. Raises ConfigError."""
    found = open_project(folder)
    with _lock:
        for project in _open:
            if project.config == found.config:
                return project
        _open.append(found)
        return found


def close_all() -> None:
    """Close every project that is open; what was found in one cannot be used any more."""
    with _lock:
        while _open:
            _open.pop().close()


def _forked() -> None:
    global _lock  # noqa: PLW0603  # another thread of the parent may have held it
    _lock = Lock()
    for project in _open:
        project.leave_connections()


atexit.register(close_all)
os.register_at_fork(after_in_child=_forked)
