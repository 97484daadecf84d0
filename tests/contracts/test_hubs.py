"""Hub sources pass the suite that third parties inherit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb.hubs.catalog import catalog_bytes
from mlrun_nb.hubs.folder import FolderSource
from mlrun_nb.hubs.git_source import GitSource
from mlrun_nb.hubs.places import GitPlace
from mlrun_nb.hubs.web_source import WebSource
from mlrun_nb.model.hub import HubItem
from mlrun_nb.protocols.hub import HubSource
from mlrun_nb.testing.hub_contract import HubContract, Items
from tests.hub_servers import GitServer, WebServer


def write(items: Items, root: Path) -> None:
    """Write *items* as a folder has them."""
    root.mkdir(parents=True)
    for (name, version), files in items.items():
        for path, data in files.items():
            place = root / name / version / path.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)


class TestFolder(HubContract):
    """A folder of items."""

    def published(self, tmp_path: Path, items: Items) -> HubSource:
        """Write *items* where the source looks for them."""
        write(items, tmp_path / "hub")
        return FolderSource("mine", tmp_path / "hub")


class TestGit(HubContract):
    """A repository behind a real server of git."""

    @pytest.fixture(autouse=True)
    def _server(self, tmp_path: Path) -> Iterator[None]:
        with GitServer(tmp_path / "served") as self.server:
            yield

    def published(self, tmp_path: Path, items: Items) -> HubSource:
        """Commit *items* and push them."""
        write(items, tmp_path / "work")
        url = self.server.publish(tmp_path / "work", f"{tmp_path.name}.git")
        return GitSource("mine", GitPlace(url=url), tmp_path / "own")


class TestWeb(HubContract):
    """Static files behind a real web server."""

    @pytest.fixture(autouse=True)
    def _servers(self) -> Iterator[None]:
        with ExitStack() as self.servers:
            yield

    def published(self, tmp_path: Path, items: Items) -> HubSource:
        """Serve *items* with a catalog that states whatever they are."""
        write(items, tmp_path / "hub")
        (tmp_path / "hub" / "catalog.json").write_bytes(catalog_bytes(map(_stated, items.items())))
        server = self.servers.enter_context(WebServer(tmp_path / "hub"))
        return WebSource("mine", server.url, tmp_path / "own")


def _stated(entry: tuple[tuple[str, str], dict[str, bytes]]) -> HubItem:
    """Return what a catalog says of an item, also where nobody would take it."""
    (name, version), files = entry
    summary = next(line for line in files["item.yaml"].decode().splitlines() if line.startswith("summary: "))
    return HubItem(
        name=name,
        version=version,
        summary=summary.removeprefix("summary: "),
        notebook="cell.py",
        function=name.replace("-", "_"),
        categories=("texts",),
        files={path: digest_bytes(data) for path, data in sorted(files.items())},
        size_bytes=sum(map(len, files.values())),
    )
