"""Catalogs behind http: asked for once, used without a server, and refused when they are not what they say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mlrun_nb.errors import HubError, NotFoundError
from mlrun_nb.hubs.folder import FolderSource
from mlrun_nb.hubs.web_source import WebSource
from mlrun_nb.hubs.writing import put, write_site
from mlrun_nb.testing.hub_contract import make_item
from tests.hub_servers import WebServer, drip, drip_head, flood, status


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a folder as `hub serve` writes it."""
    place = tmp_path / "team" / "greet" / "1.0.0"
    place.mkdir(parents=True)
    for name, data in make_item().items():
        (place / name).write_bytes(data)
    write_site(FolderSource("team", tmp_path / "team"), tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def server(site: Path) -> Iterator[WebServer]:
    """Serve it."""
    with WebServer(site) as server:
        yield server


def source_at(server: WebServer, tmp_path: Path, *, patience_s: float = 5) -> WebSource:
    """Return a new source, as each command has one."""
    return WebSource("far", server.url, tmp_path / "own", patience_s=patience_s)


def changed(site: Path, **item: Any) -> None:
    """Let the catalog say something else of its first item."""
    path = site / "catalog.json"
    plain = json.loads(path.read_bytes())
    plain["items"][0] |= item
    path.write_text(json.dumps(plain))


def test_a_catalog_that_has_not_changed_does_not_travel_again(server: WebServer, site: Path, tmp_path: Path):
    """The server is asked by the tag that it gave; a new catalog is read."""
    for _ in range(2):
        assert [item.name for item in source_at(server, tmp_path).search("")] == ["greet"]
    assert server.asked == [("/catalog.json", 200), ("/catalog.json", 304)]
    place = tmp_path / "team" / "part" / "1.0.0"
    place.mkdir(parents=True)
    for name, data in make_item("part").items():
        (place / name).write_bytes(data)
    write_site(FolderSource("team", tmp_path / "team"), site)
    assert [item.name for item in source_at(server, tmp_path).search("")] == ["greet", "part"]


def test_without_a_server_the_catalog_that_was_read_is_used(server: WebServer, tmp_path: Path):
    """And who asks is told so; files are not there."""
    assert not source_at(server, tmp_path).search("nothing")
    server.stop()
    source = source_at(server, tmp_path)
    assert [item.name for item in source.search("greet")] == ["greet"]
    assert "is not reached; this is its catalog of" in source.notices[0].message
    with pytest.raises(HubError, match="gave no answer"):
        source.fetch("greet")


def test_without_a_server_and_a_catalog_there_is_nothing(server: WebServer, tmp_path: Path):
    """The address is named."""
    server.stop()
    with pytest.raises(HubError, match=rf"`{server.url}/catalog\.json` gave no answer: it cannot be reached"):
        source_at(server, tmp_path).search("")


def test_an_address_is_shown_without_its_password(tmp_path: Path):
    """In whatever goes wrong."""
    source = WebSource("far", "http://me:secret@127.0.0.1:1/hub", tmp_path)
    with pytest.raises(HubError) as caught:
        source.search("")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (drip, "did not arrive within 0.5 s"),
        (drip_head, "did not arrive within 0.5 s"),
        (flood, "is larger than the 64 MiB"),
        (status(404), "there is no"),
        (status(403), "asks for a name and a password"),
        (status(500), "answers with an error of its own"),
        (status(418), "answers with status 418"),
    ],
    ids=["slow", "slow from the start", "endless", "missing", "refused", "broken", "odd"],
)
def test_a_server_that_misbehaves_is_named(server: WebServer, tmp_path: Path, fault: Any, said: str):
    """Within the time and the size that are taken; nothing of it is kept."""
    server.faults["/catalog.json"] = fault
    with pytest.raises(HubError, match=said) as caught:
        source_at(server, tmp_path, patience_s=0.5 if fault in {drip, drip_head} else 20).search("")
    assert caught.value.hint
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html>", "is not JSON"),
        (b"[" * 100_000, "no catalog of ours"),
        (b'{"greet": {"latest": {}}}', "no catalog of ours"),
        (b'{"format": 99, "items": []}', "no catalog of ours"),
        (b'{"format": 1, "items": [{"name": "greet"}]}', r"an entry that is not one of an item: .*`\$.items\[0\]`"),
    ],
)
def test_a_catalog_that_is_none_is_refused(server: WebServer, site: Path, tmp_path: Path, data: bytes, said: str):
    """Whatever it is instead."""
    (site / "catalog.json").write_bytes(data)
    with pytest.raises(HubError, match=said):
        source_at(server, tmp_path).search("")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"summary": "Say something nicer."}, "says something else than the catalog"),
        ({"name": "../greet"}, "no name and version"),
        ({"version": "1.0"}, "no name and version"),
        ({"files": {"../outside.py": "sha256:00"}}, "cannot be the name"),
        ({"files": {f"{number}.py": "sha256:00" for number in range(300)}}, "has 300 files"),
        ({"files": {"item.yaml": "sha256:00", "cell.py": "sha256:00"}}, "is not the one that it states"),
        ({"files": {"absent.py": "sha256:00"}}, "`absent.py` is missing"),
    ],
)
def test_a_catalog_that_was_tampered_with_is_refused(
    server: WebServer, site: Path, tmp_path: Path, item: Any, said: str
):
    """Before any of it is kept."""
    changed(site, **item)
    with pytest.raises(HubError, match=said) as caught:
        source_at(server, tmp_path).fetch("greet")
    assert caught.value.hint


@pytest.mark.parametrize("data", [b"import os\n", b""])
def test_a_file_that_was_tampered_with_is_refused(server: WebServer, site: Path, tmp_path: Path, data: bytes):
    """By its name."""
    (site / "greet/1.0.0/cell.py").write_bytes(data)
    with pytest.raises(HubError, match=r"`cell\.py` is not the one that it states"):
        source_at(server, tmp_path).fetch("greet")


def test_a_file_without_end_is_refused(server: WebServer, tmp_path: Path):
    """However small the catalog says that it is."""
    server.faults["/greet/1.0.0/cell.py"] = flood
    with pytest.raises(HubError, match="is larger than the 20 MiB"):
        source_at(server, tmp_path, patience_s=30).fetch("greet")


def test_a_site_never_changes_a_version(site: Path, tmp_path: Path):
    """What was served once under a version is what it stays."""
    place = tmp_path / "team/greet/1.0.0/cell.py"
    place.write_bytes(place.read_bytes() + b"\n")
    before = (site / "greet/1.0.0/cell.py").read_bytes()
    with pytest.raises(HubError, match="with another content") as caught:
        write_site(FolderSource("team", tmp_path / "team"), site)
    assert "1.0.1" in caught.value.hint
    assert (site / "greet/1.0.0/cell.py").read_bytes() == before


def test_what_is_put_there_again_changes_nothing(tmp_path: Path):
    """And another content is refused, whole."""
    source = FolderSource("team", tmp_path / "team")
    place = tmp_path / "team" / "greet" / "1.0.0"
    place.mkdir(parents=True)
    for name, data in make_item().items():
        (place / name).write_bytes(data)
    bundle = source.fetch("greet")
    assert put(bundle, tmp_path / "team", "team") == place
    (tmp_path / "other").mkdir()
    with pytest.raises(NotFoundError):
        FolderSource("team", tmp_path / "other").fetch("greet")
    put(bundle, tmp_path / "other", "team")
    assert FolderSource("team", tmp_path / "other").fetch("greet") == bundle
