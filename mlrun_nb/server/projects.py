"""The projects that a server's folders belong to, each opened once."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock

from mlrun_nb.config import load_config
from mlrun_nb.errors import NotFoundError
from mlrun_nb.project import Project, open_project


class Projects:
    """
    Projects by folder. *root* is the folder that the server shows; empty where it shows no file system of this machine.

    May be used by several threads. A project whose settings were changed is another one: the next request opens it.
    """

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root) if root else ""
        self._opened: dict[Path | None, tuple[str, Project]] = {}
        self._replaced: list[Project] = []
        self._lock = Lock()

    def at(self, folder: str) -> Project:
        """
        Return the project in force in *folder*, a path below the root with `/`; it is not to be closed by the caller.

        Raises NotFoundError for a folder outside the root, and ConfigError for settings that cannot be used.
        """
        place = self._place(folder)
        config = load_config(place, os.environ)
        stated = repr(config)
        with self._lock:
            before, project = self._opened.get(config.root, ("", None))
            if project is not None and before == stated:
                return project
            if project is not None:  # others may be in the middle of a request to it
                self._replaced.append(project)
            opened = open_project(place)
            self._opened[config.root] = (stated, opened)
            return opened

    def opened(self) -> tuple[Project, ...]:
        """Return the projects that somebody asked for."""
        with self._lock:
            return tuple(project for _, project in self._opened.values())

    def close(self) -> None:
        """Release all stores."""
        for project in (*self.opened(), *self._replaced):
            project.close()

    def _place(self, folder: str) -> Path:
        """Return where *folder* lies; a folder that was removed belongs to the project of the one above it."""
        if "\0" not in folder and not folder.startswith("/") and (self.root or not folder):
            place = Path(os.path.realpath(Path(self.root or ".", folder)))
            if place.is_relative_to(self.root or "/"):
                return next(path for path in (place, *place.parents) if _is_folder(path))
        raise NotFoundError(
            f"`{folder}` is not below the server's folder", hint="Name a folder that the file browser shows."
        )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name longer than any, a folder above that may not be entered
        return False
