"""A function is published through HTTP: what is asked for, how far it is, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mlrun_nb.testing.hub_contract import make_item
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import write_notebook
from tests.integration.server.served import Server, make_session, run, running_server

AREA = '%%mlrun area --output area\n"""Area of a circle."""\nradius: float = 1.0\narea = 3 * radius**2'
NEEDY = "%%mlrun needy --input table --output rows\nrows = len(table)"
SHY = '%%mlrun shy --output said\n"""Fails elsewhere."""\nfrom pathlib import Path\nsaid = Path(\'here\').read_text()'


@pytest.fixture(scope="module")
def server(warm_exports, tmp_path_factory) -> Iterator[Server]:
    """Give a server of a project with a source that takes functions, in which three functions were run."""
    session = make_session(tmp_path_factory.mktemp("publishing"), warm_exports)
    folder = session.folder
    write_notebook(folder / "shapes.ipynb", [AREA, NEEDY, SHY])
    (folder / "here").write_text("here")
    (folder / "table.txt").write_text("abc")
    (folder / "project.yaml").write_text("hub: {team: team}\n")
    note = folder / "team/note/1.0.0"
    note.mkdir(parents=True)
    for name, data in make_item("note").items():
        (note / name).write_bytes(data)
    run(session, "shapes.ipynb::area")
    run(session, "shapes.ipynb::needy", "--input", "table=table.txt")
    run(session, "shapes.ipynb::shy")
    run(session, "hub://note")
    with running_server(session) as server:
        yield server


def published(server: Server, function: str, **body: object) -> dict[str, Any]:
    """Publish *function* and return what came of it."""
    begun = server.ask(f"POST functions/{function}/publication", {"source": "team", "categories": ["shapes"], **body})
    assert begun.status == 200, begun.body
    assert begun.json["stage"] == "trying"

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = server.get(f"functions/{function}/publication")
        return None if found["stage"] in {"trying", "giving"} else found

    return wait_for(ended, what="its end", patience_s=120)


def test_what_is_known_is_filled_in_and_what_is_missing_is_named(server: Server):
    """From the function, and from the source."""
    found = server.get("functions/area/draft")
    assert (found["sources"], found["source"], found["notebook"]) == (["team"], "team", "shapes.ipynb")
    assert (found["name"], found["summary"], found["missing"]) == ("area", "Area of a circle.", ["categories"])
    assert server.get("functions/needy/draft")["missing"] == ["summary", "categories", "example"]


def test_it_is_tried_and_given_to_the_source(server: Server):
    """From then on it is found, and the next version is the next number; another content of the same one is refused."""
    assert server.ask("GET functions/area/publication").status == 404
    done = published(server, "area", version="1.0.0")
    assert (done["stage"], done["name"], done["version"], done["error"]) == ("published", "area", "1.0.0", "")
    assert done["place"].endswith("team/area/1.0.0")
    assert server.get("hub/team/area")["summary"] == "Area of a circle."
    assert server.get("functions/area/draft")["version"] == "1.0.1"
    refused = published(server, "area", version="1.0.0", summary="Another one.")
    assert refused["stage"] == "refused"
    assert "1.0.0" in refused["error"]
    assert refused["hint"]


def test_one_whose_example_fails_is_refused_with_what_it_said(server: Server):
    """It needs a file that nobody else has."""
    refused = published(server, "shy")
    assert refused["stage"] == "refused"
    assert "the example of `shy` fails" in refused["error"]
    assert "FileNotFoundError" in refused["error"]
    assert server.ask("GET hub/team/shy").status == 404


@pytest.mark.parametrize(
    ("function", "body", "status", "said"),
    [
        ("needy", {"source": "team", "categories": ["a"], "summary": "Rows."}, 400, "`example`"),
        ("area", {"source": "team"}, 400, "`categories`"),
        ("area", {"source": "bundled"}, 400, "takes nothing"),
        ("area", {"source": "teem"}, 404, "no hub source `teem`"),
        ("area", {"source": "team", "version": "2"}, 400, "is no version"),
        ("aera", {"source": "team"}, 404, "aera"),
        ("note", {"source": "team"}, 400, "`note` is a hub's: hub://team/note@1.0.0"),
    ],
)
def test_what_can_be_seen_at_once_is_refused_at_once(server: Server, function: str, body: object, status: int, said):
    """With what to do."""
    found = server.ask(f"POST functions/{function}/publication", body)
    assert found.status == status, found.body
    assert said in found.json["detail"]
    assert found.json["hint"]
