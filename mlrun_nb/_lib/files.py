"""
Files that are whole or absent: atomic replacement and durable appends.

A reader never sees half a file written here, and what a call returned from survives `kill -9`.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_once(path: Path, data: bytes) -> bool:
    """Make the file *path* with *data*, whole, unless it is there; returns whether it was not."""
    near = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    near.write_bytes(data)
    try:
        path.hardlink_to(near)
    except FileExistsError:
        return False
    finally:
        near.unlink()
    return True


def write_atomic(path: Path, data: bytes, *, sync: bool = True, mode: int = 0o600) -> None:
    """
    Replace *path* by a file with *data*; its folder must exist.

    With *sync* the content is on disk before the name points to it, so that a power cut leaves the old or the new file.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def append(path: Path, data: bytes) -> None:
    """Append *data* in one write, so that two writers never mix their lines; the file is made when absent (0600)."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if os.write(descriptor, data) != len(data):  # a full disk takes a part; readers pass over a torn last line
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    finally:
        os.close(descriptor)


def link_or_copy(source: Path, target: Path) -> None:
    """Give the file *source*, which nobody changes any more, the second name *target*; copied where that cannot be."""
    try:
        target.hardlink_to(source)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def make_private(folder: Path) -> None:
    """Make *folder* and those above it that are missing, each for its owner only (0700)."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=0o700, exist_ok=True)


def expanded(text: str) -> Path:
    """Return the absolute path that *text* names; `~` and `~name` as in a shell, where nobody of that name stays."""
    path = Path(text)
    try:
        return path.expanduser().absolute()
    except RuntimeError:  # nobody is called so, or has no home
        return path.absolute()


def nearest(path: Path) -> Path:
    """Return *path*, or the first folder above it that is there: the place whose owner and space count."""
    return next(place for place in (path, *path.parents) if os.access(place, os.F_OK))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file *path* (made when absent) for the block; waits for other holders."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
