"""
What was fetched from hubs and is kept here: a folder for each version, by digest, and so also what a source once had.

A version that comes with another digest than it had, and a source that has gone back behind what it gave, are refused.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.digest import PREFIX
from mlrun_nb._lib.files import make_private
from mlrun_nb.errors import HubError
from mlrun_nb.hubs.verifying import item_of
from mlrun_nb.model.hub import Bundle, HubItem

_FILES = ".files.json"
"""Beside the files of a copy: which ones came."""
_DIGITS = 12
_FORGET = "Ask whoever looks after the source. Where it is right, remove the source and add it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One version of an item that is kept in `folder`; `mark` are the first digits of its digest."""

    name: str
    version: str
    mark: str
    folder: Path

    @property
    def order(self) -> tuple[int, ...]:
        """By which versions are older or newer than each other."""
        return tuple(int(part) for part in self.version.split("."))


@dataclass(frozen=True, slots=True)
class Copies:
    """
    The copies of what came from one source, in *folder*; messages call the source by its *name*.

    A source that is not fixed may differ from place to place: what ships with the product, in several releases of it.
    """

    name: str
    folder: Path
    is_fixed: bool = True

    def of(self, item: str) -> Sequence[Copy]:
        """Return the versions of *item* that are here, newest first."""
        return sorted(self._found(item), key=lambda copy: copy.order, reverse=True)

    def find(self, item: str, version: str, digest: str = "") -> Copy | None:
        """Return the copy of a version, if it is here, with *digest* where one is given."""
        wanted = _mark(digest)
        return next((copy for copy in self.of(item) if copy.version == version and wanted in {"", copy.mark}), None)

    def check(self, versions: Sequence[HubItem]) -> None:
        """Raise HubError where *versions*, all that the source has of an item, contradict what came from it earlier."""
        if not versions or not self.is_fixed:
            return
        listed = {item.version: _mark(item.digest) for item in versions}
        for copy in self.of(versions[0].name):
            now = listed.get(copy.version)
            where = f"`{copy.name}@{copy.version}` of hub source `{self.name}`"
            if now is None and copy.order > versions[0].order:
                raise HubError(
                    f"{where} is gone: the source has gone back to {versions[0].version}", hint=f"{_NOTHING} {_FORGET}"
                )
            if now not in {None, copy.mark}:
                raise HubError(
                    f"{where} has changed under its version: it was {copy.mark} and is {now} now",
                    hint=f"{_NOTHING} {_FORGET}",
                )

    def keep(self, bundle: Bundle) -> Copy:
        """
        Put the files of *bundle* here, all at once, unless they are.

        Raises HubError for what `check` refuses, and for a copy that was changed.
        """
        item = bundle.item
        other = self.find(item.name, item.version)
        if other is not None and other.mark != _mark(item.digest):
            self.check([item])
        copy = self._copy(item.name, item.version, _mark(item.digest))
        if copy.folder.exists():
            self.read(copy, item.digest)
        else:
            _unpack(bundle, copy.folder)
        return copy

    def read(self, copy: Copy, digest: str = "") -> Bundle:
        """Return *copy* as it came; raises HubError where it was changed since, or is not of *digest*."""
        where = f"`{copy.name}@{copy.version}` in `{copy.folder}`"
        try:
            names = json.loads((copy.folder / _FILES).read_bytes())
            files = {name: (copy.folder / name).read_bytes() for name in names}
            item = item_of(files, where)
        except (OSError, ValueError, TypeError, HubError) as err:
            raise self._changed(copy) from err
        is_same = _mark(item.digest) == copy.mark and digest in {"", item.digest}
        if not is_same or _files_in(copy.folder) != {*files, _FILES}:
            raise self._changed(copy)
        return Bundle(item=item, files=files)

    def _changed(self, copy: Copy) -> HubError:
        return HubError(
            f"the copy of `{copy.name}@{copy.version}` of hub source `{self.name}` was changed in `{copy.folder}`",
            hint="Keep what you want of it elsewhere, and remove that folder; it is fetched again.",
        )

    def _found(self, item: str) -> Iterator[Copy]:
        place = self.folder / item
        for folder in place.iterdir() if place.is_dir() else ():
            version, _, mark = folder.name.rpartition("-")
            if version and not version.startswith(".") and len(mark) == _DIGITS:
                yield Copy(name=item, version=version, mark=mark, folder=folder)

    def _copy(self, item: str, version: str, mark: str) -> Copy:
        return Copy(name=item, version=version, mark=mark, folder=self.folder / item / f"{version}-{mark}")


_NOTHING = "Nothing was installed."
_LEFT = {"__pycache__", ".ipynb_checkpoints"}
"""Folders that Python and Jupyter leave beside what they read."""


def _mark(digest: str) -> str:
    return digest.removeprefix(PREFIX)[:_DIGITS]


def _files_in(folder: Path) -> set[str]:
    paths = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    return {path.as_posix() for path in paths if not _LEFT & set(path.parts[:-1])}


def _unpack(bundle: Bundle, folder: Path) -> None:
    """Write the files of *bundle*, which then are in *folder* all at once."""
    near = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    make_private(near)
    for name, data in bundle.files.items():
        path = near / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(data)
    (near / _FILES).write_text(json.dumps(sorted(bundle.files)))
    try:
        near.rename(folder)
    except OSError:  # somebody else was quicker
        shutil.rmtree(near)
