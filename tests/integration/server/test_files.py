"""What a run left comes as a download that no browser executes, and nothing else of the machine comes at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.change import Ingest
from mlrun_nb.stores.opening import open_store
from tests.integration.server.served import run

NAMES = ["../x", "/etc/passwd", "a b", "a\u202eb", "line\nfeed", 'quo"te', "naïve-名前", "a/b"]


@pytest.fixture(scope="module")
def hostile(worked):
    """Give the server and a run whose record names artifacts as nobody should."""
    server = worked.server
    run_id = run(server.session, "train.ipynb::train", "-p", "epochs=1")
    folder = Path(server.get(f"runs/{run_id}")["directory"])
    (folder / "artifacts" / "link.txt").symlink_to("/etc/hostname")
    (folder / "artifacts" / "plain.txt").write_text("content")
    (folder / "artifacts" / "kept.pkl").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    outside = {"outside": "/etc/hostname", "link": str(folder / "artifacts/link.txt"), "gone": f"{folder}/artifacts/no"}
    inside = {**dict.fromkeys(NAMES, f"{folder}/artifacts/plain.txt"), "pickle": f"{folder}/artifacts/kept.pkl"}
    left = [
        Artifact(name=name, kind="file", uri=uri, size=1, digest="", media_type="text/plain\r\nX-Bad: 1")
        for name, uri in {**inside, **outside}.items()
    ]
    store = open_store(f"sqlite:///{server.session.folder / 'home/store.db'}")
    record = store.get_run(run_id)
    store.advance(record, replace(record, labels={"made": "hostile"}), Ingest(artifacts=left))
    store.close()
    return server, run_id


@pytest.mark.parametrize("name", NAMES)
def test_an_artifact_is_found_by_its_name_whatever_that_is(hostile, name: str):
    """A name is looked up in the record; it is no path."""
    server, run_id = hostile
    found = server.ask(f"GET runs/{run_id}/artifacts/{quote(name, safe='')}")
    assert (found.status, found.body) == (200, b"content")
    assert found.headers["Content-Type"] == "application/octet-stream"
    assert "X-Bad" not in found.headers


@pytest.mark.parametrize("name", ["outside", "link", "gone"])
def test_no_file_outside_the_folders_of_runs_is_served(hostile, name: str):
    """Neither by what a record says, nor through a link."""
    server, run_id = hostile
    found = server.ask(f"GET runs/{run_id}/artifacts/{name}")
    assert (found.status, found.json["title"]) == (404, "NotFoundError")


def test_a_pickle_is_not_looked_into(hostile):
    """It would run code here."""
    server, run_id = hostile
    found = server.get(f"runs/{run_id}/artifacts/pickle/preview")
    assert (found["kind"], found["reason"]) == ("none", "It is a pickle, which runs code when it is read.")


@pytest.mark.parametrize(("artifact", "media_type"), [("page", "text/html"), ("drawing", "image/svg+xml")])
def test_a_page_that_a_run_left_cannot_act(worked, artifact: str, media_type: str):
    """It is an attachment, in a sandbox, of exactly its type."""
    found = worked.server.ask(f"GET runs/{worked.first}/artifacts/{artifact}")
    assert found.headers["Content-Type"] == media_type
    assert found.headers["Content-Disposition"].startswith("attachment;")
    assert found.headers["Content-Security-Policy"].startswith("sandbox;")
    assert found.headers["X-Content-Type-Options"] == "nosniff"


def test_a_rendering_is_one_of_those_in_the_record(worked):
    """No other file of the folder has an address."""
    found = worked.server.ask(f"GET runs/{worked.first}/artifacts/drawing/previews/model.json")
    assert (found.status, found.json["title"]) == (404, "NotFoundError")


def test_a_file_says_how_long_it_is_and_what_it_is_called(worked):
    """A browser shows how far a download is."""
    found = worked.server.ask(f"GET runs/{worked.first}/artifacts/table")
    name = unquote(found.headers["Content-Disposition"].partition("''")[2])
    assert (int(found.headers["Content-Length"]), name) == (len(found.body), "table.parquet")


def test_a_name_that_the_run_did_not_leave_is_answered_with_the_nearest(worked):
    """As on the command line."""
    found = worked.server.ask(f"GET runs/{worked.first}/artifacts/modle")
    assert (found.status, "`model`" in found.json["hint"]) == (404, True)
