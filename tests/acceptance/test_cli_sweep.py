"""Sweeps as somebody types them: what comes out, what is kept, how they end early, and how they go on."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import HELD, Session, write_notebook

TRAIN = """%%mlrun train --output model --output score
x: float = 1.0
k: int = 2
print('x is', x)
model = {'weights': [x] * k}
score = -(x - 3) ** 2 + k"""
BROKEN = "%%mlrun broken --output y\nx: int = 1\ny = 1 / (x - 2)"
SIXTEEN = f"x={','.join(map(str, range(16)))}"
THREADS = """#| tags: [mlrun-setup]
import threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"""
NOTEBOOKS = {
    "n.ipynb": [TRAIN, BROKEN, HELD],
    "threads.ipynb": [THREADS, "%%mlrun t --output y\nx: int = 1\ny = 10 * x"],
}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Return somebody with notebooks."""
    for name, cells in NOTEBOOKS.items():
        write_notebook(tmp_path / name, cells)
    return Session(tmp_path)


def directory(session: Session, run: str) -> Path:
    """Return where a run lies."""
    return session.folder / "home" / "runs" / "default" / run


def children(session: Session, run: str) -> list[dict[str, Any]]:
    """Return the children of a sweep as the history has them, by number."""
    listed = json.loads(session.type("runs", "--parent", run, "--limit", "100", "--json").out)
    return sorted(listed, key=lambda child: child["number"])


def states(session: Session, run: str) -> list[str]:
    """Return how the children of a sweep stand, by number."""
    return [child["state"] for child in children(session, run)]


def test_the_best_of_a_grid_is_the_sweep_s_own_outcome(session):
    """Results, artifacts, executed notebook; the table has a row for each point."""
    said = session.type(
        "sweep", "n.ipynb::train", "--param-grid", "x=1,2,3", "--param-grid", "k=1,2", "--maximize", "score", "--json"
    )
    assert said.code == 0, said.err
    run = said.json
    assert run["results"] == {"score": 2.0}
    assert run["sweep"]["children"] == {"succeeded": 6}
    assert {each["name"] for each in run["artifacts"]} == {"children", "model"}
    found = children(session, run["id"])
    assert [child["parameters"] for child in found] == [{"x": x, "k": k} for x in (1.0, 2.0, 3.0) for k in (1, 2)]
    assert run["best"] == found[5]["id"]
    folder = directory(session, run["id"])
    assert "# Parameters\\nx = 3.0\\nk = 2" in json.dumps(json.loads((folder / "output.ipynb").read_text())).replace(
        '", "', ""
    )
    log = session.type("logs", run["id"]).out.splitlines()
    assert len(log) == 6
    assert sum("best so far" in line for line in log) >= 1


def test_only_the_best_and_the_failed_keep_what_they_left(session):
    """All keep their records."""
    run = session.type("sweep", "n.ipynb::train", "--sweep", "x=1,2,3,4", "--maximize", "score", "-q").out.strip()
    found = children(session, run)
    assert [child["state"] for child in found] == ["succeeded"] * 4
    assert [bool(child["results"]) for child in found] == [True] * 4
    kept = {path.name for path in (directory(session, run) / "children").iterdir()}
    assert kept == {found[2]["id"]}
    all_kept = session.type("sweep", "n.ipynb::train", "--sweep", "x=1,2,3,4", "-q").out.strip()
    assert len(list((directory(session, all_kept) / "children").iterdir())) == 4


def test_children_that_fail_are_no_reason_to_throw_the_rest_away(session):
    """The sweep succeeds, and says how many failed and where to look."""
    said = session.type("sweep", "n.ipynb::broken", "--sweep", "x=1,2,3", "--maximize", "y")
    assert said.code == 0, said.err
    assert "1 of 3 children failed" in said.out + said.err
    run = json.loads(session.type("runs", "--json").out)[0]
    failed = [child for child in children(session, run["id"]) if child["state"] == "failed"]
    assert failed[0]["error"]["ename"] == "ZeroDivisionError"
    assert (directory(session, run["id"]) / "children" / failed[0]["id"] / "output.ipynb").exists()


def test_a_sweep_whose_children_all_fail_has_failed_with_their_reason(session):
    """Early, where there are many."""
    said = session.type("sweep", "n.ipynb::broken", "--sweep", "x=2")
    assert said.code == 1
    assert "ZeroDivisionError" in said.out
    assert "mlrun-nb show" in said.out


def test_a_sweep_gives_up_when_too_many_fail(session):
    """And does not try the rest."""
    write_notebook(session.folder / "bad.ipynb", ["%%mlrun bad\nx: int = 1\nassert x % 3 == 0"])
    said = session.type("sweep", "bad.ipynb::bad", "--sweep", f"x={','.join(map(str, range(60)))}", "--max-errors", "3")
    assert said.code == 1
    run = json.loads(session.type("runs", "--json").out)[0]
    assert "--max-errors 3" in run["error"]["summary"]
    assert len(children(session, run["id"])) < 15


def test_a_condition_ends_a_sweep_early_and_well(session):
    """What is under way then still counts."""
    points = "x=3,1,1.5,2,2.5,2.6,2.7,2.8"
    said = session.type(
        "sweep", "n.ipynb::train", "--sweep", points, "--maximize", "score", "--stop", "score>=2", "--parallel", "1"
    )
    assert said.code == 0, said.err
    assert "`score>=2` holds for child 0" in said.out + said.err
    run = json.loads(session.type("runs", "--json").out)[0]
    assert len(children(session, run["id"])) == 1


def test_a_cancelled_sweep_goes_on_where_it_was(session):
    """Finished points are not repeated, interrupted ones are begun again."""
    started = session.type("sweep", "n.ipynb::held", "--sweep", SIXTEEN, "--parallel", "2", "--detach", "-q")
    run = started.out.strip()
    wait_for(lambda: states(session, run).count("succeeded") == 2, what="the first children")
    assert session.type("cancel", run, "--wait").code == 0
    assert session.type("show", run, "--json").json["state"] == "cancelled"
    before = {child["id"] for child in children(session, run) if child["state"] == "succeeded"}
    assert len(before) == 2
    (session.folder / "go").touch()
    said = session.type("sweep", "resume", run, "--json")
    assert said.code == 0, said.err
    found = children(session, run)
    assert [(child["state"], child["results"]["y"]) for child in found] == [("succeeded", x) for x in range(16)]
    assert before <= {child["id"] for child in found}


def test_what_cannot_be_resumed_is_refused_with_what_to_do(session):
    """A plain run, a sweep that has succeeded, one at work."""
    run = session.type("run", "n.ipynb::train", "-q").out.strip()
    assert "is not a sweep" in session.type("sweep", "resume", run).err
    sweep = session.type("sweep", "n.ipynb::train", "--sweep", "x=1,2", "-q").out.strip()
    assert "no point is left" in session.type("sweep", "resume", sweep).err
    held = session.type("sweep", "n.ipynb::held", "--sweep", "x=1,2,3,4", "--detach", "-q").out.strip()
    refused = session.type("sweep", "resume", held)
    assert refused.code == 2
    assert "is at work" in refused.err
    assert f"mlrun-nb logs --follow {held[:6]}" in refused.err
    assert session.type("cancel", held, "--wait").code == 0


def test_where_children_cannot_be_forks_they_are_runs_of_their_own(session):
    """With the same outcome, and it is said why."""
    said = session.type("sweep", "threads.ipynb::t", "--sweep", "x=1,2", "--maximize", "y", "--json")
    assert said.code == 0, said.err
    assert said.json["results"] == {"y": 20}
    assert "each child starts anew" in said.err
    assert "started threads" in said.err


def test_a_cancelled_sweep_of_such_runs_goes_on_too(session):
    """What was interrupted is begun anew."""
    write_notebook(session.folder / "held.ipynb", [THREADS, HELD])
    words = ("held.ipynb::held", "--sweep", "x=1,2,3", "--parallel", "2", "--detach", "-q")
    run = session.type("sweep", *words).out.strip()
    wait_for(lambda: len(children(session, run)) == 2, what="two children")
    assert session.type("cancel", run, "--wait").code == 0
    assert "cancelled" in states(session, run)
    (session.folder / "go").touch()
    said = session.type("sweep", "resume", run)
    assert said.code == 0, said.err
    assert [(child["state"], child["results"]["y"]) for child in children(session, run)] == [
        ("succeeded", x) for x in (1, 2, 3)
    ]


def test_points_may_come_from_a_file_and_be_drawn_from_a_seed(session):
    """The same seed draws the same points."""
    with (session.folder / "points.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["x", "k"], ["1", "1"], ["2.5", "3"]])
    run = session.type("sweep", "n.ipynb::train", "--params-file", "points.csv", "-q").out.strip()
    assert [child["parameters"] for child in children(session, run)] == [{"x": 1.0, "k": 1}, {"x": 2.5, "k": 3}]
    words = ("sweep", "n.ipynb::train", "--sweep", "x=uniform(0,1)", "--max-runs", "5", "--seed", "3", "-q")
    drawn = [[child["parameters"] for child in children(session, session.type(*words).out.strip())] for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 5


REFUSED = [
    (("--sweep", "lr=1,2"), "unknown parameter of `train`: `lr`"),
    (("--sweep", "x=a,b"), "`x`"),
    (("--sweep", "x=1,2", "--maximize", "a", "--minimize", "b"), "at once"),
    (("--sweep", "x=1,2", "--keep", "some"), "`--keep some`"),
    (("--sweep", "x=1,2", "--keep", "3"), "nothing says which those are"),
    (("--sweep", "x=1,2", "--stop", "score=2"), "Write `==` for equality"),
    (("--sweep", "x=1,2", "--strategy", "gird"), "Did you mean `grid`?"),
    (("--params-file", "absent.csv"), "absent.csv"),
    (("--maximize", "score"), "nothing to vary"),
    (("--sweep", "x=1,2", "--replicas", "2"), "`--replicas 2`"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_bad_input_is_refused_before_anything_is_recorded(session, words, message):
    """With the name of what is wrong, and what to do."""
    said = session.type("sweep", "n.ipynb::train", *words)
    assert said.code == 2, said.out
    assert message in said.err
    assert "hint: " in said.err
    assert session.type("runs", "--json").out.strip() == "[]"


def test_a_dry_run_of_a_sweep_starts_nothing(session):
    """It shows one child's command."""
    said = session.type("sweep", "n.ipynb::train", "--sweep", "x=1,2", "--dry-run")
    assert said.code == 0, said.err
    assert "mlrun_nb.runner" in said.out
    assert session.type("runs", "--json").out.strip() == "[]"


def test_of_many_points_only_the_best_keeps_files(session):
    """The record of each is there."""
    run = session.type(
        "sweep", "n.ipynb::train", "--sweep", "x=uniform(0,10)", "--max-runs", "300", "--maximize", "score", "-q"
    ).out.strip()
    assert len(list((directory(session, run) / "children").iterdir())) == 1
    page = json.loads(session.type("runs", "--parent", run, "--limit", "1000", "--json").out)
    assert len(page) == 300
