"""
A folder of files under one URL: a local directory, or any place that fsspec reaches.

`open_folder` chooses. A reader never sees half a file, names cannot leave the folder, and errors of a back end come out
as `ArtifactError`. Run directories, artifacts and inputs all lie in such folders. Local ones need nothing but the
standard library.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from mlrun_nb._lib.files import make_private, nearest, write_atomic
from mlrun_nb._lib.shell import quoted
from mlrun_nb.artifacts.names import check_name
from mlrun_nb.errors import ArtifactError, ConfigError


class Folder(Protocol):
    """
    Files by name; a name is a relative path with `/` that passed `check_name`.

    Every method raises ArtifactError when the place cannot be used, and for a file that is not there.
    """

    url: str
    """An absolute path for a local folder, else the URL; without a `/` at the end."""
    path: Path | None
    """Where it lies in the local file system, if it does."""

    def read(self, name: str, start: int = 0) -> bytes:
        """Return the content from byte *start* on."""
        ...

    def write(self, name: str, data: bytes, *, sync: bool = False) -> None:
        """Put *data* in place of what was there; with *sync* it survives a power cut from now on."""
        ...

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of this name."""
        ...

    def names(self, under: str = "") -> list[str]:
        """Return the names of all files, or of those below the folder *under*, sorted; temporary ones left out."""
        ...

    def size(self, name: str) -> int:
        """Return the number of bytes of a file."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file; one that is not there is no error."""
        ...

    def url_of(self, name: str) -> str:
        """Return the path or URL under which `locate` finds the file."""
        ...

    def take(self, source: Path, name: str) -> None:
        """Move the local file *source* into the folder under *name*."""
        ...

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file to the local path *target*."""
        ...

    def child(self, name: str) -> Folder:
        """Return the folder below this one; made when the first file is written."""
        ...


def open_folder(url: str | Path) -> Folder:
    """Return the folder at *url*: a path, a `file:` URL or any URL that fsspec knows; it need not exist yet."""
    path = local_path(url)
    if path is not None:
        return LocalFolder(path)
    from mlrun_nb.artifacts.remote import RemoteFolder

    return RemoteFolder(str(url))


def check_folder(url: str, *, requirements: Sequence[str] = ()) -> None:
    """
    Raise ConfigError or ArtifactError for a *url* that could not be opened, without connecting to it.

    *requirements* are what a run will have beside what is installed here.
    """
    scheme, slashes, rest = url.partition(":/")
    if slashes and scheme.isalnum() and len(scheme) > 1 and not rest.startswith("/") and scheme != "file":
        raise ConfigError(f"`{url}` is neither a path nor a URL", hint=f"Write `{scheme}://{rest}`.")
    if local_path(url) is None:
        from mlrun_nb.artifacts.remote import check_url

        check_url(url, requirements=requirements)


def local_path(url: str | Path) -> Path | None:
    """Return the path that *url* means, or None where it names another place."""
    if isinstance(url, Path):
        return url.absolute()
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    if len(parts.scheme) > 1 and "://" in url:
        return None
    return Path(url).absolute()


class LocalFolder:
    """A directory. Directories are made 0700 and files 0600 when first needed."""

    def __init__(self, path: Path) -> None:
        self.path: Path | None = path
        self._root = path
        self.url = str(path)

    def read(self, name: str, start: int = 0) -> bytes:
        """See Folder."""
        with self._translated("read", name), self._at(name).open("rb") as file:
            file.seek(start)
            return file.read()

    def write(self, name: str, data: bytes, *, sync: bool = False) -> None:
        """See Folder."""
        with self._translated("write", name):
            write_atomic(self._made(name), data, sync=sync)

    def exists(self, name: str) -> bool:
        """See Folder."""
        return self._at(name).is_file()

    def names(self, under: str = "") -> list[str]:
        """See Folder."""
        top = self._at(under) if under else self._root
        with self._translated("list", under or "."):
            found = [path.relative_to(self._root) for path in top.rglob("*") if path.is_file()]
        return sorted(path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))

    def size(self, name: str) -> int:
        """See Folder."""
        with self._translated("read", name):
            return self._at(name).stat().st_size

    def remove(self, name: str) -> None:
        """See Folder."""
        with self._translated("remove", name):
            self._at(name).unlink(missing_ok=True)

    def url_of(self, name: str) -> str:
        """See Folder."""
        return str(self._at(name))

    def take(self, source: Path, name: str) -> None:
        """See Folder."""
        with self._translated("write", name):
            target = self._made(name)
            if source.stat().st_dev == target.parent.stat().st_dev:
                source.replace(target)
                return
            near = target.with_name(f".{target.name}.{os.getpid()}")
            shutil.copyfile(source, near)
            near.replace(target)
            source.unlink()

    def fetch(self, name: str, target: Path) -> None:
        """See Folder."""
        with self._translated("read", name):
            shutil.copyfile(self._at(name), target)

    def child(self, name: str) -> Folder:
        """See Folder."""
        return LocalFolder(self._at(name))

    def _at(self, name: str) -> Path:
        return self._root / check_name(name)

    def _made(self, name: str) -> Path:
        path = self._at(name)
        make_private(path.parent)
        return path

    @contextmanager
    def _translated(self, verb: str, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as err:
            message = f"cannot {verb} `{name}` in `{self.url}`: {err.strerror or err}"
            raise ArtifactError(message, hint=_hint(err, nearest(self._root))) from err


def _hint(error: OSError, place: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"Free space there (`df -h {quoted(place)}`), or remove old runs: `mlrun-nb gc --keep 5`."
    return f"Look at it: `ls -la {quoted(place)}`."
