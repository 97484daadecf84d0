"""
Whether this process comes from a helper, and may give life to others by `fork` where it would start an interpreter.

Asked by every supervisor and runner, warm or not, so it imports next to nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping

from mlrun_nb.kernels.key import import_variables

_READ_AT_START = frozenset({"sitecustomize", "usercustomize", "matplotlibrc"})
"""Files that Python or a library looks for when it starts: a forked child would have missed them."""

_born: dict[str, str] | None = None
_path: list[str] = []


def become_ancestor(environment: Mapping[str, str]) -> None:
    """Note with which import variables and which search path this process and its children have imported."""
    global _born  # noqa: PLW0603  # one process, one birth
    given = environment.get("PYTHONPATH", "").split(os.pathsep)
    _born = import_variables(environment)
    _path[:] = [folder for folder in sys.path if folder and folder not in given]


def why_no_fork(python: str, environment: Mapping[str, str], *, directory: str | None = None) -> str:
    """
    Return why *python* must be started in the ordinary way with *environment*, empty when a fork of us is as good.

    *directory* is the working directory where modules are imported from it, None where they are not.
    """
    if _born is None:
        return "this process was not forked from a helper"
    if python != sys.executable:
        return f"`{python}` is another interpreter"
    if import_variables(environment) != _born:
        return "variables that are read at import differ"
    if len(os.listdir("/proc/self/task")) > 1:
        return "this process has threads"
    return clash(_folders(environment, directory))


def clash(folders: Iterable[str]) -> str:
    """Return which file of *folders* an ordinary start would read or import instead of what is loaded here."""
    for folder in folders:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            stem = name.partition(".")[0]
            if (
                (stem in _READ_AT_START or stem in sys.modules)
                and _is_module(folder, name)
                and not _is_loaded(folder, stem)
            ):
                return f"`{os.path.join(folder, name)}` has the name of something that is loaded"
    return ""


def search_path(environment: Mapping[str, str]) -> list[str]:
    """Return `sys.path` as it would be in an interpreter started with *environment*."""
    given = [os.path.abspath(folder) for folder in environment.get("PYTHONPATH", "").split(os.pathsep) if folder]
    return list(dict.fromkeys([*given, *_path]))


def _folders(environment: Mapping[str, str], directory: str | None) -> list[str]:
    given = [folder for folder in environment.get("PYTHONPATH", "").split(os.pathsep) if folder]
    return given if directory is None else [*given, directory]


def _is_module(folder: str, name: str) -> bool:
    if name in _READ_AT_START or name.endswith((".py", ".so", ".pyc")):
        return True
    return os.path.isfile(os.path.join(folder, name, "__init__.py"))


def _is_loaded(folder: str, stem: str) -> bool:
    origin = getattr(sys.modules.get(stem), "__file__", None) or ""
    return os.path.dirname(origin) in {os.path.realpath(folder), os.path.realpath(os.path.join(folder, stem))}
