"""One session with a few runs, shared by the tests that only look."""

from __future__ import annotations

import pytest

from tests.acceptance.session import HELLO, TRAIN, Said, Session, write_notebook


def make_session(folder) -> Session:
    """Return a session in *folder* with two notebooks."""
    write_notebook(folder / "hello.ipynb", HELLO, parameters=True)
    write_notebook(folder / "train.ipynb", TRAIN)
    return Session(folder)


@pytest.fixture
def session(tmp_path) -> Session:
    """Return a session of the test's own."""
    return make_session(tmp_path)


@pytest.fixture(scope="session")
def worked(tmp_path_factory) -> tuple[Session, dict[str, Said]]:
    """Return a session in which two good runs and a failed one were made; tests only look at it."""
    session = make_session(tmp_path_factory.mktemp("worked"))
    said = {
        "first": session.type("run", "train.ipynb::train", "--json"),
        "second": session.type("run", "train.ipynb::train", "-p", "lr=0.2"),
        "failed": session.type("run", "train.ipynb::broken", "--junit", "junit.xml", "--summary", "summary.md"),
    }
    return session, said
