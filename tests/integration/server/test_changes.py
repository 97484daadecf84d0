"""The server hears of what others do, tells who listens, and takes up what it left when it is killed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

import pytest
import websocket

from mlrun_nb.server.watcher import EVENT
from tests.integration.server.served import TOKEN, Server, make_session, run, running_server

GOAL_S = 1.0


@pytest.fixture
def listener(server: Server):
    """Give a connection to Jupyter's stream of events."""
    url = f"{server.url.replace('http://', 'ws://')}api/events/subscribe"
    connection = websocket.create_connection(url, header={"Authorization": f"token {TOKEN}"}, timeout=20)
    yield connection
    connection.close()


def until(listener: websocket.WebSocket, known: Callable[[], bool]) -> float:
    """Return when an event of ours came after *known* was true."""
    while True:
        event = json.loads(listener.recv())
        if event["schema_id"] == EVENT and known():
            return monotonic()


def test_a_change_in_another_process_is_heard_of_at_once(server: Server, listener):
    """A run is recorded by a shell; whoever listens here reads again within a second of its end."""
    before = server.get("status")["revision"]
    with ThreadPoolExecutor() as pool:
        ended = pool.submit(lambda: (run(server.session, "train.ipynb::train", "-p", "epochs=1"), monotonic())[1])
        first = until(listener, lambda: server.get("status")["revision"] != before)
        last = until(listener, lambda: server.get("runs", limit="1")["items"][0]["state"] == "succeeded")
    assert first <= ended.result()
    assert last - ended.result() <= GOAL_S


def test_an_event_says_no_more_than_that_something_changed(server: Server, listener):
    """Which store, and the token that tells states of it apart."""
    made = server.get("runs", limit="1")["items"][0]["id"]
    server.ask(f"PUT runs/{made}/pin")
    event = json.loads(listener.recv())
    while event["schema_id"] != EVENT:
        event = json.loads(listener.recv())
    server.ask(f"DELETE runs/{made}/pin")
    assert sorted(event) == ["revision", "schema_id", "store"]
    assert event["store"] == server.get("status")["store"]


def test_a_run_that_was_deleted_in_the_shell_is_gone(server: Server):
    """From lists and from its own address."""
    made = run(server.session, "train.ipynb::tidy")
    server.get(f"runs/{made}/log")
    kept = run(server.session, "train.ipynb::tidy")
    server.session.type("gc", "--keep", "1", "--function", "tidy", "--yes")
    assert [each["id"] for each in server.get("runs", q="fn:tidy")["items"]] == [kept]
    assert [server.ask(f"GET runs/{made}{rest}").status for rest in ("", "/log", "/card")] == [404, 404, 404]


def test_a_store_that_was_deleted_below_the_server_is_opened_anew(warm_exports, tmp_path):
    """It is empty then, and shows what a shell records in the new one."""
    session = make_session(tmp_path, warm_exports)
    gone = run(session, "train.ipynb::tidy")
    with running_server(session) as server:
        before = server.get("status")["revision"]
        assert [each["id"] for each in server.get("runs")["items"]] == [gone]
        Path(server.get("status")["store"].removeprefix("sqlite:///")).unlink()
        assert server.get("runs")["items"] == []
        made = run(session, "train.ipynb::tidy")
        assert [each["id"] for each in server.get("runs")["items"]] == [made]
        assert server.get("status")["revision"] != before
        assert server.ask(f"GET runs/{gone}").status == 404


def test_a_run_outlives_a_server_that_was_killed(warm_exports, tmp_path):
    """Started through one server, it is followed to its end by the next."""
    session = make_session(tmp_path, warm_exports)
    session.type("run", "train.ipynb::slow", "--define")
    with running_server(session) as server:
        started = server.ask("POST functions/slow/runs", {}).json["id"]
        server.wait_for_state(started, "running")
        server.process.kill()
    with running_server(session) as server:
        assert server.get(f"runs/{started}")["run"]["state"] == "running"
        (tmp_path / "go").touch()
        assert server.wait_for_state(started, "succeeded", "failed", "lost")["state"] == "succeeded"
        assert server.get(f"runs/{started}/log")["lines"] == ["begun"]


def test_a_run_whose_folder_was_removed_is_still_answered(server: Server):
    """What is recorded is told; what is gone is said to be."""
    made = run(server.session, "train.ipynb::train", "-p", "epochs=1")
    shutil.rmtree(server.get(f"runs/{made}")["directory"])
    assert server.get(f"runs/{made}")["run"]["state"] == "succeeded"
    assert server.get(f"runs/{made}/log")["lines"] == []
    assert server.ask(f"GET runs/{made}/notebook").status == 404
    assert server.ask(f"GET runs/{made}/artifacts/table").status == 404
