"""Who may ask, for what, and what can be reached: nothing beside the projects below the server's root."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from mlrun_nb.server.table import ROUTES
from tests.integration.server.served import Server, make_session, run, running_server

AUTHORIZER = """
from jupyter_server.auth.authorizer import Authorizer

class NoExecution(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return (action, resource) != ("execute", "mlrun-nb:runs")

c.ServerApp.authorizer_class = NoExecution
c.ServerApp.base_url = "/user/me/"
"""


@pytest.fixture(scope="module")
def guarded(warm_exports, tmp_path_factory):
    """Give a server below `/user/me/` whose authoriser lets nobody execute runs, and a run in it."""
    session = make_session(tmp_path_factory.mktemp("guarded"), warm_exports)
    made = run(session, "train.ipynb::train", "-p", "epochs=1")
    with running_server(session, config=AUTHORIZER) as server:
        yield server, made


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_nobody_is_answered_without_a_token(server: Server, route):
    """Whatever the route; as a problem, like every other error."""
    found = server.ask(f"{route.method} {route.path[1:]}".replace("{", "").replace("}", ""), token=None)
    assert found.status == 403
    assert found.headers["Content-Type"] == "application/problem+json"
    assert found.json["hint"].startswith("Log in")


def test_a_server_that_lets_nobody_in_unasked_has_nothing_to_warn_of(server: Server):
    """With `allow_unauthenticated_access=False` Jupyter looks at each handler."""
    server.get("status")
    assert "registered for /mlrun-nb" not in server.log.read_text()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("GET runs", 200),
        ("GET runs/{run}", 200),
        ("POST runs/{run}/cancel", 403),
        ("POST runs/{run}/rerun", 403),
        ("PUT runs/{run}/pin", 200),
        ("GET functions", 200),
    ],
)
def test_an_authoriser_is_asked_about_each_action(guarded, words: str, status: int):
    """One that refuses to execute runs lets their list be read."""
    server, made = guarded
    assert server.ask(words.replace("{run}", made)).status == status


def test_a_server_below_a_prefix_answers(guarded):
    """As under JupyterHub."""
    server, _ = guarded
    assert "/user/me/mlrun-nb" in f"{server.url}mlrun-nb"
    assert server.get("status")["api"] == 1


@pytest.mark.parametrize("folder", ["..", "../..", "a/../..", "/etc", "/", "a\0b", "out", "out/deeper"])
def test_a_folder_outside_the_root_is_not_found(server: Server, tmp_path, folder: str):
    """Neither by dots, nor absolute, nor with a NUL, nor through a link."""
    link = server.session.folder / "out"
    link.unlink(missing_ok=True)
    link.symlink_to(tmp_path)
    (tmp_path / "project.yaml").write_text("name: secret\n")
    found = server.ask(f"GET status?folder={quote(folder)}")
    assert (found.status, found.json["title"]) == (404, "NotFoundError")


def test_a_folder_chooses_the_project(server: Server):
    """And one that was removed belongs to the project above it."""
    folder = server.session.folder / "churn"
    folder.mkdir(exist_ok=True)
    (folder / "project.yaml").write_text("name: churn\n")
    assert [server.get("status", folder=each)["project"] for each in ("churn", "churn/gone", "")] == [
        "churn",
        "churn",
        "default",
    ]


def test_a_project_whose_settings_change_is_another_one(server: Server):
    """Without a restart; a file that cannot be read is the user's to mend."""
    folder = server.session.folder / "changing"
    folder.mkdir(exist_ok=True)
    answers = []
    for text in ("name: one\n", "name: two\n", "colour: red\n"):
        (folder / "project.yaml").write_text(text)
        found = server.ask("GET status?folder=changing")
        answers.append((found.status, found.json.get("project")))
    assert answers == [(200, "one"), (200, "two"), (400, None)]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("GET nothing", 404),
        ("GET runs/zzzzzzzzzzzz", 404),
        ("GET runs/x", 404),
        ("POST status", 405),
        ("PATCH runs", 405),
        ("GET runs?colour=red", 400),
        ("GET runs?limit=many", 400),
        ("GET runs?limit=0", 400),
        ("GET runs?cursor=x", 400),
        ("GET runs/%FF%FE", 404),
        ("GET functions/nothing", 404),
        ("GET compare?run=x", 400),
        ("GET runs/..%2F..%2Fetc", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem_with_a_thing_to_do(server: Server, words: str, status: int):
    """Ours and Jupyter's own refusals alike."""
    found = server.ask(words)
    assert (found.status, found.headers["Content-Type"]) == (status, "application/problem+json")
    assert found.json["hint"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\xff\xfe", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'{"on": "\\ud800"}', 400),
        (b'{"parameters": {"lr": ' + b"[" * 100_000, 400),
        (json.dumps({"parameters": {"lr": "x" * (9 << 20)}}).encode(), 413),
    ],
    ids=["no text", "half", "a list", "half a character", "deep", "long"],
)
def test_a_body_that_cannot_be_read_is_refused(server: Server, raw: bytes, status: int):
    """Never an error of ours."""
    found = server.ask("POST functions/train/runs", raw=raw)
    assert (found.status, found.headers["Content-Type"]) == (status, "application/problem+json")


def test_an_answer_that_is_known_already_is_not_sent_again(server: Server):
    """The client's ETag gives 304."""
    known = server.ask("GET functions/train")
    again = server.ask("GET functions/train", If_None_Match=known.headers["Etag"])
    assert (again.status, again.body) == (304, b"")


def test_a_look_is_no_activity_and_an_act_is(server: Server):
    """An idle server is ended although a panel is open, not while somebody works."""
    before = server.ask("GET /api/status").json["last_activity"]
    server.get("runs")
    looked = server.ask("GET /api/status").json["last_activity"]
    run_id = server.get("runs", limit="1")["items"][0]["id"]
    server.ask(f"PUT runs/{run_id}/pin")
    server.ask(f"DELETE runs/{run_id}/pin")
    assert before == looked < server.ask("GET /api/status").json["last_activity"]
