"""How a sweep ended, and what may be typed then: to go on where points are left, else what leads further."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb.model.states import RunState
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import NOON, make_run, make_sweep, make_version
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import HELD, Said, Session, write_notebook

CELLS = [
    "%%mlrun area --output surface\nwidth: float = 2.0\nsurface = width * 3",
    "%%mlrun slow --output y\nx: int = 1\nimport time\ntime.sleep(0.5)\ny = x",
    HELD,
    "%%mlrun odd --output y\nx: int = 1\nassert x % 2\ny = x",
    "%%mlrun nan --output y\nx: int = 1\ny = float('nan')",
]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Return somebody with a notebook."""
    write_notebook(tmp_path / "n.ipynb", CELLS)
    return Session(tmp_path)


def last(session: Session) -> str:
    """Return the beginning of the newest run's id."""
    return str(session.type("show", "last", "--json").json["id"])[:6]


def states_of(session: Session) -> list[str]:
    """Return how the children of the newest run ended."""
    listed = json.loads(session.type("runs", "--parent", "last", "--json").out)
    return [child["state"] for child in sorted(listed, key=lambda child: child["number"])]


def typed_hint(session: Session, said: Said) -> Said:
    """Type the first command that a hint names."""
    words = said.err.partition("hint: ")[2].split("`mlrun-nb ")[1].partition("`")[0]
    return session.type(*words.split())


def test_a_sweep_ended_by_its_time_says_so_and_how_to_try_the_rest(session):
    """The command that it names tries all points."""
    words = ("--sweep", "x=1,2,3", "--parallel", "1", "--max-time", "1s", "--maximize", "y")
    assert session.type("sweep", "n.ipynb::slow", *words).code == 0
    tried = len(states_of(session))
    assert tried < 3
    refused = session.type("sweep", "resume", "last")
    assert refused.code == 2
    assert f"{tried} of 3 points tried; it ended early: its time of 1 s is over (`--max-time`)" in refused.err
    assert "no point is left" not in refused.err
    assert typed_hint(session, refused).code == 0
    assert states_of(session) == ["succeeded"] * 3


def test_a_sweep_ended_by_its_condition_says_so(session):
    """With the way to another condition."""
    words = ("--sweep", "width=1,2,3,4", "--parallel", "1", "--maximize", "surface", "--stop", "surface>=3")
    assert session.type("sweep", "n.ipynb::area", *words).code == 0
    refused = session.type("sweep", "resume", "last")
    assert "1 of 4 points tried; it ended early: `surface>=3` holds for child 0 (`--stop`)" in refused.err
    assert f"`mlrun-nb rerun {last(session)} --stop CONDITION`" in refused.err
    assert session.type("rerun", last(session), "--stop", "surface>9").code == 0
    assert len(states_of(session)) == 4


def test_a_sweep_that_gave_up_goes_on_until_as_many_more_have_failed(session):
    """What failed before is no reason to give up again at once."""
    words = ("--sweep", "x=2,4,1,3,6", "--parallel", "1", "--max-errors", "1")
    gave_up = session.type("sweep", "n.ipynb::odd", *words)
    assert gave_up.code == 1
    assert states_of(session) == ["failed"] * 2
    assert f"mlrun-nb sweep resume {last(session)}" in gave_up.out
    assert session.type("sweep", "resume", "last").code == 0
    assert states_of(session) == ["failed", "failed", "succeeded", "succeeded", "failed"]


def test_a_sweep_whose_points_all_failed_has_nothing_to_go_on_with(session):
    """It is not offered, and refused without touching the record."""
    failed = session.type("sweep", "n.ipynb::odd", "--sweep", "x=2,4")
    assert failed.code == 1
    assert "sweep resume" not in failed.out
    before = session.type("show", "last", "--json").out
    refused = session.type("sweep", "resume", "last")
    assert refused.code == 2
    assert "has failed, and no point is left" in refused.err
    assert "[1/2]" not in refused.err
    assert session.type("show", "last", "--json").out == before
    assert "sweep resume" not in session.type("show", "last").out


def test_a_cancelled_sweep_says_how_to_go_on_and_tells_only_what_is_new(session):
    """Its reason counts children, its page offers it, and old lines of the log are not printed again."""
    words = ("--sweep", "x=1,2,3,4,5,6", "--parallel", "1", "--detach", "-q")
    run = session.type("sweep", "n.ipynb::held", *words).out.strip()
    wait_for(lambda: "succeeded" in states_of(session), what="the first child")
    assert session.type("cancel", run, "--wait").code == 0
    shown = session.type("show", run).out
    ended = states_of(session).count("succeeded")
    assert f"the sweep was cancelled when {ended} of 6 children had ended" in shown
    assert f"hint: Let it go on: `mlrun-nb sweep resume {run[:6]}`." in shown
    assert f"mlrun-nb sweep resume {run[:6]}   let it go on" in shown.partition("Next")[2]
    (session.folder / "go").touch()
    resumed = session.type("sweep", "resume", run)
    assert resumed.code == 0
    told = [line for line in resumed.err.splitlines() if line.startswith("[")]
    assert [line[:5] for line in told] == [f"[{number}/6]" for number in range(ended + 1, 7)]
    assert "cancelled" not in resumed.err


def test_a_cancelled_run_names_itself_in_its_hint(session):
    """The command can be typed as it stands."""
    run = session.type("run", "n.ipynb::held", "-p", "x=2", "--detach", "-q").out.strip()
    assert session.type("cancel", run, "--wait").code == 0
    assert f"`mlrun-nb rerun {run[:6]}`" in session.type("show", run, "--json").json["error"]["hint"]
    assert f"`mlrun-nb rerun {run[:6]}`" in session.type("show", run).out


def test_lost_runs_and_sweeps_say_what_to_do(session):
    """Each names the command that takes it further."""
    session.type("functions")
    store = open_store(f"sqlite:///{session.folder}/home/store.db")
    store.save_version(make_version(project="default"))
    lost = replace(make_run(project="default", state=RunState.LOST, ended=NOON), reason="its process is gone")
    run = store.create_run(lost).id[:6]
    sweep = store.create_run(
        replace(make_run(project="default", state=RunState.LOST, ended=NOON), sweep=make_sweep(total=9))
    ).id[:6]
    store.close()
    assert f"hint: Run it again: `mlrun-nb rerun {run}`." in session.type("show", run).out
    page = session.type("show", sweep).out
    assert f"hint: Let it go on: `mlrun-nb sweep resume {sweep}`." in page
    assert f"mlrun-nb sweep resume {sweep}" in page.partition("Next")[2]


def test_a_sweep_whose_goal_no_child_has_a_number_for_says_so(session):
    """And calls no child the best."""
    said = session.type("sweep", "n.ipynb::nan", "--sweep", "x=1,2", "--maximize", "y")
    assert said.code == 0
    assert "none: no child has a number for `y`" in said.out
    assert "the best first" not in said.out
    assert "none: no child has a number for `y`" in session.type("show", "last").out
