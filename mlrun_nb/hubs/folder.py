"""A folder as a source: `NAME/VERSION/` for each version of each item. What ships with the product is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from mlrun_nb._lib.package import PACKAGE
from mlrun_nb.errors import HubError
from mlrun_nb.hubs.files import read_files
from mlrun_nb.hubs.index import Index
from mlrun_nb.hubs.verifying import item_of, named, verified
from mlrun_nb.hubs.writing import put
from mlrun_nb.model.hub import NAME, VERSION, Bundle, HubItem
from mlrun_nb.protocols.hub import Publication

BUNDLED = "bundled"


class FolderSource:
    """The items below *folder*, as the source called *name*; see `protocols.hub.HubSource`."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self._folder = name, folder
        self._broken: list[HubError] = []

    def search(self, text: str) -> Sequence[HubItem]:
        """See HubSource."""
        return self._index.search(text)

    def versions(self, name: str) -> Sequence[HubItem]:
        """See HubSource."""
        return self._index.versions(name)

    def fetch(self, name: str, version: str = "", *, revision: str = "") -> Bundle:  # noqa: ARG002  # it has none
        """See HubSource."""
        item = self._index.item(name, version)
        return verified(item, read_files(self._folder / item.name / item.version, self._where(item.name)), self.name)

    def refresh(self) -> None:
        """See HubSource; the folder is read anew when it is asked next."""
        self.__dict__.pop("_index", None)

    def publish(self, bundle: Bundle, *, push: bool) -> Publication:  # noqa: ARG002  # it is there at once
        """See Publishable."""
        self._check_there()
        place = put(bundle, self._folder, self.name)
        self.refresh()
        return Publication(place=str(place))

    @property
    def notices(self) -> Sequence[HubError]:
        """See HubSource."""
        return self._broken

    @cached_property
    def _index(self) -> Index:
        self._check_there()
        self._broken.clear()
        return Index(self.name, self._items())

    def _check_there(self) -> None:
        if not self._folder.is_dir():
            raise HubError(
                f"hub source `{self.name}` is a folder that is not there: `{self._folder}`", hint="Correct its path."
            )

    def _items(self) -> Iterator[HubItem]:
        """Yield all items that can be read; one that cannot hides no other."""
        for folder in sorted(self._folder.iterdir()):
            if not NAME.fullmatch(folder.name) or not folder.is_dir():
                continue
            for version in sorted(folder.iterdir()):
                if VERSION.fullmatch(version.name) and version.is_dir():
                    try:
                        yield self._item(folder.name, version)
                    except HubError as err:
                        self._broken.append(err)

    def _item(self, name: str, folder: Path) -> HubItem:
        where = self._where(f"{name}@{folder.name}")
        return named(item_of(read_files(folder, where), where), name, folder.name, where)

    def _where(self, what: str) -> str:
        return f"`{what}` of hub source `{self.name}`"


def bundled() -> FolderSource:
    """Return the source that ships with the product."""
    packed = PACKAGE / "_data" / "hub"
    return FolderSource(BUNDLED, packed if packed.is_dir() else PACKAGE.parent / "hub")
