"""Plain data and files: JSON, text, bytes, a file, a folder."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import cast

from mlrun_nb.artifacts.packagers.protocol import CannotPack, Packed
from mlrun_nb.errors import ArtifactError

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can name; used for all members, so that equal folders have equal bytes."""


class JsonFile:
    """A dict or list that JSON brings back exactly: text keys, no tuples, no NaN, no subclasses."""

    name = "json"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return type(value) in {dict, list}

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        try:
            fault = _not_json(value)
            data = b"" if fault else json.dumps(value, ensure_ascii=False, indent=1).encode()
        except (RecursionError, ValueError) as err:  # ValueError: surrogates, 4301 digits
            raise CannotPack(f"JSON cannot hold it: {type(err).__name__}") from err
        if fault:
            raise CannotPack(f"JSON would not bring back {fault}")
        path = folder / f"{name}.json"
        path.write_bytes(data)
        return Packed(file=path.name, media_type="application/json")

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # JSON names its types
        """See Packager."""
        return json.loads(path.read_bytes())


def _not_json(value: object) -> str:
    if value is None or type(value) in {bool, int, str}:
        return ""
    if type(value) is float:
        return "" if math.isfinite(value) else f"the number {value}"
    if type(value) is list:
        return next(filter(None, map(_not_json, value)), "")
    if type(value) is dict:
        odd = next((key for key in value if type(key) is not str), None)
        return f"the key {odd!r}" if odd is not None else next(filter(None, map(_not_json, value.values())), "")
    return f"a `{type(value).__qualname__}`"


class Text:
    """A text, as UTF-8."""

    name = "text"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return type(value) is str

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        path = folder / f"{name}.txt"
        path.write_bytes(str(value).encode("utf-8", "surrogatepass"))
        return Packed(file=path.name, media_type="text/plain")

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # one type
        """See Packager."""
        return path.read_bytes().decode("utf-8", "surrogatepass")


class Bytes:
    """Bytes as they are."""

    name = "bytes"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return type(value) is bytes

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        path = folder / f"{name}.bin"
        path.write_bytes(cast("bytes", value))
        return Packed(file=path.name)

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # one type
        """See Packager."""
        return path.read_bytes()


class File:
    """The file that a path names, copied; what comes back is the path of a local copy."""

    name = "file"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return isinstance(value, Path) and not value.is_dir()

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        import mimetypes

        source = cast("Path", value)
        if not source.is_file():
            raise ArtifactError(
                f"`{name}`: there is no file `{source}`",
                hint=f"Write it before it is logged; relative paths begin at `{Path.cwd()}`.",
            )
        target = folder / (name if name.endswith(source.suffix) else f"{name}{source.suffix}")
        shutil.copyfile(source, target)
        media = mimetypes.guess_type(target.name)[0] or "application/octet-stream"
        previews = {media: target.name} if media.startswith("image/") or media == "text/html" else {}
        return Packed(file=target.name, media_type=media, previews=previews)

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # one type
        """See Packager."""
        return path


class Folder:
    """The folder that a path names, as a zip archive; what comes back is the path of a fresh copy."""

    name = "folder"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return isinstance(value, Path) and value.is_dir()

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        top = cast("Path", value)
        target = folder / f"{name}.zip"
        files = sorted(path for path in top.rglob("*") if path.is_file())
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                entry = zipfile.ZipInfo(path.relative_to(top).as_posix(), _LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (path.stat().st_mode & 0o777) << 16
                with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as member:
                    shutil.copyfileobj(source, member)
        return Packed(file=target.name, media_type="application/zip", metadata={"files": len(files)})

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # one type
        """See Packager."""
        target = Path(tempfile.mkdtemp(prefix="mlrun-nb-folder-"))
        with zipfile.ZipFile(path) as archive:
            archive.extractall(target)  # refuses names that would leave the folder
        return target
