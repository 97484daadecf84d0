"""
Read from disk what a function is made of: notebooks, project modules, data files, and where it all came from.

The notebook layer is pure; this is where it is given bytes.
"""

from __future__ import annotations

import getpass
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import NotebookError, NotFoundError, OptionError
from mlrun_nb.notebook.cells import Notebook
from mlrun_nb.notebook.reading import read_notebook
from mlrun_nb.services.targets import NOTEBOOK_SUFFIXES

FILES_LIMIT = 100 * 1024**2
"""Bytes of `--file` data that travel with a function; more belongs into an input or a volume."""


def load_notebook(path: Path) -> Notebook:
    """
    Read the notebook at *path*.

    Raises NotFoundError, with the nearest name beside it, and NotebookError for a file that cannot be read as one.
    """
    _refuse_odd_bytes(path.absolute())
    try:
        return read_notebook(path.read_bytes(), name=str(path))
    except FileNotFoundError as err:
        raise NotFoundError(f"there is no notebook `{path}`", hint=_nearest(path)) from err
    except OSError as err:
        raise NotebookError(f"`{path}` cannot be read: {err.strerror}", hint=f"Make `{path}` a readable file.") from err


def _refuse_odd_bytes(path: Path) -> None:
    try:
        str(path).encode()
    except UnicodeEncodeError as err:
        raise NotebookError(
            f"the path `{path}` holds bytes that are not UTF-8",
            hint="Give the file, or the folder that it is in, another name.",
        ) from err


def _nearest(path: Path) -> str:
    folder = path.parent
    there = {item.stem: item.name for item in sorted(_notebooks_in(folder), reverse=True)}
    near = nearest(path.stem, there)
    if near:
        return f"Did you mean `{quoted(folder / there[near])}`?"
    if there:
        return f"Notebooks in `{folder}` are: {some(sorted(there.values()))}."
    return "Give the path of a notebook."


def _notebooks_in(folder: Path) -> list[Path]:
    try:
        return [item for item in folder.iterdir() if item.suffix in NOTEBOOK_SUFFIXES]
    except OSError:
        return []


@dataclass(frozen=True, slots=True)
class DiskModules:
    """Finds modules in *folders*, first match wins: the notebook's own folder, then the project's root."""

    folders: tuple[Path, ...]

    def find(self, module: str) -> Mapping[str, bytes] | None:
        """
        Return the files that importing *module* reads, relative to the folder it was found in; None when elsewhere.
        """
        for folder in self.folders:
            files = _module_files(folder, module.split("."))
            if files is not None:
                return files
        return None


def _module_files(folder: Path, parts: Sequence[str]) -> dict[str, bytes] | None:
    files: dict[str, bytes] = {}
    place = folder
    for index, part in enumerate(parts):
        is_last = index == len(parts) - 1
        module, package = place / f"{part}.py", place / part / "__init__.py"
        if package.is_file():
            files[package.relative_to(folder).as_posix()] = package.read_bytes()
        elif is_last and module.is_file():
            files[module.relative_to(folder).as_posix()] = module.read_bytes()
        elif not (place / part).is_dir() or is_last:
            return None
        place /= part
    return files or None


def load_files(folder: Path, patterns: Sequence[str]) -> dict[str, bytes]:
    """
    Return the content of the files in *folder* that match the glob *patterns*, by path relative to it.

    Raises NotFoundError for a pattern without match and OptionError for one that leads out of *folder* or too much
    data.
    """
    found: dict[str, bytes] = {}
    total = 0
    for pattern in patterns:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            raise OptionError(
                f"`--file {pattern}` leads out of `{folder}`", hint="Name files below the notebook's folder."
            )
        matches = [path for path in sorted(folder.glob(pattern)) if path.is_file()]
        if not matches:
            raise NotFoundError(f"`--file {pattern}` matches no file in `{folder}`", hint="Correct the pattern.")
        total += sum(path.stat().st_size for path in matches)
        if total > FILES_LIMIT:
            raise OptionError(
                f"`--file {pattern}`: {total / 1024**2:.0f} MiB, at most {FILES_LIMIT // 1024**2} MiB travel",
                hint="Pass the data as an input by URI, `--input NAME=URI`, or mount a volume.",
            )
        found |= {path.relative_to(folder).as_posix(): path.read_bytes() for path in matches}
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Who made a version, where, and at which commit. Knowledge, not identity: none of it enters a digest."""

    git_commit: str = ""
    git_dirty: bool = False
    author: str = ""
    host: str = ""


def surroundings(folder: Path) -> Surroundings:
    """Return what can be known of *folder* without failing: without git or a repository the commit is empty."""
    commit, _, dirty = _describe(folder).partition("-")
    try:
        author = getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        author = ""
    return Surroundings(git_commit=commit, git_dirty=bool(dirty), author=author, host=socket.gethostname())


def _describe(folder: Path) -> str:
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
