"""The files of an item in a folder: all of them, or a word about what is wrong with them."""

from __future__ import annotations

from pathlib import Path

from mlrun_nb.errors import HubError
from mlrun_nb.hubs.verifying import check_sizes


def read_files(folder: Path, where: str) -> dict[str, bytes]:
    """Return the files below *folder* by path; links are not followed. Raises HubError for too many, or unreadable."""
    paths = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
    }
    check_sizes({name: path.stat().st_size for name, path in paths.items()}, where)
    try:
        return {name: path.read_bytes() for name, path in paths.items()}
    except OSError as err:
        raise HubError(
            f"{where}: `{err.filename}` cannot be read: {err.strerror}", hint="Make it a readable file."
        ) from err
