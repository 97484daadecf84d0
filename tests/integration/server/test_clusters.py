"""The Dask clusters of runs through HTTP, with a real cluster of this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlrun_nb.engines.dask import own_cluster
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import Session, write_notebook
from tests.integration.server.served import Server, make_session, run, running_server

ONE = {"workers": "1", "threads": 2}
SQUARES = """%%mlrun squares --dask-workers 1 --dask-worker-memory 500Mi
import time
from pathlib import Path
while not Path('go').exists():
    time.sleep(0.05)"""


@pytest.fixture(scope="module")
def session(warm_exports, tmp_path_factory) -> Iterator[Session]:
    """Give a session whose cluster, if any, ends with the module."""
    session = make_session(tmp_path_factory.mktemp("clusters"), warm_exports)
    yield session
    session.type("dask", "down", "--force")


@pytest.fixture(scope="module")
def server(session: Session) -> Iterator[Server]:
    """Give a server for all tests here that only need one."""
    with running_server(session) as server:
        yield server


@pytest.fixture
def address(server: Server) -> str:
    """Return the address of a cluster of one worker with two slots that has no runs, begun or found."""
    found = server.get("clusters")["clusters"]
    if [(each["workers"], each["slots"], each["runs"]) for each in found] == [(1, 2, 0)]:
        return str(found[0]["address"])
    server.ask("DELETE clusters/dask?force=true")
    begun = server.ask("POST clusters", ONE)
    assert begun.status == 200, begun.body
    return str(begun.json["address"])


def test_to_look_where_there_is_none_costs_no_dask(warm_exports, tmp_path):
    """A server imports `distributed` once somebody asks and there is a cluster, and not before."""
    session = make_session(tmp_path, {**warm_exports, "PYTHONPROFILEIMPORTTIME": "1"})
    with running_server(session) as server:
        assert server.get("clusters") == {"clusters": [], "unknown": [], "vacant": True}
        assert " distributed\n" not in server.log.read_text()
        try:
            assert server.ask("POST clusters", ONE).status == 200
            assert " distributed\n" in server.log.read_text()
        finally:
            session.type("dask", "down", "--force")


def test_a_cluster_is_begun_and_found(server: Server, address: str):
    """With whose it is, what it has and what it costs; whoever begins it again gets the same."""
    (found,) = server.get("clusters")["clusters"]
    assert (found["on"], found["place"], found["address"]) == ("dask", "this machine", address)
    assert (found["workers"], found["least"], found["most"], found["slots"], found["runs"]) == (1, 1, 1, 2, 0)
    assert found["owner"]
    assert found["memory_bytes"] > 0
    assert found["idle_timeout_s"] == 600
    assert server.ask("POST clusters", {"workers": "3"}).json["address"] == address
    assert not server.get("clusters")["vacant"]


def test_its_dashboard_is_behind_the_proxy(server: Server, address: str):
    """And is Dask's."""
    (found,) = server.get("clusters")["clusters"]
    assert found["address"] == address
    assert re.fullmatch(r"/proxy/\d+/status", found["dashboard"])
    page = server.ask(f"GET {found['dashboard']}")
    assert page.status == 200
    assert b"Dask" in page.body
    assert b"Dask" not in server.ask(f"GET {found['dashboard']}", token=None).body  # but where one logs in


@pytest.mark.parametrize(
    ("proxied", "config", "link"),
    [
        (True, "c.ServerApp.base_url = '/user/ana/'", r"/user/ana/proxy/\d+/status"),
        (True, "c.ServerProxy.host_allowlist = lambda handler, host: True", r"/proxy/\d+/status"),
        (False, "", r"http://127\.0\.0\.1:\d+/status"),
    ],
)
def test_the_link_is_one_that_leads_there(session: Session, address: str, proxied: bool, config: str, link: str):
    """Below the server's own address, and without the proxy to the port itself."""
    assert address
    with running_server(session, proxied=proxied, config=config) as server:
        (found,) = server.get("clusters")["clusters"]
        assert re.fullmatch(link, found["dashboard"])


def test_it_is_scaled(server: Server, address: str):
    """What comes back has it already."""
    found = server.ask("PUT clusters/dask", {"workers": "2"})
    assert (found.status, found.json["workers"], found.json["slots"]) == (200, 2, 4)
    assert found.json["address"] == address


@pytest.mark.parametrize(
    ("words", "body", "status", "said"),
    [
        ("PUT clusters/dask", {"workers": "1..3"}, 409, "a fixed number of workers"),
        ("PUT clusters/dask", {"workers": "two"}, 400, "`dask-workers` in this request cannot be `two`"),
        ("PUT clusters/farm", {"workers": "2"}, 400, "there is no engine or profile `farm`"),
        ("PUT clusters/local", {"workers": "2"}, 400, "engine `local` has no clusters"),
        ("POST clusters", {"idle_timeout": "soon"}, 400, "`dask-idle-timeout` in this request"),
        ("POST clusters", {"threads": 0}, 400, "cannot be read"),
        ("DELETE clusters/local", None, 400, "engine `local` has no clusters"),
    ],
)
def test_what_cannot_be_done_is_a_problem(server: Server, address: str, words: str, body: object, status: int, said):
    """Which says what to do."""
    found = server.ask(words, body)
    assert (found.status, found.headers["Content-Type"]) == (status, "application/problem+json")
    assert said in found.json["detail"]
    assert found.json["hint"]
    assert server.get("clusters")["clusters"][0]["address"] == address


def test_it_is_not_ended_under_its_runs(server: Server, address: str):
    """Unless somebody says that they may fail; one that is gone already is gone."""
    made = run(server.session, "train.ipynb::slow", "--on", "dask", "--detach")
    server.wait_for_state(made, "running")
    assert server.get("clusters")["clusters"][0]["runs"] == 1
    refused = server.ask("DELETE clusters/dask")
    assert refused.status == 409
    assert "1 run" in refused.json["detail"]
    assert "--force" in refused.json["hint"]  # by which the panel knows what to ask
    assert server.get("clusters")["clusters"][0]["address"] == address
    assert server.ask("DELETE clusters/dask?force=true").status == 204
    assert server.ask("DELETE clusters/dask").status == 204
    assert server.get("clusters") == {"clusters": [], "unknown": [], "vacant": True}
    server.wait_for_state(made, "failed")


def test_one_that_does_not_answer_is_told_with_what_to_do(server: Server, address: str):
    """Its process lives, and nobody listens where it says that its scheduler is: it is neither there nor gone."""
    about = Path(server.session.environment["MLRUN_NB_HOME"], own_cluster.FOLDER, own_cluster.ABOUT)
    true = about.read_text()
    about.write_text(true.replace(address, "tcp://127.0.0.1:1"))
    try:
        found = server.get("clusters")
    finally:
        about.write_text(true)
    assert found["clusters"] == []
    assert [each["on"] for each in found["unknown"]] == ["dask"]
    assert found["unknown"][0]["error"]
    assert found["unknown"][0]["hint"]
    assert not found["vacant"]


def test_where_runs_go_to_somebody_elses_cluster_none_is_offered(warm_exports, tmp_path):
    """It is not ours to begin."""
    session = make_session(tmp_path, warm_exports)
    (tmp_path / "project.yaml").write_text("defaults:\n  dask-address: tcp://127.0.0.1:1\n")
    with running_server(session) as server:
        assert server.get("clusters") == {"clusters": [], "unknown": [], "vacant": False}
        assert server.ask("POST clusters", ONE).status == 409


def test_the_page_of_a_run_leads_to_the_dashboard_of_its_own_cluster(server: Server):
    """By the proxy, as does the card that the panel draws, which also says the address; not after its end."""
    session = server.session
    write_notebook(session.folder / "own.ipynb", [SQUARES])
    made = run(session, "own.ipynb::squares", "--detach")
    try:
        server.wait_for_state(made, "running")
        link = _dashboard(server, made)
        assert b"Dask" in server.ask(f"GET {link}").body
        card = server.get(f"runs/{made}/card")
        assert f'href="{link}"' in card["html"]
        assert re.search(r"http://127\.0\.0\.1:\d+/status", card["html"])
    finally:
        (session.folder / "go").touch()
    server.wait_for_state(made, "succeeded")
    assert server.get(f"runs/{made}")["dashboard"] == ""


def _dashboard(server: Server, made: str) -> str:
    """Return the link on the page of run *made*, whose cluster takes a while to come."""
    found = wait_for(lambda: str(server.get(f"runs/{made}")["dashboard"]), what="the run's cluster")
    assert re.fullmatch(r"/proxy/\d+/status", found)
    return found
