"""
A repository of git as a source: `NAME/VERSION/` in it, at one commit, which stays until it is refreshed.

A branch moves on when it is refreshed; a tag that leads elsewhere than it did is refused.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from mlrun_nb._lib.files import make_private, write_atomic
from mlrun_nb._lib.records import from_json
from mlrun_nb.errors import HubError, NotFoundError
from mlrun_nb.hubs.catalog import catalog_bytes, items_of
from mlrun_nb.hubs.clone import Clone
from mlrun_nb.hubs.git import COMMIT, PATIENCE_S, Blob, Repository, State
from mlrun_nb.hubs.index import Index
from mlrun_nb.hubs.places import GitPlace
from mlrun_nb.hubs.verifying import check_sizes, item_of, named, verified
from mlrun_nb.model.hub import NAME, VERSION, Bundle, HubItem
from mlrun_nb.protocols.hub import Publication

_LEVELS = 3
"""Parts of the path of an item's file: name, version, and at least one more."""

_ADVICE = "`mlrun-nb hub update` looks for what came since."


class GitSource:
    """The items in *place*, as the source called *name*, kept in *folder*; see `protocols.hub.HubSource`."""

    def __init__(self, name: str, place: GitPlace, folder: Path, *, patience_s: float = PATIENCE_S) -> None:
        self.name = name
        self._place, self._folder = place, folder
        self._repository = Repository(
            place.url, folder / "repository", name=f"hub source `{name}`", patience_s=patience_s
        )
        self._broken: list[HubError] = []

    def search(self, text: str) -> Sequence[HubItem]:
        """See HubSource."""
        return self._index.search(text)

    def versions(self, name: str) -> Sequence[HubItem]:
        """See HubSource."""
        return self._index.versions(name)

    def fetch(self, name: str, version: str = "", *, revision: str = "") -> Bundle:
        """See HubSource."""
        commit = self._pinned.commit
        if revision and revision != commit and not self._lists(name, version):
            if not COMMIT.fullmatch(revision):
                raise HubError(
                    f"`{revision}` names no commit of hub source `{self.name}`",
                    hint=f"Lock it again: `mlrun-nb hub install {name}`.",
                )
            commit = revision
            self._repository.ensure(State(commit=commit, reference=commit, kind="commit"))
            index = Index(self.name, self._items(commit))
        else:
            index = self._index
        item = index.item(name, version)
        blobs = self._grouped(commit).get((item.name, item.version), {})
        where = f"`{item.name}@{item.version}` of hub source `{self.name}`"
        return verified(item, self._read(blobs, where), self.name, revision=commit)

    def refresh(self) -> None:
        """See HubSource; raises HubError for a tag that leads to another commit than it did."""
        found = self._repository.find(self._place.reference)
        old = self._pin()
        if old and old.kind == found.kind == "tag" and old.commit != found.commit:
            raise HubError(
                f"tag `{found.reference}` of hub source `{self.name}` led to commit {old.commit[:7]} and leads to "
                f"{found.commit[:7]} now",
                hint="Ask whoever looks after it. Where the new one is right, remove the source and add it again.",
            )
        self._repository.ensure(found)
        self._keep(found)

    def publish(self, bundle: Bundle, *, push: bool) -> Publication:
        """See Publishable: a commit on the source's branch, in a clone that is kept here."""
        clone = Clone(self._place, self._folder / "clone", name=f"hub source `{self.name}`")
        publication = clone.commit(bundle, self.name, push=push)
        if push:
            self.refresh()
        return publication

    @property
    def notices(self) -> Sequence[HubError]:
        """See HubSource."""
        return self._broken

    @cached_property
    def _pinned(self) -> State:
        """The state that is read until somebody refreshes; found at the first question."""
        pinned = self._pin()
        if pinned is None:
            pinned = self._repository.find(self._place.reference)
            self._repository.ensure(pinned)
            self._keep(pinned)
        else:
            self._repository.ensure(pinned)
        return pinned

    @cached_property
    def _index(self) -> Index:
        return Index(self.name, self._items(self._pinned.commit), advice=_ADVICE)

    def _lists(self, name: str, version: str) -> bool:
        try:
            self._index.item(name, version)
        except NotFoundError:
            return False
        return True

    def _pin(self) -> State | None:
        try:
            return from_json(State, json.loads((self._folder / "pin.json").read_bytes()))
        except (OSError, ValueError):
            return None

    def _keep(self, state: State) -> None:
        make_private(self._folder)
        write_atomic(self._folder / "pin.json", json.dumps(asdict(state)).encode())
        for name in ("_pinned", "_index"):
            self.__dict__.pop(name, None)

    def _items(self, commit: str) -> list[HubItem]:
        """Return the items at *commit*, from the catalog that was made of it, which is made where there is none."""
        path = self._folder / f"items-{commit}.json"
        try:
            return items_of(path.read_bytes(), f"`{path}`")
        except (OSError, HubError):
            items = self._read_items(commit)
        if not self._broken:  # they are named each time, until they are mended
            write_atomic(path, catalog_bytes(items))
        return items

    def _read_items(self, commit: str) -> list[HubItem]:
        self._broken.clear()
        items = []
        for (name, version), blobs in self._grouped(commit).items():
            where = f"`{name}@{version}` of hub source `{self.name}`"
            try:
                items.append(named(item_of(self._read(blobs, where), where), name, version, where))
            except HubError as err:
                self._broken.append(err)
        return items

    def _grouped(self, commit: str) -> Mapping[tuple[str, str], Mapping[str, Blob]]:
        """Return the files of each version of each item by path."""
        found: dict[tuple[str, str], dict[str, Blob]] = defaultdict(dict)
        for blob in self._repository.files(commit, self._place.folder):
            parts = blob.path.split("/", _LEVELS - 1)
            if len(parts) == _LEVELS and NAME.fullmatch(parts[0]) and VERSION.fullmatch(parts[1]):
                found[parts[0], parts[1]][parts[2]] = blob
        return found

    def _read(self, blobs: Mapping[str, Blob], where: str) -> dict[str, bytes]:
        check_sizes({name: blob.size for name, blob in blobs.items()}, where)
        return dict(zip(blobs, self._repository.read(list(blobs.values())), strict=True))
