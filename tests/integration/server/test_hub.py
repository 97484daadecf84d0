"""Functions of hubs through HTTP: found, read, compared, pasted and run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from mlrun_nb.testing.hub_contract import make_item
from mlrun_nb.testing.requests import wait_for
from tests.integration.server.served import Server, make_session, running_server

COUNT = """\
# %%
def lines_of(text):
    return len(text.splitlines())

# %%
# %%mlrun count --input table --output lines
\"\"\"Count lines.\"\"\"
factor: int = {factor}  # by which they are multiplied
lines = lines_of(table) * factor
"""


def publish(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of an item."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.fixture(scope="module")
def server(warm_exports, tmp_path_factory) -> Iterator[Server]:
    """Give a server of a project with a source of its own that has two versions of an item, and one that is away."""
    session = make_session(tmp_path_factory.mktemp("hub"), warm_exports)
    team = session.folder / "team"
    for version, more in (("1.0.0", {}), ("1.1.0", {"requirements": "[pandas]"})):
        files = make_item("count", version, summary="Count the lines of a file.", example="show.py", **more)
        files |= {
            "cell.py": COUNT.format(factor=1 if version == "1.0.0" else 2).encode(),
            "show.py": b"# %% [markdown]\n# # Shown\n\n# %%\nprint(1)\n",
            "README.md": f"# count\n\nVersion {version}.\n".encode(),
        }
        publish(team / "count" / version, files)
    (session.folder / "project.yaml").write_text("hub: {team: team, away: nowhere}\n")
    (session.folder / "data").mkdir()
    (session.folder / "data" / "three.txt").write_text("1\n2\n3\n")
    with running_server(session) as server:
        yield server


def test_what_all_sources_have_is_found_and_one_that_is_away_is_named(server: Server):
    """In their order, the newest versions; it hides no other."""
    found = server.get("hub")
    assert [(each["source"], each["name"], each["version"]) for each in found["items"]][:2] == [
        ("team", "count", "1.1.0"),
        ("bundled", "describe", "1.0.0"),
    ]
    (away,) = found["notices"]
    assert away["source"] == "away"
    assert "not there" in away["error"]
    assert away["hint"]
    assert found["waiting"] == []
    assert found["total"] == len(found["items"])


def test_words_find_the_best_first(server: Server):
    """As the command line does."""
    names = [each["name"] for each in server.get("hub", q="data table")["items"]]
    assert names[0] == "load-data"
    assert "count" not in names


def test_of_very_many_the_first_are_told_and_how_many_there_are(warm_exports, tmp_path):
    """A word finds the others."""
    session = make_session(tmp_path, warm_exports)
    for number in range(201):
        publish(tmp_path / "many" / f"n{number}" / "1.0.0", make_item(f"n{number}"))
    (tmp_path / "project.yaml").write_text("hub: {many: many}\n")
    with running_server(session) as server:
        wait_for(lambda: not server.get("hub", q="hello")["waiting"], what="the answer of all sources")
        found = server.get("hub", q="hello")
        assert (len(found["items"]), found["total"]) == (200, 201)


def test_what_was_fetched_is_verified(server: Server):
    """What ships with the product always is; of another source a version is from when it was read."""
    (home, source) = (server.session.environment["MLRUN_NB_HOME"], "team")
    assert not Path(home, "hub", source, "count").exists()
    before = {each["name"]: each["verified"] for each in server.get("hub", q="l")["items"]}
    assert (before["count"], before["split"]) == (False, True)
    server.get("hub/team/count")
    after = {each["name"]: each["verified"] for each in server.get("hub", q="l")["items"]}
    assert after["count"]


def test_an_item_is_told_whole(server: Server):
    """What a person reads before running it, and what a form needs."""
    found = server.get("hub/team/count")
    assert (found["version"], found["versions"], found["requirements"]) == ("1.1.0", ["1.1.0", "1.0.0"], ["pandas"])
    assert found["readme"] == "# count\n\nVersion 1.1.0.\n"
    assert [each["kind"] for each in found["example"]] == ["markdown", "code"]
    assert found["notebook"][-1]["source"].startswith("%%mlrun count --input table")
    (factor,) = found["parameters"]
    assert (factor["declaration"], factor["description"]) == ("factor: int = 2", "by which they are multiplied")
    assert factor["schema"]["default"] == 2
    assert (found["inputs"], found["outputs"]) == (["table"], ["lines"])
    assert found["digest"].startswith("sha256:")
    assert found["command"] == "mlrun-nb run hub://team/count"
    older = server.get("hub/team/count", version="1.0.0")
    assert older["readme"] == "# count\n\nVersion 1.0.0.\n"
    assert older["reference"] == "hub://team/count@1.0.0"


@pytest.mark.parametrize("query", ["", "?against=1.0.0"])
def test_two_versions_are_compared(server: Server, query: str):
    """The function, and what stands beside it; with the one before where none is named."""
    found = server.ask(f"GET hub/team/count/versions/1.1.0/diff{query}").json
    assert (found["old"], found["new"]) == ("1.0.0", "1.1.0")
    parts = {part["title"]: part["changes"] for part in found["parts"]}
    assert parts["About"] == [{"name": "requirements", "old": None, "new": "pandas", "distance": ""}]
    assert [change["name"] for change in parts["Other files"]] == ["README.md"]
    assert "1 → 2" in found["summary"]


def test_a_cell_that_uses_it_takes_the_frame_of_the_notebook(server: Server):
    """And its source is cells."""
    used = server.ask("POST hub/team/count/cells", {"kind": "use", "frames": ["df"]}).json
    assert 'mn.get_function("hub://team/count").run(\n    table=df,' in used["cells"][0]
    pasted = server.ask("POST hub/team/count/cells", {"kind": "source", "version": "1.0.0"}).json
    assert len(pasted["cells"]) == 2
    assert "factor: int = 1" in pasted["cells"][1]


def test_it_is_run_on_a_file_of_the_folder(server: Server):
    """A path is one that the file browser shows; it becomes a function of the project."""
    body = {"parameters": {"factor": 5}, "inputs": {"table": "three.txt"}}
    made = server.ask("POST hub/team/count/runs?folder=data", body)
    assert made.status == 201, made.body
    assert server.wait_for_state(made.json["id"], "succeeded", "failed")["state"] == "succeeded"
    detail = server.get(f"runs/{made.json['id']}")
    assert {each["name"]: each["text"] for each in detail["results"]}["lines"] == "15"
    for page in (detail, server.get("functions/count")):
        assert page["hub"] == {"source": "team", "name": "count", "version": "1.1.0"}
        assert page["notebook"] is None
    (request,) = (server.session.folder / "home/runs").glob(f"*/{made.json['id']}/request.json")
    assert json.loads(request.read_bytes())["working_directory"] == str(server.session.folder / "data")
    assert "count" in [each["name"] for each in server.get("functions")["items"]]


def test_what_is_installed_is_locked_and_newer_is_told(server: Server):
    """The card says both; code names the locked one by its name alone; what was installed is taken out again."""
    done = server.ask("PUT hub/team/count/lock", {"version": "1.0.0"})
    assert (done.status, done.json["version"], done.json["missing"]) == (200, "1.0.0", [])
    try:
        assert "count: {source: team, version: 1.0.0" in (server.session.folder / "project.yaml").read_text()
        (card,) = server.get("hub", q="count")["items"]
        assert (card["installed"], card["version"]) == ("1.0.0", "1.1.0")
        assert server.get("hub/team/count", version="1.0.0")["reference"] == "hub://count"
        assert server.get("hub/team/count", version="1.1.0")["reference"] == "hub://team/count@1.1.0"
    finally:
        assert server.ask("DELETE hub/team/count/lock").status == 204
    assert server.get("hub", q="count")["items"][0]["installed"] == ""
    assert server.ask("DELETE hub/team/count/lock").status == 404


@pytest.mark.parametrize(
    ("words", "body", "status", "said"),
    [
        ("GET hub/team/conut", None, 404, "has no item `conut`"),
        ("GET hub/elsewhere/count", None, 404, "there is no hub source `elsewhere`"),
        ("GET hub/team/count?version=3.0.0", None, 404, "no version `3.0.0`"),
        ("GET hub/away/count", None, 503, "not there"),
        (f"GET hub/{quote('../..', safe='')}/count", None, 404, "there is no hub source"),
        ("GET hub/team/count/versions/1.0.0/diff", None, 404, "is the first version"),
        ("POST hub/team/count/runs", {}, 404, "`table`"),
        ("POST hub/team/count/runs", {"inputs": {"table": "no.txt"}}, 404, "`no.txt`"),
        ("POST hub/team/count/cells", {"kind": "all"}, 400, "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_a_problem(server: Server, words: str, body: object, status: int, said: str):
    """Which says what to do."""
    found = server.ask(words, body)
    assert (found.status, found.headers["Content-Type"]) == (status, "application/problem+json")
    assert said in found.json["detail"]
    assert found.json["hint"]
