"""A catalog behind http or https as a source: static files are enough, and what was read once is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urljoin

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb._lib.files import make_private, write_atomic
from mlrun_nb.errors import HubError, HubMissing, HubUnreached
from mlrun_nb.hubs.catalog import CATALOG, items_of
from mlrun_nb.hubs.index import Index
from mlrun_nb.hubs.verifying import MOST_BYTES, check_sizes, verified
from mlrun_nb.hubs.web import PATIENCE_S, Web, shown
from mlrun_nb.model.hub import Bundle, HubItem

MOST_CATALOG_BYTES = 64 << 20


class WebSource:
    """The catalog at *url*, as the source called *name*, which is kept in *folder*; see `protocols.hub.HubSource`."""

    def __init__(self, name: str, url: str, folder: Path, *, patience_s: float = PATIENCE_S) -> None:
        self.name = name
        self._url = url if url.endswith(".json") else f"{url.rstrip('/')}/{CATALOG}"
        self._folder, self._patience_s = folder, patience_s
        self._old: list[HubError] = []

    def search(self, text: str) -> Sequence[HubItem]:
        """See HubSource."""
        return self._index.search(text)

    def versions(self, name: str) -> Sequence[HubItem]:
        """See HubSource."""
        return self._index.versions(name)

    def fetch(self, name: str, version: str = "", *, revision: str = "") -> Bundle:  # noqa: ARG002  # it has none
        """See HubSource."""
        item = self._index.item(name, version)
        check_sizes(dict.fromkeys(item.files, 0), f"`{item.name}@{item.version}` of hub source `{self.name}`")
        with Web(patience_s=self._patience_s) as web:
            return verified(item, dict(self._files(web, item)), self.name)

    def refresh(self) -> None:
        """See HubSource; the server is asked anew."""
        self.__dict__.pop("_index", None)

    @property
    def notices(self) -> Sequence[HubError]:
        """See HubSource."""
        return self._old

    @cached_property
    def _index(self) -> Index:
        self._old.clear()
        return Index(self.name, items_of(self._catalog(), f"`{shown(self._url)}` of hub source `{self.name}`"))

    def _catalog(self) -> bytes:
        """Return the server's catalog; the one that it gave earlier where that has not changed, or it is silent."""
        path, about = self._folder / CATALOG, self._folder / "catalog.about.json"
        kept, tag = _kept(path, about)
        try:
            with Web(patience_s=self._patience_s) as web:
                answer = web.read(self._url, most_bytes=MOST_CATALOG_BYTES, tag=tag)
        except HubUnreached as err:
            if kept is None:
                raise
            since = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
            self._old.append(
                HubError(
                    f"hub source `{self.name}` is not reached; this is its catalog of {since:%Y-%m-%d %H:%M}",
                    hint=f"{err.message}. {err.hint}",
                )
            )
            return kept
        if answer.data is None:
            path.touch()
            return kept or b""
        make_private(self._folder)
        about.unlink(missing_ok=True)  # never the tag of another catalog beside one
        write_atomic(path, answer.data)
        write_atomic(about, json.dumps({"tag": answer.tag, "digest": digest_bytes(answer.data)}).encode())
        return answer.data

    def _files(self, web: Web, item: HubItem) -> Iterator[tuple[str, bytes]]:
        left = MOST_BYTES
        for name in item.files:
            url = urljoin(self._url, quote(f"{item.name}/{item.version}/{name}"))
            try:
                data = web.read(url, most_bytes=left).data or b""
            except HubMissing as err:
                raise HubError(
                    f"`{item.name}@{item.version}` of hub source `{self.name}`: the file `{name}` is missing",
                    hint="Nothing was installed. Ask whoever looks after the source.",
                ) from err
            left -= len(data)
            yield name, data


def _kept(path: Path, about: Path) -> tuple[bytes | None, str]:
    """Return the catalog that is kept, and the tag that the server knows it by, empty where that is not sure."""
    try:
        data = path.read_bytes()
    except OSError:
        return None, ""
    try:
        said = json.loads(about.read_bytes())
        return data, str(said["tag"]) if said["digest"] == digest_bytes(data) else ""
    except (OSError, ValueError, KeyError, TypeError):
        return data, ""
