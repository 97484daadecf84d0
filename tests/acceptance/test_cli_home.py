"""A home that is not there yet, that can only be read, or that has no space left: reading works, writing says why."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from tempfile import mkdtemp

import pytest

from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import make_run
from tests.acceptance.session import COMMAND, Said, Session
from tests.parts import require

READING = ["runs", "functions", "show last", "diff a b", "logs last", "artifacts last", "doctor"]
WRITING = ["run hello.ipynb", "run train.ipynb::train --define", "rerun last", "gc --keep 0 --yes"]


@dataclass(frozen=True, slots=True)
class Place:
    """A file system of a few megabytes over the session's home, with what is in it; the typed command alone sees it."""

    session: Session
    finish: str

    def type(self, *words: str) -> Said:
        """Run `mlrun-nb` with *words* there."""
        copy = 'cp -a home "$0" && mount -t tmpfs -o size=4m none home && cp -a "$0/home"/. home'
        script = f'{copy} && {self.finish} && "$@"'
        done = subprocess.run(
            [
                require("mounts"),
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                script,
                mkdtemp(dir=self.session.folder),
                COMMAND,
                *words,
            ],
            cwd=self.session.folder,
            env=self.session.environment | {"MLRUN_NB_WARM": "off"},  # a helper would not see what we mount
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Said(done.returncode, done.stdout, done.stderr)


def read_only(session: Session, *, before: str = "true") -> Place:
    """Return a place that can only be read, after *before* was done in it."""
    return Place(session, f"{before} && mount -o remount,ro home")


def full(session: Session, *, before: str = "true") -> Place:
    """Return a place that has no space left, after *before* was done in it."""
    return Place(session, f"{before} && {{ head -c 8m /dev/zero >home/filler 2>&-; true; }}")


@pytest.mark.parametrize("words", READING)
def test_reading_makes_no_home(session, words):
    """The history is empty, and nothing is left behind by asking."""
    assert session.type(*words.split()).code in {0, 2}
    assert not (session.folder / "home").exists()


def test_an_empty_history_is_no_error(session):
    """The hint says how it gets its first run."""
    said = session.type("runs")
    assert (said.code, said.out) == (0, "")
    assert said.err == "No runs yet.\nhint: Run a notebook: `mlrun-nb run notebook.ipynb`.\n"


def test_a_look_leaves_no_helper_in_a_home_that_is_not_there(session):
    """The warm start begins with the first run."""
    session.type("runs", MLRUN_NB_WARM="on")
    assert not (session.folder / "home").exists()


def test_completion_makes_no_home(session):
    """It may be asked in any folder, by somebody who never ran anything."""
    asked = {"COMP_WORDS": "mlrun-nb show tr", "COMP_CWORD": "2", "_MLRUN_NB_COMPLETE": "bash_complete"}
    assert (session.type(**asked).out.strip(), (session.folder / "home").exists()) == ("", False)


@pytest.mark.parametrize(
    ("place", "words"),
    [(place, words) for place in (read_only, full) for words in ("runs", "show last", "diff last last", "functions")],
)
def test_what_is_recorded_is_read_where_nothing_can_be_written(worked, place, words):
    """The answer is that of any other day."""
    said = place(worked[0]).type(*words.split())
    assert (said.code, said.err) == (0, "")
    assert "broken" in said.out


@pytest.mark.parametrize("words", WRITING)
def test_a_home_that_can_only_be_read_says_so_to_who_would_write(worked, words):
    """With what to do, before anything is computed or removed."""
    said = read_only(worked[0]).type(*words.split())
    assert said.code == 4
    assert "/home/store.db` is on a read-only file system\nhint: What is recorded can be read; " in said.err
    assert "`MLRUN_NB_HOME`" in said.err


@pytest.mark.parametrize("words", ["run hello.ipynb", "gc --pin last"])
def test_a_full_disk_under_the_home_is_told_as_that(worked, words):
    """With the place, so that the right disk is tidied up."""
    session, _ = worked
    said = full(session).type(*words.split())
    assert said.code == 4
    assert f"no space left in `{session.folder}/home`" in said.err
    assert f"hint: Free space there (`df -h {session.folder}/home`" in said.err


def test_old_runs_can_be_removed_from_a_full_disk(worked):
    """That is what a person does then; the first to go make room for the record of it."""
    large = "for run in home/runs/default/*; do head -c 256k /dev/zero >$run/large; done"
    said = full(worked[0], before=large).type("gc", "--keep", "0", "--yes")
    assert (said.code, said.err) == (0, "")
    assert "freed" in said.out


@pytest.fixture
def busy(session) -> Session:
    """Give a session whose store another process has open, its newest run in the log alone."""
    store = open_store(f"sqlite:///{session.folder}/home/store.db")
    store.create_run(make_run(project="default", function="newest"))
    return Session(session.folder)


def test_the_log_of_a_store_is_read_where_nothing_can_be_written(busy):
    """What its last writer recorded is not lost on a reader; how its open runs fare cannot be found out."""
    said = read_only(busy).type("runs")
    assert (said.code, "newest" in said.out) == (0, True)
    assert "is on a read-only file system; runs are shown as last seen" in said.err


def test_a_log_that_cannot_be_read_is_not_passed_over(busy):
    """Without its index what it holds could only be guessed."""
    said = read_only(busy, before="rm home/store.db-shm").type("runs")
    assert said.code == 4
    assert "has changes in `store.db-wal` that can be taken in only where it can be written" in said.err
    assert "hint: Copy `store.db` and `store.db-wal`" in said.err


def test_doctor_names_a_home_that_cannot_be_written(worked):
    """What stands on it, and the way out."""
    said = read_only(worked[0]).type("doctor")
    assert said.code == 4
    assert said.out.count("✗ broken") == 2
    assert "/home/store.db` is on a read-only file system hint: " in " ".join(said.out.split())


@pytest.mark.parametrize("below", ["", "/below"])
def test_a_home_that_is_a_file_is_named(session, below):
    """By whoever would write there, and by `doctor`."""
    (session.folder / "plain").touch()
    home = f"{session.folder}/plain{below}"
    said = session.type("run", "hello.ipynb", MLRUN_NB_HOME=home)
    assert said.code == 4
    assert f"cannot be made: `{session.folder}/plain` is no folder\nhint: Move that away, " in said.err
    found = {each["name"]: each for each in json.loads(session.type("doctor", "--json", MLRUN_NB_HOME=home).out)}
    assert found["home"]["ok"] is found["store"]["ok"] is False
    assert found["home"]["text"] == f"{session.folder}/plain is no folder"


@pytest.mark.parametrize("words", [["run", "hello.ipynb"], ["doctor"], ["hub", "search"]])
def test_a_folder_of_ours_that_may_not_be_entered_is_named(session, words):
    """It is no bug, and the report of one could not be written either."""
    closed = session.folder / "closed"
    closed.mkdir(mode=0)
    powerless = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MLRUN_NB_", "XDG_", "JUPYTER_"))}
    done = subprocess.run(
        [*(powerless if os.getuid() == 0 else []), COMMAND, *words],
        cwd=session.folder,
        env=kept | {"HOME": str(closed), "COLUMNS": "200"},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "broken (" not in done.stderr
    assert done.returncode == (0 if "hub" in words else 4)
    assert "hub" in words or f"{closed}" in done.stdout + done.stderr
    assert "doctor" not in words or "things to repair" in done.stdout


def test_an_engine_whose_library_is_absent_is_not_ready(session, tmp_path):
    """It is as absent as the library."""
    (tmp_path / "less").mkdir()
    (tmp_path / "less" / "sitecustomize.py").write_text(
        "import importlib.machinery as machinery\n"
        "found = machinery.PathFinder.find_spec\n"
        "machinery.PathFinder.find_spec = lambda name, *more: "
        "None if name in {'kubernetes', 'distributed'} else found(name, *more)\n"
    )
    said = session.type("doctor", "--json", PYTHONPATH=str(tmp_path / "less"))
    found = {each["name"]: each for each in json.loads(said.out)}
    assert found["kubernetes"]["ok"] is found["engine kubernetes"]["ok"] is None
    assert found["engine dask"]["text"] == "needs distributed, which is not installed"
