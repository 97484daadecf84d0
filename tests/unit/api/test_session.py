"""The session's record of cells, with a real IPython shell in this process."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from mlrun_nb.api.session import Session
from mlrun_nb.notebook.cells import Cell
from tests.acceptance.session import write_notebook


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """Return a shell that writes no history to disk."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    shell = InteractiveShell(config=config)
    yield shell
    atexit.unregister(shell.atexit_operations)
    shell.atexit_operations()


@pytest.fixture
def session(shell, tmp_path) -> Session:
    """Return the session of a shell in which nothing ran yet."""
    return Session(shell, tmp_path)


def run(session: Session, text: str, cell: str | None = None, tags: tuple[str, ...] = ()) -> None:
    """Run a cell as a front end does."""
    session.shell.run_cell(text, store_history=True, cell_id=cell, cell_meta={"tags": list(tags)})  # type: ignore[attr-defined]  # a real one


def sources(session: Session) -> list[str]:
    """Return the text of the cells."""
    return [cell.source for cell in session.cells()]


def test_cells_stand_in_the_order_in_which_they_ran_with_their_numbers(session):
    """With the front end's id and the cell's tags, where it tells them."""
    run(session, "a = 1", "x", ("mlrun-setup",))
    run(session, "b = 2")
    first, second = session.cells()
    assert (first.count, first.id, first.tags, first.index) == (1, "x", ("mlrun-setup",), 0)
    assert (second.count, second.id, second.tags, second.index) == (2, "", (), 1)


def test_a_cell_that_ran_twice_counts_at_its_last_run(session):
    """By its id, whatever became of its text."""
    run(session, "a = 1", "x")
    run(session, "b = a", "y")
    run(session, "a = 2", "x")
    assert [(cell.source, cell.count) for cell in session.cells()] == [("b = a", 2), ("a = 2", 3)]


def test_without_ids_a_cell_is_known_by_its_text(session):
    """As in a terminal, where an edited line is another line."""
    for text in ("a = 1", "b = a", "a = 1", "a = 3"):
        run(session, text)
    assert sources(session) == ["b = a", "a = 1", "a = 3"]


def test_two_cells_of_one_text_stay_two(session):
    """Where they have ids."""
    run(session, "print()", "x")
    run(session, "print()", "y")
    assert sources(session) == ["print()", "print()"]


def test_cells_that_ran_before_the_session_began_are_known(shell, tmp_path):
    """And are the same cell when they run again, now with an id."""
    shell.run_cell("a = 1", store_history=True)
    session = Session(shell, tmp_path)
    run(session, "b = 2", "y")
    run(session, "a = 1", "x")
    assert [(cell.source, cell.id) for cell in session.cells()] == [("b = 2", "y"), ("a = 1", "x")]


def test_of_a_cell_that_raised_what_ran_before_counts(session):
    """What stands below the line that raised bound nothing in the kernel."""
    run(session, "a = 1\nif a:\n    1 / 0\nb = 2", "x")
    assert sources(session) == ["a = 1"]
    run(session, "def f(:", "y")
    run(session, "1 / 0", "z")
    assert sources(session) == ["a = 1"]


def test_a_cell_that_raised_in_a_function_counts_up_to_the_call(session):
    """The line in the cell is meant, not the one in the function."""
    run(session, "def f():\n    return 1 / 0\nx = 1\ny = f()\nz = 2")
    assert sources(session) == ["def f():\n    return 1 / 0\nx = 1"]


def test_a_function_that_failed_is_still_that_function(session):
    """Its outputs are known as such, and its earlier runs."""
    run(session, "%%mlrun train --output model\n1 / 0", "x")
    assert sources(session) == ["%%mlrun train --output model\n1 / 0"]


def test_the_cell_that_is_running_is_not_above_itself(session):
    """Neither as it is now nor as it was."""
    seen: list[list[str]] = []
    session.shell.user_ns["look"] = lambda: seen.append(sources(session))
    run(session, "a = 1", "x")
    run(session, "b = 1", "y")
    run(session, "b = 2; look()", "y")
    assert seen == [["a = 1"]]


def test_after_a_reset_nothing_is_left(session):
    """`%reset` takes all names away."""
    run(session, "a = 1")
    run(session, "%reset -f")
    run(session, "b = 1")
    assert sources(session) == ["b = 1"]


def test_live_variables_are_the_users(session):
    """What IPython puts there is left out, until the user gives the name a value."""
    run(session, "a = 1\nexit = 2")
    assert {name: value for name, value in session.live.items() if not name.startswith("_")} == {"a": 1, "exit": 2}


def test_the_notebooks_path_is_what_the_front_end_tells_if_it_is_there(session, tmp_path, monkeypatch):
    """A name that was changed since then, or a console's, is no path."""
    assert session.path is None
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "n.ipynb"))
    assert session.path is None
    (tmp_path / "n.ipynb").touch()
    assert session.path == Path(tmp_path / "n.ipynb")
    (tmp_path / "code.ipynb").touch()
    session.shell.user_ns["__vsc_ipynb_file__"] = str(tmp_path / "code.ipynb")
    assert session.path == Path(tmp_path / "code.ipynb")


def test_what_stands_above_in_the_notebook_is_read_when_asked_for(session, tmp_path, monkeypatch):
    """With the numbers of the cells that ran; a cell that is not saved yet may be anywhere."""
    path = tmp_path / "n.ipynb"
    write_notebook(path, ["a = 1", "b = 1", "%%mlrun f\nb", "c = 1"])
    assert session.unrun(Cell(index=0, kind="code", source="")).cells == ()
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    run(session, "a = 1", "cell-0")
    mine, other = (Cell(index=0, kind="code", source="%%mlrun f\na + b", id=name) for name in ("cell-2", "cell-9"))
    assert [(cell.id, cell.count) for cell in session.unrun(mine).cells] == [("cell-0", 1), ("cell-1", None)]
    assert (session.unrun(mine).name, len(session.unrun(other).cells)) == ("n.ipynb", 4)
    path.write_text("not a notebook")
    assert session.unrun(mine).cells == ()


def test_a_closed_session_takes_no_more_notice(session):
    """The shell holds nothing of it."""
    session.close()
    run(session, "a = 1")
    assert session.cells() == ()
