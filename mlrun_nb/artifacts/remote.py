"""
Folders behind a URL, through fsspec: object stores, HTTP, memory, whatever has a driver.

The only importer of fsspec. Drivers raise errors of many libraries; each leaves here as an `ArtifactError` that names
the URL and what to do. Listings are never cached: other processes write to the same place.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from mlrun_nb.artifacts.names import check_name
from mlrun_nb.errors import ArtifactError, ConfigError, MlrunNbError

_EXTRAS = {"s3": "s3", "s3a": "s3"}
"""URL schemes whose driver is an extra of ours."""
_DRIVERS = {"gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs", "http": "aiohttp",
            "https": "aiohttp", "sftp": "paramiko", "ssh": "paramiko", "smb": "smbprotocol"}  # fmt: skip
"""URL schemes and the distribution that holds their driver."""
_RENAMING = frozenset({"local", "sftp", "ssh", "smb", "ftp", "hdfs", "webhdfs", "dir"})
"""Schemes where a file being written can be seen half; object stores show an object when it is complete."""


class RemoteFolder:
    """A prefix of a file system that fsspec reaches."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.path: Path | None = None
        self._renames = urlsplit(url).scheme in _RENAMING
        with self._translated("open", ""):
            import fsspec

            self._fs, self._root = fsspec.url_to_fs(self.url, use_listings_cache=False)

    def read(self, name: str, start: int = 0) -> bytes:
        """See Folder."""
        with self._translated("read", name):
            if start and start >= self._fs.size(self._at(name)):
                return b""
            content: bytes = self._fs.cat_file(self._at(name), start=start or None)
            return content

    def write(self, name: str, data: bytes, *, sync: bool = False) -> None:  # noqa: ARG002  # a put is durable
        """See Folder."""
        with self._translated("write", name), self._whole(name) as target:
            self._fs.pipe_file(target, data)

    def exists(self, name: str) -> bool:
        """See Folder."""
        with self._translated("look for", name):
            return bool(self._fs.isfile(self._at(name)))

    def names(self, under: str = "") -> list[str]:
        """See Folder."""
        top = self._at(under) if under else self._root
        with self._translated("list", under):
            self._fs.invalidate_cache()
            found = (str(path)[len(self._root) :].strip("/") for path in self._fs.find(top))
            return sorted(name for name in found if not any(part.startswith(".") for part in name.split("/")))

    def size(self, name: str) -> int:
        """See Folder."""
        with self._translated("read", name):
            return int(self._fs.size(self._at(name)))

    def remove(self, name: str) -> None:
        """See Folder."""
        with self._translated("remove", name):
            try:
                self._fs.rm_file(self._at(name))
            except FileNotFoundError:
                return

    def url_of(self, name: str) -> str:
        """See Folder."""
        return f"{self.url}/{check_name(name)}"

    def take(self, source: Path, name: str) -> None:
        """See Folder."""
        with self._translated("write", name), self._whole(name) as target:
            self._fs.put_file(str(source), target)
        source.unlink()

    def fetch(self, name: str, target: Path) -> None:
        """See Folder."""
        with self._translated("read", name):
            self._fs.get_file(self._at(name), str(target))

    def child(self, name: str) -> RemoteFolder:
        """See Folder."""
        return RemoteFolder(f"{self.url}/{check_name(name)}")

    def _at(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{check_name(name)}"

    @contextmanager
    def _whole(self, name: str) -> Iterator[str]:
        """Give the path to write to, so that the file appears under its name when it is complete."""
        target = self._at(name)
        if not self._renames:
            yield target
            return
        folder, _, last = target.rpartition("/")
        self._fs.makedirs(folder, exist_ok=True)
        near = f"{folder}/.{last}.{secrets.token_hex(4)}"
        yield near
        self._fs.mv(near, target)

    def _translated(self, verb: str, name: str) -> AbstractContextManager[None]:
        return _translated(self.url, verb, name)


def fetch(url: str, target: Path) -> None:
    """Copy the file at *url* to the local path *target*; raises ArtifactError."""
    with _translated(url, "read", ""):
        import fsspec

        fs, path = fsspec.url_to_fs(url)
        fs.get_file(path, str(target))


def exists(url: str) -> bool:
    """Tell whether there is something at *url*; raises ArtifactError where its place cannot be asked."""
    with _translated(url, "look at", ""):
        import fsspec

        fs, path = fsspec.url_to_fs(url, use_listings_cache=False)
        return bool(fs.exists(path))


def etag(url: str) -> str:
    """
    Return the strong ETag of the object at *url*, empty where its server gives none; raises ArtifactError.

    Source: RFC 9110, section 8.8.3: a weak one, `W/"…"`, may stay the same while bytes change.
    """
    with _translated(url, "look at", ""):
        import fsspec

        fs, path = fsspec.url_to_fs(url, use_listings_cache=False)
        about = fs.info(path)
    found = str(about.get("ETag") or about.get("etag") or "")
    return "" if found.startswith("W/") else found.strip('"')


def check_url(url: str, *, requirements: Sequence[str] = ()) -> None:
    """
    Raise ConfigError for a scheme that nobody knows, ArtifactError for a driver that is not here; connects to nothing.

    *requirements* are what a run will have beside what is installed here.
    """
    from fsspec.registry import registry

    if urlsplit(url).scheme in registry:
        return
    driver = driver_of(url)
    is_brought = any(text.lower().startswith((driver, "mlrun-nb[")) for text in requirements)
    if not is_brought and find_spec(driver) is None:
        raise ArtifactError(f"`{url}` needs {driver}, which is not installed", hint=_driver_hint(url))


def driver_of(url: str) -> str:
    """Return the distribution whose driver opens *url*; raises ConfigError for a scheme that nobody knows."""
    from fsspec.registry import known_implementations

    scheme = urlsplit(url).scheme
    if scheme not in known_implementations:
        raise ConfigError(
            f"`{url}` is of no kind that artifacts can be kept in: nothing knows `{scheme}:`",
            hint="Write a path, or a URL such as `s3://bucket/folder`.",
        )
    driver: str = _DRIVERS.get(scheme) or known_implementations[scheme]["class"].partition(".")[0]
    return driver


@contextmanager
def _translated(url: str, verb: str, name: str) -> Iterator[None]:
    what = f"`{name}` in `{url}`" if name else f"`{url}`"
    try:
        yield
    except MlrunNbError:
        raise
    except ImportError as err:
        raise ArtifactError(f"nothing here can open `{url}`: {err}", hint=_driver_hint(url)) from err
    except FileNotFoundError as err:
        raise ArtifactError(
            f"cannot {verb} {what}: it does not exist",
            hint="Compare the URL with what is there; a bucket must be made before a run writes to it.",
        ) from err
    except Exception as err:
        # a driver lets errors of its own libraries through: botocore, aiohttp, paramiko
        raise ArtifactError(
            f"cannot {verb} {what}: {type(err).__name__}: {err}",
            hint="Check the URL, the credentials in the environment and that the place can be reached from here.",
        ) from err


def _driver_hint(url: str) -> str:
    scheme = urlsplit(url).scheme
    if scheme in _EXTRAS:
        return f"Run `pip install 'mlrun-nb[{_EXTRAS[scheme]}]'`."
    if scheme in _DRIVERS:
        return f"Run `pip install {_DRIVERS[scheme]}`."
    return f"Install the fsspec driver for `{scheme}:`; its documentation names it."
