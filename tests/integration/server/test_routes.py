"""Every route once, through HTTP, on runs that were really made."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.integration.server.served import run


def test_status_names_server_project_and_store(server):
    """A panel knows from it whether it speaks to the server that it was made for."""
    found = server.get("status")
    assert (found["api"], found["project"], found["root"]) == (1, "default", "")
    assert found["counts"]["failed"] >= 1
    assert found["store"].endswith("store.db")


def test_health_says_what_doctor_says(server):
    """Engines apart from the rest."""
    found = server.get("health")
    assert "engine local" in [each["name"] for each in found["engines"]]
    assert "store" in [each["name"] for each in found["others"]]


def test_the_history_comes_newest_first_in_pages(worked):
    """A cursor leads on, without gap or repetition."""
    first = worked.server.get("runs", limit="1", q="fn:train tag:prod")
    second = worked.server.get("runs", limit="50", q="fn:train tag:prod", cursor=first["cursor"])
    ids = [each["id"] for each in (*first["items"], *second["items"])]
    assert ids.index(worked.second) < ids.index(worked.first)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("state:failed fn:broken", ["failed"]),
        ("label:team=risk", ["first"]),
        ("risk", ["first"]),
        ("fn:train before:1s after:2d version:{version}", ["second", "first"]),
        ("notebook:train.ipynb state:succeeded", ["second", "first"]),
        ("engine:local brok", ["failed"]),
    ],
)
def test_words_find_runs(worked, words: str, found: list[str]):
    """The language of the search field, as a person types it."""
    version = worked.server.get(f"runs/{worked.first}")["run"]["version"]
    items = worked.server.get("runs", q=words.replace("{version}", version[:5]))["items"]
    made = {worked.first: "first", worked.second: "second", worked.failed: "failed"}
    assert [made[each["id"]] for each in items if each["id"] in made] == found


def test_a_deep_search_looks_inside_of_reasons_and_says_how_far(worked):
    """`division` begins no name; it stands in why a run failed."""
    assert worked.server.get("runs", q="division")["items"] == []
    deep = worked.server.get("runs", q="DIVISION", deep="true")
    assert worked.failed in [each["id"] for each in deep["items"]]
    assert deep["looked"]["runs"] >= 3


@pytest.mark.parametrize("words", ["state:flaed", "fn:trian", "colour:red", "tag:prd", "before:soon", "engine:lokal"])
def test_a_word_that_means_nothing_is_named(server, words: str):
    """With the nearest one that does, or an example."""
    found = server.ask(f"GET runs?q={quote(words)}")
    assert (found.status, found.json["title"]) == (400, "OptionError")
    assert words.split(":")[1] in found.json["detail"]
    assert found.json["hint"]


def test_a_run_is_told_whole(worked):
    """Cells, artifacts, what differs from the last good one, and what to type."""
    found = worked.server.get(f"runs/{worked.second}")
    assert (found["run"]["state"], found["notebook"], found["executed"]) == ("succeeded", "train.ipynb", True)
    assert {each["name"] for each in found["artifacts"]} >= {"model", "table", "page", "drawing"}
    assert {"name": "lr", "text": "0.2", "before": "0.1", "distance": "+0.1"} in found["parameters"]
    assert found["last_good"]["id"] == worked.first
    assert 1 in [cell["origin"] for cell in found["cells"]]
    assert found["changed"] == "lr 0.1 → 0.2"
    assert set(found["metrics"]) == {"loss", "odd"}


def test_a_failed_run_says_why_and_what_to_do(worked):
    """The traceback, and a remedy for a button."""
    found = worked.server.get(f"runs/{worked.failed}")
    assert found["failure"]["ename"] == "ZeroDivisionError"
    assert "1 / (x - x)" in found["failure"]["traceback"]
    assert found["remedy"] == {"text": "run the same version again", "options": {}}


def test_lines_of_a_log_come_from_any_place(worked):
    """A negative number counts from the end."""
    found = worked.server.get(f"runs/{worked.first}/log", line="-1")
    assert (found["first"], found["lines"], found["total"], found["ended"]) == (1, ["epoch 1"], 2, True)


def test_a_text_is_found_in_a_log(worked):
    """Letters of either case."""
    found = worked.server.get(f"runs/{worked.first}/log/search", text="EPOCH")
    assert found == {"lines": [0, 1], "more": False, "next": None}


def test_a_whole_log_is_a_file(worked):
    """As it was printed, but for colours."""
    found = worked.server.ask(f"GET runs/{worked.first}/log/file")
    assert found.body == b"epoch 0\nepoch 1\n"
    assert found.headers["Content-Disposition"].endswith(f"train-{worked.first[:6]}.log")


def test_colours_of_a_log_are_for_those_who_draw_them(worked):
    """Its lines have them, a search looks past them, and a file has none."""
    log = f"runs/{worked.failed}/log"
    assert worked.server.get(log, lines="1")["lines"] == ["\x1b[31mbefore\x1b[0m"]
    assert worked.server.get(f"{log}/search", text="before")["lines"][0] == 0
    assert worked.server.ask(f"GET {log}/file").body.startswith(b"before\n")


def test_metrics_say_what_json_cannot(worked):
    """Not-a-number is a text."""
    found = {each["name"]: each for each in worked.server.get(f"runs/{worked.first}/metrics")["series"]}
    assert [point["value"] for point in found["loss"]["points"]] == [0.1, 0.05]
    assert [point["value"] for point in found["odd"]["points"]] == ["NaN"]
    only = worked.server.get(f"runs/{worked.first}/metrics?name=loss")["series"]
    assert [each["name"] for each in only] == ["loss"]


def test_a_card_is_complete_by_itself(worked):
    """No script, and the verbs as a notebook types them."""
    found = worked.server.get(f"runs/{worked.first}/card")
    assert "<script" not in found["html"]
    assert "%mlrun show" in found["text"]


def test_an_executed_notebook_comes_untrusted(worked):
    """Texts in one piece, as editors hold them."""
    found = worked.server.get(f"runs/{worked.first}/notebook")
    cells = found["content"]["cells"]
    assert found["name"] == f"train-{worked.first[:6]}.ipynb"
    assert any("log_metric" in cell["source"] for cell in cells)
    assert [cell for cell in cells if "trusted" in cell["metadata"]] == []


def test_a_table_is_looked_at_without_being_loaded(worked):
    """The first rows as texts, and that there are more."""
    found = worked.server.get(f"runs/{worked.first}/artifacts/table/preview")
    assert (found["kind"], found["columns"], found["rows"][1], found["cut"]) == ("table", ["a", "b"], ["1", "x"], True)
    assert len(found["rows"]) == 50


def test_a_picture_is_named_and_served_by_its_name(worked):
    """Its bytes come through a route of their own."""
    found = worked.server.get(f"runs/{worked.first}/artifacts/drawing/preview")
    assert (found["kind"], found["media_type"]) == ("picture", "image/svg+xml")
    drawn = worked.server.ask(f"GET runs/{worked.first}/artifacts/drawing/previews/{found['picture']}")
    assert drawn.body.startswith(b"<svg")


def test_runs_stand_beside_each_other(worked):
    """What differs first, the best number marked."""
    found = worked.server.get(f"compare?run={worked.first}&run={worked.second}")
    rows = {row["name"]: row for row in found["rows"]}
    assert [cell["best"] for cell in rows["accuracy"]["cells"]] == [True, False]
    assert rows["epochs"]["differs"] is False
    assert found["rows"][0]["differs"] is True


def test_two_runs_differ_in_what_was_asked_and_what_came_of_it(worked):
    """Without another run named, from the last good one."""
    found = worked.server.get(f"runs/{worked.second}/diff")
    assert (found["old"]["id"], found["summary"]) == (worked.first, "lr 0.1 → 0.2")
    assert [part["title"] for part in found["parts"]] == ["Parameters", "Results"]
    assert found["code"] == []


def test_functions_are_listed_with_their_newest_run(worked):
    """By name."""
    items = worked.server.get("functions")["items"]
    assert [each["name"] for each in items if each["name"] in {"train", "broken"}] == ["broken", "train"]
    assert next(each for each in items if each["name"] == "broken")["last_run"]["state"] == "failed"


def test_a_function_says_what_a_form_needs(server):
    """Parameters with the schema of their values, and code to paste."""
    found = server.get("functions/train")
    parameters = {each["name"]: each for each in found["parameters"]}
    assert parameters["epochs"]["schema"] == {"type": "integer", "default": 2}
    assert parameters["lr"]["declaration"] == "lr: float = 0.1"
    assert (found["result"], found["command"]) == ("accuracy", "mlrun-nb run train")
    assert found["history"][-1]["value"] == 0.9


def test_a_version_says_what_it_changed(worked):
    """Against the one before it, side by side."""
    folder = worked.server.session.folder
    before = (folder / "train.ipynb").read_text()
    (folder / "train.ipynb").write_text(before.replace("1 / (x - x)", "2 / (x - x)"))
    run(worked.server.session, "train.ipynb::broken")
    (folder / "train.ipynb").write_text(before)
    newest = worked.server.get("functions/broken/versions", limit="1")["items"][0]
    found = worked.server.get(f"functions/broken/versions/{newest['hash'][:8]}/diff")
    assert newest["change"] == found["summary"] == "1 line of code"
    changed = [line for line in found["code"][0]["lines"] if line["kind"] == "changed"]
    assert [(line["old"], line["new"]) for line in changed] == [("1 / (x - x)", "2 / (x - x)")]


def test_a_tag_is_moved(worked):
    """To a version of its own function, by a beginning of the hash."""
    digest = worked.server.get("functions/train")["version"]["hash"]
    found = worked.server.ask("PUT functions/train/tags/try-1", {"version": digest[:8]})
    assert (found.status, found.json["tags"]) == (200, ["latest", "prod", "try-1"])


@pytest.mark.parametrize(("tag", "version", "status"), [("a b", "{train}", 400), ("prod", "{broken}", 404)])
def test_a_tag_is_not_moved_where_it_cannot_go(server, tag: str, version: str, status: int):
    """A name that nobody could type, a version of another function."""
    hashes = {name: server.get(f"functions/{name}")["version"]["hash"] for name in ("train", "broken")}
    found = server.ask(f"PUT functions/train/tags/{quote(tag)}", {"version": version.format(**hashes)})
    assert (found.status, bool(found.json["hint"])) == (status, True)


def test_a_function_is_run_and_ends(server):
    """Started from a form, with parameters as JSON values and options as they are typed."""
    body = {"parameters": {"epochs": 1}, "options": {"timeout": "1h"}}
    started = server.ask("POST functions/train/runs", body)
    assert (started.status, started.json["function"]) == (201, "train")
    assert server.wait_for_state(started.json["id"], "succeeded", "failed")["state"] == "succeeded"
    settings = {each["name"]: each for each in server.get(f"runs/{started.json['id']}")["settings"]}
    assert settings["timeout"]["source"] == "this run"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"parameters": {"epoch": 1}}, "epochs"),
        ({"parameters": {"epochs": "x"}}, "epochs"),
        ({"options": {"memory": "lots"}}, "16Gi"),
        ({"options": {"memry": "1Gi"}}, "memory"),
        ({"on": "lokal"}, "local"),
        ({"parametres": {}}, "parameters"),
    ],
)
def test_what_cannot_run_is_said_before_anything_is_recorded(server, body: object, word: str):
    """A bad request names the word and the nearest one."""
    before = server.get("status")["revision"]
    found = server.ask("POST functions/train/runs", body)
    assert found.status == 400
    assert word in found.json["hint"]
    assert server.get("status")["revision"] == before


def test_a_run_is_repeated_with_another_value(worked):
    """Everything else stays."""
    started = worked.server.ask(f"POST runs/{worked.second}/rerun", {"parameters": {"epochs": 1}})
    assert started.status == 201
    worked.server.wait_for_state(started.json["id"], "succeeded")
    values = {each["name"]: each["text"] for each in worked.server.get(f"runs/{started.json['id']}")["parameters"]}
    assert values == {"lr": "0.2", "epochs": "1"}


def test_no_code_of_a_user_is_executed_in_the_server(worked):
    """An engine that works in the asking process is refused, and not offered."""
    refused = worked.server.ask(f"POST runs/{worked.second}/rerun", {"on": "inline"})
    assert (refused.status, refused.json["title"]) == (409, "EngineRejected")
    assert "Choose another engine" in refused.json["hint"]
    offered = worked.server.get("options")
    assert ("inline" in offered["targets"], "inline" in offered["startable"]) == (True, False)


def test_a_run_is_pinned_kept_and_deleted(server):
    """A pinned one is not deleted; its folder goes with it when it is."""
    started = server.ask("POST functions/train/runs", {"parameters": {"epochs": 1}}).json["id"]
    server.wait_for_state(started, "succeeded")
    folder = server.get(f"runs/{started}")["directory"]
    assert server.ask(f"PUT runs/{started}/pin").json["pinned"] is True
    assert server.ask(f"DELETE runs/{started}").status == 400
    assert server.ask(f"DELETE runs/{started}/pin").json["pinned"] is False
    assert server.ask(f"DELETE runs/{started}").status == 204
    assert server.ask(f"GET runs/{started}").status == 404
    assert not Path(folder).exists()


def test_a_run_at_work_is_followed_and_cancelled(server):
    """Its cells come from its events, its card goes on, and it cannot be deleted."""
    run(server.session, "train.ipynb::slow", "--detach")
    started = server.get("runs", limit="1")["items"][0]["id"]
    server.wait_for_state(started, "running")
    cells = server.get(f"runs/{started}")["cells"]
    assert [cell["origin"] for cell in cells if not cell["machinery"]] == [3]
    assert server.ask(f"DELETE runs/{started}").status == 400
    assert server.get(f"runs/{started}/card")["state"] == "running"
    assert server.ask(f"POST runs/{started}/cancel").status == 200
    assert server.wait_for_state(started, "cancelled")["reason"]
