"""`mlrun-nb hub` and `hub://NAME`, and each function that ships with the product, by its own example."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mlrun_nb.testing.hub_contract import make_item
from tests.acceptance.session import Session

HUB = Path(__file__).parents[2] / "hub"
ITEMS = sorted(path.parent for path in HUB.glob("*/*/item.yaml"))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Return somebody in an empty folder."""
    return Session(tmp_path)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.parent.name)
def test_the_example_of_each_item_runs(session: Session, item: Path):
    """It asserts what it shows; the page names all that a reader needs."""
    about = yaml.safe_load((item / "item.yaml").read_text())
    said = session.type("run", str(item / about["example"]))
    assert said.code == 0, said.err + said.out
    assert "has no effect" not in said.err + said.out
    page = session.type("hub", "show", about["name"], "--json").json
    assert page["summary"] == about["summary"]
    assert page["outputs"]
    assert (item / "README.md").read_text().startswith(f"# {about['name']}\n")


def test_what_is_found_is_shown_and_run(session: Session):
    """From words to a result, with data of one's own."""
    assert "describe@" in session.type("hub", "search", "profile").out
    said = session.type("hub", "show", "describe")
    assert "mlrun-nb run hub://describe" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    code = session.type("hub", "show", "describe", "--code")
    assert "def profile_of(table):" in code.out
    (session.folder / "mine.py").write_text(code.out)
    (session.folder / "table.csv").write_text("a,b\n1,x\n2,\n2,\n")
    run = session.type("run", "hub://describe", "--input", "table=table.csv", "--json")
    assert run.code == 0, run.err
    assert run.json["results"] == {"rows": 3, "missing": 2, "duplicates": 1}
    own = session.type("run", "mine.py::describe", "--input", "table=table.csv", "--json")
    assert own.json["results"] == run.json["results"]
    kept = session.type("artifacts", "last", "report", "--to", "page.html")
    assert kept.code == 0, kept.err
    assert "distribution of a" in (session.folder / "page.html").read_text()


def test_a_function_works_where_one_is(session: Session):
    """Relative paths are those of whoever types them, in a folder below the project too; the copy stays as it came."""
    place = session.folder / "team/note/1.0.0"
    place.mkdir(parents=True)
    for name, data in make_item("note").items():
        (place / name).write_bytes(data + (b"open('out.txt', 'a').write(said)\n" if name == "cell.py" else b""))
    (session.folder / "project.yaml").write_text("name: words\nhub: {team: team}\n")
    below = Session(session.folder / "below", {"MLRUN_NB_HOME": str(session.folder / "home")})
    below.folder.mkdir()
    (below.folder / "boxes.csv").write_text("a\n1\n2\n")
    said = below.type("run", "hub://load-data", "-p", "source=boxes.csv", "--json")
    assert said.code == 0, said.err
    rows = said.json["results"]
    assert isinstance(rows, dict)
    assert rows["rows"] == 2
    assert below.type("artifacts", "last", "table", "--to", "boxes.parquet").code == 0
    for words in (("run", "hub://note"), ("rerun", "last"), ("run", "hub://note")):
        said = below.type(*words, "--json")
        assert said.code == 0, said.err
    assert (below.folder / "out.txt").read_text() == "hello 1.0.0" * 3


def test_a_run_says_which_item_it_ran(session: Session):
    """Nobody is sent to a copy of it; whoever runs it again ran the same."""
    (session.folder / "table.csv").write_text("a\n1\n2\n3\n")
    address = "hub://bundled/split@1.0.0"
    failed = " ".join(session.type("run", "hub://split", "--input", "table=table.csv", "-p", "stratify=b").out.split())
    assert f"cell 3 of {address} (`split`) raised `ValueError`: there is no column `b`" in failed
    assert "hint: Read the traceback, correct what it shows and run it again. " in failed
    assert session.type("rerun", "last", "-p", "stratify=").code == 0
    for words in (("show", "last"), ("show", "split")):
        said = session.type(*words).out
        assert address in said
        assert "split.py" not in said


def test_an_item_with_data_files_has_copies_of_them(session: Session):
    """Whatever it writes beside them is the run's."""
    place = session.folder / "team/count/1.0.0"
    place.mkdir(parents=True)
    files = make_item("count", "1.0.0")
    files["words.txt"] = b"one two"
    files["cell.py"] = b"""# %%
# %%mlrun count --output words
#| mlrun.file: words.txt
from pathlib import Path

words = len(Path("words.txt").read_text().split())
Path("words.txt").write_text("")
"""
    for name, data in files.items():
        (place / name).write_bytes(data)
    (session.folder / "project.yaml").write_text("name: words\nhub: {team: team}\n")
    for words in (("run", "hub://count"), ("run", "hub://count"), ("rerun", "last")):
        said = session.type(*words, "--json")
        assert said.code == 0, said.err
        assert said.json["results"] == {"words": 2}


def test_functions_are_chained_from_the_shell(session: Session):
    """By what `mlrun-nb artifacts` prints, a pickled model too; a changed or foreign one is refused."""

    def left(*words: str) -> str:
        said = session.type("run", *words)
        assert said.code == 0, said.err
        return said.out

    left("hub://load-data", "-p", "source=sklearn:iris")
    table = session.type("artifacts", "last", "table").out.strip()
    left("hub://train", "--input", f"table={table}", "-p", "curves=false")
    model = session.type("artifacts", "last", "model").out.strip()
    assert model.endswith(".joblib")
    assert "accuracy" in left("hub://evaluate", "--input", f"table={table}", "--input", f"model={model}")
    evaluate = ("run", "hub://evaluate", "--input", f"table={table}", "--input")
    foreign = session.folder / "mine.joblib"
    foreign.write_bytes(Path(model).read_bytes())
    said = session.type(*evaluate, f"model={foreign}")
    assert "is a pickle by its name" in said.err
    Path(model).write_bytes(b"changed")
    said = session.type(*evaluate, f"model={model}")
    assert "is not what was saved" in said.err


def test_a_folder_of_one_s_own_comes_first(session: Session):
    """By its name both can be had."""
    folder = session.folder / "team" / "describe" / "2.0.0"
    folder.mkdir(parents=True)
    for name, data in make_item("describe", "2.0.0").items():
        (folder / name).write_bytes(data)
    (session.folder / "project.yaml").write_text("hub: {team: team}\n")
    assert session.type("run", "hub://describe", "--json").json["results"] == {"said": "hello 2.0.0"}
    shown = session.type("hub", "show", "bundled/describe", "--json").json
    assert shown["source"] == "bundled"
    found = session.type("hub", "search", "--json").json["items"]
    assert isinstance(found, list)
    assert isinstance(found[0], dict)
    assert (found[0]["source"], found[0]["name"]) == ("team", "describe")


@pytest.mark.parametrize(
    ("words", "said", "hint"),
    [
        (("run", "hub://descripe"), "no item `descripe`", "`describe`"),
        (("run", "hub://describe@9.0.0"), "no version `9.0.0`", "1.0.0"),
        (("run", "hub://other/describe"), "no hub source `other`", "bundled"),
        (("run", "hub://a b"), "names no function of a hub", "hub://name"),
        (("show", "hub://describe"), "is a function of a hub", "mlrun-nb hub show describe"),
        (("hub", "show", "../etc"), "no hub source `..`", "bundled"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(session: Session, words: tuple[str, ...], said: str, hint: str):
    """No traceback, and nothing was kept."""
    done = session.type(*words, COLUMNS="200")
    assert done.code == 2
    assert said in done.err
    assert hint in done.err
    assert not (session.folder / "home/hub").exists()


def test_an_input_that_is_missing_is_to_be_given(session: Session):
    """Nobody has cells above a function of a hub."""
    said = session.type("run", "hub://describe", COLUMNS="200")
    assert said.code == 2
    assert "hint: Give a file or URL, `--input table=PATH`.\n" in said.err


def test_nothing_of_an_item_is_executed_before_it_is_run(session: Session):
    """Searching, showing and reading it only read."""
    folder = session.folder / "team" / "greet" / "1.0.0"
    folder.mkdir(parents=True)
    files = make_item()
    files["cell.py"] += b"open('executed', 'w').close()\n"
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (session.folder / "project.yaml").write_text("hub: {team: team}\n")
    for words in (("search", "hello"), ("show", "greet"), ("show", "greet", "--code")):
        assert session.type("hub", *words).code == 0
        assert not (session.folder / "executed").exists()
    assert session.type("run", "hub://greet").code == 0
    assert list(session.folder.rglob("executed"))


def test_a_source_that_cannot_be_asked_hides_no_other(session: Session):
    """It is named, with what to do."""
    (session.folder / "project.yaml").write_text("hub: {team: nowhere}\n")
    said = session.type("hub", "search", "describe", COLUMNS="200")
    assert "describe@1.0.0" in said.out
    assert "a folder that is not there" in said.out
