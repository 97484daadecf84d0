"""
Where a function of MLRun lies: a file or folder of this machine, behind http, or in a repository of git.

Gives what describes it, and reads what is beside that, of each file no more than `MOST_BYTES`. Nothing is kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urljoin, urlsplit

from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import HubError, HubMissing, NotFoundError
from mlrun_nb.hubs.git import Blob, Repository
from mlrun_nb.hubs.places import FolderPlace, GitPlace, OtherPlace, WebPlace, parse_place
from mlrun_nb.hubs.web import Web, shown
from mlrun_nb.imports.document import MOST_BYTES, too_large
from mlrun_nb.imports.source import Read

_FILES = ("function.yaml", "item.yaml")
"""What is looked for in a folder; the first has the code that was run."""
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file that describes a function: its *name* for people, what is in it, and how files beside it are read."""

    name: str
    data: bytes
    read: Read


@contextmanager
def find_place(where: str) -> Iterator[Place]:
    """
    Give the file that *where*, a path, URL or address of git, leads to, or the one of its usual name in a folder.

    Raises NotFoundError, HubError, and ConfigError for an address of git that cannot be.
    """
    match parse_place(where):
        case FolderPlace(path=path):
            yield _on_disk(Path(path))
        case WebPlace(url=url):
            with Web() as web:
                yield _behind_http(web, url)
        case GitPlace() as place:
            with tempfile.TemporaryDirectory(prefix="mlrun-nb-import-") as folder:
                yield _in_repository(place, Path(folder))
        case OtherPlace(scheme=scheme):
            raise NotFoundError(
                f"`{where}` cannot be read: addresses of `{scheme}` are not known",
                hint="Give a path, an address of http or https, or `git+https://HOST/REPOSITORY.git`.",
            )


def _nowhere(where: str) -> NotFoundError:
    return NotFoundError(
        f"the folder `{where}` has no {' and no '.join(f'`{name}`' for name in _FILES)}",
        hint="Give the path of a file that describes a function of MLRun.",
    )


def _on_disk(path: Path) -> Place:
    if path.is_dir():
        found = next((path / name for name in _FILES if (path / name).is_file()), None)
        if found is None:
            raise _nowhere(str(path))
        path = found
    return Place(name=str(path), data=_read(path), read=lambda name: _read_beside(path, name))


def _read_beside(path: Path, name: str) -> bytes:
    beside = path.parent / name
    if not beside.resolve().is_relative_to(path.parent.resolve()):
        raise HubError(f"`{path}` names `{name}`, which leads out of its folder", hint="Put the file beside it.")
    if not beside.is_file():
        raise _no_code(str(path), name, f"Put it there, `{quoted(beside)}`, or export the function with its code.")
    return _read(beside)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as err:
        raise NotFoundError(f"there is no file `{path}`", hint="Give the path of a `function.yaml`.") from err
    except OSError as err:
        raise HubError(f"`{path}` cannot be read: {err.strerror}", hint="Give a file that you may read.") from err
    if len(data) > MOST_BYTES:
        raise too_large(str(path))
    return data


def _no_code(where: str, name: str, hint: str) -> HubError:
    return HubError(f"`{where}` names `{name}` as its code, and there is no such file beside it", hint=hint)


def _behind_http(web: Web, url: str) -> Place:
    def read(address: str) -> bytes:
        return web.read(address, most_bytes=MOST_BYTES).data or b""

    def read_beside(name: str) -> bytes:
        try:
            return read(urljoin(url, quote(name)))
        except HubMissing as err:
            raise _no_code(shown(url), name, "Ask whoever looks after it to put the file there.") from err

    if not urlsplit(url).path.endswith("/"):
        return Place(name=shown(url), data=read(url), read=read_beside)
    folder = url
    for name in _FILES:
        url = urljoin(folder, name)
        try:
            return Place(name=shown(url), data=read(url), read=read_beside)
        except HubMissing:
            continue
    raise _nowhere(shown(folder))


def _in_repository(place: GitPlace, folder: Path) -> Place:
    name = f"{shown(place.url)}{f'@{place.reference}' if place.reference else ''}"
    repository = Repository(place.url, folder / "repository", name=f"`{name}`")
    state = repository.find(place.reference)
    repository.ensure(state)
    blobs = {blob.path: blob for blob in repository.files(state.commit)}
    inner = place.folder.strip("/")
    named = [inner] if inner.endswith(_SUFFIXES) else [str(PurePosixPath(inner, each)) for each in _FILES]
    found = next((path for path in named if path in blobs), "")
    if not found:
        if inner.endswith(_SUFFIXES):
            raise NotFoundError(f"`{name}` has no file `{inner}`", hint="Correct what is behind `#subdirectory=`.")
        raise _nowhere(f"{name}#subdirectory={inner}" if inner else name)
    where = f"{name}#subdirectory={found}"

    def read_beside(other: str) -> bytes:
        path = str(PurePosixPath(found).parent / other)
        if path not in blobs:
            raise _no_code(where, other, "Ask whoever looks after it to put the file there.")
        return _read_blob(repository, blobs[path], f"{name}: {path}")

    return Place(name=where, data=_read_blob(repository, blobs[found], where), read=read_beside)


def _read_blob(repository: Repository, blob: Blob, where: str) -> bytes:
    if blob.size > MOST_BYTES:
        raise too_large(where)
    return next(repository.read([blob]))
