"""`mlrun-nb hub install`, `update`, `verify`, `publish`, `source` and `serve`, as a team uses them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from mlrun_nb.hubs.folder import FolderSource
from mlrun_nb.hubs.writing import write_site
from mlrun_nb.testing.hub_contract import make_item
from tests.acceptance.session import COMMAND, Session
from tests.hub_servers import GitServer, WebServer, git

AREA = """# %%
import math

def area_of(radius):
    return math.pi * radius**2

# %%
# %%mlrun area --output area
\"\"\"Area of a circle.\"\"\"
radius: float = 1.0  # in metres
area = round(area_of(radius), 2)
"""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Return somebody in a project with an empty folder as a source."""
    (tmp_path / "team").mkdir()
    (tmp_path / "project.yaml").write_text("name: shapes  # of all kinds\nhub:\n  team: team\n")
    return Session(tmp_path, {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@e.org", "GIT_COMMITTER_NAME": "A",
                              "GIT_COMMITTER_EMAIL": "a@e.org", "COLUMNS": "100"})  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WebServer]:
    """Serve the folder `site`."""
    (tmp_path / "site").mkdir()
    with WebServer(tmp_path / "site") as server:
        yield server


def add(folder: Path, version: str = "1.0.0", name: str = "greet") -> None:
    """Write a version of an item."""
    place = folder / name / version
    place.mkdir(parents=True)
    for path, data in make_item(name, version).items():
        (place / path).write_bytes(data)


def settings(session: Session) -> dict[str, dict[str, dict[str, str]]]:
    """Return what project.yaml says."""
    found: dict[str, dict[str, dict[str, str]]] = yaml.safe_load((session.folder / "project.yaml").read_text())
    return found


def test_what_is_locked_is_what_a_name_means(session: Session):
    """Whatever the source has since; until an update, which shows what it changes first."""
    add(session.folder / "team")
    said = session.type("hub", "install", "greet")
    assert said.code == 0, said.err
    assert "greet@1.0.0" in said.out
    text = (session.folder / "project.yaml").read_text()
    assert text.startswith("name: shapes  # of all kinds\nhub:\n  team: team\n")
    assert settings(session)["hub-lock"]["greet"]["digest"].startswith("sha256:")
    add(session.folder / "team", "1.1.0")
    assert session.type("run", "hub://greet", "--json").json["results"] == {"said": "hello 1.0.0"}
    said = session.type("hub", "update")
    assert "-said = 'hello 1.0.0'" in said.out
    assert "+said = 'hello 1.1.0'" in said.out
    assert "`--yes`" in said.err
    assert (session.folder / "project.yaml").read_text() == text
    said = session.type("hub", "update", "--yes")
    assert "was 1.0.0" in said.out
    assert settings(session)["hub-lock"]["greet"]["version"] == "1.1.0"
    assert session.type("run", "hub://greet", "--json").json["results"] == {"said": "hello 1.1.0"}
    assert "newest" in session.type("hub", "update").out
    assert session.type("hub", "uninstall", "greet").code == 0
    assert (session.folder / "project.yaml").read_text() == "name: shapes  # of all kinds\nhub:\n  team: team\n"


def test_what_is_here_needs_no_source(session: Session, server: WebServer):
    """A locked function runs while its server is away; so it does for somebody who cloned the project before that."""
    add(session.folder / "team")
    write_site(FolderSource("team", session.folder / "team"), session.folder / "site")
    assert session.type("hub", "source", "add", "far", server.url).code == 0
    assert session.type("hub", "install", "far/greet").code == 0
    asked = len(server.asked)
    assert session.type("run", "hub://greet", "--json").json["results"] == {"said": "hello 1.0.0"}
    assert len(server.asked) == asked
    server.stop()
    assert session.type("run", "hub://greet").code == 0
    said = session.type("hub", "verify")
    assert said.code == 4
    assert "gave no answer" in said.out
    found = session.type("hub", "search", "greet")
    assert "is not reached; this is its catalog of" in found.out


def test_a_source_that_is_away_is_not_passed_over(session: Session, server: WebServer):
    """What comes later may be something else under the same name; whoever names the source gets it."""
    server.stop()
    (session.folder / "project.yaml").write_text(f"name: shapes\nhub: {{far: '{server.url}'}}\n")
    said = session.type("hub", "install", "describe", COLUMNS="200")
    assert said.code == 4
    assert "as in `hub://bundled/describe`" in said.err
    assert session.type("hub", "install", "bundled/describe").code == 0


def test_a_clone_of_a_project_gets_what_is_locked_or_nothing(session: Session, server: WebServer):
    """Somebody else, who has nothing yet, and to whom the server gives something else."""
    add(session.folder / "team")
    write_site(FolderSource("team", session.folder / "team"), session.folder / "site")
    session.type("hub", "source", "add", "far", server.url)
    assert session.type("hub", "install", "far/greet").code == 0
    other = Session(session.folder, {**session.exported, "MLRUN_NB_HOME": str(session.folder / "other")})
    assert "greet@1.0.0" in other.type("hub", "install").out
    files = make_item() | {"cell.py": b"# %%\n# %%mlrun greet\nopen('executed', 'w')\n"}
    for path, data in files.items():
        (session.folder / "team/greet/1.0.0" / path).write_bytes(data)
    (session.folder / "site/catalog.json").unlink()
    write_site(FolderSource("team", session.folder / "team"), session.folder / "site")
    third = Session(session.folder, {**session.exported, "MLRUN_NB_HOME": str(session.folder / "third")})
    said = third.type("run", "hub://greet")
    assert said.code == 4
    assert "is not what project.yaml has locked" in said.err
    assert not (session.folder / "third/hub").exists() or not list((session.folder / "third/hub").rglob("cell.py"))
    assert not list(session.folder.rglob("executed"))


@pytest.mark.parametrize("words", [("run", "hub://greet"), ("hub", "install", "greet"), ("hub", "show", "greet")])
def test_a_version_that_changed_is_refused(session: Session, words: tuple[str, ...]):
    """By whoever had it before; with both digests."""
    add(session.folder / "team")
    assert session.type("run", "hub://greet").code == 0
    cell = session.folder / "team/greet/1.0.0/cell.py"
    cell.write_bytes(cell.read_bytes() + b"open('executed', 'w')\n")
    said = session.type(*words)
    assert said.code == 4
    assert "has changed under its version" in said.err
    assert not list(session.folder.rglob("executed"))


def test_a_source_that_went_back_is_refused(session: Session):
    """Until somebody removes it and adds it again."""
    add(session.folder / "team")
    add(session.folder / "team", "1.1.0")
    assert session.type("run", "hub://greet").code == 0
    (session.folder / "team/greet/1.1.0").rename(session.folder / "gone")
    said = session.type("run", "hub://greet")
    assert said.code == 4
    assert "the source has gone back to 1.0.0" in said.err
    assert session.type("hub", "source", "remove", "team").code == 0
    assert session.type("hub", "source", "add", "team", "team").code == 0
    assert session.type("run", "hub://greet").code == 0


@pytest.mark.parametrize("words", [("hub", "install", "greet"), ("run", "hub://greet")])
@pytest.mark.parametrize("file", ["cell.py", "math.py"])
def test_a_copy_that_was_changed_is_not_run(session: Session, words: tuple[str, ...], file: str):
    """Locked or not, it is named, and what to do; a file that was added is a change."""
    add(session.folder / "team")
    assert session.type(*words).code == 0
    (copy,) = (session.folder / "home/hub").rglob("cell.py")
    (copy.parent / "__pycache__").mkdir()
    (copy.parent / "__pycache__/cell.pyc").write_bytes(b"left by Python")
    assert session.type("run", "hub://greet").code == 0
    with (copy.parent / file).open("ab") as changed:
        changed.write(b"# mine\n")
    said = session.type("run", "hub://greet")
    assert said.code == 4
    assert "was changed in" in said.err
    assert session.type("hub", "verify").code == (4 if "install" in words else 0)


def test_a_function_is_published_after_its_example_ran(session: Session):
    """And somebody who installs it runs it; what it needs of the cells above comes with it."""
    (session.folder / "shapes.py").write_text(AREA)
    said = session.type("hub", "publish", "shapes.py::area", "--to", "team", "--category", "shapes", "--json")
    assert said.code == 0, said.err
    assert (said.json["version"], said.json["summary"]) == ("1.0.0", "Area of a circle.")
    assert session.type("run", "hub://area", "-p", "radius=2", "--json").json["results"] == {"area": 12.57}
    assert not session.type("runs", "--json").out.count('"example"')  # of the try nothing is kept
    said = session.type(
        "hub", "publish", "shapes.py::area", "--to", "team", "--category", "shapes", "--version", "1.0.0"
    )
    assert said.code == 0, said.err  # the same again
    (session.folder / "shapes.py").write_text(AREA.replace("math.pi", "3"))
    again = ("hub", "publish", "shapes.py::area", "--to", "team", "--category", "shapes")
    said = session.type(*again, "--version", "1.0.0")
    assert said.code == 4
    assert "with another content" in said.err
    assert "`--version 1.0.1`" in said.err
    assert session.type(*again).out.startswith("✓ area@1.0.1")


def test_a_recorded_version_is_published(session: Session):
    """With its modules, whatever its notebook has become since."""
    (session.folder / "rings.py").write_text("def inner(radius):\n    return radius / 2\n")
    cell = "# %%mlrun ring --output width\nradius: float = 4.0\nwidth = inner(radius)\n"
    cell = f"# %%\nfrom rings import inner\n\n# %%\n{cell}"
    (session.folder / "shapes.py").write_text(cell)
    assert session.type("run", "shapes.py::ring", "--tag", "good").code == 0
    (session.folder / "shapes.py").unlink()
    (session.folder / "rings.py").unlink()
    said = session.type("hub", "publish", "ring:good", "--to", "team", "--summary", "A ring.", "--category", "shapes")
    assert said.code == 0, said.err
    assert session.type("run", "hub://team/ring", "--json").json["results"] == {"width": 2.0}


def test_a_function_whose_example_fails_is_not_published(session: Session):
    """What it said stands in the error."""
    (session.folder / "shapes.py").write_text(AREA)
    (session.folder / "wrong.py").write_text(
        "# %%\nimport mlrun_nb as mn\nassert mn.get_function('hub://area').run().results['area'] == 5\n"
    )
    words = ("hub", "publish", "shapes.py::area", "--to", "team", "--category", "shapes", "--example", "wrong.py")
    said = session.type(*words)
    assert said.code == 4
    assert "the example of `area` fails" in said.err
    assert "AssertionError" in said.err
    assert not list((session.folder / "team").iterdir())


def test_a_module_is_not_overwritten_by_a_file_of_the_item(session: Session):
    """The item would have both under one name."""
    (session.folder / "area.py").write_text("def area_of(radius):\n    return 3 * radius**2\n")
    (session.folder / "shapes.py").write_text(
        "# %%\n# %%mlrun area --output size\nfrom area import area_of\nsize = area_of(2)\n"
    )
    assert session.type("run", "shapes.py::area", "--json").json["results"] == {"size": 12}
    words = ("hub", "publish", "shapes.py::area", "--to", "team", "--summary", "Area.", "--category", "shapes")
    said = session.type(*words)
    assert said.code == 4
    assert "`area.py` travels with `area`, and an item has a file of its own of that name" in said.err
    assert "another name" in said.err


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        (("shapes.py::area", "--to", "team"), "without a category", "--category"),
        (("shapes.py::sized", "--to", "team", "--category", "x"), "without an example", "--example"),
        (("shapes.py::area", "--to", "bundled", "--category", "x"), "takes nothing", "folder or a repository"),
        (("shapes.py::area", "--to", "nobody", "--category", "x"), "no hub source `nobody`", "team"),
        (("shapes.py", "--to", "team", "--category", "x"), "a whole notebook", "NOTEBOOK::NAME"),
        (("area", "--to", "team", "--category", "x"), "no function `area`", "mlrun-nb"),
        (("hub://describe", "--to", "team", "--category", "x"), "is of a hub already", "--code"),
        (("shapes.py::area", "--to", "team", "--category", "x", "--version", "1"), "is no version", "1.0.0"),
        (("shapes.py::area", "--to", "team", "--category", "x", "--name", "A b"), "cannot name an item", "--name"),
    ],
)
def test_what_cannot_be_published_is_said_before_anything_runs(
    session: Session, words: tuple[str, ...], said: str, hint: str
):
    """With what to say instead."""
    more = '\n# %%\n# %%mlrun sized --input table --output size\n"""Size of a table."""\nsize = len(table)\n'
    (session.folder / "shapes.py").write_text(AREA + more)
    done = session.type("hub", "publish", *words)
    assert done.code == 2
    assert said in done.err
    assert hint in done.err
    assert not list((session.folder / "team").iterdir())


def test_a_team_shares_by_git(session: Session, tmp_path: Path):
    """From a function to a push, and to the lock of somebody else, with the commit."""
    (session.folder / "shapes.py").write_text(AREA)
    with GitServer(tmp_path / "served") as server:
        add(tmp_path / "work")
        url = server.publish(tmp_path / "work", "hub.git")
        assert session.type("hub", "source", "add", "shared", f"git+{url}@main").out.startswith("shared  1 item")
        add(tmp_path / "work", "2.0.0")
        server.publish(tmp_path / "work", "hub.git")
        assert session.type("hub", "show", "greet", "--json").json["version"] == "1.0.0"
        assert session.type("hub", "update").code == 0
        assert session.type("hub", "show", "greet", "--json").json["version"] == "2.0.0"
        words = ("hub", "publish", "shapes.py::area", "--to", "shared", "--category", "shapes", "--push")
        said = session.type(*words)
        assert said.code == 0, said.err
        said = session.type("hub", "install", "area")
        assert said.code == 0, said.err
        assert settings(session)["hub-lock"]["area"]["revision"] == git(
            tmp_path / "served/hub.git", "rev-parse", "main"
        )
    assert session.type("run", "hub://area", "--json").json["results"] == {"area": 3.14}


def test_a_catalog_is_served_to_a_team(session: Session):
    """By one who has a folder, to one who has its address."""
    add(session.folder / "team")
    words = [COMMAND, "hub", "serve", "team", "--port", "0"]
    with subprocess.Popen(
        words, cwd=session.folder, env=session.environment, stdout=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        address = served.stdout.readline().split()[-1]
        said = session.type("hub", "source", "add", "far", address)
        assert said.code == 0, said.err
        assert session.type("run", "hub://far/greet", "--json").json["results"] == {"said": "hello 1.0.0"}
        served.terminate()
    assert session.type("hub", "serve", "team", "--to", "public").code == 0
    assert json.loads((session.folder / "public/catalog.json").read_bytes())["format"] == 1


@pytest.mark.parametrize(
    ("words", "code", "said", "hint"),
    [
        (("source", "add", "team", "x"), 2, "there is a hub source `team`", "remove"),
        (("source", "add", "bundled", "x"), 2, "there is a hub source `bundled`", "another name"),
        (("source", "add", "a b", "x"), 2, "cannot name a hub source", "letters"),
        (("source", "add", "other", "absent"), 4, "is a folder that is not there", "path"),
        (("source", "add", "other", "ftp://host/x"), 2, "nobody knows addresses", "git+https"),
        (("source", "add", "other", "git+https://host/x@"), 2, "names no repository", "BRANCH"),
        (("source", "remove", "other"), 2, "no hub source `other`", "team"),
        (("source", "remove", "bundled"), 2, "ships with mlrun-nb", "before it"),
        (("uninstall", "greet"), 2, "has not locked `greet`", "install"),
        (("update", "greet"), 2, "has not locked `greet`", "install"),
        (("install", "a b"), 2, "names no function of a hub", "hub://name"),
    ],
)
def test_what_cannot_be_done_is_said(session: Session, words: tuple[str, ...], code: int, said: str, hint: str):
    """And project.yaml stays as it was."""
    before = (session.folder / "project.yaml").read_bytes()
    done = session.type("hub", *words)
    assert (done.code, said in done.err, hint in done.err) == (code, True, True), done.err
    assert (session.folder / "project.yaml").read_bytes() == before


def test_what_an_item_requires_is_required_of_its_runs(session: Session):
    """Where it is not met the run says so before it starts, and where it is nothing happens."""
    add(session.folder / "team")
    about = session.folder / "team/greet/1.0.0/item.yaml"
    about.write_text(about.read_text() + "requirements: [papermill, 'no-such-thing-anywhere>=7']\n")
    said = session.type("hub", "install", "greet")
    assert "requires no-such-thing-anywhere>=7, not installed here" in said.out
    said = session.type("run", "hub://greet", "--on", "inline")
    assert said.code == 2
    assert "no-such-thing-anywhere>=7" in said.err
    about.write_text(about.read_text().replace(", 'no-such-thing-anywhere>=7'", "").replace("1.0.0", "1.0.1"))
    about.parent.rename(about.parent.with_name("1.0.1"))
    said = session.type("run", "hub://team/greet@1.0.1", "--json")
    assert said.code == 0, said.err


def test_without_a_project_there_is_nothing_to_lock(tmp_path: Path):
    """It says how to make one."""
    said = Session(tmp_path).type("hub", "install", "describe")
    assert said.code == 2
    assert "no project.yaml" in said.err
    assert "> project.yaml" in said.err


def test_a_source_that_is_locked_from_stays(session: Session):
    """Else nobody could say what the lock means."""
    add(session.folder / "team")
    session.type("hub", "install", "greet")
    said = session.type("hub", "source", "remove", "team")
    assert said.code == 2
    assert "hub uninstall greet" in said.err


def test_a_plug_in_brings_addresses_of_its_own(session: Session, tmp_path: Path):
    """By an entry point whose name is the scheme; a broken one is named."""
    package = tmp_path / "plug"
    info = package / "corp_hub-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: corp-hub\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[mlrun_nb.hubs]\ncorp = corp_hub:open_hub\nbad = corp_hub:absent\n")
    (package / "corp_hub.py").write_text(
        "from pathlib import Path\nfrom mlrun_nb.hubs.folder import FolderSource\n"
        "def open_hub(name, place, folder):\n    return FolderSource(name, Path(place.removeprefix('corp://')))\n"
    )
    add(session.folder / "team")
    typed = Session(session.folder, {**session.exported, "PYTHONPATH": str(package)})
    assert typed.type("hub", "source", "add", "ours", f"corp://{session.folder}/team").code == 0
    assert typed.type("hub", "show", "ours/greet", "--json").json["source"] == "ours"
    said = typed.type("hub", "source", "add", "theirs", "bad://x")
    assert said.code == 4
    assert "`bad` does not load" in said.err
