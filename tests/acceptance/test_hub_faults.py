"""What `mlrun-nb hub` says of locks and sources that are broken: each says what to type, and what it says helps."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from mlrun_nb.testing.hub_contract import make_item
from tests.acceptance.session import Session
from tests.hub_servers import GitServer


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Return somebody in a project with an empty folder as a source."""
    (tmp_path / "team").mkdir()
    (tmp_path / "project.yaml").write_text("name: shapes\nhub:\n  team: team\n")
    who = {f"GIT_{role}_{key}": "a@e.org" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    return Session(tmp_path, {"COLUMNS": "300", **who})


def add(folder: Path, name: str = "greet") -> None:
    """Write an item."""
    place = folder / name / "1.0.0"
    place.mkdir(parents=True)
    for path, data in make_item(name).items():
        (place / path).write_bytes(data)


def lock(session: Session, **entries: str) -> None:
    """Write entries of `hub-lock`."""
    with (session.folder / "project.yaml").open("a") as file:
        file.write("hub-lock:\n" + "".join(f"  {name}: {{{entry}}}\n" for name, entry in entries.items()))


def test_an_entry_that_says_too_little_is_written_again(session: Session):
    """By what the error says; an entry beside it stays."""
    add(session.folder / "team")
    add(session.folder / "team", "other")
    lock(session, greet="source: team", other="source: team")
    assert "`mlrun-nb hub install greet`" in session.type("run", "hub://greet").err
    assert session.type("hub", "install", "greet").code == 0
    settings = yaml.safe_load((session.folder / "project.yaml").read_text())
    assert settings["hub-lock"]["greet"]["version"] == "1.0.0"
    assert session.type("run", "hub://greet").code == 0
    assert "`mlrun-nb hub install other`" in session.type("hub", "verify").err


@pytest.mark.parametrize(
    ("version", "code", "error"), [("1.0.0", 4, "is not what project.yaml has locked"), ("9.0.0", 2, "has no version")]
)
def test_a_lock_that_fits_nothing_is_named_with_what_locks_anew(session: Session, version: str, code: int, error: str):
    """By whoever meets it; what is named mends it."""
    add(session.folder / "team")
    lock(session, greet=f"source: team, version: {version}, digest: 'sha256:abc'")
    for words in (["run", "hub://greet"], ["hub", "install"]):
        said = session.type(*words)
        assert said.code == code
        assert error in said.err
        assert "`mlrun-nb hub install team/greet`" in said.err
    for words in (["hub", "verify"], ["hub", "update", "--yes"]):
        said = session.type(*words)
        assert said.code == 4
        assert error in said.out
        assert "`mlrun-nb hub install team/greet`" in " ".join(said.out.split())
    assert session.type("hub", "install", "team/greet").code == 0
    assert session.type("hub", "verify").code == 0


BOOM = """# %%
# %%mlrun boom --output n
n: int = 1
if n:
    raise ValueError("no n   at all")
"""


def test_a_failed_try_tells_its_cause_and_no_run_that_nobody_has(session: Session):
    """The error of the function itself, with the lines of the traceback as they were."""
    (session.folder / "b.py").write_text(BOOM)
    said = session.type("hub", "publish", "b.py::boom", "--to", "team", "--category", "x", "--summary", "B.")
    assert said.code == 4
    shown = said.err[said.err.index("error:") :].splitlines()
    assert shown[:2] == [
        "error: the example of `boom` fails",
        "cell 2 of boom.py (`boom`) raised `ValueError`: no n   at all",
    ]
    assert '----> 4     raise ValueError("no n   at all")' in shown
    assert shown[-2:] == [
        "ValueError: no n   at all",
        "hint: Nothing was published. Mend the function or its example and publish again.",
    ]
    for word in ("mlrun-nb logs", "mlrun-nb rerun", "run `"):
        assert word not in said.err


def test_a_try_that_does_not_begin_tells_why(session: Session):
    """Such as for an example that is no notebook."""
    (session.folder / "b.py").write_text(BOOM)
    (session.folder / "example.ipynb").write_text("{")
    words = ("hub", "publish", "b.py::boom", "--to", "team", "--category", "x", "--summary", "B.")
    said = session.type(*words, "--example", "example.ipynb")
    assert said.code == 4
    assert "the example of `boom` fails\nerror: `example.ipynb` " in said.err


AREA = "# %%\n# %%mlrun area --output area\nradius: float = 1.0\narea = 3 * radius**2\n"


def test_what_was_published_to_git_is_found_by_what_is_said_next(session: Session):
    """The push, and the look at what is there now; whoever passes that over is told, and what `verify` compared."""
    add(session.folder / "work")
    (session.folder / "b.py").write_text(AREA)
    with GitServer(session.folder / "served") as server:
        url = server.publish(session.folder / "work", "hub.git")
        assert session.type("hub", "source", "add", "g", f"git+{url}@main").code == 0
        said = session.type("hub", "publish", "b.py::area", "--to", "g", "--category", "x", "--summary", "An area.")
        assert said.code == 0, said.err
        assert said.out.endswith("then: `mlrun-nb hub update` finds it there.\n")
        push = said.out.partition("next: `")[2].partition("`")[0]
        subprocess.run(shlex.split(push), env=session.environment, check=True, capture_output=True)
        for name, what in (("g/area", "no item `area`"), ("g/greet@2.0.0", "no version `2.0.0`")):
            said = session.type("run", f"hub://{name}")
            assert said.code == 2
            assert what in said.err
            assert "`mlrun-nb hub update` looks for what came since" in said.err
        assert session.type("hub", "update").code == 0
        said = session.type("hub", "install", "g/area")
        assert said.code == 0, said.err
    said = session.type("hub", "verify")
    assert said.code == 0
    revision = yaml.safe_load((session.folder / "project.yaml").read_text())["hub-lock"]["area"]["revision"]
    assert f"the same here and in commit {revision[:7]} as it was fetched" in said.out


def test_a_source_that_is_not_there_is_to_be_added(session: Session):
    """Before anything is published to it."""
    (session.folder / "b.py").write_text(AREA)
    said = session.type("hub", "publish", "b.py::area", "--to", "ours", "--category", "x", "--summary", "An area.")
    assert said.code == 2
    assert "`mlrun-nb hub source add NAME PLACE`" in said.err
